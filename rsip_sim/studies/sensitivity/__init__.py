"""Which inputs matter, and how much is luck."""
