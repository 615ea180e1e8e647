"""Fixtures of the tests: a mock without sockets, a server process, keys that nobody else uses."""

import itertools
from collections.abc import Callable, Iterator

import pytest
from hypothesis import settings

from mock_server.fixtures import key_of
from mock_server.mock import Mock
from tests.serving import server
from tests.suspect import Suspect
from tests.world import new_mock

FreshKey = Callable[[str], str]
# How long an example takes is the machine's affair.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


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


@pytest.fixture(scope="module")
def mock() -> Mock:
    """A strict world in this process, for all tests of a module."""
    return new_mock()


@pytest.fixture
def suspect(mock: Mock) -> Suspect:
    """A client whose exchanges are made up, and who has done nothing yet."""
    mock.journal.reset()
    return Suspect(mock)
