"""Which choice is seldom far from the best, and what it would be worth to know more."""
