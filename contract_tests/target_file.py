"""What a target is like, told by its owner in a YAML file: models, prices, limits, deviations."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import jsonschema_rs
import yaml

from contract_tests.budget import Prices
from contract_tests.clauses import contract, ledger
from contract_tests.drift import Accepted
from contract_tests.verdicts import Deviation
from mock_server.fixtures import read_yaml

Json = Any
_READY_MADE: Final = Path(__file__).parent / "targets"
_PRICES: Final = tuple(Prices.__dataclass_fields__)
_PRICE: Final = {"type": "number", "minimum": 0}
_DAY: Final = {"type": "string", "format": "date"}
_SCHEMA: Final = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "url": {"type": "string", "pattern": "^https?://"},
        "providers": {"type": "array", "minItems": 1, "items": {"type": "string"}},
        "paid": {"type": "boolean"},
        "models": {"type": "object", "additionalProperties": {"type": "string"}},
        "prices": {
            "type": "object",
            "additionalProperties": False,
            "properties": dict.fromkeys(_PRICES, _PRICE),
        },
        "limits": {
            "type": "object",
            "additionalProperties": False,
            "properties": {"requests_per_minute": {"type": "integer", "minimum": 1}},
        },
        "lacks": {"type": "array", "items": {"type": "string"}},
        "deviations": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["clause", "reason", "until"],
                "properties": {
                    "clause": {"type": "string"},
                    "provider": {"type": "string"},
                    "reason": {"type": "string", "minLength": 1},
                    "until": _DAY,
                },
            },
        },
        "drift": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["what", "reason", "until"],
                "properties": {
                    "what": {"type": "string", "minLength": 1},
                    "reason": {"type": "string", "minLength": 1},
                    "until": _DAY,
                },
            },
        },
    },
}


class TargetFileError(ValueError):
    """A target file that cannot be used; the sentence names the file, the line and the member."""


@dataclass(frozen=True)
class TargetFile:
    """What a target is like, beside its URL.

    `models` stand in for those that the tests name: by behaviour, or one for one. `lacks` are the
    operations of the contract that it does not have. `paid` is None where nothing is said. `drift`
    is what may change from run to run without breaking anybody.
    """

    url: str | None = None
    providers: Sequence[str] = ()
    paid: bool | None = None
    models: Mapping[str, str] = field(default_factory=dict)
    prices: Prices = field(default_factory=Prices)
    assumed: Sequence[str] = _PRICES
    a_minute: int | None = None
    lacks: Sequence[str] = ()
    deviations: Sequence[Deviation] = ()
    drift: Sequence[Accepted] = ()

    def has_only_others(self, behaviour: str, named: str) -> bool:
        """Whether another model stands in for all, so that nothing is known of what it can do."""
        return named not in self.models and self.model(behaviour, named) != named

    def model(self, behaviour: str | None, named: Json) -> Json:
        """The target's model in place of one that a test names, where that is one at all."""
        if named in self.models:
            return self.models[named]
        if behaviour is not None and behaviour in self.models and named in _models_for(behaviour):
            return self.models[behaviour]
        return named


def read_target_file(name: str) -> TargetFile:
    """The file of that path, or the one that comes with this program; raises TargetFileError."""
    path = Path(name)
    ready = _READY_MADE / f"{name}.yaml"
    path = ready if not path.exists() and "/" not in name and ready.exists() else path
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise TargetFileError(f"{path} cannot be read: {error.strerror}") from None
    return parse(text, str(path))


def parse(text: str, name: str) -> TargetFile:
    """The target file of that text; raises TargetFileError."""
    try:
        content = _plain(yaml.safe_load(text) or {})
        tree = yaml.compose(text, yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise TargetFileError(f"{name}: {' '.join(str(error).split())}") from None
    for path, says in _wrong(content):
        place = ".".join(map(str, path)) or "the file"
        raise TargetFileError(f"{name}, line {_line(tree, path)}: {place}: {says}")
    return TargetFile(
        url=content["url"].rstrip("/") if "url" in content else None,
        providers=tuple(content.get("providers", ())),
        paid=content.get("paid"),
        models=content.get("models", {}),
        prices=Prices(**content.get("prices", {})),
        assumed=tuple(each for each in _PRICES if each not in content.get("prices", {})),
        a_minute=content.get("limits", {}).get("requests_per_minute"),
        lacks=tuple(content.get("lacks", ())),
        deviations=tuple(map(_deviation, content.get("deviations", ()))),
        drift=tuple(map(_accepted, content.get("drift", ()))),
    )


def _wrong(content: Json) -> Iterator[tuple[list[str | int], str]]:
    """What is wrong, and where: by the schema first, then by the contract."""
    validator = jsonschema_rs.validator_for(_SCHEMA, validate_formats=True)
    for error in validator.iter_errors(content):
        yield list(error.instance_path), error.message
    for index, each in enumerate(content.get("deviations", ())):
        if each["clause"] not in ledger().clauses:
            yield ["deviations", index, "clause"], f"no clause is called {each['clause']}"
    known = _operations()
    for index, id in enumerate(content.get("lacks", ())):
        if id not in known:
            yield ["lacks", index], f"no operation is called {id}"
    behaviours = set(read_yaml("models.yaml")["answers"])
    every = {model for behaviour in behaviours for model in _models_for(behaviour)}
    for named in content.get("models", {}):
        if named not in behaviours | every:
            yield ["models", named], f"neither a model of the tests nor one of {sorted(behaviours)}"


def _line(tree: yaml.Node | None, path: Sequence[str | int]) -> int:
    """The line on which a member stands, or what holds it."""
    node = tree
    for step in path:
        found: yaml.Node | None = None
        if isinstance(node, yaml.MappingNode):
            pairs = ((key.value, value) for key, value in node.value)
            found = next((value for key, value in pairs if key == step), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            found = node.value[step]
        if found is None:
            break
        node = found
    return node.start_mark.line + 1 if node else 1


def _plain(value: Json) -> Json:
    """JSON in place of what YAML has beyond it."""
    if isinstance(value, dict):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def _deviation(node: Json) -> Deviation:
    until = date.fromisoformat(node["until"])
    return Deviation(node["clause"], node["reason"], until, node.get("provider"))


def _accepted(node: Json) -> Accepted:
    return Accepted(node["what"], node["reason"], date.fromisoformat(node["until"]))


def _operations() -> frozenset[str]:
    nodes = [node for item in contract().document.data["paths"].values() for node in item.values()]
    return frozenset(node["operationId"] for node in nodes if "operationId" in node)


@cache
def _models_for(behaviour: str) -> frozenset[str]:
    """The models of the fixtures that can do it."""
    content = read_yaml("models.yaml")
    kinds = content["answers"].get(behaviour, ())
    parts = content["providers"].values()
    return frozenset(m["id"] for part in parts for m in part["models"] if m["kind"] in kinds)
