"""Pictures that come as base64 and nothing else, as the data URIs that they stand for."""

import binascii
import re
from typing import Final

from mock_server.data_uris import is_data_uri
from mock_server.picture_files import MEDIA_TYPES, format_of

_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_HEAD: Final = 1_360  # characters that hold what tells the format: a multiple of 4


def is_uuid(text: str) -> bool:
    """Whether a text is a UUID of any version."""
    return _UUID.fullmatch(text) is not None


def inline(text: str) -> str:
    """A data URI for bare base64; whatever else a text is, the text itself.

    Raises ValueError where it is neither the base64 of a picture nor anything else.
    """
    if is_data_uri(text) or is_uuid(text) or text[:8].lower().startswith(("http://", "https://")):
        return text
    try:
        head = binascii.a2b_base64(text[:_HEAD].encode("ascii"), strict_mode=len(text) > _HEAD)
    except ValueError:
        head = b""
    media_type = MEDIA_TYPES.get(format_of(head) or "")
    if media_type is None:
        raise ValueError(
            "is no URL, no UUID and no picture in base64: PNG, JPEG and WebP begin as such"
        )
    return f"data:{media_type};base64,{text}"
