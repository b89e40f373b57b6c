"""What tests put in the place of the real thing, and where the shipped files are."""
