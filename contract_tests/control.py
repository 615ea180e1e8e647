"""The control API of a mock: where it stands, and by what it lets the tests in."""

import os

PREFIX = "/__mock__"
TOKEN = "MOCK_SERVER_CONTROL_TOKEN"


def token_headers() -> dict[str, str]:
    """The headers by which a mock that was started with `--control-token` knows its user."""
    token = os.environ.get(TOKEN)
    return {"authorization": f"Bearer {token}"} if token else {}
