"""Keys side by side on one server: each sees what it would see if it were alone."""

from concurrent.futures import ThreadPoolExecutor

import httpx2

from tests.serving import server
from tests.world import CHAT, Json, ask

_CLIENTS = 32
_OPTIONS = ("--strict", "--clock", "virtual")
_FAULTS = ["chat-stream-finishes-early", "chat-stream-never-finishes", "status-503"]
_VIDEO = {"model": "wan-ai/Wan2.1-T2V-14B", "prompt": "A kite over wheat", "duration": 5}


class _Client:
    """A client with a key of its own, which writes down all that it is told."""

    def __init__(self, url: str, number: int) -> None:
        self.number, self.key = number, f"rc_live_client_{number}"
        self.seen: list[Json] = []
        self._http = httpx2.Client(base_url=url, timeout=30)

    def live(self) -> list[Json]:
        """Set its key up, ask, wait, provoke; the whole of what it was told."""
        with self._http:
            own = {"seed": self.number, "rate_limit": 9 + self.number % 3}
            self._control("PUT", f"keys/{self.key}", own)
            self._chat("What does the tide do?")
            self._chat("What does the tide do?", stream=True)
            self._spoilt()
            self._scripted()
            self._video()
            for _ in range(6):  # into the limit
                self._chat("Again!")
            self._advance(60)
            self._chat("And now?")
            journal = self._control("GET", f"journal?key={self.key}")
            self.seen.append([_without_times(each) for each in journal["exchanges"]])
            self.seen.append(self._control("GET", f"clock?key={self.key}"))
            verdict = self._control("GET", f"verdict?key={self.key}")
            blamed = [(each["rule"], each["exchanges"]) for each in verdict["findings"]]
            self.seen.append([blamed, verdict["coverage"]])
        return self.seen

    def _spoilt(self) -> None:
        fault = _FAULTS[self.number % len(_FAULTS)]
        self._control("PUT", "faults", {"faults": [fault], "key": self.key})
        self._chat("One, two, three", stream=True)
        self._control("DELETE", f"faults?key={self.key}")

    def _scripted(self) -> None:
        steps = [{"error": {"status": 429, "retry_after": 2}}, {"answer": {"text": self.key[-2:]}}]
        rules = [{"when": {"text": "script"}, "sequence": steps}]
        self._control("PUT", "scenarios", {"rules": rules, "key": self.key})
        self._chat("the script")
        self._chat("the script")
        self._control("DELETE", f"scenarios?key={self.key}")

    def _video(self) -> None:
        job = self._told(self._http.post("/v1/videos", json=_VIDEO, headers=self._headers))
        for seconds in (0, 1 + self.number % 5, 25):
            self._advance(seconds)
            self._told(self._http.get(f"/v1/videos/{job['id']}", headers=self._headers))

    def _chat(self, text: str, **more: Json) -> None:
        self._told(self._http.post(CHAT, json=ask(text, **more), headers=self._headers))

    def _advance(self, seconds: float) -> None:
        self._control("POST", "clock", {"advance": seconds, "key": self.key})

    def _control(self, method: str, place: str, body: Json = None) -> Json:
        answer = self._http.request(method, f"/__mock__/{place}", json=body)
        return answer.raise_for_status().json()

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}

    def _told(self, answer: httpx2.Response) -> Json:
        headers = {name: value for name, value in answer.headers.items() if name != "date"}
        self.seen.append((answer.status_code, headers, answer.text))
        is_json = answer.headers["content-type"] == "application/json"
        return answer.json() if is_json else None


def _without_times(exchange: Json) -> Json:
    return {**exchange, "first_byte": None, "took": None}


def test_clients_side_by_side_see_what_each_would_see_alone() -> None:
    with server(*_OPTIONS) as (_, url), ThreadPoolExecutor(_CLIENTS) as pool:
        together = list(pool.map(lambda number: _Client(url, number).live(), range(_CLIENTS)))
    with server(*_OPTIONS) as (_, url):
        alone = [_Client(url, number).live() for number in reversed(range(_CLIENTS))][::-1]
    assert together == alone
    statuses = {told[0] for each in together for told in each if isinstance(told, tuple)}
    assert statuses == {200, 429, 503}
    # Their answers are not all alike, or the comparison would show nothing.
    assert len({str(each) for each in together}) == _CLIENTS
