"""Keywords of the contract's schemas that JSON Schema does not have, and what they check."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import msgspec

from mock_server.data_uris import is_data_uri, join_data_uri
from mock_server.loopback import is_loopback
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
    """`x-picture`: a data URI, or an object in its place, carries a picture that keeps the rule.

    The object has the two parts of a data URI as `media_type` and `data` (AN-061).
    """
    try:
        rule = msgspec.convert(value, PictureRule)
    except msgspec.ValidationError:
        return _anything  # in somebody else's document the name may mean something else

    def check(instance: Json) -> None:
        if isinstance(instance, str):
            judges.gallery.judge(instance, rule)
        elif isinstance(instance, dict):
            media_type, data = instance.get("media_type"), instance.get("data")
            if isinstance(media_type, str) and isinstance(data, str):
                _judge_bare(media_type, data, rule, judges)

    return check


def _judge_bare(media_type: str, data: str, rule: PictureRule, judges: Judges) -> None:
    try:
        if is_data_uri(data):
            raise ValueError("is a data URI: send nothing but the base64 behind its comma")
        judges.gallery.judge(join_data_uri(media_type, data), rule)
    except ValueError as fault:
        raise BrokenInside(str(fault), ["data"]) from fault


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


def _loopback(value: Json, judges: Judges) -> Check:
    """`x-loopback: true`: a URL of this machine, the only one that anything is sent to."""
    if value is not True:
        return _anything

    def check(instance: Json) -> None:
        if isinstance(instance, str) and not is_loopback(instance):
            raise ValueError("is not on this machine: a mock sends to 127.0.0.1 or localhost alone")

    return check


def _anything(instance: Json) -> None:
    pass


# What makes the check from a keyword's value.
KEYWORDS: Final[Mapping[str, Callable[[Json, Judges], Check]]] = {
    "x-picture": _picture,
    "x-json-schema": _json_schema,
    "x-only-beside": _only_beside,
    "x-loopback": _loopback,
}


def _validator(make: Callable[[Json, Judges], Check], judges: Judges) -> "type[KeywordValidator]":
    class Validator:
        def __init__(self, schema: Any, value: Json, path: list[str | int]) -> None:
            self._check = make(value, judges)

        def validate(self, instance: Json) -> None:
            self._check(instance)

    return Validator
