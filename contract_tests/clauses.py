"""The contract as a ledger of promises: each clause is one, with what it rests on.

The ledger is data, in `clauses/`. A clause is checked in one of three ways: a `place` names a
member of an answer, whose rules stand in the contract's schemas; a `field` names a member of a
request, and what has to be taken and refused there; all others are checked by a law or a test that
names them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from mock_server.document import load
from mock_server.fixtures import CONTRACT, read_yaml
from mock_server.reader import read
from mock_server.spec import Spec

Json = Any
_HERE: Final = Path(__file__).parent
_MEMBERS: Final = {"id", "promise", "providers", "facts", "asserted", "costs"}
_WAYS: Final = {"place", "field"}
_SPEAK_OF: Final[Mapping[str, Sequence[str]]] = {
    "runcrate": ("RC", "OA"),
    "ruapi": ("RU", "OA", "AN"),
    "runware": ("RW",),
}


class ClauseError(ValueError):
    """A ledger that cannot be used; the sentence says which clause is wrong, and how."""


@dataclass(frozen=True)
class Place:
    """Where an answer keeps the promise: in the answers of a behaviour with a status.

    Without a behaviour it is in those of all, with the status 0 in those of any. `at` is a pointer
    into the JSON, or into that of each event where it is a `stream`, in which `*` stands for every
    member; `header` names a header instead, of streams too. `ask` are changes to the sample
    request, by pointer, after which such an answer comes; where no change
    will do, the test of it is `written` by hand.
    """

    behaviour: str | None = None
    status: int = 200
    stream: bool = False
    at: str | None = None
    header: str | None = None
    ask: Mapping[str, Json] | None = None
    written: bool = False


@dataclass(frozen=True)
class Field:
    """What a request may say in a member, by pointer into its body.

    Each of `takes` has to be taken, each of `refuses` to be refused, and the absence of the member
    too where it is `required`. `beside` is changed in the sample request with it.
    """

    behaviour: str
    at: str
    takes: Sequence[Json] = ()
    refuses: Sequence[Json] = ()
    required: bool = False
    beside: Mapping[str, Json] | None = None


@dataclass(frozen=True)
class Clause:
    """One promise, of these providers; `asserted` is the least of the targets that it binds.

    `live` binds everybody, the providers themselves too; `any` every server that claims to keep the
    contract; `mock` is a decision of this project where no document says anything. `costs` names
    what a check of it pays for.
    """

    id: str
    promise: str
    providers: tuple[str, ...]
    facts: tuple[str, ...]
    asserted: Literal["live", "any", "mock"]
    costs: str = "nothing"
    place: Place | None = None
    field: Field | None = None


@dataclass(frozen=True)
class Ledger:
    """Every clause by its id, and the facts that are none, each with the reason."""

    clauses: Mapping[str, Clause]
    aside: Mapping[str, str]

    def of(self, provider: str) -> Iterator[Clause]:
        """What a provider promises."""
        return (each for each in self.clauses.values() if provider in each.providers)


@dataclass(frozen=True)
class Fact:
    """What a clause rests on: how sure it is, and where it was read."""

    id: str
    mark: str
    source: str

    @property
    def binds(self) -> bool:
        """Whether an official document says so."""
        return self.mark in ("seed", "docs")

    def speaks_of(self, provider: str) -> bool:
        """Whether it is of a provider, or of a format that the provider claims to have."""
        return self.id.partition("-")[0] in _SPEAK_OF[provider]


@cache
def ledger(folder: Path = _HERE / "clauses") -> Ledger:
    """The whole ledger; raises ClauseError."""
    clauses: dict[str, Clause] = {}
    aside: dict[str, str] = {}
    for path in sorted(folder.glob("*.yaml")):
        node = read_yaml(path)
        for clause in map(_clause, node["clauses"]):
            if clause.id in clauses:
                raise ClauseError(f"{path.name}: {clause.id} is there twice")
            clauses[clause.id] = clause
        for reason, facts in (node.get("aside") or {}).items():
            aside |= dict.fromkeys(facts, reason)
    return Ledger(clauses, aside)


@cache
def facts() -> Mapping[str, Fact]:
    """Every fact by its id."""
    node = read_yaml(_HERE / "facts.yaml")
    return {id: Fact(id, *entry) for id, entry in node["facts"].items()}


@cache
def documents() -> Mapping[str, str]:
    """The addresses of the documents that facts name."""
    return dict(read_yaml(_HERE / "facts.yaml")["documents"])


@cache
def contract() -> Spec:
    """The contract that places and fields are looked up in."""
    return read(load(CONTRACT))


def _clause(node: Json) -> Clause:
    id = node.get("id", "a clause without an id")
    lacking, strange = _MEMBERS - set(node), set(node) - _MEMBERS - _WAYS
    if lacking or strange:
        raise ClauseError(f"{id} lacks {sorted(lacking)}, or has {sorted(strange)}")
    if node["asserted"] not in ("live", "any", "mock"):
        raise ClauseError(f"{id} is asserted {node['asserted']!r}")
    try:
        place = Place(**node["place"]) if "place" in node else None
        field = Field(**node["field"]) if "field" in node else None
    except TypeError as error:
        raise ClauseError(f"{id}: {error}") from None
    return Clause(
        id,
        " ".join(node["promise"].split()),
        tuple(node["providers"]),
        tuple(node["facts"]),
        node["asserted"],
        node["costs"],
        place,
        field,
    )
