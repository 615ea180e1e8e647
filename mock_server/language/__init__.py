"""How the mock reads a prompt: the rules and words of `fixtures/phrases.yaml`."""
