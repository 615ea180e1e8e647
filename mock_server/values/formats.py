"""Strings of the formats that JSON Schema and OpenAPI name, short or long as a schema asks."""

import base64
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from random import Random

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_LETTERS_AND_DIGITS = _LETTERS + "0123456789"
_EPOCH = datetime(2025, 1, 1, tzinfo=UTC)
_YEAR = 365 * 24 * 3600
_LABEL = 60  # characters; a label of a host name has at most 63, and so has a local part

INTEGERS: Mapping[str, tuple[int, int]] = {
    "int8": (-(2**7), 2**7 - 1),
    "int16": (-(2**15), 2**15 - 1),
    "int32": (-(2**31), 2**31 - 1),
    "int64": (-(2**63), 2**63 - 1),
    "uint8": (0, 2**8 - 1),
    "uint16": (0, 2**16 - 1),
    "uint32": (0, 2**32 - 1),
    "uint64": (0, 2**64 - 1),
}
"""The numeric formats that bound a number, with their bounds."""


def text(name: str, random: Random) -> str | None:
    """A usual string of that format; None for a format that is not known here."""
    make = _USUAL.get(name)
    return None if make is None else make(random)


def sized(name: str, length: int) -> str | None:
    """The string of that format that comes closest to a number of characters."""
    make = _SIZED.get(name)
    return None if make is None else make(length)


def moment(random: Random) -> datetime:
    """A second of the year 2025."""
    return _EPOCH + timedelta(seconds=random.randrange(_YEAR))


def token(random: Random, length: int, alphabet: str = _LETTERS_AND_DIGITS) -> str:
    """Random characters, as ids and secrets have them."""
    return "".join(random.choices(alphabet, k=length))


def _date_time(random: Random) -> str:
    return moment(random).strftime("%Y-%m-%dT%H:%M:%SZ")


def _date(random: Random) -> str:
    return moment(random).strftime("%Y-%m-%d")


def _time(random: Random) -> str:
    return moment(random).strftime("%H:%M:%SZ")


def _duration(random: Random) -> str:
    return f"P{random.randint(1, 9)}DT{random.randint(1, 23)}H{random.randint(1, 59)}M"


def _uuid(random: Random) -> str:
    return str(uuid.UUID(int=random.getrandbits(128), version=4))


def _word(random: Random) -> str:
    return token(random, random.randint(4, 8), _LETTERS)


def _host(random: Random) -> str:
    return f"{_word(random)}.example.com"


def _uri(random: Random) -> str:
    return f"https://example.com/{_word(random)}/{token(random, 6)}"


def _ipv4(random: Random) -> str:
    # RFC 5737 and RFC 3849 set these addresses aside for examples.
    return f"203.0.113.{random.randint(1, 254)}"


def _ipv6(random: Random) -> str:
    return f"2001:db8::{random.randint(1, 0xFFFF):x}"


def _base64(random: Random) -> str:
    return base64.b64encode(random.randbytes(random.randint(4, 8) * 3)).decode()


def _email(random: Random) -> str:
    return f"{_word(random)}@example.com"


_USUAL: Mapping[str, Callable[[Random], str]] = {
    "date-time": _date_time,
    "date": _date,
    "time": _time,
    "duration": _duration,
    "email": _email,
    "idn-email": _email,
    "hostname": _host,
    "idn-hostname": _host,
    "ipv4": _ipv4,
    "ipv6": _ipv6,
    "uri": _uri,
    "url": _uri,
    "iri": _uri,
    "uri-reference": lambda random: f"/{_word(random)}/{token(random, 6)}",
    "iri-reference": lambda random: f"/{_word(random)}/{token(random, 6)}",
    "uri-template": lambda random: f"https://example.com/{_word(random)}/{{id}}",
    "uuid": _uuid,
    "json-pointer": lambda random: f"/{_word(random)}/{random.randint(0, 9)}",
    "relative-json-pointer": lambda random: f"{random.randint(0, 3)}/{_word(random)}",
    "regex": lambda random: f"^[a-z]{{1,{random.randint(2, 9)}}}$",
    "byte": _base64,
    "base64": _base64,
    "password": lambda random: token(random, 16),
}
KNOWN = frozenset(_USUAL)
"""The formats of strings that are known here."""


def _long_host(length: int) -> str:
    labels, rest = divmod(max(length, 1), _LABEL + 1)
    parts = ["a" * _LABEL] * labels + ["a" * rest] * (rest > 0)
    return ".".join(parts)


def _long_email(length: int) -> str:
    local = min(max(length - 2, 1), _LABEL)
    return f"{'a' * local}@{_long_host(length - local - 1)}"


def _long_ipv4(length: int) -> str:
    widths = [min(3, max(1, (length - 3 + part) // 4)) for part in range(4)]
    return ".".join("1" * width for width in widths)


def _long_ipv6(length: int) -> str:
    if length < 15:
        return "::" + "1" * min(max(length - 2, 0), 4)
    widths = [min(4, max(1, (length - 7 + part) // 8)) for part in range(8)]
    return ":".join("1" * width for width in widths)


def _long_time(length: int) -> str:
    fraction = length - len("00:00:00.Z")
    return "12:30:00" + ("." + "0" * fraction if fraction > 0 else "") + "Z"


def _long_reference(length: int) -> str:
    return "a" * length


_SIZED: Mapping[str, Callable[[int], str]] = {
    "date-time": lambda length: "2025-06-01T" + _long_time(length - len("2025-06-01T")),
    "time": _long_time,
    "duration": lambda length: f"P{'1'.rjust(length - 2, '0')}D",
    "email": _long_email,
    "idn-email": _long_email,
    "hostname": _long_host,
    "idn-hostname": _long_host,
    "ipv4": _long_ipv4,
    "ipv6": _long_ipv6,
    "uri": lambda length: "a:" + "a" * (length - 2),
    "url": lambda length: "a:" + "a" * (length - 2),
    "iri": lambda length: "a:" + "a" * (length - 2),
    "uri-reference": _long_reference,
    "iri-reference": _long_reference,
    "uri-template": _long_reference,
    "json-pointer": lambda length: "/" * (length > 0) + "a" * (length - 1),
    "relative-json-pointer": lambda length: "0" + "/" * (length > 1) + "a" * (length - 2),
    "regex": _long_reference,
    "byte": lambda length: "YWFh" * (length // 4),
    "base64": lambda length: "YWFh" * (length // 4),
    "password": _long_reference,
}
