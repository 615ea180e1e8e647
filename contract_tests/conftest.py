"""Fixtures of the contract tests: the target, a client for it, a key that nobody else uses."""

import itertools
import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import httpx2
import pytest
from starlette.testclient import TestClient

from contract_tests.target import Target, key_of, meet, read_target
from mock_server import Settings, create_app
from mock_server.app import Shell

FreshKey = Callable[[str], str]


def pytest_configure(config: pytest.Config) -> None:
    """Name the marker of tests that only the mock can take."""
    config.addinivalue_line("markers", "mock_only: provokes what a live API must not be asked for")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what the target cannot or must not take, and say so."""
    if read_target(os.environ).url is not None:
        reason = "the target is not the mock in this process"
        for item in items:
            if item.get_closest_marker("mock_only"):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def target() -> Target:
    """What the contract is held against."""
    return meet(read_target(os.environ))


@pytest.fixture(scope="session")
def app() -> Shell:
    """A mock that checks each of its own answers before it sends them."""
    return create_app(Settings(strict=True))


@pytest.fixture(scope="session")
def client(target: Target, app: Shell) -> Iterator[httpx2.Client]:
    """A client of the target."""
    if target.url is None:
        with TestClient(app, raise_server_exceptions=False) as client:
            yield client
    else:
        with httpx2.Client(base_url=target.url, timeout=120) as client:
            yield client


@pytest.fixture(scope="session")
def served() -> Iterator[str]:
    """The URL of a mock that was started as its users start it."""
    command = [sys.executable, "-m", "mock_server", "--port", "0", "--rate-limit", "0", "--strict"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    yield process.stdout.readline().rpartition(" at ")[2].strip()
    process.terminate()
    process.wait(10)
    process.stdout.close()


@pytest.fixture
def key(target: Target, request: pytest.FixtureRequest) -> FreshKey:
    """A key of a provider: on the mock one that no other test uses, else the one given."""
    numbers = itertools.count()

    def fresh(provider: str) -> str:
        if target.url is not None:
            return target.keys[provider]
        name = "".join(c if c.isalnum() else "_" for c in request.node.name)
        return key_of(provider, f"{name}_{next(numbers)}")

    return fresh
