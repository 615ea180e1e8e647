"""Keywords of the contract's schemas that JSON Schema does not have, and what they check."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import msgspec

from mock_server.pictures import Gallery, PictureRule
from mock_server.soundness import Soundness
from mock_server.wire import Json

if TYPE_CHECKING:
    from jsonschema_rs import KeywordValidator

# Raises ValueError where a value breaks a keyword: a sentence that lacks only its subject.
Check = Callable[[Json], None]


class BrokenInside(ValueError):
    """A value breaks a keyword not as a whole, but at the end of some `steps` inside of it."""

    def __init__(self, sentence: str, steps: Sequence[str | int]) -> None:
        super().__init__(sentence)
        self.steps = tuple(steps)


class Judges(msgspec.Struct, frozen=True):
    """Who judges what the keywords ask for; each remembers what it has seen."""

    gallery: Gallery = msgspec.field(default_factory=Gallery)
    soundness: Soundness = msgspec.field(default_factory=Soundness)


def keywords(judges: Judges) -> "dict[str, type[KeywordValidator]]":
    """The keywords as a validator takes them."""
    return {name: _validator(make, judges) for name, make in KEYWORDS.items()}


def _picture(value: Json, judges: Judges) -> Check:
    """`x-picture`: a string that is a data URI carries a picture that keeps the rule."""
    try:
        rule = msgspec.convert(value, PictureRule)
    except msgspec.ValidationError:
        return _anything  # in somebody else's document the name may mean something else

    def check(instance: Json) -> None:
        if isinstance(instance, str):
            judges.gallery.judge(instance, rule)

    return check


def _json_schema(value: Json, judges: Judges) -> Check:
    """`x-json-schema: true`: the value is itself a JSON Schema that values can be judged by."""
    if value is not True:
        return _anything

    def check(instance: Json) -> None:
        fault = judges.soundness.fault(instance)
        if fault is not None:
            raise BrokenInside(fault[1], fault[0])

    return check


def _only_beside(value: Json, judges: Judges) -> Check:
    """`x-only-beside: 'stream: true'`: says why nothing but null may stand here."""

    def check(instance: Json) -> None:
        if instance is not None:
            raise ValueError(f"is allowed only beside `{value}`")

    return check


def _anything(instance: Json) -> None:
    pass


# What makes the check from a keyword's value.
KEYWORDS: Final[Mapping[str, Callable[[Json, Judges], Check]]] = {
    "x-picture": _picture,
    "x-json-schema": _json_schema,
    "x-only-beside": _only_beside,
}


def _validator(make: Callable[[Json, Judges], Check], judges: Judges) -> "type[KeywordValidator]":
    class Validator:
        def __init__(self, schema: Any, value: Json, path: list[str | int]) -> None:
            self._check = make(value, judges)

        def validate(self, instance: Json) -> None:
            self._check(instance)

    return Validator
