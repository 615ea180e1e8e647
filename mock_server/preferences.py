"""What a client may ask of the mock in a `Prefer` header (RFC 7240): status, example, faults."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from mock_server.wire import Call

# A name, and a value as a token or in quotes.
_PAIR = r"""([^\s=;,"]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?"""
# A preference is such a pair, and parameters: of a fault its options, of others nobody knows them.
_PREFERENCE = re.compile(_PAIR + r"""([^,"]*(?:"(?:[^"\\]|\\.)*"[^,"]*)*)""")
_PARAMETER = re.compile(r";\s*" + _PAIR)
_STATUS = re.compile("[2-5][0-9]{2}")


@dataclass(frozen=True)
class Preferences:
    """`code` is the status asked for, `example` a documented example.

    `faults` are what to break, each with its options.
    """

    code: int | None = None
    example: str | None = None
    faults: tuple[tuple[str, Mapping[str, str]], ...] = ()

    @property
    def any(self) -> bool:
        """Whether a documented answer was asked for instead of one that is made."""
        return self.code is not None or self.example is not None

    @property
    def is_failure(self) -> bool:
        """Whether a failure was asked for: whoever does so gets it, whatever the request."""
        return self.code is not None and self.code >= 400


def read_preferences(call: Call) -> Preferences:
    """The preferences in a call; those that nobody knows are ignored, as RFC 7240 wants it."""
    values = call.header_values(b"prefer")
    if not values:
        return _NONE
    found: dict[str, str] = {}
    faults: dict[str, Mapping[str, str]] = {}
    for match in _PREFERENCE.finditer(",".join(values)):
        name, value = _pair(match)
        found.setdefault(name, value)
        if name == "fault" and value:
            faults.setdefault(value, dict(map(_pair, _PARAMETER.finditer(match[4]))))
    code = found.get("code", "")
    is_status = _STATUS.fullmatch(code) is not None
    return Preferences(
        int(code) if is_status else None, found.get("example"), tuple(faults.items())
    )


def _pair(match: re.Match[str]) -> tuple[str, str]:
    quoted = None if match[2] is None else re.sub(r"\\(.)", r"\1", match[2])
    return match[1].lower(), match[3] or "" if quoted is None else quoted


_NONE = Preferences()
