"""What is measured: metrics, months, panels of runs, and the statistics of futures."""
