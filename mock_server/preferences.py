"""What a client may ask of the mock in a `Prefer` header (RFC 7240): a status, an example."""

import re
from dataclasses import dataclass

from mock_server.wire import Call

_PREFERENCE = re.compile(r'\s*([A-Za-z-]+)\s*=\s*(?:"([^"]*)"|([^\s,;"]*))')


@dataclass(frozen=True)
class Preferences:
    """`code` is the status asked for, `example` the name of a documented example."""

    code: int | None = None
    example: str | None = None

    @property
    def any(self) -> bool:
        """Whether anything was asked for."""
        return self.code is not None or self.example is not None


def read_preferences(call: Call) -> Preferences:
    """The preferences in a call; those that nobody knows are ignored, as RFC 7240 wants it."""
    values = call.header_values(b"prefer")
    if not values:
        return _NONE
    found = {}
    for part in ",".join(values).split(","):
        match = _PREFERENCE.match(part)
        if match:
            found[match[1].lower()] = match[2] if match[2] is not None else match[3]
    code = found.get("code", "")
    return Preferences(
        int(code) if code.isdecimal() and len(code) == 3 else None, found.get("example")
    )


_NONE = Preferences()
