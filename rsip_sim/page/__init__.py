"""The what-if page: two policies side by side in a browser, and their difference as levers turn."""
