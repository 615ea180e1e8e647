"""Media that this server makes itself, from a few words and a number."""
