"""How large a picture is wanted, from whatever of a size a request gives."""

import math
from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from mock_server.errors import Invalid
from mock_server.wire import Json

_STEP = 8  # most models make sides that are multiples of it


class SideRule(msgspec.Struct, frozen=True):
    """What the contract says of sides, in pixels; `tolerance` is a share of a ratio."""

    least: tuple[int, int]
    most: tuple[int, int]
    usual: tuple[int, int]
    tolerance: float


class _Claim(NamedTuple):
    """A size, and the fields that say so."""

    fields: str
    width: int
    height: int


def side_rule(properties: Mapping[str, Json]) -> SideRule:
    """The rule in the properties of a request: bounds and defaults of `width` and `height`."""
    sides = [properties["width"], properties["height"]]
    least, most, usual = (
        (int(sides[0][name]), int(sides[1][name])) for name in ("minimum", "maximum", "default")
    )
    return SideRule(least, most, usual, float(properties["aspect_ratio"].get("x-tolerance", 0)))


def sides_of(body: Mapping[str, Json], rule: SideRule) -> tuple[int, int]:
    """Width and height in pixels; raises Invalid for what is out of range or disagrees."""
    claims = list(filter(None, (_of_sides(body), _of_size(body, rule))))
    for claim in claims[1:]:
        if claim[1:] != claims[0][1:]:
            raise _refusal(
                claim.fields, body, f"is not the {_shown(claims[0])} of {claims[0].fields}"
            )
    ratio = _ratio(body)
    if claims and ratio:
        _check_ratio(claims[0], ratio, body, rule)
    if claims:
        return claims[0].width, claims[0].height
    return _of_ratio(ratio, body, rule) if ratio else rule.usual


def _of_sides(body: Mapping[str, Json]) -> _Claim | None:
    if "width" not in body:  # nor is a height, by the contract
        return None
    return _Claim("width and height", int(body["width"]), int(body["height"]))


def _of_size(body: Mapping[str, Json], rule: SideRule) -> _Claim | None:
    width, _, height = body.get("size", "auto").partition("x")
    if not height:
        return None
    claim = _Claim("size", int(width), int(height))
    for side, least, most in zip(claim[1:], rule.least, rule.most, strict=True):
        if not least <= side <= most:
            raise _refusal("size", body, f"has a side that is not from {least} to {most}")
    return claim


def _ratio(body: Mapping[str, Json]) -> tuple[int, int] | None:
    wide, _, high = body.get("aspect_ratio", "").partition(":")
    if not high:
        return None
    shared = math.gcd(int(wide), int(high))
    return int(wide) // shared, int(high) // shared


def _check_ratio(
    claim: _Claim, ratio: tuple[int, int], body: Mapping[str, Json], rule: SideRule
) -> None:
    found, wanted = claim.width / claim.height, ratio[0] / ratio[1]
    if abs(found / wanted - 1) > rule.tolerance:
        raise _refusal("aspect_ratio", body, f"is not that of {_shown(claim)} ({claim.fields})")


def _of_ratio(ratio: tuple[int, int], body: Mapping[str, Json], rule: SideRule) -> tuple[int, int]:
    """The size of exactly that ratio whose area is nearest below the usual one."""
    fewest = max(-(-least // part) for least, part in zip(rule.least, ratio, strict=True))
    most = min(most // part for most, part in zip(rule.most, ratio, strict=True))
    if fewest > most:
        raise _refusal("aspect_ratio", body, "allows no sides that are within the bounds of both")
    times = math.isqrt(math.prod(rule.usual) // math.prod(ratio))
    times = min(max(times, fewest), most)
    even = times // _STEP * _STEP
    times = even if even >= fewest else times
    return ratio[0] * times, ratio[1] * times


def _shown(claim: _Claim) -> str:
    return f"{claim.width} x {claim.height}"


def _refusal(field: str, body: Mapping[str, Json], rule: str) -> Invalid:
    return Invalid("invalid_value", f"{field}: '{body[field]}' {rule}", param=field)
