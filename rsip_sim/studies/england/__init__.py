"""Policies in every authority of England, each with its own council, Forum and partnership."""
