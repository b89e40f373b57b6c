"""Schools and communities by the risk that they leave."""
