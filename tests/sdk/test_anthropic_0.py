"""The older generation of the official `anthropic`, unmodified, in an environment of its own."""

from tests.conftest import FreshKey
from tests.sdk.apart.install import PACKAGES
from tests.sdk.apart.programs import told_by


def test_the_older_package(served: str, key: FreshKey) -> None:
    told = told_by("anthropic_0", served, key("ruapi"), "claude-opus-4-8")
    assert PACKAGES["anthropic_0"] == f"anthropic=={told['version']}"
    assert "tides" in told["whole"].lower()
    assert told["streamed"] == told["unhurried"] == told["whole"]
    assert told["last"] == [told["whole"], "end_turn", told["usage"]]
    assert told["called"] == ["tool_use", {"city": "Lisbon", "unit": "fahrenheit"}]
    assert told["refused"] == ["BadRequestError", "invalid_request_error"]
    assert told["stranger"] == ["AuthenticationError", "authentication_error"]
