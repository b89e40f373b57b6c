"""The sections of a Cabinet paper, one a file."""
