"""Fixtures of the contract tests: the target, a client for it, a key that nobody else uses."""

import itertools
import subprocess
import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack
from http import HTTPStatus
from pathlib import Path

import httpx2
import pytest
from starlette.testclient import TestClient

from contract_tests.control import token_headers
from contract_tests.guest import TargetClient
from contract_tests.hooks import (
    clauses_of,
    pytest_collection_modifyitems,
    pytest_configure,
    pytest_ignore_collect,
    pytest_runtest_call,
    pytest_runtest_makereport,
    pytest_runtest_setup,
    pytest_terminal_summary,
)
from contract_tests.lacking import Unseen, what_is_lacking
from contract_tests.notes import notebook
from contract_tests.proofs import FAULT
from contract_tests.target import Target, the_target
from contract_tests.watching import watched
from mock_server import Settings, create_app
from mock_server.app import Shell
from mock_server.fixtures import key_of

FreshKey = Callable[[str], str]
Judged = Callable[..., None]


@pytest.fixture(scope="session")
def target() -> Target:
    """What the contract is held against."""
    return the_target()


@pytest.fixture(scope="session")
def app() -> Shell:
    """A mock that checks each of its own answers before it sends them."""
    return create_app(Settings(strict=True, scenarios=Path(__file__).parent / "scenarios.yaml"))


@pytest.fixture(scope="session")
def client(target: Target, app: Shell) -> Iterator[httpx2.Client]:
    """A client of the target, which holds every answer to the contract."""
    if target.url is None:
        with TestClient(app, raise_server_exceptions=False) as client:
            yield watched(client, tuple(target.keys))
    else:
        with TargetClient(target) as client:
            yield watched(client, tuple(target.keys))


@pytest.fixture(autouse=True)
def fault(request: pytest.FixtureRequest, client: httpx2.Client) -> Iterator[None]:
    """Switches on what a proof is about."""
    if FAULT not in request.node.stash:
        yield
        return
    names = {"faults": [request.node.stash[FAULT].name]}
    with ExitStack() as clients:
        mocks = [client]
        if "served" in request.fixturenames:
            url = request.getfixturevalue("served")
            mocks.append(
                clients.enter_context(httpx2.Client(base_url=url, headers=token_headers()))
            )
        for mock in mocks:
            mock.put("/__mock__/faults", json=names).raise_for_status()
        yield
        for mock in mocks:
            mock.delete("/__mock__/faults")


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
        if provider not in target.keys:
            pytest.skip(f"{provider} is not asked for")
        if not target.is_mock:
            return target.keys[provider]
        name = "".join(c if c.isalnum() else "_" for c in request.node.name)
        return key_of(provider, f"{name}_{next(numbers)}")

    return fresh


@pytest.fixture
def judged(request: pytest.FixtureRequest) -> Judged:
    """Tells whether the judge had anything to say of a test's clauses, or of some of them.

    Without it, a test whose exchanges are none of their business would pass.
    """

    def look(*some: str) -> None:
        silent = _unseen(request.node, some)
        if silent and (last := notebook().last):
            raise Unseen(silent, what_is_lacking(last, silent))

    return look


@pytest.fixture
def judged_if_told(request: pytest.FixtureRequest, target: Target, judged: Judged) -> Judged:
    """Like `judged`, of promises about what another server than the mock may leave out."""

    def look(*some: str) -> None:
        last, silent = notebook().last, _unseen(request.node, some)
        if not target.is_mock and silent and last is not None and last.status == HTTPStatus.OK:
            pytest.skip(f"the target tells nothing of {', '.join(silent)}")
        judged(*some)

    return look


def _unseen(item: pytest.Item, some: Collection[str]) -> list[str]:
    """The clauses of a test, or those of some, of which the judge had nothing to say."""
    last = notebook().last
    assert last is not None, "nothing was asked"
    seen = {*notebook().kept, *(note.clause for note in notebook().notes)}
    meant = [each.id for each in clauses_of(item) if last.provider in each.providers]
    return [id for id in meant if id not in seen and id in (some or [id])]
