"""Pictures, inline and fetched."""

import re
from typing import Final

from contract_tests import picture_laws
from contract_tests.exchange import Exchange
from contract_tests.law import Law

_MOST = 10  # pictures, of one request
_SHAPE = re.compile("[1-9][0-9]*:[1-9][0-9]*")


def _form(exchange: Exchange) -> str | None:
    form = exchange.fields.get("response_format", "url")
    return form if form in ("url", "b64_json") else None


def _as_asked(exchange: Exchange) -> bool | None:
    form = _form(exchange)
    if form is None:
        return False
    picture_laws.pictures_come_in_the_form_asked_for(exchange.told, form)
    return None


def _not_asked(exchange: Exchange) -> bool | None:
    form = _form(exchange)
    if form is None:
        return False
    picture_laws.the_form_that_was_not_asked_for_is_empty(exchange.told, form)
    return None


def _count(exchange: Exchange) -> bool | None:
    count = exchange.fields.get("n", 1)
    if not isinstance(count, int) or not 1 <= count <= _MOST:
        return False
    picture_laws.there_are_as_many_as_asked_for(exchange.told, count)
    return None


def _pictures(exchange: Exchange) -> list[bytes]:
    if exchange.behaviour == "image-file":
        return [exchange.body]
    return picture_laws.inline(exchange.told)


def _whole(exchange: Exchange) -> bool | None:
    pictures = _pictures(exchange)
    for each in pictures:
        picture_laws.a_picture_is_whole(each)
    return None if pictures else False


def _format(exchange: Exchange) -> bool | None:
    if exchange.behaviour == "image-file":
        form = exchange.media_type.removeprefix("image/")
    else:
        form = str(exchange.fields.get("output_format"))
    pictures = [each for each in _pictures(exchange) if picture_laws.can_be_seen(each)]
    if form not in picture_laws.FORMATS or not pictures:
        return False
    for each in pictures:
        picture_laws.a_picture_is_of_the_format(each, form)
    return None


def _sides(exchange: Exchange) -> bool | None:
    sides = picture_laws.sides_of(exchange.fields)
    pictures = [each for each in _pictures(exchange) if picture_laws.can_be_seen(each)]
    if sides is None or not pictures:
        return False
    for each in pictures:
        picture_laws.a_picture_has_the_sides(each, sides)
    return None


def _shape(exchange: Exchange) -> bool | None:
    shape = str(exchange.fields.get("aspect_ratio"))
    pictures = [each for each in _pictures(exchange) if picture_laws.can_be_seen(each)]
    if not _SHAPE.fullmatch(shape) or not pictures:
        return False
    picture_laws.a_picture_has_the_shape(pictures[0], shape)
    return None


LAWS: Final = (
    Law("image-comes-as-asked", _as_asked, "images"),
    Law("image-in-one-form", _not_asked, "images"),
    Law("image-count", _count, "images"),
    Law("image-is-whole", _whole, "images"),
    Law("image-is-whole", _whole, "image-file"),
    Law("image-format", _format, "images"),
    Law("image-format", _format, "image-file"),
    Law("image-sides", _sides, "images"),
    Law("image-shape", _shape, "images"),
)
