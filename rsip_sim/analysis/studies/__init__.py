"""Studies that a planner asks for by name: a file says what is varied, and what is looked at."""
