"""Video jobs over real sockets: servers that are killed, time moved by hand, films at once."""

import json
import threading
from pathlib import Path

import httpx2

from tests.conftest import FreshKey
from tests.serving import server

PATH = "/v1/videos"
SMALL = {"model": "m", "prompt": "a boat", "width": 64, "height": 64, "duration": 0.5}
HEADERS = {"Authorization": "Bearer rc_live_jobs"}


def _submit_until_it_is_gone(url: str, names: list[str], enough: threading.Event) -> None:
    with httpx2.Client(base_url=url, headers=HEADERS) as client:
        while True:
            try:
                names.append(client.post(PATH, json=SMALL).json()["id"])
            except (httpx2.HTTPError, json.JSONDecodeError):
                return
            if len(names) > 50:
                enough.set()


def test_every_job_that_a_client_was_told_of_outlives_a_killed_server(tmp_path: Path) -> None:
    options = ["--store", f"sqlite:{tmp_path / 'state.db'}", "--rate-limit", "0"]
    told: list[list[str]] = [[] for _ in range(4)]
    enough = threading.Event()
    with server(*options) as (process, url):
        threads = [
            threading.Thread(target=_submit_until_it_is_gone, args=(url, names, enough))
            for names in told
        ]
        for thread in threads:
            thread.start()
        assert enough.wait(60)
        process.kill()  # SIGKILL, in the middle of the burst
        for thread in threads:
            thread.join(60)
    names = [name for each in told for name in each]
    assert len(set(names)) == len(names) > 50
    with (
        server(*options, "--video-seconds", "0") as (_, url),
        httpx2.Client(base_url=url, headers=HEADERS) as client,
    ):
        assert {client.get(f"{PATH}/{name}").status_code for name in names} == {200}
        later = [client.post(PATH, json=SMALL).json()["id"] for _ in range(20)]
    assert not set(later) & set(names)


def test_an_advance_finishes_a_job_of_that_key_alone(key: FreshKey) -> None:
    with server("--clock", "virtual") as (_, url), httpx2.Client(base_url=url) as client:
        mine, yours = key("runcrate"), key("runcrate")
        names = {}
        for each in (mine, yours):
            headers = {"Authorization": f"Bearer {each}"}
            names[each] = client.post(PATH, json=SMALL, headers=headers).json()["id"]
        client.post("/__mock__/clock", json={"advance": 60, "key": mine}).raise_for_status()
        states = {}
        for each, name in names.items():
            headers = {"Authorization": f"Bearer {each}"}
            states[each] = client.get(f"{PATH}/{name}", headers=headers).json()["status"]
        assert states == {mine: "completed", yours: "queued"}
        headers = {"Authorization": f"Bearer {mine}"}
        head = client.head(f"{PATH}/{names[mine]}/download", headers=headers)
        whole = client.get(f"{PATH}/{names[mine]}/download", headers=headers)
        assert head.content == b""
        assert int(head.headers["content-length"]) == len(whole.content)


def test_who_fetches_the_same_film_at_once_gets_the_same_film(key: FreshKey) -> None:
    headers = {"Authorization": f"Bearer {key('runcrate')}"}
    body = {**SMALL, "width": 1280, "height": 720, "duration": 8}
    with server("--video-seconds", "0", "--rate-limit", "0") as (_, url):
        name = httpx2.post(f"{url}{PATH}", json=body, headers=headers).json()["id"]
        films = []

        def fetch() -> None:
            films.append(httpx2.get(f"{url}{PATH}/{name}/download", headers=headers, timeout=60))

        threads = [threading.Thread(target=fetch) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert [film.status_code for film in films] == [200] * 8
    assert len({film.content for film in films}) == 1
