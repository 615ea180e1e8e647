"""What an answer lacks, where it said nothing of what a test is about."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import httpx2

from contract_tests.exchange import Exchange

Json = Any
_FIRST_ERROR: Final = 400
_MOST: Final = 300
_USAGE: Final = re.compile(rb'"usage": *{')
# What a request asks for, the sign of it in an answer, and what is said where there is none.
_WISHES: Final = (
    ("tool_choice", re.compile(rb'"tool_calls": *\[ *{|"tool_use"'), "no tool was called"),
    ("logprobs", re.compile(rb'"logprobs": *{'), "no likelihoods were told"),
    ("thinking", re.compile(rb'"thinking"'), "no thoughts were told"),
)


class Unseen(AssertionError):
    """The clauses that nothing was seen of, where a test had to see each of its own."""

    def __init__(self, clauses: Sequence[str], why: str) -> None:
        super().__init__(why)
        self.clauses = clauses


def expect_status(response: httpx2.Response, *statuses: int, of: str = "") -> None:
    """Raise AssertionError where an answer has another status, which says what it was `of`."""
    if response.status_code in statuses:
        return
    wanted = " or ".join(f"a {each}" for each in statuses)
    about = of or f"{response.request.method} {response.request.url.path}"
    text = "" if response.is_success else f": {response.text[:_MOST]}"
    raise AssertionError(f"{about} is answered with a {response.status_code}, not {wanted}{text}")


def what_is_lacking(exchange: Exchange, clauses: Sequence[str] = ()) -> str:
    """What is most likely the reason why a law had nothing to say of an answer."""
    found = next(_lacking(exchange), "the answer has nothing of it")
    if any("reasoning" in clause for clause in clauses) and b'"reasoning' not in exchange.body:
        found = "no reasoning was told"
    return f"{exchange.method} {exchange.path}: {found}"


def _lacking(exchange: Exchange) -> Iterator[str]:
    asked = exchange.fields
    if exchange.status >= _FIRST_ERROR:
        text = exchange.body[:_MOST].decode("utf-8", "replace")
        yield f"the answer is a {exchange.status}: {text}"
    elif asked.get("stream") is True and not exchange.is_stream:
        yield f"no stream came, but {exchange.media_type or 'no type'}"
    elif exchange.is_stream and not exchange.chunks:
        yield "the stream has no events"
    for field, sign, says in _WISHES:
        if asked.get(field) not in (None, False, "none") and not sign.search(exchange.body):
            yield says
    is_text = exchange.behaviour in ("chat-completions", "messages")
    if is_text and _is_counted(asked) and not _USAGE.search(exchange.body):
        yield "nothing is counted: there is no `usage`"


def _is_counted(asked: Mapping[str, Json]) -> bool:
    """Whether a usage has to come: in a stream of a chat only where it is asked for."""
    options = asked.get("stream_options")
    return not asked.get("stream") or (isinstance(options, dict) and "include_usage" in options)
