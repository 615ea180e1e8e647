"""How fast the mock is, as a ratio to a bare ASGI app under the same server in the same run."""
