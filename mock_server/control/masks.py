"""What of an exchange may be shown: everything but keys, in whatever form they stand in it.

The keys of an exchange are those that came with it, where the contract has a place for them and
where it has none; good or refused, and of others, where they look like keys. They are hidden by
value wherever they stand, in questions and answers, also where an answer gives them in pieces; and
what stands where keys do is hidden by name.
"""

import re
from base64 import b64decode
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Final
from urllib.parse import parse_qsl, unquote_plus

from mock_server import codec
from mock_server.control.leaves import Place, leaves, rebuilt
from mock_server.errors import ApiError
from mock_server.journal import KEPT, Exchange
from mock_server.memory import Memory
from mock_server.mock import Mock
from mock_server.redaction import HIDDEN, NAMES, Redactor, is_credential
from mock_server.shapes import Shapes
from mock_server.wire import Call, Headers, Json

_REMEMBERED: Final = 100
_MOST: Final = 200  # texts that may be keys, in one exchange
_WORD: Final = re.compile(r"[^\s/;,=&?:\"']+")
_CREDENTIAL: Final = re.compile(NAMES, re.I)
# Media are marked with the words that they were made from, in ways that no text shows.
_MEDIA: Final = re.compile(r"(?:data:[^,]{0,100},)?[A-Za-z0-9+/_=-]{1000,}")


class Masks:
    """The masks of one mock's exchanges."""

    def __init__(self, mock: Mock) -> None:
        schemes = mock.spec.schemes
        operations = mock.spec.operations
        self._models = mock.catalogue.ids
        self._paths = mock.spec.paths.keys()
        self._headers = frozenset(each.field for each in schemes if each.place == "header")
        members = {each.body_key.field for each in operations if each.body_key}
        queries = {each.field for each in schemes if each.place == "query"}
        self._members = frozenset(name.lower() for name in members | queries)
        # A pattern that any word fits tells nothing.
        patterns = [each.pattern for each in schemes if each.pattern]
        self._patterns = [each for each in patterns if not each.fullmatch("word")]
        self._shapes = Shapes(
            [*(each.pattern for each in patterns), *mock.door.keys.ready.values()]
        )
        self._masks = Memory[tuple[str, ...], Mask](_REMEMBERED)

    def listed(self, exchange: Exchange) -> Json:
        """The exchange as the journal lists it, without keys."""
        told = exchange.public()
        if not self.is_plain(exchange):
            mask = self.of(exchange)
            for name in ("method", "path", "model", "error", "scenario"):
                told[name] = told[name] and mask.text(told[name])
        return told

    def is_plain(self, exchange: Exchange) -> bool:
        """Whether all that the journal lists of it are words of the contract: no key is one."""
        if exchange.path not in self._paths or exchange.error or exchange.scenario:
            return False
        model = exchange.model
        return model is None or model in self._models

    def of(self, exchange: Exchange) -> "Mask":
        """What hides the keys of that exchange."""
        return self.hiding(islice(self._keys(exchange), _MOST))

    def hiding(self, keys: Iterable[str]) -> "Mask":
        """What hides these keys, and whatever looks like one."""
        read = tuple(dict.fromkeys(form for key in keys for form in _readings(key)))
        mask = self._masks.get(read)
        if mask is None:
            mask = Mask(Redactor(read, self._shapes), self._is_header, self._is_credential)
            self._masks.put(read, mask)
        return mask

    def _keys(self, exchange: Exchange) -> Iterator[str]:
        call = exchange.call
        yield exchange.key or ""
        for name, value in call.headers:
            if self._is_header(name.decode("latin-1")):
                yield from _in_header(value.decode("latin-1"))
        query = call.query.decode("latin-1")
        for called, text in parse_qsl(query, keep_blank_values=True):
            if self._is_credential(called) or is_credential(called):
                yield text
        yield from self._shaped(call)
        yield from self._shapes.found(bytes((call.body or b"")[:KEPT]).decode("latin-1"))
        yield from self._in_members(exchange.asked)
        if exchange.asked is None and call.body and not call.media_type.startswith("multipart/"):
            yield from self._in_members(_decoded(bytes(call.body)))

    def _shaped(self, call: Call) -> Iterator[str]:
        """Whatever looks like a key where none belongs: in the address and in other headers."""
        texts = [call.path, unquote_plus(call.query.decode("latin-1"))]
        texts += [value.decode("latin-1") for _, value in call.headers]
        words = {word for text in texts for word in _WORD.findall(text)}
        yield from (word for word in words if any(each.fullmatch(word) for each in self._patterns))

    def _in_members(self, value: Json) -> Iterator[str]:
        """The texts below each member that is called as credentials are."""
        if isinstance(value, list):
            for each in value:
                yield from self._in_members(each)
        elif isinstance(value, dict):
            for name, each in value.items():
                if self._is_credential(name):
                    yield from (text.partition("… (")[0] for _, text in leaves(each, rivals=False))
                else:
                    yield from self._in_members(each)

    def _is_header(self, name: str) -> bool:
        return name.lower() in self._headers or is_credential(name)

    def _is_credential(self, name: str) -> bool:
        return name.lower() in self._members or _CREDENTIAL.fullmatch(name) is not None


class Mask:
    """Hides the keys of one exchange."""

    def __init__(
        self,
        redactor: Redactor,
        is_header: Callable[[str], bool],
        is_member: Callable[[str], bool],
    ) -> None:
        self._redactor = redactor
        self._is_header, self._is_member = is_header, is_member

    def text(self, text: str) -> str:
        """A text without keys."""
        return self._redactor.text(text)

    def holds(self, data: bytes) -> bool:
        """Whether a key stands in these bytes, in any of the usual encodings."""
        texts = (data.decode(name, "replace") for name in ("latin-1", "utf-16-le", "utf-16-be"))
        return any(self._redactor.values(text) != text for text in texts)

    def headers(self, headers: Headers) -> list[tuple[str, str]]:
        """Headers without keys; what stands where a key belongs is hidden whole."""
        told = []
        for name, value in headers:
            called, text = name.decode("latin-1"), value.decode("latin-1")
            shown = HIDDEN if self._is_header(called) else self.text(text)
            told.append((self.text(called), shown))
        return told

    def query(self, query: bytes) -> str:
        """A query without keys."""
        pairs = (pair.partition("=") for pair in query.decode("latin-1").split("&"))
        return "&".join(
            self.text(name)
            + equals
            + (HIDDEN if value and self._is_asked(name) else self.text(value))
            for name, equals, value in pairs
        )

    def _is_asked(self, name: str) -> bool:
        called = unquote_plus(name)
        return self._is_member(called) or is_credential(called)

    def value(self, value: Json, *, clean: bool = True) -> Json:
        """A JSON value without keys, also where one stands in pieces, as in the events of a stream.

        Where the question was not `clean` of them, there is more to be looked for in the answer,
        and no media in Base64 are shown.
        """
        value = self._without_credentials(value)
        for rivals in (False,) if clean else (False, True):
            texts: dict[Place, list[str]] = defaultdict(list)
            for place, text in leaves(value, rivals=rivals):
                texts[place].append(text)
            told = {place: self._told(each, clean) for place, each in texts.items()}
            value = rebuilt(value, told, rivals=rivals)
        return value

    def _told(self, texts: list[str], clean: bool) -> Sequence[str]:
        if not clean:
            texts = [f"({len(text)} characters)" if _is_media(text) else text for text in texts]
        if len(texts) == 1:
            return [self.text(texts[0])]
        whole, lines = "".join(texts), "\n".join(texts)
        spans = self._redactor.spans(whole)
        if not spans and self.text(lines) == lines:
            return texts
        told, at = [], 0
        for text in texts:
            end = at + len(text)
            is_piece = any(start < end and at < stop for start, stop in spans)
            shown = self.text(text)
            told.append(HIDDEN if is_piece and shown == text else shown)
            at = end
        return told

    def _without_credentials(self, value: Json) -> Json:
        """The value with what stands where credentials do hidden by name."""
        if isinstance(value, list):
            return [self._without_credentials(each) for each in value]
        if not isinstance(value, dict):
            return value
        return {
            name: HIDDEN if each and self._is_member(name) else self._without_credentials(each)
            for name, each in value.items()
        }


def _is_media(text: str) -> bool:
    return _MEDIA.fullmatch(text) is not None


def _in_header(value: str) -> Iterator[str]:
    """What follows the scheme of a header, what that says in Base64, and the whole value."""
    scheme, _, rest = value.partition(" ")
    yield from filter(None, [rest.strip(), *(part.partition("=")[2] for part in value.split("; "))])
    yield value
    if scheme.lower() == "basic":
        try:
            pair = b64decode(rest).decode("latin-1")
        except ValueError:
            return
        yield from (pair, pair.partition(":")[2])


def _readings(key: str) -> Iterator[str]:
    """A key as it came, and as it is in bodies if it came in a header, or the other way round."""
    yield key
    if not key.isascii():
        for ours, theirs in (("latin-1", "utf-8"), ("utf-8", "latin-1")):
            try:
                yield key.encode(ours).decode(theirs)
            except UnicodeError:
                continue


def _decoded(body: bytes) -> Json:
    try:
        return codec.decode(body)
    except ApiError:
        return None
