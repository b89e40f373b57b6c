"""What only developers need: generated texts and schemas."""
