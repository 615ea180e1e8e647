"""Scenarios as they are written: what they say, and on which line."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import yaml

from mock_server import codec
from mock_server.errors import Invalid
from mock_server.printable import printable
from mock_server.source import DocumentError, parse, text_of, yaml_loader
from mock_server.wire import Json

ROOT: Final = "rules"
_MOST_LEVELS: Final = 200
_UNKNOWN: Final = re.compile(r" has unknown members ([^,…]+)")
_STEP: Final = re.compile(r"\[(\d+)\]")


class ScenarioError(ValueError):
    """A scenario that cannot be used; the sentence says where and why, `param` names the place."""

    def __init__(self, message: str, param: str | None = None) -> None:
        super().__init__(printable(message))
        self.param = param


@dataclass(frozen=True)
class Sheet:
    """A list of rules as it came; `node` is its YAML, of which the lines are known.

    `folder` is where files that it names are looked for first.
    """

    source: str
    content: Json
    node: yaml.Node | None = None
    folder: Path | None = None

    def refusal(self, place: str, message: str) -> ScenarioError:
        """What is wrong in a place such as `rules[3].error.status`, with its line."""
        where = f":{_line(self.node, place, message)}" if self.node is not None else ""
        return ScenarioError(f"{self.source}{where}: {message}", place)

    def under(self, name: str) -> "Sheet":
        """The same, where the rules are a member of a mapping."""
        node = self.node
        if isinstance(node, yaml.MappingNode):
            node = next(value for key, value in node.value if key.value == name)
        return replace(self, content=self.content[name], node=node)


def sheet_in(path: Path) -> Sheet:
    """The rules in a YAML or JSON file; raises ScenarioError."""
    try:
        text = text_of(path)
        return _sheet(text, str(path), path)
    except DocumentError as error:
        raise ScenarioError(str(error)) from None


def sheet_of(text: str, source: str) -> Sheet:
    """The rules in a YAML text that came from somewhere; raises ScenarioError."""
    try:
        return _sheet(text, source, None)
    except DocumentError as error:
        raise ScenarioError(str(error)) from None


def sound(sheet: Sheet) -> Json:
    """The content of a sheet, of JSON's values alone; raises ScenarioError."""
    try:
        return codec.decode(json.dumps(sheet.content).encode())
    except (Invalid, RecursionError, TypeError, ValueError) as error:
        raise ScenarioError(f"{sheet.source} holds what JSON cannot say: {error}") from None


def _sheet(text: str, source: str, path: Path | None) -> Sheet:
    if path is None or path.suffix != ".json":
        _bound(text, source)
    content, node = parse(text, source, is_json=path is not None and path.suffix == ".json")
    return Sheet(source, [] if content is None else content, node, path.parent if path else None)


def _bound(text: str, source: str) -> None:
    """Raises DocumentError for what is nested so deeply that composing it would end the process."""
    depth = 0
    try:
        for event in yaml.parse(text, yaml_loader()):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > _MOST_LEVELS:
                raise DocumentError(f"{source} is nested too deeply.")
    except yaml.YAMLError:  # parsing will say what is wrong
        return


def _line(node: yaml.Node, place: str, message: str) -> str:
    """`12:5`: where a place stands, or as much of the way to it as is there."""
    rest = place.removeprefix(ROOT)
    while rest:
        step = next(_steps(node, rest), None)
        if step is None:
            break
        node, rest = step
    mark = _strange(node, message) or node.start_mark
    return f"{mark.line + 1}:{mark.column + 1}"


def _steps(node: yaml.Node, rest: str) -> Iterator[tuple[yaml.Node, str]]:
    if isinstance(node, yaml.SequenceNode):
        found = _STEP.match(rest)
        if found and int(found[1]) < len(node.value):
            yield node.value[int(found[1])], rest[found.end() :]
    elif isinstance(node, yaml.MappingNode):
        for name, value in sorted(node.value, key=_by_length, reverse=True):
            way = f".{name.value}"
            if rest.startswith(way) and rest[len(way) : len(way) + 1] in ("", ".", "["):
                yield value, rest[len(way) :]


def _by_length(member: tuple[yaml.Node, yaml.Node]) -> int:
    return len(str(member[0].value))


def _strange(node: yaml.Node, message: str) -> Any:
    """Where the name of a member stands that should not be there."""
    found = _UNKNOWN.search(message)
    members = node.value if found and isinstance(node, yaml.MappingNode) else ()
    return next((name.start_mark for name, _ in members if found and name.value == found[1]), None)
