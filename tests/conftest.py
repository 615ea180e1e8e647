"""Fixtures of the tests: a mock without sockets, a server process, keys that nobody else uses."""

import itertools
from collections.abc import Callable, Iterator

import pytest

from mock_server.fixtures import key_of
from tests.serving import server

FreshKey = Callable[[str], str]


@pytest.fixture(scope="session")
def served() -> Iterator[str]:
    """The URL of a mock that was started as its users start it, and that checks its answers."""
    with server("--strict", "--video-seconds", "0.2") as (_, url):
        yield url


@pytest.fixture
def key(request: pytest.FixtureRequest) -> FreshKey:
    """Makes keys of a provider that no other test uses."""
    numbers = itertools.count()

    def fresh(provider: str) -> str:
        name = "".join(c if c.isalnum() else "_" for c in request.node.nodeid)
        return key_of(provider, f"{name}_{next(numbers)}")

    return fresh
