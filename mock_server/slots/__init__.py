"""Slot filling: which values for the properties of a schema a text names."""
