"""Why two papers differ."""
