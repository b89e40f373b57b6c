"""What a paper tells of a comparison, section by section."""
