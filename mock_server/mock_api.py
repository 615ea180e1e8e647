"""A mock server as a test sees it: where to send calls, with which keys, and how to steer it."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from mock_server.environment import MISLEADING, without_proxy
from mock_server.fixtures import key_of, ready_keys
from mock_server.remote import ControlError, Remote
from mock_server.scenarios.sheets import Sheet
from mock_server.sleeping import skipped
from mock_server.standing import Standing, sheet_from

if TYPE_CHECKING:
    from mock_server.verdict import Verdict

Json = Any
Undo = ExitStack
"""What takes a wish back: at the end of a `with` block, or by its `close`."""
_HOUR: Final = 3600.0


class MockApi:
    """A mock server at a URL, for the holder of one key of each provider.

    What is set, moved, forgotten and told is that of these keys: others on the same server do not
    notice. Without a name the keys are those that every mock takes. `token` is the server's control
    token, if it has one. Raises ControlError where the server refuses something or does not answer.
    """

    def __init__(self, url: str, name: str = "test", token: str | None = None) -> None:
        self._remote = Remote(url, token)
        self._name, self._token = name, token
        self.keys: Mapping[str, str] = {each: key_of(each, name) for each in ready_keys()}
        self._faults, self._rules = Standing("faults"), Standing("rules")
        self._held = ExitStack()
        self._family = _Family([self])
        self._numbers = count(1)

    def __repr__(self) -> str:
        return f"<MockApi at {self.url}>"

    @property
    def url(self) -> str:
        """The origin that serves all providers."""
        return self._remote.url

    @property
    def openai_base_url(self) -> str:
        """The base URL for OpenAI's SDKs."""
        return f"{self.url}/v1"

    @property
    def anthropic_base_url(self) -> str:
        """The base URL for Anthropic's SDKs, which add the version themselves."""
        return self.url

    @property
    def runware_url(self) -> str:
        """The address of Runware's tasks by HTTP."""
        return f"{self.url}/v1"

    @property
    def runware_ws_url(self) -> str:
        """The address of Runware's tasks by WebSocket."""
        return f"ws{self.url.removeprefix('http')}/v1"

    @property
    def key(self) -> str:
        """The key of Runcrate."""
        return self.keys["runcrate"]

    @property
    def ruapi_key(self) -> str:
        """The key of RuAPI, for chat and for Anthropic's messages."""
        return self.keys["ruapi"]

    @property
    def runware_key(self) -> str:
        """The key of Runware."""
        return self.keys["runware"]

    def environment(self, environ: Mapping[str, str]) -> Mapping[str, str | None]:
        """What to change in an environment so that SDKs find this server; None is to be unset."""
        return {
            "OPENAI_BASE_URL": self.openai_base_url,
            "OPENAI_API_KEY": self.key,
            "ANTHROPIC_BASE_URL": self.anthropic_base_url,
            "ANTHROPIC_API_KEY": self.ruapi_key,
            **{f"{name.upper()}_API_KEY": key for name, key in self.keys.items()},
            **without_proxy(urlsplit(self.url).hostname or "", environ),
            **dict.fromkeys(MISLEADING),
        }

    def fresh(self, name: str | None = None, *, anew: bool = True) -> "MockApi":
        """The same server for the holder of other keys, which are made from the name.

        Unless it is not to begin `anew`, the server forgets what it knows of them.
        """
        other = self.apart(name or f"{self._name}_{next(self._numbers)}")
        if anew:
            other.reset()
        other._family = self._family
        self._family.members.append(other)
        return other

    def apart(self, name: str) -> "MockApi":
        """The same server for somebody whose time is another: sleeps skipped here do not move it.

        What the server knows of the keys stays.
        """
        return MockApi(self.url, name, self._token)

    def close(self) -> None:
        """End what was begun in this process: sleep takes its time again."""
        self._held.close()

    def now(self) -> float:
        """The time that the keys see, in unix seconds."""
        told: float = self._remote.get("clock", [("key", self.key)])["now"]
        return told

    def advance(self, seconds: float) -> None:
        """Move the time of the keys forward: windows, retries, jobs and streams move with it."""
        self._for_each_key(self._remote.post, "clock", {"advance": seconds})

    def skip_sleeps(self, most: float = _HOUR) -> Undo:
        """From now on the clients of this process do not sleep: the keys' time moves instead.

        So do `time.time` and `time.monotonic` for them. Raises Endless in a client that sleeps for
        more than so many seconds altogether.
        """
        undo, family = ExitStack(), self._family
        if not family.is_skipping:
            undo.enter_context(skipped(family.advance, most))
            family.is_skipping = True
            undo.callback(setattr, family, "is_skipping", False)
        self._held.push(undo)
        return undo

    def skip_waits(self) -> Undo:
        """From now on answers to these keys do not wait: stalls and pauses move the time instead.

        Those that would come at the same time do, in order. It ends at a reset, too.
        """
        self.set(waits="skip")
        undo = ExitStack()
        undo.callback(self.set, waits="keep")
        return undo

    def journal(self, *, wait: bool = False, timeout: float = 10, **query: object) -> list[Json]:
        """The exchanges of the keys, oldest first, that fit the query: `operation`, `status`, …

        With `wait` it waits for the next one, `timeout` seconds at most.
        """
        asked = [(name, str(value)) for name, value in query.items() if value is not None]
        if wait:
            asked += [("wait", "1"), ("timeout", str(timeout))]
        told: list[Json] = self._told("journal", asked, timeout if wait else 0)["exchanges"]
        return told

    def verdict(self) -> "Verdict":
        """What the client did wrong in the exchanges of the keys."""
        from mock_server.verdict import Verdict  # with all its rules

        return Verdict.from_json(self._told("verdict"))

    def fault(self, name: str, **how: Json) -> Undo:
        """Break something from now on: `fault("stall", seconds=30, nth=1)`. Several add up."""
        fault = {"fault": name, **how} if how else name
        return self._ordered("faults", self._faults, [Sheet(f"fault {name}", [fault])])

    def scenario(self, *rules: Json) -> Undo:
        """Script answers from now on: by rules, a YAML text of rules, or a Path to such a file.

        What was scripted before goes first. A refusal names the file and the line.
        """
        return self._ordered("scenarios", self._rules, [sheet_from(each) for each in rules])

    def set(self, **own: Json) -> None:
        """Give the keys a `rate_limit`, a `pace`, a `balance` and the like of their own."""
        for key in self.keys.values():
            self._remote.put(f"keys/{key}", own)

    def reset(self) -> None:
        """Forget all that is kept by the keys: windows, jobs, journal, faults, rules, advances."""
        self._faults.sheets, self._rules.sheets = [], []
        self._for_each_key(self._remote.post, "reset", {})

    def _for_each_key(self, ask: Callable[[str, Json], Json], subject: str, wish: Json) -> None:
        for key in self.keys.values():
            ask(subject, {**wish, "key": key})

    def _told(self, subject: str, query: Iterable[tuple[str, str]] = (), wait: float = 0) -> Json:
        mine = [("key", key) for key in self.keys.values()]
        return self._remote.get(subject, [*query, *mine], wait)

    def _ordered(self, subject: str, standing: Standing, sheets: list[Sheet]) -> Undo:
        def have() -> None:
            wish = {standing.name: standing.orders, "keep": True}
            self._for_each_key(self._remote.put, subject, wish)

        def take_back() -> None:
            standing.take_back(sheets)
            have()

        standing.sheets += sheets
        undo = ExitStack()
        with ExitStack() as failing:
            failing.callback(take_back)
            try:
                have()
            except ControlError as error:
                raise standing.placed(error) from None
            failing.pop_all()
        undo.callback(take_back)
        return undo


@dataclass
class _Family:
    """Those for whom the time of one process passes."""

    members: list[MockApi]
    is_skipping: bool = False

    def advance(self, seconds: float) -> None:
        for each in self.members:
            each.advance(seconds)
