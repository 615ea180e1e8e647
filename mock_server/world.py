"""Building a Mock from its settings: the contract read, the fixtures loaded, the clock set."""

import os
import re
from collections.abc import Callable
from pathlib import Path

from mock_server.auth import Door, Keys
from mock_server.clock import Clock
from mock_server.document import load
from mock_server.examples import Examples
from mock_server.fixtures import CONTRACT, FIXTURES, read_yaml
from mock_server.journal import Journal
from mock_server.memory import Memory
from mock_server.mock import Mock
from mock_server.models import Catalogue
from mock_server.reader import read
from mock_server.scenarios import load_rules
from mock_server.settings import Settings, SettingsError
from mock_server.store import open_store
from mock_server.text import load_phrases

_REMEMBERED = 2048


def build(settings: Settings, real_time: Callable[[], float]) -> Mock:
    """A new world; raises SettingsError, DocumentError or ScenarioError, all ValueErrors."""
    document = load(settings.spec or CONTRACT)
    return Mock(
        settings=settings,
        spec=read(document),
        door=Door(_keys(settings.keys)),
        store=open_store(settings.store),
        clock=Clock(settings.clock, real_time),
        journal=Journal(_seed_of_ids(settings), settings.journal),
        catalogue=Catalogue(read_yaml("models.yaml")),
        phrases=load_phrases(FIXTURES / "phrases.yaml"),
        rules=load_rules(settings.scenarios) if settings.scenarios else (),
        examples=Examples(document, FIXTURES / "media"),
        read=Memory(_REMEMBERED),
        said=Memory(_REMEMBERED),
    )


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
