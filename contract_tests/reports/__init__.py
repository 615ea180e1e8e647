"""Reports of a run, each in a form of its own: pure functions from a Run to a text."""
