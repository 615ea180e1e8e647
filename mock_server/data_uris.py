"""Data URIs (RFC 2397) as strictly as providers read them: a media type and plain base64.

The scheme, the media type and `base64` may be in capitals and parameters may stand between them,
as RFC 2397 and RFC 9110 have it. The data are standard base64 (RFC 4648, section 4) with padding
and nothing else: no line ends, no URL-safe alphabet, no percent-encoding, because decoders differ
in what they make of these.
"""

import binascii
import re
from typing import Final, NamedTuple

_LONGEST_HEAD: Final = 200
_SHOWN: Final = 40
_STRANGE: Final = re.compile(r"[^A-Za-z0-9+/=]")
_HINTS: Final = {
    "-": "use the standard alphabet, not the URL-safe one",
    "_": "use the standard alphabet, not the URL-safe one",
    "%": "do not percent-encode it",
    "\n": "leave out the line ends",
    "\r": "leave out the line ends",
    " ": "leave out the blanks",
}


class DataUri(NamedTuple):
    """A data URI cut into its media type, in lower case, and its still encoded data."""

    media_type: str
    text: str

    @property
    def size(self) -> int:
        """How many bytes the data have."""
        return len(self.text) * 3 // 4 - self.text[-2:].count("=")

    def bytes(self) -> bytes:
        """The data; raises ValueError that says what is no base64."""
        try:
            data = binascii.a2b_base64(self.text.encode("ascii"), strict_mode=True)
        except ValueError:
            raise ValueError(_fault(self.text)) from None
        if len(self.text) % 4:  # a padding too many goes unnoticed
            raise ValueError(_fault(self.text))
        return data


def is_data_uri(url: str) -> bool:
    """Whether a URL carries its data in itself."""
    return url[:5].lower() == "data:"


def join_data_uri(media_type: str, text: str) -> str:
    """The data URI of base64 text that came without one."""
    return f"data:{media_type};base64,{text}"


def read_data_uri(url: str) -> DataUri:
    """Cut a data URI; raises ValueError that says what is missing."""
    comma = url.find(",", 0, _LONGEST_HEAD)
    if comma < 0:
        raise ValueError("has no comma between media type and data: data:image/png;base64,<data>")
    media_type, *parameters = url[len("data:") : comma].lower().split(";")
    if not media_type:
        raise ValueError("names no media type: data:image/png;base64,<data>")
    if "base64" not in parameters[-1:]:
        shown = media_type[:_SHOWN]
        raise ValueError(f"is not marked as base64: data:{shown};base64,<data>")
    text = url[comma + 1 :]
    if not text:
        raise ValueError("is empty: no data follow the comma")
    return DataUri(media_type, text)


def _fault(text: str) -> str:
    strange = _STRANGE.search(text)
    if strange is not None:
        hint = _HINTS.get(strange[0])
        why = f"; {hint}" if hint else ""
        return f"is not valid base64: {strange[0]!r} at character {strange.start() + 1}{why}"
    if "=" in text.rstrip("="):
        place = text.index("=") + 1
        return f"is not valid base64: padding (=) in the middle, at character {place}"
    if len(text) % 4:
        return (
            "is not valid base64: its length is no multiple of 4, so it is cut off or lacks padding"
        )
    return "is not valid base64: its padding (=) is wrong"
