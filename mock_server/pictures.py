"""Pictures that requests bring: judged by the contract's rule, looked at, and remembered.

Nothing is ever fetched: what a picture on the web shows is derived from its URL alone.
"""

import hashlib
import sys

import msgspec

from mock_server.bare_pictures import inline
from mock_server.data_uris import DataUri, is_data_uri, read_data_uri
from mock_server.hearsay import supposed
from mock_server.memory import Memory
from mock_server.picture import Picture, picture_tokens
from mock_server.picture_files import MEDIA_TYPES, format_of, look_into

_REMEMBERED = 1_000
_SHOWN = 40


class PictureRule(msgspec.Struct, frozen=True, rename="kebab"):
    """What the contract's `x-picture` says of a picture in a data URI: `most_bytes` decoded.

    `most_together` pictures, and `most_pixels_together` pixels, are in all of a request. What the
    contract does not bound has no bound here. `bare` pictures have no data URI around their base64.
    """

    types: tuple[str, ...] = tuple(MEDIA_TYPES.values())
    animated: bool = False
    bare: bool = False
    most_bytes: int = sys.maxsize
    most_pixels: int = sys.maxsize
    most_together: int = sys.maxsize
    most_pixels_together: int = sys.maxsize


class Mislabelled(ValueError):
    """A picture that is not what it was said to be."""

    flaw = "mislabelled-picture"


class Gallery:
    """Looks at pictures, and remembers the last ones: a conversation brings them again and again.

    The memory is by digest, so a known picture costs only that of its URL.
    """

    def __init__(self, size: int = _REMEMBERED) -> None:
        self._pictures: Memory[bytes, Picture] = Memory(size)
        self._passed: Memory[tuple[PictureRule, bytes], bool] = Memory(size)
        self.begin()

    def begin(self) -> None:
        """Another request comes: what was judged before counts no more towards its limits."""
        self._count = self._pixels = 0

    def judge(self, url: str, rule: PictureRule) -> None:
        """Raises ValueError that says why the contract refuses a picture: `is an animated GIF`.

        A URL that is no data URI always passes.
        """
        url = inline(url) if rule.bare else url
        if not is_data_uri(url):
            return
        digest = _digest(url)
        known = self._passed.get((rule, digest))
        picture = self._pictures.get(digest) if known else None
        if picture is None:
            picture = _look(read_data_uri(url), rule, digest)
            self._pictures.put(digest, picture)
            self._passed.put((rule, digest), True)
        self._add(picture, rule)

    def look(self, url: str) -> Picture:
        """What a picture shows: seen where it is inline, supposed from its URL where it is not.

        One inline that cannot be decoded is supposed from its URL too.
        """
        digest = _digest(url)
        picture = self._pictures.get(digest)
        if picture is None:
            picture = _looked_at(url, digest)
            self._pictures.put(digest, picture)
        return picture

    def has_seen(self, url: str) -> bool:
        """Whether what is behind a URL is known, and not only supposed."""
        picture = self._pictures.get(_digest(url))
        return picture is not None and picture.is_seen

    def know(self, url: str, picture: Picture) -> None:
        """Remember what is behind a URL that need not be fetched to know it."""
        self._pictures.put(_digest(url), picture)

    def _add(self, picture: Picture, rule: PictureRule) -> None:
        self._count += 1
        self._pixels += picture.width * picture.height
        if self._count > rule.most_together:
            raise ValueError(f"is one too many: at most {rule.most_together} go inline at once")
        if self._pixels > rule.most_pixels_together:
            most = f"{rule.most_pixels_together:,}"
            raise ValueError(
                f"is too much: the inline pictures have more than {most} pixels in all"
            )

    def tokens(self, url: str, detail: str = "auto") -> int:
        """What a picture costs a prompt in tokens; for `low` detail it isn't looked at."""
        return picture_tokens(self.look(url), detail)


def _looked_at(url: str, digest: bytes) -> Picture:
    if is_data_uri(url):
        try:
            return _look(read_data_uri(url), PictureRule(), digest)
        except ValueError:
            url = "data:"
    return supposed(url, _number(digest))


def _look(uri: DataUri, rule: PictureRule, digest: bytes) -> Picture:
    _check_type(uri.media_type, rule)
    if uri.size > rule.most_bytes:
        raise ValueError(f"has more than {_megabytes(rule.most_bytes)} of data")
    data = uri.bytes()
    name = format_of(data)
    if name is None or MEDIA_TYPES.get(name) != uri.media_type:
        raise Mislabelled(_mislabelled(uri.media_type, name, rule))
    picture = look_into(data, name, most_pixels=rule.most_pixels, animated=rule.animated)
    return msgspec.structs.replace(picture, number=_number(digest))


def _check_type(media_type: str, rule: PictureRule) -> None:
    if media_type in rule.types:
        return
    if media_type == "image/jpg":
        raise Mislabelled("says image/jpg, which is no registered type: a JPEG is image/jpeg")
    shown, accepted = media_type[:_SHOWN], _accepted(rule)
    if not media_type.startswith("image/"):
        raise ValueError(f"{shown} is no type of a picture: send {accepted}")
    raise ValueError(f"{shown} is not accepted: convert it to {accepted}")


def _mislabelled(media_type: str, name: str | None, rule: PictureRule) -> str:
    if name is None:
        return f"says {media_type} but the data are no picture of a known format"
    kind = f"says {media_type} but is {_article(name)} {name}"
    if MEDIA_TYPES.get(name) in rule.types or name in ("HTML page", "MP4"):
        return kind
    return f"{kind}, which is not accepted: convert it to {_accepted(rule)}"


def _accepted(rule: PictureRule) -> str:
    names = [name for name, media_type in MEDIA_TYPES.items() if media_type in rule.types]
    return f"{', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else "".join(names)


def _article(name: str) -> str:
    return "an" if name[0] in "AEIO" or name.startswith(("SVG", "HTML", "MP")) else "a"


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:g} MB"


def _digest(url: str) -> bytes:
    return hashlib.blake2b(url.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _number(digest: bytes) -> int:
    return int.from_bytes(digest[:6])
