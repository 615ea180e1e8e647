"""Building a Mock from its settings: the contract read, the fixtures loaded, the clock set."""

import os
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import jsonschema_rs

from mock_server.auth import Door, Keys
from mock_server.clock import Clock
from mock_server.document import load
from mock_server.examples import Examples
from mock_server.filling import Filling
from mock_server.fixtures import CONTRACT, FIXTURES, read_yaml
from mock_server.journal import Journal
from mock_server.memory import Memory
from mock_server.mock import Mock
from mock_server.models import Catalogue
from mock_server.monologues import Monologues
from mock_server.reader import read
from mock_server.scenarios.book import Scenarios
from mock_server.settings import Settings, SettingsError
from mock_server.source import DocumentError
from mock_server.spec import Spec
from mock_server.store import open_store
from mock_server.studio import Studio
from mock_server.switchboard import Faults
from mock_server.tallies import Tallies
from mock_server.text import load_phrases
from mock_server.values.words import Words

_REMEMBERED = 2048


def build(settings: Settings, real_time: Callable[[], float], studio: Studio | None = None) -> Mock:
    """A new world; raises SettingsError, DocumentError or ScenarioError, all ValueErrors."""
    document, words = load(settings.spec or CONTRACT), Words()
    catalogue = Catalogue(read_yaml("models.yaml"))
    journal, tallies = Journal(_seed_of_ids(settings), settings.journal), Tallies(catalogue.ids)
    journal.watchers.append(tallies.note)
    spec = _checked(read(document)) if settings.spec else read(document)
    return Mock(
        settings=settings,
        spec=spec,
        door=Door(_keys(settings.keys)),
        store=open_store(settings.store),
        clock=Clock(settings.clock, real_time),
        journal=journal,
        catalogue=catalogue,
        phrases=load_phrases(FIXTURES / "phrases.yaml"),
        monologues=Monologues(
            partial(read_yaml, "monologues.yaml"), partial(read_yaml, "languages.yaml")
        ),
        scenarios=Scenarios(spec, real_time, settings.scenarios),
        examples=Examples(document, FIXTURES / "media", words),
        filling=Filling(words),
        read=Memory(_REMEMBERED),
        said=Memory(_REMEMBERED),
        studio=studio or Studio(),
        faults=Faults(),
        tallies=tallies,
    )


def _checked(spec: Spec) -> Spec:
    """A document that somebody else wrote, with every schema for requests tried; DocumentError."""
    for operation in spec.operations:
        pointers = [each.pointer for each in operation.parameters]
        for pointer in filter(None, pointers + [each.pointer for each in operation.bodies]):
            try:
                spec.validator(pointer)
            except (ValueError, jsonschema_rs.ReferencingError) as error:
                reason = str(error).partition("\n")[0]
                raise DocumentError(f"The schema at {pointer} is none: {reason}") from None
    return spec


def _seed_of_ids(settings: Settings) -> str:
    """Processes that serve together must not give the same ids."""
    return f"{settings.seed}/{os.getpid()}" if settings.workers > 1 else str(settings.seed)


def _keys(closed_list: Path | None) -> Keys:
    node = read_yaml("keys.yaml")
    return Keys(
        ready=node["ready"],
        refused=tuple(re.compile(pattern) for pattern in node["refused"]),
        only=None if closed_list is None else _closed_list(closed_list),
    )


def _closed_list(path: Path) -> frozenset[str]:
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"--keys {path}: {error}") from None
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))
