"""The version of the programme: a leaf, so that every room may name it."""

__version__ = "0.1.0"
