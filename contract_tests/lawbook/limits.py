"""How much a key may ask, as the headers of one answer tell it."""

from functools import partial
from http import HTTPStatus
from typing import Final

from contract_tests.exchange import Exchange
from contract_tests.law import Law

LIMIT, REMAINING, RESET = (f"x-ratelimit-{name}" for name in ("limit", "remaining", "reset"))


def what_remains_is_within_the_limit(exchange: Exchange) -> bool | None:
    """No more than the limit (RC-231, RC-232)."""
    if LIMIT not in exchange.headers or REMAINING not in exchange.headers:
        return False
    limit, remaining = int(exchange.headers[LIMIT]), int(exchange.headers[REMAINING])
    assert remaining <= limit, f"{remaining} remain of {limit}"
    return None


def a_429_leaves_nothing(exchange: Exchange) -> bool | None:
    """Who is refused has nothing left (RC-232)."""
    if REMAINING not in exchange.headers or "prefer" in dict(exchange.sent):
        return False
    remaining = exchange.headers[REMAINING]
    assert remaining == "0", f"{remaining} remain on a 429"
    return None


def a_429_says_so(exchange: Exchange) -> bool | None:
    """The words of RuAPI's documents (RU-083)."""
    if "prefer" in dict(exchange.sent):
        return False
    message = exchange.told["error"]["message"]
    assert "rate limit" in message.lower(), f"the message is {message!r}"
    return None


def no_limit_is_told(exchange: Exchange) -> None:
    """None of the headers that tell one."""
    told = [name for name in exchange.headers if "ratelimit" in name]
    assert not told, f"{', '.join(told)} came"


_refusal = partial(Law, status=HTTPStatus.TOO_MANY_REQUESTS)
LAWS: Final = (
    Law("limit-remaining-is-within-it", what_remains_is_within_the_limit, status=0, alone=True),
    _refusal("limit-429-leaves-nothing", a_429_leaves_nothing),
    _refusal("limit-429-says-so", a_429_says_so),
    Law("limit-strangers-are-not-counted", no_limit_is_told, status=HTTPStatus.UNAUTHORIZED),
    Law("limit-is-told-where-documented-alone", no_limit_is_told, status=0, alone=True),
)
