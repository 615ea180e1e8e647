"""What happened to the keys of a test, in lines for people to read."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from mock_server.mock_api import MockApi
from mock_server.printable import printable
from mock_server.remote import ControlError

if TYPE_CHECKING:
    from mock_server.verdict import Verdict

Json = Any
_MOST: Final = 20  # exchanges, and findings
_WIDTH: Final = 200  # characters of a line


def chronicle(api: MockApi) -> str:
    """The last exchanges of the keys, and the findings on the client."""
    lines: list[str] = []
    try:
        lines += _exchanges(api.journal())
        lines += _findings(api.verdict())
    except ControlError as error:
        lines.append(str(error))
    return "\n".join(map(_cut, map(printable, lines)))


def _cut(line: str) -> str:
    return line if len(line) <= _WIDTH else line[: _WIDTH - 1] + "…"


def _exchanges(exchanges: list[Json]) -> Iterator[str]:
    if not exchanges:
        yield "The client has asked this server for nothing with these keys."
    if len(exchanges) > _MOST:
        yield f"… {len(exchanges) - _MOST} exchanges before these"
    for each in exchanges[-_MOST:]:
        yield _line(each, exchanges[0]["at"])


def _findings(verdict: "Verdict") -> Iterator[str]:
    for finding in verdict.findings[:_MOST]:
        yield f"{finding.rule}: {finding.says}"


def _line(exchange: Json, start: float) -> str:
    facts = [exchange["error"], *(f"fault: {each}" for each in exchange["faults"])]
    facts += [f"scenario: {exchange['scenario']}"] if exchange["scenario"] else []
    facts += [says for name, says in _ENDS.items() if exchange.get(name)]
    head = f"+{exchange['at'] - start:.3f} s  {exchange['method']} {exchange['path']}"
    return "  ".join([f"{head}  {exchange['status'] or 'no status'}", *filter(None, facts)])


_ENDS: Final = {"cut": "cut short by the server", "left": "the client left before the end"}
