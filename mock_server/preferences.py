"""What a client may ask of the mock in a `Prefer` header (RFC 7240): status, example, fault."""

import re
from dataclasses import dataclass

from mock_server.wire import Call

# A preference is a name, a value as a token or in quotes, and parameters that nobody here knows.
_PREFERENCE = re.compile(
    r"""([^\s=;,"]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?[^,"]*(?:"(?:[^"\\]|\\.)*"[^,"]*)*"""
)
_STATUS = re.compile("[2-5][0-9]{2}")


@dataclass(frozen=True)
class Preferences:
    """`code` is the status asked for, `example` a documented example, `fault` what to break."""

    code: int | None = None
    example: str | None = None
    fault: str | None = None

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
    for match in _PREFERENCE.finditer(",".join(values)):
        quoted = None if match[2] is None else re.sub(r"\\(.)", r"\1", match[2])
        found.setdefault(match[1].lower(), match[3] or "" if quoted is None else quoted)
    code = found.get("code", "")
    is_status = _STATUS.fullmatch(code) is not None
    return Preferences(
        int(code) if is_status else None, found.get("example"), found.get("fault") or None
    )


_NONE = Preferences()
