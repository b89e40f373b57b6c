"""Institutions as SimPy processes: each says when, and hands the arrays to the rules."""
