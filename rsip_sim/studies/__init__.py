"""The answers, a folder each; `kernel` holds what all of them share."""
