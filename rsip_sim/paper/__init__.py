"""What Cabinet reads: the house style and one chart a file."""
