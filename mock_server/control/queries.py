"""Which exchanges of the journal are asked for: filters that may be combined."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from starlette.datastructures import QueryParams

from mock_server.control.forms import digests
from mock_server.errors import Invalid
from mock_server.journal import Exchange, Journal
from mock_server.mock import Mock
from mock_server.violations import show

_MOST: Final = 100_000  # exchanges
_LONGEST: Final = 60.0  # seconds
_USUAL: Final = 10.0
_NAMED, _LONGEST_NAME = 20, 60
_SWITCH: Final = (re.compile("[01]|true|false"), "1 or 0")
_FORMS: Final = {
    "status": (re.compile(r"[1-9][0-9]{2}|[1-9]xx"), "a status such as 429 or 4xx"),
    "finished": _SWITCH,
    "wait": _SWITCH,
    "limit": (re.compile("[0-9]{1,9}"), "a whole number"),
    "timeout": (re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?"), "a number of seconds"),
}
_FILTERS: Final[Mapping[str, Callable[[Exchange, str], bool]]] = {
    "operation": lambda exchange, text: exchange.operation == text,
    "model": lambda exchange, text: exchange.model == text,
    "status": lambda exchange, text: _fits(str(exchange.status), text),
    "fault": lambda exchange, text: text in exchange.faults,
    "scenario": lambda exchange, text: exchange.scenario == text,
    "method": lambda exchange, text: exchange.call.method == text.upper(),
    "path": lambda exchange, text: exchange.call.path == text,
    "finished": lambda exchange, text: exchange.finished == (text in ("1", "true")),
}
SELECTING: Final = ("key", *_FILTERS, "after", "limit")
"""The parameters that say which exchanges are asked for."""
WAITING: Final = ("wait", "timeout")
"""The parameters that say how long to wait for one."""


@dataclass(frozen=True)
class Query:
    """What is asked of the journal; with `wait`, for an exchange that is over.

    `since` is the number of the exchange with the id `after`, which may be forgotten meanwhile.
    """

    filters: Mapping[str, str]
    caller_ids: Collection[str] | None
    after: str | None
    since: int
    limit: int | None
    wait: bool
    timeout: float

    def fits(self, exchange: Exchange) -> bool:
        """Whether an exchange is one of those asked for."""
        if exchange.number <= self.since or (self.wait and not exchange.is_over):
            return False
        return all(_FILTERS[name](exchange, text) for name, text in self.filters.items())

    def found(self, journal: Journal) -> list[Exchange]:
        """Those that fit: the last ones, or the first that came after."""
        fitting = [each for each in self._entries(journal) if self.fits(each)]
        if self.limit is None:
            return fitting
        return fitting[: self.limit] if self.after else fitting[-self.limit :]

    def _entries(self, journal: Journal) -> Iterable[Exchange]:
        if self.caller_ids is None:
            return journal.entries()
        every = [each for id in self.caller_ids for each in journal.entries(id)]
        return sorted(every, key=lambda exchange: exchange.number)


def read_query(params: QueryParams, mock: Mock, known: Collection[str]) -> Query:
    """What the parameters of a URL ask for; raises Invalid, which names the one that is wrong."""
    given = dict(_each_once(params, known))
    for name, text in given.items():
        _check(name, text, mock)
    return Query(
        filters={name: text for name, text in given.items() if name in _FILTERS},
        caller_ids=digests(dict.fromkeys(params.getlist("key"))),
        after=given.get("after"),
        since=_number_of(given["after"], mock.journal) if "after" in given else 0,
        limit=int(given["limit"]) if "limit" in given else None,
        wait=given.get("wait") in ("1", "true"),
        timeout=float(given.get("timeout", _USUAL)),
    )


def _number_of(id: str, journal: Journal) -> int:
    exchange = journal.find(id)
    if exchange is None:
        raise _wrong("after", f"after: {show(id)} is not in the journal, or no longer")
    return exchange.number


def _each_once(params: QueryParams, known: Collection[str]) -> Iterator[tuple[str, str]]:
    seen = set()
    for name, text in params.multi_items():
        if name not in known:
            message = f"{show(name)}: is not known here; these are: {', '.join(known)}"
            raise _wrong(name, message)
        if name in seen and name != "key":  # whoever has several keys may name them all
            raise _wrong(name, f"{name}: is given twice")
        if not text:
            raise _wrong(name, f"{name}: is empty")
        seen.add(name)
        yield name, text


def _check(name: str, text: str, mock: Mock) -> None:
    rule = _FORMS.get(name)
    if rule is not None and not rule[0].fullmatch(text):
        raise _wrong(name, f"{name}: {show(text)} is not {rule[1]}")
    if name == "operation":
        _check_known(name, text, [each.id for each in mock.spec.operations])
    elif name == "fault":
        _check_known(name, text, mock.faults.catalogue.faults)
    elif name == "limit" and not 1 <= int(text) <= _MOST:
        raise _wrong(name, f"{name}: {show(text)} is not from 1 to {_MOST}")
    elif name == "timeout" and not float(text) <= _LONGEST:
        raise _wrong(name, f"{name}: {show(text)} is not from 0 to {_LONGEST:g}")


def _check_known(name: str, text: str, known: Iterable[str]) -> None:
    names = list(known)
    if text not in names:
        near = get_close_matches(text[:_LONGEST_NAME], names, cutoff=0.4) or names[:_NAMED]
        raise _wrong(name, f"{name}: there is no {show(text)}; did you mean {' or '.join(near)}?")


def _wrong(name: str, message: str) -> Invalid:
    return Invalid("invalid_value", message, param=name[:_LONGEST_NAME])


def _fits(status: str, text: str) -> bool:
    return status == text or (text.endswith("xx") and status[0] == text[0])
