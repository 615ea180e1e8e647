"""Who is calling: the key of a request, whose it is, and whether it is let in."""

import hashlib
import re
from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, parse_qsl

from mock_server import codec
from mock_server.errors import ApiError
from mock_server.memory import Memory
from mock_server.operation import Operation, Protocol, Provider, Scheme
from mock_server.wire import Call

ANYBODY = "anybody"
_REMEMBERED = 4096
# What people call a key in a URL, without the signs between the words.
_KEY_NAMES = frozenset({"apikey", "xapikey", "accesstoken", "authorization", "bearer"})
_A_WORD = "word"
_SEPARATORS = re.compile("[-_.]")


@dataclass(frozen=True)
class Keys:
    """Which keys are good: `ready` ones always are, `refused` patterns never.

    With `only`, a closed list, no others are; without it, every key of the right shape is.
    """

    ready: Mapping[str, str]
    refused: tuple[re.Pattern[str], ...]
    only: frozenset[str] | None = None

    def admits(self, key: str) -> bool:
        """Whether this key is let in."""
        if self.only is not None and key not in self.only and key not in self.ready.values():
            return False
        return not any(pattern.match(key) for pattern in self.refused)


@dataclass(frozen=True)
class Identity:
    """The caller: `id` and `label` stand for the key wherever anything is kept or written down."""

    id: str
    label: str
    provider: Provider | None
    key: str = field(repr=False)


@dataclass(frozen=True)
class _Credential:
    scheme: Scheme
    key: str
    flaw: str | None = None


def identify(call: Call, operation: Operation, keys: Keys) -> Identity:
    """The caller of that operation; raises ApiError (`missing_key`, `invalid_key`)."""
    if not operation.schemes:
        return identity(ANYBODY, _first(operation))
    shown = _shown(call, operation.ways)
    if not shown and operation.body_key:
        shown = list(_in_body(call, operation))
    if not shown and () in operation.schemes and not operation.body_key:
        return identity(ANYBODY, _first(operation))
    if not shown:
        raise ApiError("missing_key", _missing(operation))
    # Where keys came in several headers, the one that the contract names first decides.
    complete = [each for each in _alternatives(operation, shown) if each]
    for credentials in complete:
        if _fields(credentials) == _fields(complete[0]) and _all_good(credentials, keys):
            return identity(credentials[0].key, credentials[0].scheme.provider or _first(operation))
    is_read = any(credential.flaw is None for credential in shown)
    raise ApiError("invalid_key", _REFUSAL if is_read else shown[0].flaw or _REFUSAL)


class Door:
    """Lets callers in, and remembers those whom it knows by their header: few keys come often."""

    def __init__(self, keys: Keys) -> None:
        self.keys = keys
        self._known = Memory[tuple[Operation, bytes, bytes], Identity](_REMEMBERED)

    def admit(self, call: Call, operation: Operation) -> Identity:
        """The caller of that operation, as `identify` finds it."""
        shown = [pair for pair in call.headers if pair[0] in operation.key_headers]
        if len(shown) != 1:
            return identify(call, operation, self.keys)
        mark = (operation, *shown[0])
        caller = self._known.get(mark)
        if caller is None:
            caller = identify(call, operation, self.keys)
            self._known.put(mark, caller)
        return caller


def identity(key: str, provider: Provider | None) -> Identity:
    """The caller behind a key: a digest to keep state by, a label that does not give it away."""
    digest = hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
    return Identity(digest, f"{provider.name if provider else 'key'}:{digest[:8]}", provider, key)


def guess(call: Call, schemes: Iterable[Scheme]) -> tuple[Provider | None, Protocol | None]:
    """Whose client this seems to be, by the shape of its key, where no operation says so."""
    for credential in _shown(call, schemes):
        provider = credential.scheme.provider
        if provider and _fits(credential):
            return provider, credential.scheme.protocol or provider.protocol
    return None, None


def shown(call: Call, schemes: Iterable[Scheme]) -> Identity | None:
    """The caller whose key was shown first, good or not; None where there was none.

    One that stands only in the URL was shown, too, to more than whom it was meant for.
    """
    schemes = tuple(schemes)
    found = [(each.key, each.scheme.provider) for each in _shown(call, schemes) if each.key]
    found = found or [(key, _owner(key, schemes)) for _, key in in_address(call, schemes)]
    return next((identity(*each) for each in found), None)


def in_address(call: Call, schemes: Iterable[Scheme]) -> Iterator[tuple[str, str]]:
    """The keys in the URL, each with its query parameter; an empty name stands for the path."""
    schemes = tuple(schemes)
    for segment in call.path.split("/"):
        if _owner(segment, schemes) is not None:
            yield "", segment
    if call.query:
        for name, value in parse_qsl(call.query.decode("latin-1")):
            if _SEPARATORS.sub("", name).lower() in _KEY_NAMES or _owner(value, schemes):
                yield name, value.removeprefix("Bearer ")


def _owner(key: str, schemes: Iterable[Scheme]) -> Provider | None:
    """Whose key this is by its shape, where that is one that no other word has."""
    for each in schemes:
        if each.pattern and each.pattern.fullmatch(key) and not each.pattern.fullmatch(_A_WORD):
            return each.provider
    return None


def _shown(call: Call, schemes: Iterable[Scheme]) -> list[_Credential]:
    """The credentials in the request, one for each scheme that finds its own kind there."""
    found = (_credential(scheme, list(_values(call, scheme))) for scheme in schemes)
    return [credential for credential in found if credential is not None]


def _credential(scheme: Scheme, values: list[str]) -> _Credential | None:
    if not values:
        return None
    if len(values) > 1:
        return _Credential(
            scheme, "", f"The {scheme.field} {scheme.place} was sent more than once."
        )
    if scheme.prefix is None:
        return _Credential(scheme, values[0])
    # RFC 9110, section 11.1: the scheme's case does not matter, one or more blanks follow it.
    prefix, _, key = values[0].partition(" ")
    if prefix.lower() != scheme.prefix:
        return _Credential(scheme, "", f"Authorization must be '{scheme.prefix.title()} <key>'.")
    return _Credential(scheme, key.strip(" "))


def _values(call: Call, scheme: Scheme) -> Iterator[str]:
    if scheme.place == "header":
        yield from call.header_values(scheme.field.encode())
    elif scheme.place == "query":
        yield from parse_qs(call.query.decode("latin-1"), keep_blank_values=True).get(
            scheme.field, []
        )
    else:
        for pair in "; ".join(call.header_values(b"cookie")).split(";"):
            name, _, value = pair.strip().partition("=")
            if name == scheme.field:
                yield value


def _in_body(call: Call, operation: Operation) -> Iterator[_Credential]:
    """The key in the first item of the body, if one can be read there at all."""
    where = operation.body_key
    try:
        body = codec.decode(bytes(call.body or b""))
    except ApiError:
        return
    first = body[0] if isinstance(body, list) and body else None
    if where is None or not isinstance(first, dict):
        return
    key = first.get(where.field)
    if where.where.items() <= first.items() and isinstance(key, str):
        yield from (_Credential(scheme, key) for scheme in operation.ways)


def _alternatives(operation: Operation, shown: list[_Credential]) -> Iterator[list[_Credential]]:
    """For each alternative of which everything was shown: what was shown."""
    for alternative in operation.schemes:
        found = [credential for credential in shown if credential.scheme in alternative]
        if len(found) == len(alternative):
            yield found


def _fields(credentials: list[_Credential]) -> set[str]:
    return {credential.scheme.field for credential in credentials}


def _all_good(credentials: list[_Credential], keys: Keys) -> bool:
    return all(_fits(credential) and keys.admits(credential.key) for credential in credentials)


def _fits(credential: _Credential) -> bool:
    scheme, key = credential.scheme, credential.key
    if credential.flaw is not None:
        return False
    if scheme.pattern is not None:
        return scheme.pattern.fullmatch(key) is not None
    if scheme.prefix == "basic":
        return _is_base64(key)
    return bool(key) and " " not in key


def _is_base64(text: str) -> bool:
    try:
        return b":" in b64decode(text, validate=True)
    except ValueError:
        return False


def _first(operation: Operation) -> Provider | None:
    return operation.providers[0] if operation.providers else None


def _missing(operation: Operation) -> str:
    ways = list(dict.fromkeys(_way(scheme) for scheme in operation.ways))
    if operation.body_key is not None:
        ways.append(f"'{operation.body_key.field}' in the first item of the body")
    return f"No API key was sent. Send it as {' or '.join(ways)}."


def _way(scheme: Scheme) -> str:
    if scheme.prefix is not None:
        return f"'{scheme.field.title()}: {scheme.prefix.title()} <key>'"
    if scheme.place == "header":
        return f"'{scheme.field}: <key>'"
    return f"the {scheme.place} parameter '{scheme.field}'"


# litellm takes a 401 for a bad request unless these words are in it (facts on clients).
_REFUSAL = "Invalid API key. Incorrect API key provided."
