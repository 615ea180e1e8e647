"""Files over HTTP: known already, whole, or a part of them (RFC 9110, sections 13 and 14)."""

import re
from typing import Final

import msgspec

from mock_server.errors import ApiError
from mock_server.mock import Request
from mock_server.studio import Studio, Work
from mock_server.wire import Errand, Reply

# One range alone: a server may answer several of them with the whole file (section 14.2).
_RANGE: Final = re.compile(
    r"bytes\s*=\s*(?:(\d{1,4000})\s*-\s*(\d{1,4000})?|-\s*(\d{1,4000}))", re.I
)
_Headers = list[tuple[bytes, bytes]]


class File(msgspec.Struct, frozen=True):
    """A file that can be fetched: `tag` is the same for the same bytes, `headers` are its own."""

    tag: str
    media_type: str
    headers: tuple[tuple[bytes, bytes], ...]
    work: Work


def file_reply(file: File, request: Request, studio: Studio) -> Reply | Errand:
    """What a client gets who asks for a file: what it has not got yet.

    It, or its errand, raises ApiError (`bad_range`) for a part that lies behind the end.
    """
    headers = [(b"etag", file.tag.encode()), *file.headers]
    if _has(file.tag, request.call.header_values(b"if-none-match"), weak=True):
        return Reply(304, headers, b"")
    kept = studio.kept(file.work)
    if kept is not None:
        return _sent(kept, file, headers, request)
    return Errand(lambda: _sent(studio.made(file.work), file, headers, request))


def _sent(data: bytes, file: File, headers: _Headers, request: Request) -> Reply:
    headers += [(b"accept-ranges", b"bytes"), (b"content-type", file.media_type.encode())]
    part = _part(file.tag, len(data), request)
    if part is None:
        return Reply(200, headers, data)
    headers.append((b"content-range", b"bytes %d-%d/%d" % (part.start, part.stop - 1, len(data))))
    return Reply(206, headers, data[part.start : part.stop])


def _part(tag: str, length: int, request: Request) -> range | None:
    """The part that is asked for; None for the whole. Raises ApiError (`bad_range`)."""
    asked, call = request.call.header_values(b"range"), request.call
    same_as = call.header_values(b"if-range")
    found = _RANGE.fullmatch(asked[0].strip()) if len(asked) == 1 else None
    # Only GET knows ranges (section 14.2); a date, as `If-Range` allows, is that of no file here.
    if found is None or call.method != "GET" or (same_as and not _has(tag, same_as, weak=False)):
        return None
    first, last, tail = (None if each is None else int(each) for each in found.groups())
    if first is None:
        part = range(max(0, length - (tail or 0)), length)
    elif last is not None and last < first:
        return None  # not a range at all (section 14.1.1)
    else:
        part = range(first, length if last is None else min(last + 1, length))
    if not part:
        raise ApiError(
            "bad_range",
            f"Range: {asked[0]!r} is not within the {length} bytes of the file",
            param="Range",
            headers={"Content-Range": f"bytes */{length}"},
        )
    return part


def _has(tag: str, values: list[str], *, weak: bool) -> bool:
    """Whether the client has the file by its tag (sections 13.1.2 and 13.1.5)."""
    tags = [each.strip() for each in ",".join(values).split(",")]
    if weak:
        return "*" in tags or tag in [each.removeprefix("W/") for each in tags]
    return tag in tags
