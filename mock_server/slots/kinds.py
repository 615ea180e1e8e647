"""What a property of a schema is for, told from its name, title, description and type."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mock_server.slots.vocabulary import words
from mock_server.values.schemas import Schema, Schemas
from mock_server.wire import Json

_MOST_PARTS: Final = 60
_MOST_CHOICES: Final = 500
_LONGEST_NAME: Final = 100
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[\W_]+")
_EXAMPLE: Final = re.compile(
    r"(?:e\.g\.,?|i\.e\.|for example,?|such as|example:|like)\s*"
    r"(?:['\"“`]([^'\"”`]{1,80})['\"”`]|([A-Z0-9][\w.+-]*(?:,? [A-Z][\w.]*){0,3}))",
)
_CHOICE: Final = re.compile(r"['\"`]([\w-]{1,40})['\"`]")

# The last words of a name -> what such a thing is.
_KINDS: Final[Mapping[str, frozenset[str]]] = {
    "email": words("email mail email_address e_mail recipient_email to_email cc bcc reply_to"),
    "url": words("url uri link href website site webpage web_page domain host endpoint homepage"),
    "phone": words("phone phone_number telephone mobile tel fax contact_number cell"),
    "uuid": words("uuid guid"),
    "ip": words("ip ip_address ipv4"),
    "date": words(
        """date day birthday dob deadline due due_date when start_date end_date check_in check_out
        checkin checkout departure_date return_date on date_of_birth delivery_date weekday"""
    ),
    "time": words("time start_time end_time hour alarm departure_time arrival_time at"),
    "datetime": words(
        "datetime date_time timestamp starts_at ends_at scheduled_at remind_at start_at"
    ),
    "place": words(
        """city town location place country region state county address street venue area airport
        neighborhood neighbourhood district province destination origin departure arrival loc
        pickup dropoff pick_up drop_off city_name hometown residence headquarters where port station
        departure_city arrival_city destination_city origin_city capital
        ciudad ville stadt ort lugar lieu
        città cidade plaats город место"""
    ),
    "timezone": words("timezone time_zone tz"),
    "person": words(
        """name person recipient contact customer user author attendee participant guest_name
        full_name employee patient friend assignee owner sender manager passenger passenger_name
        customer_name user_name username first_name last_name contact_name to_name artist actor
        director invitee member doctor driver employee_name candidate organizer student teacher
        speaker client nickname given_name family_name surname to_whom nombre nom имя nome naam"""
    ),
    "company": words("company company_name employer organization organisation brand vendor firm"),
    "id": words(
        """id number code reference ref tracking_number sku order_id order_number order invoice
        ticket_id booking_reference confirmation_code flight_number account account_number isbn
        serial key zip zip_code zipcode postal_code postcode user_id customer_id tracking_id
        identifier vin license_plate case_id transaction_id room_number version no"""
    ),
    "ticker": words("ticker symbol stock stock_symbol ticker_symbol share iata iata_code tickers"),
    "language": words("language lang target_language source_language locale language_code to_lang"),
    "currency": words("currency currency_code from_currency to_currency base_currency coin"),
    "query": words(
        """query q search keyword keywords search_query search_term term search_text phrase
        topic subject_matter theme about search_terms question_topic lookup"""
    ),
    "text": words(
        """text body message content prompt question input sentence utterance request comment
        description note review feedback post tweet user_input paragraph passage details instruction
        instructions statement query_text caption document_text reply issue"""
    ),
    "job": words("job job_title occupation profession role position"),
    "title": words("title subject headline summary event event_name meeting_title label purpose"),
    "task": words("task todo reminder item_to_do action to_do activity chore reminder_text"),
    "expression": words("expression expr formula equation calculation math sum operation_string"),
    "script": words("sql script source_code python_code snippet command cmd shell statement_sql"),
    "path": words("path file filename file_name file_path filepath directory folder dir document"),
    "colour": words("color colour background_color theme_color"),
    "channel": words("channel channel_name hashtag"),
    "unit": words("unit units from_unit to_unit target_unit source_unit"),
}
_BY_NAME: Final = {name: kind for kind, names in _KINDS.items() for name in names}
_OF_FORMAT: Final = {
    "email": "email",
    "idn-email": "email",
    "uri": "url",
    "url": "url",
    "iri": "url",
    "hostname": "url",
    "date": "date",
    "time": "time",
    "date-time": "datetime",
    "uuid": "uuid",
    "ipv4": "ip",
    "phone": "phone",
}
_NAMING: Final = words("name value string text input param parameter argument field the of")
_TELLING: Final = words(
    """city location email url phone date time ticker symbol query search expression language
    currency address airport topic sql recipient"""
)
_FROM: Final = words(
    "from origin source departure depart start starts begin pickup base sender src leaving old"
)
_TO: Final = words(
    """to destination target arrival dest dst end ends until dropoff recipient return into quote new
    checkout"""
)
_LOW: Final = words("min minimum lower least low above after from start floor")
_HIGH: Final = words("max maximum upper most high below under cap ceiling limit budget before to")


@dataclass(frozen=True)
class Slot:
    """A property to be filled: the words of its name, its kinds (the likeliest first), its types.

    `choices` are the values of its enum, `examples` what its description gives as such, `item` is
    the slot of an array's items.
    """

    name: str
    words: tuple[str, ...]
    kinds: tuple[str, ...]
    types: frozenset[str]
    choices: tuple[Json, ...]
    formats: frozenset[str]
    description: str
    examples: tuple[str, ...]
    item: "Slot | None" = None

    @property
    def is_origin(self) -> bool:
        """Whether it is what something starts from."""
        return not _FROM.isdisjoint(self.words) or self.words[-2:] == ("check", "in")

    @property
    def is_target(self) -> bool:
        """Whether it is what something leads to."""
        return not _TO.isdisjoint(self.words) or self.words[-2:] == ("check", "out")

    @property
    def is_lower_bound(self) -> bool:
        """Whether it is the least that something may be."""
        return not _LOW.isdisjoint(self.words)

    @property
    def is_upper_bound(self) -> bool:
        """Whether it is the most that something may be."""
        return not _HIGH.isdisjoint(self.words)


def slot_of(schemas: Schemas, goal: Sequence[Schema], name: str) -> Slot:
    """The slot of a property that these schemas ask for."""
    return _slot(schemas, goal, name, 0)


def _slot(schemas: Schemas, goal: Sequence[Schema], name: str, depth: int) -> Slot:
    parts = list(parts_of(schemas, goal))
    types = {kind for part in parts for kind in _listed(part.get("type", ()))} - {"null"}
    told = " ".join(
        str(part[key]) for part in parts for key in ("title", "description") if key in part
    )
    formats = frozenset(part["format"] for part in parts if "format" in part)
    own = words_of(name)
    items = [part["items"] for part in parts if isinstance(part.get("items"), dict)]
    return Slot(
        name=name,
        words=own,
        kinds=tuple(dict.fromkeys(_kinds(own, formats, told))),
        types=frozenset(types),
        choices=tuple(_choices(parts))[:_MOST_CHOICES],
        formats=formats,
        description=told,
        examples=tuple(found[1] or found[2] for found in _EXAMPLE.finditer(told[:1000])),
        item=_slot(schemas, items[:1], name, depth + 1) if items and depth < 2 else None,
    )


def parts_of(schemas: Schemas, goal: Sequence[Schema]) -> Iterator[dict[str, Json]]:
    """The schemas that may have a say in a value, whichever branch is taken; not too many."""
    waiting, seen = list(goal), set[int]()
    while waiting and len(seen) < _MOST_PARTS:
        schema = waiting.pop(0)
        if isinstance(schema, bool) or id(schema) in seen:
            continue
        seen.add(id(schema))
        yield schema
        if "$ref" in schema:
            waiting.append(schemas.target(schema["$ref"]))
        for keyword in ("allOf", "anyOf", "oneOf"):
            waiting += schema.get(keyword, ())[:_MOST_PARTS]


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name in camelCase, snake_case or any other case, in lower case."""
    return tuple(part.lower() for part in _CAMEL.split(name[-_LONGEST_NAME:]) if part)


def _listed(kinds: Json) -> Iterable[str]:
    return (kinds,) if isinstance(kinds, str) else kinds


def _choices(parts: Sequence[dict[str, Json]]) -> Iterator[Json]:
    for part in parts:
        yield from part.get("enum", ())
        if "const" in part:
            yield part["const"]


def _kinds(own: tuple[str, ...], formats: frozenset[str], told: str) -> Iterator[str]:
    for name in sorted(formats):
        if name in _OF_FORMAT:
            yield _OF_FORMAT[name]
    described = [word for word in re.findall(r"[a-z]+", told[:300].lower()) if word in _TELLING]
    if (
        own
        and own[-1] in {"to", "from", "recipient", "recipients", "address"}
        and "email" in described
    ):
        yield "email"
    yield from _named(own)
    for word in described[:3]:
        yield _BY_NAME[word]


def _named(own: tuple[str, ...]) -> Iterator[str]:
    rest = own
    while rest:
        for size in (3, 2, 1):
            key = "_".join(rest[-size:])
            for form in (key, singular(key)):
                if form in _BY_NAME:
                    yield _BY_NAME[form]
        rest = rest[:-1]


def kinds_of_name(name: str) -> tuple[str, ...]:
    """The kinds that a name alone speaks for."""
    return tuple(dict.fromkeys(_named(words_of(name))))


def singular(word: str) -> str:
    """A word without the ending of its plural."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def quoted_choices(slot: Slot) -> list[str]:
    """Values that a description names in quotation marks."""
    return _CHOICE.findall(slot.description[:600])
