"""One school's life under two scenarios."""
