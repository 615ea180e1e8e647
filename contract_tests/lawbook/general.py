"""What every answer of every operation keeps to."""

import json
from functools import partial
from http import HTTPStatus
from typing import Final

from contract_tests.clauses import contract
from contract_tests.exchange import Exchange
from contract_tests.law import Law
from contract_tests.nonsense import is_sound

_FIRST_ERROR: Final = 400
_PAGES: Final = frozenset({"cursor", "nextCursor", "hasMore", "has_more", "total", "meta", "next"})


def a_status_is_documented(exchange: Exchange) -> bool | None:
    """The contract has an answer with that status for the operation."""
    operation = exchange.operation
    if operation is None:
        return False
    known = ", ".join(map(str, operation.answers))
    assert operation.answer(exchange.status), f"a {exchange.status}; documented are {known}"
    return None


def a_type_is_documented(exchange: Exchange) -> bool | None:
    """The answer comes as one of the media types that the contract has for it."""
    answer = exchange.operation.answer(exchange.status) if exchange.operation else None
    if answer is None or not answer.media:
        return False
    known = [media.type for media in answer.media]
    assert exchange.media_type in known, f"{exchange.media_type!r}, not {', '.join(known)}"
    return None


def nothing_fails_inside(exchange: Exchange) -> bool | None:
    """No 5xx that was not asked for."""
    if _is_wished(exchange):
        return False
    assert exchange.status < HTTPStatus.INTERNAL_SERVER_ERROR, f"a {exchange.status}"
    return None


def the_type_is_the_one_asked_for(exchange: Exchange) -> bool | None:
    """`x-selected-by`: a field of the request decides on the media type of the answer."""
    answer = exchange.operation.answer(exchange.status) if exchange.operation else None
    # Of what no page of a provider names, the types are not documented either.
    media_types = [each for each in answer.media if "x-evidence" not in each.node] if answer else []
    chosen = [media for media in media_types if media.selected_by]
    if not chosen or not isinstance(exchange.asked, dict):
        return False
    for media in chosen:
        assert media.selected_by is not None
        field, value = media.selected_by
        wanted = json.dumps(exchange.asked.get(field)) == json.dumps(value)
        came = exchange.media_type == media.type
        assert came == wanted, f"{field} is {exchange.asked.get(field)!r}: {exchange.media_type}"
    return None


def an_operation_is_where_documented(exchange: Exchange) -> bool | None:
    """A 404 for what is asked of no id or model, or a 405, says that nothing is there."""
    operation = exchange.operation
    if operation is None or operation.parameters or "{" in operation.path or _is_wished(exchange):
        return False
    if exchange.status == HTTPStatus.NOT_FOUND:
        if not is_sound(exchange):
            return False
        # A task that asks after another may be a 404 too.
        is_found = operation.protocol.name == "runware" or b"model" in exchange.body
        assert is_found, "nothing is there"
        return False
    assert exchange.status != HTTPStatus.METHOD_NOT_ALLOWED, "the method is not allowed"
    return None if exchange.status < _FIRST_ERROR else False


def an_answer_tells_of_no_further_pages(exchange: Exchange) -> bool | None:
    """None of the members that lead to the next page (RC-012)."""
    if exchange.operation is None or not isinstance(exchange.told, dict):
        return False
    found = _PAGES & set(exchange.told)
    assert not found, f"{', '.join(sorted(found))} tells of further pages"
    return None if "data" in exchange.told else False


def an_answer_has_a_request_id(exchange: Exchange) -> bool | None:
    """In the header that OpenAI's SDKs read (OA-028); those about messages have another."""
    if exchange.behaviour == "messages" or _is_lost_in_messages(exchange):
        return False
    assert "x-request-id" in exchange.headers, "no header names the exchange"
    return None


def a_405_names_the_methods(exchange: Exchange) -> bool | None:
    """RFC 9110, section 15.5.6: `Allow` has to be there, and is of what the contract has there."""
    route = contract().route(exchange.path)
    if route is None:
        return False
    known, told = set(route.operations), exchange.headers.get("allow", "")
    named = {name.strip() for name in told.split(",")} - {"HEAD", "OPTIONS"}
    assert named == known, f"Allow is {told!r}, not {', '.join(sorted(known))}"
    return None


def another_method_is_a_405(exchange: Exchange) -> bool | None:
    """HEAD is GET without the body, and OPTIONS may be answered to browsers (RFC 9110, 9.3)."""
    is_other = exchange.operation is None and exchange.method not in ("HEAD", "OPTIONS")
    if not is_other or contract().route(exchange.path) is None:
        return False
    assert exchange.status == HTTPStatus.METHOD_NOT_ALLOWED, f"a {exchange.status}"
    return None


def an_unknown_path_is_a_404(exchange: Exchange) -> bool | None:
    """Where the contract has nothing, nothing is; of a doubled `/v1` there is a law apart."""
    if _is_doubled(exchange) or contract().route(exchange.path) is not None:
        return False
    assert exchange.status == HTTPStatus.NOT_FOUND, f"a {exchange.status}"
    return None


def a_doubled_v1_is_a_404(exchange: Exchange) -> bool | None:
    """What comes of a base URL with a `/v1` too many (RU-005)."""
    if not _is_doubled(exchange):
        return False
    assert exchange.status == HTTPStatus.NOT_FOUND, f"a {exchange.status}"
    return None


def a_lost_request_gets_an_envelope(exchange: Exchange) -> bool | None:
    """An error in one of the three formats, where no operation says in which."""
    if exchange.operation is not None or exchange.method == "HEAD":
        return False
    told = exchange.told if isinstance(exchange.told, dict) else {}
    error = told.get("error") or next(iter(told.get("errors") or ()), None)
    assert isinstance(error, dict) and error.get("message"), "no error with a message"
    return None


def _is_doubled(exchange: Exchange) -> bool:
    return exchange.path.startswith("/v1/v1/")


def _is_lost_in_messages(exchange: Exchange) -> bool:
    """Whether no operation was found, and Anthropic's format was guessed."""
    return exchange.operation is None and "request-id" in exchange.headers


def _is_wished(exchange: Exchange) -> bool:
    """Whether the mock was told what to answer."""
    return any(name == "prefer" for name, _ in exchange.sent)


_every = partial(Law, status=0, alone=True)
LAWS: Final = (
    _every("statuses-are-documented", a_status_is_documented),
    _every("types-are-documented", a_type_is_documented),
    Law("the-type-is-the-one-asked-for", the_type_is_the_one_asked_for),
    _every("nothing-fails-inside", nothing_fails_inside),
    _every("operations-are-where-documented", an_operation_is_where_documented),
    Law("lists-are-whole", an_answer_tells_of_no_further_pages, alone=True),
    _every("answers-have-a-request-id", an_answer_has_a_request_id),
    _every("other-methods-are-a-405", another_method_is_a_405),
    Law("a-405-names-the-methods", a_405_names_the_methods, status=405),
    _every("unknown-paths-are-a-404", an_unknown_path_is_a_404),
    _every("a-doubled-v1-is-a-404", a_doubled_v1_is_a_404),
    _every("lost-requests-get-an-envelope", a_lost_request_gets_an_envelope),
)
