"""The what-if page: two policies side by side, and what the one changes against the other, live."""
