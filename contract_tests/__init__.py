"""Contract tests: hold the mock, or any server at a URL, to what `openapi.yaml` promises."""
