"""Why two scenarios differ, by lever and by mechanism."""
