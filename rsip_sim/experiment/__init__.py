"""Many runs: what to simulate, on how many processes, where the results are kept."""
