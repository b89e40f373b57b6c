"""Every uncertain parameter by its evidence and its impact."""
