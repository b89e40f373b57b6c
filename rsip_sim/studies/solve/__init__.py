"""From which value of a lever on a target holds."""
