"""Studies that a planner asks for in a file."""
