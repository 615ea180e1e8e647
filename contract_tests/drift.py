"""What has changed between two runs: what appeared, what vanished, what is of another type.

Only what both runs have asked is compared: the same request, by its mark, brought an answer of a
kind then, and was sent again now. What was not is not seen, and says nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final, Literal

from contract_tests.observations import MOST_ASKED, Answers, Asked, Member, Observations
from contract_tests.promised import Kind

Json = Any
_WIDEST: Final = 100


@dataclass(frozen=True)
class Change:
    """One difference; `ahead` is who goes further, where only one of both has what it is about."""

    where: str
    what: str
    change: Literal["appeared", "vanished", "changed"]
    then: str
    now: str
    breaking: bool
    ahead: Literal["the API", "the contract"] | None

    @property
    def name(self) -> str:
        """What an accepted deviation calls it by."""
        return f"{self.where} {self.what}"


@dataclass(frozen=True)
class Accepted:
    """A deviation that is known and put up with, until a day; `what` may end in `*`."""

    what: str
    reason: str
    until: date


@dataclass(frozen=True)
class Drift:
    """All differences between two runs, and what the later one has not seen."""

    changes: Sequence[Change]
    not_seen: Sequence[str]

    def breaking(self, accepted: Iterable[Accepted], today: date) -> list[Change]:
        """What breaks clients, and nobody has accepted."""
        known = list(accepted)
        return [
            each for each in self.changes if each.breaking and not is_accepted(each, known, today)
        ]


def is_accepted(change: Change, accepted: Iterable[Accepted], today: date) -> bool:
    """Whether a deviation is put up with on that day, which may be the last."""
    return any(
        today <= each.until and (change.name == each.what or _fits(change.name, each.what))
        for each in accepted
    )


def compare(then: Observations, now: Observations) -> Drift:
    """What has changed from one run to the other."""
    changes: list[Change] = []
    not_seen: list[str] = []
    for key, asked in sorted(then.operations.items()):
        place = " ".join(key)
        later = now.operations.get(key)
        if later is None:
            not_seen.append(place)
            continue
        for kind in sorted(asked.answers.keys() | later.answers.keys()):
            pair = _Pair(place, Kind(key[1], *_parts(kind)), kind, asked, later)
            if kind in asked.answers and not pair.was_asked_again:
                not_seen.append(pair.where)
            else:
                changes += pair.changes()
    changes += _of_models(then, now)
    return Drift(changes, not_seen)


def to_plain(drift: Drift, accepted: Iterable[Accepted], today: date) -> Json:
    """The differences as JSON."""
    known = list(accepted)
    return {
        "breaking": len(drift.breaking(known, today)),
        "changes": [
            {**asdict(each), "accepted": is_accepted(each, known, today)} for each in drift.changes
        ],
        "not_seen": list(drift.not_seen),
    }


def table(drift: Drift, accepted: Iterable[Accepted], today: date) -> Iterator[str]:
    """The differences as lines to be read, the breaking ones first."""
    known = list(accepted)
    rows = [
        (_weight(each, known, today), each.change, each.name, _told(each), _ahead(each))
        for each in drift.changes
    ]
    rows.sort(key=lambda row: (row[0] != "breaking", row[2]))
    if rows:
        yield from _aligned([("", "change", "what", "then -> now", "ahead"), *rows])
    if drift.not_seen:
        yield f"not asked in this run: {', '.join(drift.not_seen)}"
    count = len(drift.breaking(known, today))
    yield f"drift: {len(drift.changes)} changes, {count} of them breaking"


# --- Two runs of one kind of answer --------------------------------------------------------------


@dataclass(frozen=True)
class _Pair:
    place: str
    kind: Kind
    name: str
    then: Asked
    now: Asked

    @property
    def where(self) -> str:
        return f"{self.place} {self.name}"

    @property
    def was_asked_again(self) -> bool:
        """Whether a request that was answered so then was sent in the later run too."""
        return bool(self._marks(self.then) & self.now.marks.keys())

    def changes(self) -> Iterator[Change]:
        again = self._marks(self.then) & self.now.marks.keys()
        if self.name not in self.then.answers:
            yield self._appeared("status", self.kind.is_documented)
        elif not any(self.name in self.now.marks[mark] for mark in again):
            if not any(map(self._is_decided, again)):
                return
            # That a server fails no more breaks nobody.
            yield self._vanished("status", self.kind.is_documented, self.kind.status < 500)
        else:
            then, now = self.then.answers[self.name], self.now.answers[self.name]
            yield from self._of_headers(then, now)
            yield from self._of_events(then, now)
            yield from self._of_members(then, now)

    def _is_decided(self, mark: str) -> bool:
        """Whether a request had but one kind of answer then, or has none of those now.

        What else it depends on, the key or an earlier request, its mark does not say.
        """
        then, now = self.then.marks[mark], self.now.marks[mark]
        return then == {self.name} or not then & now

    def _of_headers(self, then: Answers, now: Answers) -> Iterator[Change]:
        for name in sorted(then.headers.keys() | now.headers.keys()):
            known = self.kind.has_header(name)
            rates = _Rate(then.headers[name], then.count), _Rate(now.headers[name], now.count)
            yield from self._of_rates(f"header {name}", known, *rates)

    def _of_events(self, then: Answers, now: Answers) -> Iterator[Change]:
        for name in sorted(then.events.keys() | now.events.keys()):
            known = self.kind.has_event(name)
            rates = _Rate(then.events[name], then.count), _Rate(now.events[name], now.count)
            yield from self._of_rates(f"event {name}", known, *rates)

    def _of_members(self, then: Answers, now: Answers) -> Iterator[Change]:
        gone: set[str] = set()
        for path in sorted(then.members.keys() | now.members.keys()):
            before, after = then.members.get(path), now.members.get(path)
            if before and after:
                yield from self._of_member(path, before, after)
            if _above(path) in gone or (_above(path) is not None and _is_new(path, then, now)):
                gone.add(path)  # told of what it is in
                continue
            rates = _rate(path, then), _rate(path, now)
            changes = list(self._of_rates(f"member {path}", self.kind.has(_bare(path)), *rates))
            gone |= {path} if changes and not after else set()
            yield from changes

    def _of_rates(self, what: str, known: bool, then: "_Rate", now: "_Rate") -> Iterator[Change]:
        if not then.count:
            yield self._appeared(what, known)
        elif not now.count:
            if then.is_always or self._all_asked_again:
                yield self._vanished(what, known, then.is_always)
        elif then.is_always and not now.is_always and self._nothing_new_asked:
            ahead: Any = "the contract" if known else None
            yield Change(self.where, what, "vanished", "always", "sometimes", True, ahead)

    def _of_member(self, path: str, then: Member, now: Member) -> Iterator[Change]:
        place = _bare(path)
        if new := sorted(now.types.keys() - then.types.keys()):
            fits = all(self.kind.allows_type(place, each) for each in new)
            was = ", ".join(sorted(then.types))
            yield Change(
                self.where,
                f"type of {path}",
                "changed",
                was,
                ", ".join(sorted(now.types)),
                not fits,
                None if fits else "the API",
            )
        for word in sorted(now.values - then.values):
            fits = self.kind.allows_value(place, word)
            ahead: Any = None if fits and self.kind.has(place) else "the API"
            what = f"value {word} of {path}"
            yield Change(self.where, what, "appeared", "", word, not fits, ahead)
        if self._all_asked_again:
            for word in sorted(then.values - now.values):
                what = f"value {word} of {path}"
                yield self._vanished(what, self.kind.allows_value(place, word), False)

    @property
    def _all_asked_again(self) -> bool:
        return _is_among(self._marks(self.then), self.now.marks)

    @property
    def _nothing_new_asked(self) -> bool:
        return _is_among(self._marks(self.now), self.then.marks)

    def _marks(self, asked: Asked) -> set[str]:
        return {mark for mark, kinds in asked.marks.items() if self.name in kinds}

    def _appeared(self, what: str, known: bool) -> Change:
        return Change(self.where, what, "appeared", "", "", False, None if known else "the API")

    def _vanished(self, what: str, known: bool, breaking: bool) -> Change:
        ahead: Any = "the contract" if known else None
        return Change(self.where, what, "vanished", "", "", breaking, ahead)


@dataclass(frozen=True)
class _Rate:
    """How often something was there, of how many times that it could have been."""

    count: int
    of: int

    @property
    def is_always(self) -> bool:
        return self.count == self.of > 0


def _rate(path: str, answers: Answers) -> _Rate:
    """How often a member was in what it is a member of; or in each answer, if it always was."""
    member, above = answers.members.get(path), _above(path)
    if member is None:
        return _Rate(0, 1)
    in_answers = _Rate(member.answers, answers.count)
    if above is None or in_answers.is_always or path.endswith("/*"):
        return in_answers
    return _Rate(member.types.total(), answers.members[above].types["object"])


def _is_among(marks: Iterable[str], others: Mapping[str, Json]) -> bool:
    """Whether all are among the others, of which only the first are known where they are many."""
    last = max(others) if len(others) >= MOST_ASKED else "g"
    return all(mark in others for mark in marks if mark <= last)


def _is_new(path: str, then: Answers, now: Answers) -> bool:
    """Whether a member stands in something that is new itself."""
    above = _above(path)
    return path not in then.members and above in now.members and above not in then.members


def _above(path: str) -> str | None:
    """What a member is in; None for a whole answer, or event."""
    return path.rpartition("/")[0] if "/" in path else None


def _bare(path: str) -> str:
    """A path without the name of the event that it is in."""
    return path if path.startswith("/") else path.partition(":")[2]


def _parts(kind: str) -> tuple[int, str]:
    status, _, media_type = kind.partition(" ")
    return int(status), media_type


def _of_models(then: Observations, now: Observations) -> Iterator[Change]:
    for provider in sorted(then.models.keys() & now.models.keys()):
        before, after = then.models[provider], now.models[provider]
        for name in sorted(after - before):
            yield Change(provider, f"model {name}", "appeared", "", "", False, None)
        if _asked_all(provider, then, now):
            for name in sorted(before - after):
                yield Change(provider, f"model {name}", "vanished", "", "", False, None)


def _asked_all(provider: str, then: Observations, now: Observations) -> bool:
    """Whether everything that a provider was asked then was asked again."""
    nothing = Asked()
    return all(
        _is_among(asked.marks, now.operations.get(key, nothing).marks)
        for key, asked in then.operations.items()
        if key[0] == provider
    )


# --- Words ---------------------------------------------------------------------------------------


def _fits(name: str, what: str) -> bool:
    return what.endswith("*") and name.startswith(what[:-1])


def _weight(change: Change, accepted: Sequence[Accepted], today: date) -> str:
    if not change.breaking:
        return ""
    return "accepted" if is_accepted(change, accepted, today) else "breaking"


def _told(change: Change) -> str:
    return f"{change.then} -> {change.now}" if change.then else change.now


def _ahead(change: Change) -> str:
    return change.ahead or ""


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [min(_WIDEST, max(map(len, column))) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()
