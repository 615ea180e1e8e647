"""What people call things: real-looking texts and sizes for a property, guessed from its name."""

import re
from collections.abc import Callable, Mapping
from functools import cached_property
from importlib import import_module
from random import Random
from typing import TYPE_CHECKING

from mock_server.values.formats import text, token

if TYPE_CHECKING:
    from faker import Faker

# A property's last words -> the Faker method that makes such a thing.
_FAKED: Mapping[str, str] = {
    "email": "email",
    "mail": "email",
    "name": "name",
    "author": "name",
    "owner": "name",
    "full_name": "name",
    "display_name": "name",
    "first_name": "first_name",
    "given_name": "first_name",
    "last_name": "last_name",
    "family_name": "last_name",
    "surname": "last_name",
    "username": "user_name",
    "user_name": "user_name",
    "login": "user_name",
    "nickname": "user_name",
    "handle": "user_name",
    "phone": "phone_number",
    "phone_number": "phone_number",
    "mobile": "phone_number",
    "city": "city",
    "town": "city",
    "country": "country",
    "country_code": "country_code",
    "region": "state",
    "capital": "city",
    "location": "city",
    "destination": "city",
    "origin": "city",
    "hometown": "city",
    "street": "street_address",
    "address": "address",
    "address_line": "street_address",
    "zip": "postcode",
    "zip_code": "postcode",
    "zipcode": "postcode",
    "postcode": "postcode",
    "postal_code": "postcode",
    "timezone": "timezone",
    "time_zone": "timezone",
    "locale": "locale",
    "language": "language_name",
    "participant": "name",
    "attendee": "name",
    "recipient": "name",
    "customer": "name",
    "person": "name",
    "friend": "name",
    "guest": "name",
    "member": "name",
    "speaker": "name",
    "artist": "name",
    "director": "name",
    "language_code": "language_code",
    "company": "company",
    "company_name": "company",
    "organization": "company",
    "organisation": "company",
    "vendor": "company",
    "brand": "company",
    "job": "job",
    "job_title": "job",
    "occupation": "job",
    "title": "catch_phrase",
    "headline": "catch_phrase",
    "subject": "catch_phrase",
    "label": "word",
    "tag": "word",
    "category": "word",
    "keyword": "word",
    "description": "sentence",
    "summary": "sentence",
    "caption": "sentence",
    "message": "sentence",
    "comment": "sentence",
    "note": "sentence",
    "prompt": "sentence",
    "question": "sentence",
    "reason": "sentence",
    "explanation": "sentence",
    "answer": "sentence",
    "output": "sentence",
    "instruction": "sentence",
    "step": "sentence",
    "feedback": "sentence",
    "conclusion": "sentence",
    "definition": "sentence",
    "query": "bs",
    "topic": "bs",
    "task": "bs",
    "event": "catch_phrase",
    "product": "catch_phrase",
    "text": "sentence",
    "content": "paragraph",
    "body": "paragraph",
    "bio": "paragraph",
    "slug": "slug",
    "mime_type": "mime_type",
    "content_type": "mime_type",
    "file": "file_name",
    "file_name": "file_name",
    "filename": "file_name",
    "path": "file_path",
    "color": "color_name",
    "colour": "color_name",
    "currency": "currency_code",
    "currency_code": "currency_code",
    "iban": "iban",
    "ean": "ean13",
    "isbn": "isbn13",
}
_OF_FORMAT: Mapping[str, str] = {
    "url": "uri",
    "uri": "uri",
    "href": "uri",
    "link": "uri",
    "website": "uri",
    "avatar": "uri",
    "date": "date",
    "birthday": "date",
    "timestamp": "date-time",
    "datetime": "date-time",
    "at": "date-time",
    "on": "date-time",
    "time": "time",
    "duration": "duration",
    "domain": "hostname",
    "host": "hostname",
    "hostname": "hostname",
    "uuid": "uuid",
    "guid": "uuid",
    "ip": "ipv4",
    "ip_address": "ipv4",
    "password": "password",
}
_MADE: Mapping[str, Callable[[Random], str]] = {
    "id": lambda random: token(random, 16),
    "key": lambda random: token(random, 24),
    "token": lambda random: token(random, 24),
    "secret": lambda random: token(random, 32),
    "hash": lambda random: token(random, 40, "0123456789abcdef"),
    "sha": lambda random: token(random, 40, "0123456789abcdef"),
    "etag": lambda random: token(random, 32, "0123456789abcdef"),
    "code": lambda random: token(random, 6, "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"),
    "sku": lambda random: token(random, 8, "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"),
    "status": lambda random: random.choice(["active", "pending", "completed"]),
    "state": lambda random: random.choice(["active", "pending", "completed"]),
    "gender": lambda random: random.choice(["female", "male", "other"]),
    "version": lambda random: f"{random.randint(0, 4)}.{random.randint(0, 20)}.0",
    "price": lambda random: f"{random.randint(1, 200)}.{random.randint(0, 99):02}",
    "amount": lambda random: f"{random.randint(1, 900)}.{random.randint(0, 99):02}",
}
_SIZES: Mapping[str, tuple[float, float]] = {
    "price": (1, 200),
    "amount": (1, 900),
    "cost": (0, 20),
    "total": (1, 900),
    "age": (18, 90),
    "year": (2015, 2026),
    "month": (1, 12),
    "day": (1, 28),
    "hour": (0, 23),
    "minute": (0, 59),
    "rating": (1, 5),
    "stars": (1, 5),
    "latitude": (-60, 60),
    "lat": (-60, 60),
    "longitude": (-180, 180),
    "lon": (-180, 180),
    "lng": (-180, 180),
    "percent": (0, 100),
    "percentage": (0, 100),
    "progress": (0, 100),
    "score": (0, 1),
    "probability": (0, 1),
    "confidence": (0, 1),
    "temperature": (0, 1),
    "index": (0, 5),
    "page": (1, 9),
    "limit": (10, 100),
    "offset": (0, 100),
    "count": (1, 40),
    "quantity": (1, 9),
    "qty": (1, 9),
    "stock": (0, 250),
    "width": (256, 2048),
    "height": (256, 2048),
    "weight": (1, 90),
    "port": (1024, 9999),
    "tokens": (5, 900),
    "created": (1_735_689_600, 1_767_225_599),
    "updated": (1_735_689_600, 1_767_225_599),
    "expires": (1_767_225_600, 1_798_761_599),
    "timestamp": (1_735_689_600, 1_767_225_599),
    "at": (1_735_689_600, 1_767_225_599),
}


def size(name: str) -> tuple[float, float] | None:
    """Between which bounds a number of that name usually lies."""
    return next((_SIZES[key] for key in _keys(name) if key in _SIZES), None)


class Words:
    """Texts by the name of a property; Faker is loaded when the first one is asked for."""

    def __init__(self, locale: str = "en_US") -> None:
        self._locale = locale

    def about(self, name: str, random: Random) -> str | None:
        """A text that would do for a property of that name; None where the name says nothing."""
        for key in _keys(name):
            if key in _OF_FORMAT:
                return text(_OF_FORMAT[key], random)
            if key in _FAKED:
                return self._said(_FAKED[key], random)
            if key in _MADE:
                return _MADE[key](random)
        return None

    def some(self, random: Random) -> str:
        """A few words about nothing."""
        return self._said("sentence" if random.randrange(10) < 3 else "word", random)

    def _said(self, method: str, random: Random) -> str:
        self._faker.seed_instance(random.getrandbits(64))
        made = str(getattr(self._faker, method)()).replace("\n", ", ")
        return made.removesuffix(".") if method == "sentence" else made

    @cached_property
    def _faker(self) -> "Faker":
        # Its import takes longer than the rest of the server's start; most answers need none.
        faker: Faker = import_module("faker").Faker(self._locale)
        return faker


def _keys(name: str) -> list[str]:
    """The name in snake case, its last two words, its last word; and that in the singular."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+", "_", name[-100:]).strip("_").lower()
    parts = spaced.split("_")
    keys = [spaced, "_".join(parts[-2:]), parts[-1]]
    return [*keys, *(key.removesuffix("s") for key in keys)]
