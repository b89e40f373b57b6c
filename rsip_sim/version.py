"""The version of the programme and the edition of its model: a leaf, for every room to name."""

__version__ = "0.1.0"
EDITION = 2
"""Edition of the model: what its figures mean. Results of different editions are never mixed."""
