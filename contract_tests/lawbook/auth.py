"""Who is let in, and in which words the others are turned away."""

from functools import partial
from http import HTTPStatus
from typing import Final

from contract_tests.exchange import Exchange
from contract_tests.law import Law

_HEADERS: Final = frozenset({"authorization", "x-api-key"})
_UNAUTHORIZED: Final = HTTPStatus.UNAUTHORIZED


def a_key_is_needed(exchange: Exchange) -> bool | None:
    """An operation that is guarded answers nobody without a key (RC-002, RU-006).

    That downloads are guarded is promised apart (RC-162).
    """
    operation = exchange.operation
    if operation is None or not operation.schemes or () in operation.schemes:
        return False
    if operation.behaviour == "video-file":
        return False
    if _HEADERS & {name for name, _ in exchange.sent} or _has_body_key(exchange):
        return False
    assert exchange.status == _UNAUTHORIZED, f"without a key a {exchange.status}"
    return None


def a_key_is_a_bearer(exchange: Exchange) -> bool | None:
    """What stands in `Authorization` without `Bearer` before it is no key."""
    operation, sent = exchange.operation, dict(exchange.sent)
    if operation is None or not operation.schemes or () in operation.schemes:
        return False
    shown = sent.get("authorization")
    if shown is None or "x-api-key" in sent or _has_body_key(exchange):
        return False
    if shown.partition(" ")[0].lower() == "bearer":
        return False
    word = shown.partition(" ")[0] if " " in shown else "no word before the key"
    assert exchange.status == _UNAUTHORIZED, f"with {word} a {exchange.status}"
    return None


def a_refusal_is_an_invalid_api_key(exchange: Exchange) -> None:
    """The only type and code that Runcrate documents (RC-212)."""
    error = exchange.told["error"]
    pair = (error.get("type"), error.get("code"))
    assert pair == ("invalid_request_error", "invalid_api_key"), f"type and code are {pair}"


def a_refusal_says_so(exchange: Exchange) -> bool | None:
    """The words of RuAPI's documents for a key that is rejected (RU-080)."""
    operation, sent = exchange.operation, dict(exchange.sent)
    fields = {way.field.lower() for way in operation.ways} if operation else set()
    has_key = "x-api-key" in fields & set(sent)
    if not has_key and not sent.get("authorization", "").startswith("Bearer "):
        return False
    message = exchange.told["error"]["message"]
    assert "invalid api key" in message.lower(), f"the message is {message!r}"
    return None


def _has_body_key(exchange: Exchange) -> bool:
    where = exchange.operation.body_key if exchange.operation else None
    asked = exchange.asked
    first = asked[0] if isinstance(asked, list) and asked else None
    return where is not None and isinstance(first, dict) and where.field in first


_refusal = partial(Law, status=_UNAUTHORIZED)
LAWS: Final = (
    Law("auth-a-key-is-needed", a_key_is_needed, status=0, alone=True),
    Law("auth-keys-are-bearers", a_key_is_a_bearer, status=0, alone=True),
    _refusal("auth-a-refusal-is-an-invalid-api-key", a_refusal_is_an_invalid_api_key),
    _refusal("auth-a-refusal-says-so", a_refusal_says_so),
)
