"""What every study shares: asking, trials, pairs, keeping."""
