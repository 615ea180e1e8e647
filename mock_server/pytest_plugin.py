"""The pytest plugin: a mock server for the whole run, and for each test keys of its own."""

import os
import re
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from mock_server import MockApi

_READABLE = 40  # characters
_API = pytest.StashKey["MockApi"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where the server is, or how it is set."""
    group = parser.getgroup("understudy", "mock of AI inference APIs")
    group.addoption(
        "--mock-url", metavar="URL", help="mock server to use, instead of one in this process"
    )
    parser.addini(
        "mock_api_settings", "settings of the mock server: seed=7 clock=virtual", "args", []
    )


@pytest.fixture(scope="session")
def mock_api_server(pytestconfig: pytest.Config) -> Iterator["MockApi"]:
    """The mock server of this run, with the keys that all know: one elsewhere, or one of its own.

    One elsewhere may want its control token, which is taken from `MOCK_SERVER_CONTROL_TOKEN`.
    """
    from mock_server.mock_api import MockApi
    from mock_server.server import MockServer
    from mock_server.settings import SettingsError

    url = pytestconfig.getoption("mock_url")
    if url:
        yield MockApi(url, token=os.environ.get("MOCK_SERVER_CONTROL_TOKEN"))
        return
    try:
        server = MockServer(**_settings(pytestconfig))
    except SettingsError as error:
        raise pytest.UsageError(f"mock_api_settings: {error}") from None
    with server as api:
        yield api


@pytest.fixture
def mock_api(
    request: pytest.FixtureRequest, mock_api_server: "MockApi", monkeypatch: pytest.MonkeyPatch
) -> Iterator["MockApi"]:
    """The mock of AI inference APIs, with keys that no other test has; SDKs find it by themselves.

    The keys follow from the test, so that it is answered the same in every run.
    """
    api = mock_api_server.apart(_name(request.node))
    api.reset()  # a server that runs on may know the test from its last run
    for name, value in api.environment(os.environ).items():
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    request.node.stash[_API] = api
    yield api
    api.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add what happened to the keys of a test to the report of its failure."""
    report = yield
    api = item.stash.get(_API, None)
    if report.failed and api is not None:
        from mock_server.chronicle import chronicle

        report.sections.append(("mock api", chronicle(api)))
    return report


def _settings(config: pytest.Config) -> dict[str, str]:
    given = (each.partition("=") for each in config.getini("mock_api_settings"))
    return {name: value or "true" for name, _, value in given}


def _name(item: pytest.Item) -> str:
    """The ending of a test's keys: to be read by people, and that of no other test."""
    from hashlib import blake2b

    file, _, test = item.location  # not the node's id, which is another in workers of xdist
    known = re.sub(r"[^A-Za-z0-9]+", "_", item.name).removeprefix("test_")[:_READABLE]
    return f"test_{known}_{blake2b(f'{file}::{test}'.encode(), digest_size=6).hexdigest()}"
