"""A verdict in words, for a terminal of 100 columns."""

from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import Final

from mock_server.printable import printable
from mock_server.verdict.finding import Finding
from mock_server.wire import Json

_WIDTH: Final = 100
_SHOWN: Final = 3  # ids of exchanges
_ORDER: Final = ("wrong", "risky")


def heading(findings: Sequence[Finding], exchanges: int) -> str:
    """The verdict in one line."""
    wrong = sum(finding.severity == "wrong" for finding in findings)
    risky = len(findings) - wrong
    looks = f", {_many(risky, 'thing')} to look at" if risky else ""
    many = _many(exchanges, "exchange")
    if not wrong:
        return f"clean: {many}, {'nothing wrong' if risky else 'nothing to blame'}{looks}"
    return f"{_many(wrong, 'thing')} to mend in {many}{looks}"


def by_severity(findings: Sequence[Finding]) -> list[Finding]:
    """The wrong before the risky."""
    return sorted(findings, key=lambda each: _ORDER.index(each.severity))


def text(findings: Sequence[Finding], exchanges: int, coverage: Json) -> str:
    """The whole verdict: what was found, the wrong before the risky, and what was met."""
    lines = [heading(findings, exchanges)]
    for finding in by_severity(findings):
        lines += ["", *_told(finding)]
    return "\n".join([*lines, "", *_met(coverage)]).rstrip() + "\n"


def _told(finding: Finding) -> Iterator[str]:
    often = f" ({finding.times} times)" if finding.times > 1 else ""
    yield from _wrapped(f"{finding.severity}: {finding.rule}{often}", "")
    yield from _wrapped(finding.says, "  ")
    yield from _wrapped(finding.instead, "  -> ")
    more = len(finding.exchanges) - _SHOWN
    shown = ", ".join(finding.exchanges[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
    yield from _wrapped(f"shown by {shown}", "  ")


def _met(coverage: Json) -> Iterator[str]:
    if not coverage:
        return
    operations = coverage["operations"]
    asked = [name for name, each in operations.items() if each["exchanges"]]
    statuses = sum(len(each["statuses"]["met"]) for each in operations.values())
    documented = statuses + sum(len(each["statuses"]["missing"]) for each in operations.values())
    faults = coverage["faults"]
    yield f"coverage: {len(asked)} of {_many(len(operations), 'operation')}, " + (
        f"{statuses} of {documented} documented statuses, {_many(len(faults['met']), 'fault')}"
    )
    for name in asked:
        yield from _wrapped(f"{name}: {_answers(operations[name])}", "  ")
    missing = [name for name in operations if name not in asked]
    if missing:
        yield from _wrapped(f"never asked: {', '.join(missing)}", "  ")
    met = [name + (f" ({effect})" if effect else "") for name, effect in faults["met"].items()]
    if met:
        yield from _wrapped(f"faults met: {', '.join(met)}", "  ")
    if faults["missing_effects"]:
        yield from _wrapped(
            f"kinds of faults never met: {', '.join(faults['missing_effects'])}", "  "
        )


def _answers(operation: Json) -> str:
    """Which answers of one operation were met, and which never."""
    met, missing = operation["statuses"]["met"], operation["statuses"]["missing"]
    parts = [", ".join(f"{status} ×{count}" for status, count in met.items()) or "no answer yet"]
    undocumented = operation["statuses"]["undocumented"]
    if undocumented:
        parts.append("undocumented " + ", ".join(f"{status}" for status in undocumented))
    if missing:
        parts.append(f"never {', '.join(missing)}")
    streams = operation["streams"]
    if streams is not None and any(streams.values()):
        parts += [f"never {form}" for form in ("streamed", "whole") if not streams[form]]
    return "; ".join(parts)


def _wrapped(line: str, before: str) -> list[str]:
    blank = " " * len(before)
    return wrap(printable(line), _WIDTH, initial_indent=before, subsequent_indent=blank or "  ")


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
