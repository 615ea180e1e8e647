"""Keywords of the contract's schemas that JSON Schema does not have, and what they check."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import msgspec

from mock_server.pictures import Gallery, PictureRule
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


def keywords(gallery: Gallery) -> "dict[str, type[KeywordValidator]]":
    """The keywords as a validator takes them; pictures that they see are kept in `gallery`."""
    return {name: _validator(make, gallery) for name, make in KEYWORDS.items()}


def _picture(value: Json, gallery: Gallery) -> Check:
    """`x-picture`: a string that is a data URI carries a picture that keeps the rule."""
    try:
        rule = msgspec.convert(value, PictureRule)
    except msgspec.ValidationError:
        return _anything  # in somebody else's document the name may mean something else

    def check(instance: Json) -> None:
        if isinstance(instance, str):
            gallery.judge(instance, rule)

    return check


def _anything(instance: Json) -> None:
    pass


# What makes the check from a keyword's value.
KEYWORDS: Final[Mapping[str, Callable[[Json, Gallery], Check]]] = {"x-picture": _picture}


def _validator(
    make: Callable[[Json, Gallery], Check], gallery: Gallery
) -> "type[KeywordValidator]":
    class Validator:
        def __init__(self, schema: Any, value: Json, path: list[str | int]) -> None:
            self._check = make(value, gallery)

        def validate(self, instance: Json) -> None:
            self._check(instance)

    return Validator
