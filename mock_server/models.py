"""What is known of models: the fixtures' catalogue, and rules for ids that it does not list."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mock_server.errors import ApiError
from mock_server.memory import Memory
from mock_server.operation import Provider
from mock_server.pace import Pace, read_pace
from mock_server.violations import show
from mock_server.wire import Json

_REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class Traits:
    """How a model behaves: whether it shows its reasoning, only judges texts, takes no pictures."""

    reasoning: bool = False
    guard: bool = False
    text_only: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """A model that a provider lists; `created` is unix seconds, `kind` a word of the fixtures."""

    id: str
    owned_by: str
    created: int
    kind: str


class Catalogue:
    """The models of every provider, as `fixtures/models.yaml` has them.

    The `price` of a token that is read, and of one that is written, is in millionths of a dollar.
    """

    def __init__(self, content: Json) -> None:
        self._listed: dict[tuple[str, str], Json] = {
            (provider, model["id"]): model
            for provider, part in content["providers"].items()
            for model in part["models"]
        }
        self._lists = {
            provider: tuple(_entry(model, part["created"]) for model in part["models"])
            for provider, part in content["providers"].items()
        }
        self._entries = {
            (provider, entry.id): entry for provider, each in self._lists.items() for entry in each
        }
        self._rules = {
            provider: [(re.compile(rule["match"]), rule) for rule in part.get("traits", ())]
            for provider, part in content["providers"].items()
        }
        self._paces = [
            (re.compile(rule["match"]), _pace(rule["pace"])) for rule in content.get("paces", ())
        ]
        self._sizes = [
            (re.compile(rule["match"]), int(rule["dimensions"])) for rule in content["sizes"]
        ]
        self.usual_size: int = content["dimensions"]
        price = content["price"]
        self.price: tuple[int, int] = (price["read"], price["written"])
        self._closed = {name for name, part in content["providers"].items() if part.get("closed")}
        self._answers: Mapping[str, Sequence[str]] = content["answers"]
        self._known = Memory[tuple[str, str], Traits](_REMEMBERED)  # clients choose the ids

    @property
    def ids(self) -> frozenset[str]:
        """The ids of all models that are listed, by whichever provider."""
        return frozenset(model for _, model in self._listed)

    def listed(self, provider: Provider | None) -> Sequence[Listed]:
        """The models of a provider, in the catalogue's order."""
        return self._lists.get(provider.name, ()) if provider else ()

    def entry(self, provider: Provider | None, model: str) -> Listed | None:
        """What a provider lists under that id, if anything."""
        return self._entries.get((provider.name, model)) if provider else None

    def check_kind(self, provider: Provider | None, model: str, behaviour: str | None) -> None:
        """Raises ApiError (`model_not_found`) for a listed model of a kind that does not do this.

        Models that are not listed do whatever they are asked for: catalogues change daily. Only
        where the fixtures call a provider's list closed, there are no others.
        """
        entry, kinds = self.entry(provider, model), self._answers.get(behaviour or "")
        if entry is None and provider is not None and provider.name in self._closed:
            message = f"model: there is no model {show(model)} for this"
            raise ApiError("model_not_found", message, param="model")
        if entry is not None and kinds is not None and entry.kind not in kinds:
            message = (
                f"The model '{entry.id}' is of the kind {entry.kind}; "
                f"this takes a model of the kind {' or '.join(kinds)}."
            )
            raise ApiError("model_not_found", message, param="model")

    def size(self, provider: Provider | None, model: str) -> int | None:
        """How many numbers an embedding by that model has; None of a model not known of.

        Then `usual_size` is a good guess.
        """
        node = self._listed.get((provider.name if provider else "", model), {})
        if "dimensions" in node:
            return int(node["dimensions"])
        return next((size for pattern, size in self._sizes if pattern.search(model)), None)

    def length(self, provider: Provider | None, model: str) -> float | None:
        """The shortest video that the model offers, in seconds; None where any length will do."""
        name = provider.name if provider else ""
        node = self._listed.get((name, model))
        nodes = [rule for pattern, rule in self._rules.get(name, ()) if pattern.search(model)]
        lengths = [each["durations"] for each in (node or {}, *nodes) if "durations" in each]
        return float(min(lengths[0])) if lengths else None

    def voice(self, provider: Provider | None, model: str) -> str:
        """The voice of a model of speech where none is asked for; if unknown, one by its id."""
        node = self._listed.get((provider.name if provider else "", model), {})
        return str(node.get("voice", model))

    def traits(self, provider: Provider | None, model: str) -> Traits:
        """What to expect of that model: as listed, else by the first rule that its id fits."""
        name = provider.name if provider else ""
        found = self._known.get((name, model))
        if found is None:
            found = self._look_up(name, model)
            self._known.put((name, model), found)
        return found

    def pace(self, provider: Provider | None, model: str) -> Pace | None:
        """How fast that model writes: as listed, else by the first rule that its id fits."""
        listed = self._listed.get((provider.name if provider else "", model), {})
        if "pace" in listed:
            return _pace(listed["pace"])
        return next((pace for pattern, pace in self._paces if pattern.search(model)), None)

    def _look_up(self, provider: str, model: str) -> Traits:
        listed = self._listed.get((provider, model))
        if listed is not None:
            return _traits(listed)
        rules = self._rules.get(provider, [])
        return next((_traits(rule) for pattern, rule in rules if pattern.search(model)), Traits())


def _entry(node: Mapping[str, Json], created: int) -> Listed:
    return Listed(node["id"], node["owned_by"], created, node["kind"])


def _traits(node: Mapping[str, Json]) -> Traits:
    return Traits(*(bool(node.get(name)) for name in ("reasoning", "guard", "text-only")))


def _pace(text: str) -> Pace:
    pace = read_pace(text)
    if pace == "typical":
        raise ValueError("a model's own pace is in figures, not `typical`")
    return pace
