"""Forecasts what followed, and scores it against simple rivals."""
