"""What happens: the world, its rules and its actors."""
