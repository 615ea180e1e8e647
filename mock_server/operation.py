"""The nouns of a contract: providers, protocols, security schemes, operations and their answers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from mock_server.errors import Kind
from mock_server.wire import Json


@dataclass(frozen=True, eq=False)
class Protocol:
    """A wire dialect: how each kind of failure is worded in it.

    `spoken_with` is a header that only its speakers send, `request_id` the one that they look for.
    `own` words those failures that no other dialect has, and `fields` those of certain fields.
    """

    name: str
    errors: Mapping[Kind, Json]
    spoken_with: str | None = None
    request_id: str = "x-request-id"
    own: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    fields: Mapping[str, Mapping[Kind, Mapping[str, Json]]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Provider:
    """One of the services that the contract describes.

    `base_urls` are (for which client, scheme, path); `rate_limit` is (requests, seconds);
    `silence` is the content of a message without words; `needs_call_ids` says whether the result
    of a tool must name the call that it answers.
    """

    name: str
    title: str
    protocol: Protocol
    base_urls: tuple[tuple[str, str, str], ...]
    rate_limit: tuple[int, float] | None
    silence: str | None
    needs_call_ids: bool = True


@dataclass(frozen=True, eq=False)
class Scheme:
    """One way to show a key: where it stands, whose it is, and what it looks like.

    `place` is header, query or cookie; `prefix` is the HTTP authentication scheme, if it is one.
    """

    place: str
    field: str
    prefix: str | None
    provider: Provider | None
    protocol: Protocol | None
    pattern: re.Pattern[str] | None


@dataclass(frozen=True, eq=False)
class BodyKey:
    """A key that may stand in the first item of a body instead of a header (RW-011)."""

    where: Mapping[str, Json]
    field: str


@dataclass(frozen=True, eq=False)
class Parameter:
    """A documented parameter of the path, the query, a header or a cookie.

    `spans` says that its value, in a path, may go over several segments: it may hold slashes.
    """

    name: str
    place: str
    required: bool
    explode: bool
    schema: Mapping[str, Json]
    pointer: str
    spans: bool = False


@dataclass(frozen=True, eq=False)
class Header:
    """A response header that the server fills in: `value` names with what, `providers` for whom."""

    name: bytes
    value: str
    providers: frozenset[str]

    def is_for(self, provider: Provider | None) -> bool:
        """Whether this provider sends the header; without any named, all do."""
        return provider is None or not self.providers or provider.name in self.providers


@dataclass(frozen=True, eq=False)
class Media:
    """One media type of a body; `selected_by` is the request field and value that ask for it.

    `pointer` leads to its schema in the document, and is empty where it has none. Where the items
    of a body are judged each by itself, `whole` leads to the schema of the rest, `item` to theirs.
    """

    type: str
    node: Mapping[str, Json]
    pointer: str
    selected_by: tuple[str, Json] | None = None
    whole: str = ""
    item: str = ""


@dataclass(frozen=True, eq=False)
class Answer:
    """What an operation documents for one status."""

    node: Mapping[str, Json]
    media: tuple[Media, ...]
    headers: tuple[Header, ...]

    @cached_property
    def request_id_header(self) -> bytes:
        """The header that names the exchange; OpenAI's where the contract has none."""
        named = (header.name for header in self.headers if header.value == "request-id")
        return next(named, b"x-request-id")

    @cached_property
    def quota_headers(self) -> tuple[Header, ...]:
        """The headers that tell where a key stands."""
        return tuple(header for header in self.headers if header.value != "request-id")


@dataclass(frozen=True, eq=False)
class Socket:
    """The WebSocket at the path of an operation, which takes and gives the same in messages.

    `sends` leads to the schema of what is sent. Who says nothing for `idle` seconds is let go with
    `idle_code`, who shows a bad key with `refused_code`. What could not be delivered is kept for
    `keeps` seconds; no more than `most_waiting` tasks may be under way at once. Messages of nothing
    but `uncounted` tasks are not held against the rate limit. Between the last word to somebody and
    the close there are `last_word` seconds, in which it can be read.
    """

    sends: str
    idle: float
    idle_code: int
    refused_code: int
    keeps: float
    most_waiting: int
    uncounted: tuple[str, ...]
    last_word: float


@dataclass(frozen=True, eq=False)
class Operation:
    """A method on a path: who may call it, what it takes, what it gives.

    `schemes` are alternatives, each a set of schemes that are needed together; an empty
    alternative admits anybody. `answers` are by status, or by its first digit for a whole class.
    A call is held against the rate limit where `is_counted`. What stands at the path is there for
    `lifetime` seconds, where that has an end. Its behaviour goes by `terms` that no schema has.
    """

    id: str
    method: str
    path: str
    behaviour: str | None
    providers: tuple[Provider, ...]
    protocol: Protocol
    schemes: tuple[tuple[Scheme, ...], ...]
    body_key: BodyKey | None
    parameters: tuple[Parameter, ...]
    bodies: tuple[Media, ...]
    body_required: bool
    answers: Mapping[int, Answer]
    default: Answer | None
    is_counted: bool = True
    lifetime: float | None = None
    terms: Mapping[str, Json] = field(default_factory=dict)
    socket: Socket | None = None

    @cached_property
    def ways(self) -> tuple[Scheme, ...]:
        """Every scheme by which a key may be shown here."""
        return tuple(dict.fromkeys(scheme for each in self.schemes for scheme in each))

    @cached_property
    def key_headers(self) -> frozenset[bytes]:
        """The headers that alone say who is calling; none where keys may stand elsewhere too."""
        if any(way.place != "header" for way in self.ways):
            return frozenset()
        return frozenset(way.field.encode() for way in self.ways)

    @cached_property
    def success(self) -> int:
        """The documented status when all goes well, else the lowest that is documented."""
        known = sorted(each if each > 9 else each * 100 for each in self.answers)
        return next((each for each in known if 200 <= each < 300), known[0] if known else 200)

    def answer(self, status: int) -> Answer | None:
        """What is documented for that status: by number, else by class, else by `default`."""
        return self.answers.get(status) or self.answers.get(status // 100) or self.default

    def allows(self, status: int) -> bool:
        """Whether an answer of that status keeps the contract.

        Few documents of others list every way in which their server refuses a request.
        """
        is_open = self.protocol.name == "plain" and (status >= 400 or not self.answers)
        return is_open or self.answer(status) is not None
