"""What a clause rests on, with a link to each document that has an address."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from contract_tests.clauses import Clause, documents, facts

Json = Any
# A document, and perhaps a page of it; no part of an address, or of a path.
_NAMED = re.compile(r"(?<![\w./-])([\w-]++)(?!\.\w)(?:/([\w./-]+))?")
_ADDRESS = re.compile(r"(?<![\w/])[\w-]+(?:\.[\w-]+)*\.(?:ai|com|org|dev|io)/[\w./-]+")


@dataclass(frozen=True)
class Source:
    """A fact that a clause rests on, and where it was read."""

    fact: str
    mark: str
    read_in: str
    url: str | None


def sources(clause: Clause, provider: str) -> Iterator[Source]:
    """The facts of a clause that speak of a provider, each with the address of its document."""
    for fact in map(facts().__getitem__, clause.facts):
        if fact.speaks_of(provider):
            yield Source(fact.id, fact.mark, fact.source, _address(fact.source))


def _address(source: str) -> str | None:
    for name, page in _NAMED.findall(source):
        if base := documents().get(name):
            return base + page if page and base.endswith("/") else base
    found = _ADDRESS.search(source)
    return f"https://{found[0].removesuffix('.md')}" if found else None
