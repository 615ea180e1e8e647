"""What a program has ordered and not taken back, and where each of it was written."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mock_server.remote import ControlError
from mock_server.scenarios.sheets import ROOT, ScenarioError, Sheet, sheet_in, sheet_of

Json = Any


@dataclass
class Standing:
    """Orders for one subject, which a server takes as a list under a `name`."""

    name: str
    sheets: list[Sheet] = field(default_factory=list)

    @property
    def orders(self) -> list[Json]:
        """All of them, the oldest first."""
        return [each for sheet in self.sheets for each in sheet.content]

    def take_back(self, sheets: Iterable[Sheet]) -> None:
        """Forget what these say, and nothing that says the same elsewhere."""
        gone = [id(each) for each in sheets]
        self.sheets = [each for each in self.sheets if id(each) not in gone]

    def placed(self, error: ControlError) -> ControlError:
        """A server's refusal, told of the place in the sheet where it was written."""
        found = re.match(rf"{self.name}\[(\d+)\](.*)", error.param or "", re.DOTALL)
        if found is None:
            return error
        said, number = str(error), int(found[1])
        for sheet in self.sheets:
            if number < len(sheet.content):
                place = f"{self.name}[{number}]{found[2]}"
                told = said[max(0, said.find(found[0])) :].replace(found[0], place, 1)
                return ControlError(str(sheet.refusal(place, told)), place)
            number -= len(sheet.content)
        return error


def sheet_from(given: Json) -> Sheet:
    """Rules as programs give them: one, a list, a YAML text, a file; raises ControlError."""
    if not isinstance(given, str | Path):
        return Sheet("scenario", given if isinstance(given, list) else [given])
    try:
        sheet = sheet_in(given) if isinstance(given, Path) else sheet_of(given, "scenario")
        if not isinstance(sheet.content, list):
            raise sheet.refusal(ROOT, f"{ROOT}: a list of them is required")
    except ScenarioError as error:
        raise ControlError(str(error), error.param) from None
    return sheet
