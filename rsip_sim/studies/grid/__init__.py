"""Every combination of some levers."""
