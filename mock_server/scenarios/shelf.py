"""The scenarios of a file or a folder, read again when they have changed."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final

from mock_server.scenarios.promises import check
from mock_server.scenarios.reading import rules_in
from mock_server.scenarios.rules import Rule
from mock_server.scenarios.sheets import ScenarioError, sheet_in
from mock_server.spec import Spec

_GLANCE: Final = 0.2  # seconds between two looks at the files
_SUFFIXES: Final = {".yaml", ".yml", ".json"}
_log = logging.getLogger("mock_server")


class Shelf:
    """The rules of the files at `path`, those of a folder in the order of their names.

    Rules that can no longer be read stay as they were, and `error` says why. `real` tells the time
    on the wall.
    """

    def __init__(self, path: Path, spec: Spec, real: Callable[[], float]) -> None:
        self._path, self._spec, self._real = path, spec, real
        self._looked = real()
        self._seen = self._marks()
        self.rules = self._read()
        self.error: str | None = None

    def look(self) -> bool:
        """Whether the rules are others than before."""
        now = self._real()
        if 0 <= now - self._looked < _GLANCE:
            return False
        self._looked = now
        seen = self._marks()
        if seen == self._seen:
            return False
        self._seen = seen
        try:
            rules = self._read()
        except ScenarioError as error:
            self.error = str(error)
            _log.error("%s (The scenarios that were read before stay in force.)", error)
            return False
        self.error, changed = None, rules != self.rules
        self.rules = rules
        return changed

    def _files(self) -> list[Path]:
        if not self._path.is_dir():
            return [self._path]
        files = (each for each in self._path.iterdir() if not each.name.startswith("."))
        return sorted(each for each in files if each.suffix in _SUFFIXES)

    def _marks(self) -> list[tuple[Path, int, int]]:
        """By which a file that was written again is known."""
        marks = []
        try:
            for each in self._files():
                found = each.stat()
                marks.append((each, found.st_mtime_ns, found.st_size))
        except OSError:  # reading will tell
            marks.append((self._path, 0, 0))
        return marks

    def _read(self) -> tuple[Rule, ...]:
        rules: list[Rule] = []
        is_folder = self._path.is_dir()
        for path in self._files():
            sheet = sheet_in(path)
            found = rules_in(sheet, f"{path.name}: " if is_folder else "")
            check(found, sheet, self._spec)
            rules += found
        return tuple(rules)
