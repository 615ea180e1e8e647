"""Sound files as they come: what they are, how long they truly last, and what they say of it."""
