"""A watched client: what a test is about stops it at once, anything else when it is over."""

from collections.abc import Iterator

import httpx2
import pytest

from contract_tests.clauses import contract
from contract_tests.notes import Broken, notebook
from contract_tests.target import PROVIDERS
from contract_tests.watching import watched

HEADERS = {"Authorization": "Bearer rc_live_watched"}


@pytest.fixture
def client() -> Iterator[httpx2.Client]:
    """A client of a server that answers with a status which no contract has."""
    transport = httpx2.MockTransport(lambda request: httpx2.Response(418, json={}))
    with httpx2.Client(base_url="http://server", transport=transport) as client:
        yield watched(client, PROVIDERS)
    notebook().open()


def test_what_the_test_is_about_stops_it(client: httpx2.Client) -> None:
    notebook().open(["statuses-are-documented"])
    with pytest.raises(Broken, match="418"):
        client.get("/v1/models", headers=HEADERS)


def test_anything_else_is_written_down(client: httpx2.Client) -> None:
    notebook().open(["chat-finish-reason"])
    assert client.get("/v1/models", headers=HEADERS).status_code == 418
    assert "statuses-are-documented" in {note.clause for note in notebook().broken}


def test_a_server_may_have_the_contract_below_a_path(client: httpx2.Client) -> None:
    notebook().open()
    client.base_url = httpx2.URL("http://server/gateway")
    client.event_hooks = {}
    watched(client, PROVIDERS).get("/v1/models", headers=HEADERS)
    last = notebook().last
    assert last is not None
    assert last.path == "/v1/models"
    assert last.operation == contract().paths["/v1/models"]["GET"]


def test_nothing_is_left_of_an_earlier_test(client: httpx2.Client) -> None:
    notebook().open()
    client.get("/v1/models", headers=HEADERS)
    notebook().open()
    assert notebook().broken == []
