"""A choice at a review: what waiting for it is worth."""
