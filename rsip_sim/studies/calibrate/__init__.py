"""Fits the uncertain parameters to what was known in April 2013."""
