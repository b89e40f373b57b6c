"""Commands by subject; each module adds its own to the app with `register(app)`."""
