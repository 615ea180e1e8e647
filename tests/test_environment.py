"""Variables that keep SDKs from the mock."""

import pytest

from mock_server.environment import without_proxy


@pytest.mark.parametrize(
    ("environ", "changes"),
    [
        ({}, {"NO_PROXY": "127.0.0.1"}),
        ({"NO_PROXY": ""}, {"NO_PROXY": "127.0.0.1"}),
        ({"no_proxy": "corp.example"}, {"no_proxy": "corp.example,127.0.0.1"}),
        (
            {"NO_PROXY": "a.example", "no_proxy": "b.example"},
            {"NO_PROXY": "a.example,127.0.0.1", "no_proxy": "b.example,127.0.0.1"},
        ),
    ],
)
def test_no_proxy_is_asked_for_the_mock(environ: dict[str, str], changes: dict[str, str]) -> None:
    assert without_proxy("127.0.0.1", environ) == changes
