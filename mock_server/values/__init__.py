"""How `instances` makes values: what a schema asks of them, and what fits it."""
