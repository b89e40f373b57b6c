"""Which choice is seldom far from the best."""
