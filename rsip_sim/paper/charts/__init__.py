"""The charts that stand in a paper alone."""
