"""Faults: named ways to break one promise of the contract, or to fail as networks and servers do.

The catalogue is data (`fixtures/faults/`): what a fault breaks or does to a client, which answers
it meets, and the edits that it makes of them. A fault is asked for by `Prefer: fault=NAME`, or
switched on for a key or for all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from typing import Final, Literal, get_args

from mock_server.edits import EDITS
from mock_server.errors import Invalid
from mock_server.fixtures import FIXTURES, read_yaml
from mock_server.occasions import CONDITIONS
from mock_server.wire import Json

_LONGEST: Final = 60  # characters of a name
_REQUIRED: Final = frozenset({"fault", "says", "where", "do"})
_KNOWN: Final = _REQUIRED | {"breaks", "effect", "options"}
Effect = Literal["refused", "cut", "stalled", "slow", "garbled", "harmless"]
"""What a client sees of a fault that breaks no clause."""


class FaultError(ValueError):
    """A catalogue that cannot be used; the sentence says which fault is wrong, and how."""


@dataclass(frozen=True)
class Option:
    """A number that a fault goes by: whole where it `is_whole`; null stands for no number."""

    default: float | None
    minimum: float
    maximum: float
    says: str
    is_whole: bool = False

    def read(self, name: str, value: Json, place: str = "") -> float | None:
        """The number that was asked for; raises Invalid."""
        if value is None and self.default is None:
            return None
        number = float(value) if _is_number(value) else None
        is_fit = number is not None and self.minimum <= number <= self.maximum
        if number is None or not is_fit or (self.is_whole and number % 1):
            kind = "a whole number" if self.is_whole else "a number"
            param = f"{place}{name}"
            message = f"{param}: expected {kind} from {self.minimum:.15g} to {self.maximum:.15g}"
            raise Invalid("invalid_value", message, param=param)
        return int(number) if self.is_whole else number


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong: `edits` of the answers that `where` describes.

    It breaks the promise `breaks`, or none, and then has an `effect`. Its `options` fill those
    places in the edits that are called by their names, as `$seconds`.
    """

    name: str
    breaks: str | None
    says: str
    where: Mapping[str, Json]
    edits: Sequence[Mapping[str, Json]]
    effect: Effect | None = None
    options: Mapping[str, Option] = field(default_factory=dict)

    def chosen(self, wishes: Mapping[str, Json], place: str = "") -> dict[str, float | None]:
        """The options as they are asked for, else as they are by default; raises Invalid."""
        if strange := [name for name in wishes if name not in self.options]:
            known = f"it has {', '.join(self.options)}" if self.options else "it has none"
            param = f"{place}{strange[0][:_LONGEST]}"
            message = f"{param}: is no option of the fault {self.name}; {known}"
            raise Invalid("invalid_value", message, param=param)
        return {
            name: option.read(name, wishes[name], place) if name in wishes else option.default
            for name, option in self.options.items()
        }

    def edited(self, options: Mapping[str, float | None]) -> Sequence[Mapping[str, Json]]:
        """The edits with the options in their places."""
        return [_filled(edit, options) for edit in self.edits] if self.options else self.edits


@dataclass(frozen=True)
class Catalogue:
    """Every fault by name; read when one is first asked for."""

    @cached_property
    def faults(self) -> Mapping[str, Fault]:
        """All of them; raises FaultError."""
        names = sorted(f"faults/{path.name}" for path in (FIXTURES / "faults").glob("*.yaml"))
        found: dict[str, Fault] = {}
        for fault in (read_fault(node) for name in names for node in read_yaml(name) or ()):
            if fault.name in found:
                raise FaultError(f"the fault {fault.name} is there twice")
            found[fault.name] = fault
        return found

    @cached_property
    def breaches(self) -> Mapping[str, Fault]:
        """Those that break a clause of the contract."""
        return {name: fault for name, fault in self.faults.items() if fault.breaks}

    def named(self, name: str) -> Fault:
        """The fault of that name; raises Invalid, which names those with names like it."""
        fault = self.faults.get(name)
        if fault is None:
            near = get_close_matches(name[:_LONGEST], self.faults, 3, 0.3)
            hint = f" Near to it: {', '.join(near)}." if near else ""
            message = (
                f"No fault is called '{name[:_LONGEST]}'; GET /__mock__/faults lists them.{hint}"
            )
            raise Invalid("invalid_value", message)
        return fault


def read_fault(node: Json) -> Fault:
    """A fault as it is written; raises FaultError."""
    name = node.get("fault", "without a name")
    if missing := _REQUIRED - set(node) | set(node) - _KNOWN:
        raise FaultError(
            f"the fault {name} has not fault, says, where, do, or has more: {sorted(missing)}"
        )
    if ("breaks" in node) == ("effect" in node):
        raise FaultError(f"the fault {name} has not one of breaks and effect")
    if node.get("effect") not in (None, *get_args(Effect)):
        raise FaultError(f"the fault {name} has the effect {node['effect']}")
    if strange := set(node["where"]) - CONDITIONS:
        raise FaultError(f"the fault {name} depends on {', '.join(sorted(strange))}")
    if strange := {verb for edit in node["do"] for verb in edit} - set(EDITS):
        raise FaultError(f"the fault {name} does {', '.join(sorted(strange))}")
    return Fault(
        name,
        node.get("breaks"),
        node["says"],
        node["where"],
        node["do"],
        node.get("effect"),
        {key: Option(**option) for key, option in node.get("options", {}).items()},
    )


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _filled(node: Json, options: Mapping[str, float | None]) -> Json:
    if isinstance(node, dict):
        return {name: _filled(value, options) for name, value in node.items()}
    if isinstance(node, list):
        return [_filled(value, options) for value in node]
    is_place = isinstance(node, str) and node.startswith("$")
    return options[node[1:]] if is_place else node
