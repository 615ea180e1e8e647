"""The journal over HTTP: lists, whole exchanges, archives, and waiting for what is to come."""

import asyncio
import json
import threading
from collections.abc import Iterator

import httpx2
import pytest
from starlette.testclient import TestClient

from mock_server import Settings, create_app
from mock_server.app import Shell
from tests.conftest import FreshKey
from tests.serving import server
from tests.visit import Visit, settled
from tests.world import CHAT, Json, ask

A, B = "rc_live_journal_a", "rc_live_journal_b"
PLACE = "/__mock__/journal"


@pytest.fixture
def client() -> Iterator[httpx2.Client]:
    with TestClient(create_app(Settings(clock="virtual", strict=True))) as client:
        yield client


def say(client: httpx2.Client, key: str = A, **more: Json) -> httpx2.Response:
    return client.post(CHAT, json=ask("hi", **more), headers={"Authorization": f"Bearer {key}"})


def test_the_journal_is_told_in_part(client: httpx2.Client) -> None:
    for key in (A, B, A):
        say(client, key)
    say(client, temperature=9)
    told = client.get(PLACE, params={"key": A, "status": "200", "limit": 1}).json()
    (exchange,) = told["exchanges"]
    assert told["last"] == exchange["id"]
    (wrong,) = client.get(PLACE, params={"after": exchange["id"]}).json()["exchanges"]
    assert wrong["status"] == 400
    mark = {"after": wrong["id"]}
    assert client.get(PLACE, params=mark).json() == {"exchanges": [], "last": wrong["id"]}
    assert client.get(PLACE, params={"model": "none"}).json() == {"exchanges": [], "last": None}


def test_a_long_journal_is_told_whole(client: httpx2.Client) -> None:
    client.put(f"/__mock__/keys/{A}", json={"rate_limit": 0})
    for _ in range(120):
        say(client)
    assert len(client.get(PLACE).json()["exchanges"]) == 120


@pytest.mark.parametrize("place", [PLACE, f"{PLACE}.har"])
@pytest.mark.parametrize(
    "query", ["nothing=1", "status=x", "after=req_1", "operation=x", "limit=x"]
)
def test_a_wrong_question_is_a_400_that_names_it(
    client: httpx2.Client, place: str, query: str
) -> None:
    answer = client.get(f"{place}?{query}")
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == query.partition("=")[0]


def test_an_archive_is_not_waited_for(client: httpx2.Client) -> None:
    assert client.get(f"{PLACE}.har?wait=1").status_code == 400


def test_one_exchange_is_told_whole(client: httpx2.Client) -> None:
    answered = say(client).json()
    (listed,) = client.get(PLACE).json()["exchanges"]
    told = client.get(f"{PLACE}/{listed['id']}").json()
    assert listed.items() <= told.items()
    assert told["request"]["body"] == ask("hi")
    assert told["answer"]["body"] == answered
    assert A not in json.dumps(told)


def test_an_exchange_that_is_not_there_is_a_404(client: httpx2.Client) -> None:
    answer = client.get(f"{PLACE}/req_1")
    assert answer.status_code == 404
    assert "no such exchange" in answer.json()["error"]["message"]


def test_the_archive_is_a_file_of_what_was_asked_for(client: httpx2.Client) -> None:
    say(client, A)
    say(client, B)
    answer = client.get(f"{PLACE}.har", params={"key": A})
    assert answer.headers["content-disposition"].endswith('"mock-server.har"')
    assert answer.headers["content-type"] == "application/json"
    assert len(answer.json()["log"]["entries"]) == 1


class Asked(Visit):
    """A question to the journal, from a client that may leave."""

    def __init__(self, shell: Shell, query: str, path: str = PLACE) -> None:
        super().__init__(shell, "GET", f"{path}?{query}")

    async def told(self) -> Json:
        await self.task
        return json.loads(self.body)


def test_many_wait_for_one_exchange_of_a_client_elsewhere() -> None:
    async def run() -> None:
        shell = create_app(Settings(clock="virtual"))
        waiting = [Asked(shell, f"wait=1&key={A}&timeout=60") for _ in range(50)]
        await settled()
        assert not any(each.task.done() for each in waiting)
        thread = threading.Thread(target=say, args=(TestClient(shell),))
        thread.start()
        told = [await each.told() for each in waiting]
        await asyncio.to_thread(thread.join)
        assert all(each == told[0] for each in told)
        assert told[0]["exchanges"][0]["finished"] is True

    asyncio.run(run())


def test_who_leaves_or_is_told_to_stop_waits_no_more() -> None:
    async def run() -> None:
        shell = create_app(Settings(clock="virtual"))
        gone, stopped = Asked(shell, "wait=1"), Asked(shell, "wait=1")
        await settled()
        gone.leave()
        stopped.task.cancel()
        assert (await gone.told())["exchanges"] == (await stopped.told())["exchanges"] == []
        assert await Asked(shell, "wait=1&timeout=0").told() == {"exchanges": [], "last": None}

    asyncio.run(run())


def test_a_wait_over_a_real_connection(served: str, key: FreshKey) -> None:
    mine, told = key("runcrate"), list[Json]()

    def wait() -> None:
        told.append(httpx2.get(f"{served}{PLACE}", params={"key": mine, "wait": 1}).json())

    thread = threading.Thread(target=wait)
    thread.start()
    httpx2.post(f"{served}{CHAT}", json=ask("hi"), headers={"Authorization": f"Bearer {mine}"})
    thread.join()
    assert [each["status"] for each in told[0]["exchanges"]] == [200]


def test_a_server_that_is_told_to_stop_does_not_wait_for_those_who_wait() -> None:
    with server() as (process, served):
        with httpx2.Client() as client:
            request = client.build_request("GET", f"{served}{PLACE}?wait=1&timeout=60")
            thread = threading.Thread(target=client.send, args=(request,))
            thread.start()
            httpx2.get(f"{served}/__mock__/health")
            process.terminate()
            _, errors = process.communicate(timeout=20)
            thread.join()
        assert "Traceback" not in errors
