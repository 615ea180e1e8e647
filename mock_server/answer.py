"""The spine: `answer(call, mock)` takes a call through every room in order and gives the reply.

route -> authenticate -> rate limit -> read and validate -> overrides -> behaviour -> journal.
The order is part of the contract: a bad key is a 401 whatever the body, one request too many a 429.
"""

import logging
from collections.abc import Callable
from functools import partial

from mock_server import conformance, documented
from mock_server.accounts import check_key, check_request
from mock_server.auth import Identity, guess, in_address, shown
from mock_server.behaviours import BEHAVIOURS
from mock_server.errors import ApiError
from mock_server.journal import Exchange
from mock_server.mock import Mock, Request, is_short
from mock_server.operation import Operation
from mock_server.parameters import read_parameters
from mock_server.passage import Passage
from mock_server.preferences import Preferences, read_preferences
from mock_server.protocols.runware.connection import Connection
from mock_server.quota import Quota, spend
from mock_server.scenarios.scripts import named
from mock_server.scripted import enacted, staged
from mock_server.spec import Route
from mock_server.spoiling import spoilt
from mock_server.validation import Content, check_body, read_body
from mock_server.wire import Call, Errand, Reply
from mock_server.wording import add_headers, worded

_log = logging.getLogger("mock_server")


def answer(call: Call, mock: Mock) -> tuple[Reply | Errand, Exchange]:
    """The reply to one call, and its journal entry; never raises for anything that a client did.

    Of a reply that takes time, it is the errand that makes it, which never raises either.
    """
    passage = Passage(call, mock.journal.open(call))
    made = _attempt(partial(_served, passage, mock), passage, mock)
    if isinstance(made, Errand):
        return Errand(partial(_run, made, passage, mock), made.line), passage.exchange
    return _finished(made, passage, mock), passage.exchange


def _run(errand: Errand, passage: Passage, mock: Mock) -> Reply:
    made = _attempt(errand.make, passage, mock)
    assert isinstance(made, Reply)
    return _finished(made, passage, mock)


def _attempt(make: Callable[[], Reply | Errand], passage: Passage, mock: Mock) -> Reply | Errand:
    call = passage.call
    try:
        return make()
    except ApiError as error:
        return _failed(error, passage, mock)
    except Exception:
        _log.exception("%s %s could not be answered", call.method, call.path)
        return _failed(ApiError("internal_error", "The mock server failed."), passage, mock)


def _finished(reply: Reply, passage: Passage, mock: Mock) -> Reply:
    if passage.scripts:
        reply = _staged(reply, passage, mock)
    elif mock.settings.strict:
        reply = conformance.checked(reply, passage.operation, mock)
    add_headers(reply, passage, mock)
    preferences = passage.preferences or read_preferences(passage.call)
    if mock.faults.any or preferences.faults:
        reply = spoilt(reply, preferences.faults, passage, mock)
    exchange = passage.exchange
    exchange.status, exchange.headers, exchange.tokens = reply.status, reply.headers, reply.tokens
    exchange.asked, exchange.error = passage.body, reply.error or exchange.error
    exchange.flaw = exchange.flaw or reply.flaw
    return reply


def _staged(reply: Reply, passage: Passage, mock: Mock) -> Reply:
    """The reply as it was scripted, where it may be."""
    passage.exchange.scenario = named(passage.scripts)
    reply = staged(reply, passage.scripts)
    return conformance.checked(reply, passage.operation, mock, passage.scripts)


def connect(call: Call, mock: Mock) -> Connection | None:
    """The connection that a WebSocket's handshake opens, where the contract has one at its path."""
    route = mock.spec.route(call.path)
    for operation in route.operations.values() if route else ():
        if operation.socket is not None:
            return Connection(call, operation, operation.socket, mock)
    return None


def refused(
    error: ApiError, call: Call, exchange: Exchange | None, mock: Mock
) -> tuple[Reply, Exchange]:
    """What is said to a client that the server cannot serve, whatever it asked for.

    `exchange` is its journal entry, if it has one already.
    """
    if exchange is None:
        exchange = mock.journal.open(call)
    route, passage = mock.spec.route(call.path), Passage(call, exchange)
    passage.operation = route.operations.get(call.method) if route else None
    reply = _failed(error, passage, mock)
    add_headers(reply, passage, mock)
    exchange.status, exchange.headers = reply.status, reply.headers
    return reply, exchange


def _served(passage: Passage, mock: Mock) -> Reply | Errand:
    call, exchange = passage.call, passage.exchange
    route, operation = _routed(call, mock)
    passage.operation = operation
    exchange.operation = operation.id
    passage.caller = caller = _admitted(call, operation, mock)
    mock.journal.enter(exchange, caller)
    account = mock.store.ledger.account(caller.id)
    if account is not None:
        check_key(account)
    call = mock.clock.seen_by(caller.id, call)
    exchange.at = call.now
    if operation.is_counted:
        passage.quota = spend(mock.store, caller, call.now, mock.settings.rate_limit)
        if passage.quota.exceeded:
            exchange.limited = True
            raise ApiError("rate_limited", _too_many(passage.quota))
    parameters = read_parameters(mock.spec, call, operation.parameters, route.parameters)
    passage.preferences = preferences = read_preferences(call)
    if preferences.faults:
        mock.faults.wished(preferences.faults)
    content = _content(passage, preferences, mock)
    request = Request(
        call,
        operation,
        caller,
        parameters,
        content,
        exchange.id,
        mock.seed_of(caller.id),
        passage.scripts,
    )
    if account is not None and not preferences.is_failure:
        check_request(account, operation, caller.provider, content.value, mock.catalogue)
    return _behaved(request, preferences, mock)


def _admitted(call: Call, operation: Operation, mock: Mock) -> Identity:
    try:
        return mock.door.admit(call, operation)
    except ApiError as error:
        other, _ = guess(call, mock.spec.schemes)
        if error.kind == "invalid_key" and other and other not in operation.providers:
            error.message += f" It looks like a key of {other.title}, which does not offer this."
        raise


def _content(passage: Passage, preferences: Preferences, mock: Mock) -> Content:
    """The body, read and checked; a body that was found good before is not looked at again."""
    call, operation = passage.call, passage.operation
    assert operation is not None
    content, mark = None, None
    if is_short(call):
        form = tuple([pair for pair in call.headers if pair[0].startswith(b"content-")])
        mark = (operation, form, bytes(call.body or b""))
        content = mock.read.get(mark)
    if content is None:
        content, media = read_body(mock.spec, call, operation)
        passage.body = content.value
        if not preferences.is_failure:
            secret = operation.body_key.field if operation.body_key else None
            check_body(mock.spec, content, media, secret)
            if mark is not None:
                mock.read.put(mark, content)
    passage.body = content.value
    return content


def _behaved(request: Request, preferences: Preferences, mock: Mock) -> Reply | Errand:
    if preferences.any:
        return documented.reply(request, mock, preferences)
    behaviour = BEHAVIOURS.get(request.operation.behaviour or "", documented.success)
    if mock.scenarios.any and request.operation.behaviour != "tasks":  # of which each is scripted
        return enacted(behaviour, request, mock)
    return behaviour(request, mock)


def _routed(call: Call, mock: Mock) -> tuple[Route, Operation]:
    route = mock.spec.route(call.path)
    if route is None:
        raise ApiError("not_found", f"There is nothing at {call.path}.")
    # RFC 9110, section 9.3.2: HEAD is GET without the body.
    method = "GET" if call.method == "HEAD" and "HEAD" not in route.operations else call.method
    if method not in route.operations:
        methods = [*route.operations]
        if "GET" in methods and "HEAD" not in methods:
            methods.append("HEAD")
        allowed = ", ".join(methods)
        message = f"{call.method} is not allowed at {call.path}; use {allowed}."
        raise ApiError("method_not_allowed", message, headers={"Allow": allowed})
    return route, route.operations[method]


def _too_many(quota: Quota) -> str:
    return (
        f"Rate limit of {quota.limit} requests a minute exceeded for this key; "
        f"try again in {quota.retry_after} seconds."
    )


def _failed(error: ApiError, passage: Passage, mock: Mock) -> Reply:
    if not passage.exchange.id:
        _enter_stranger(passage, mock)
    exchange = passage.exchange
    exchange.error, exchange.flaw = _masked(error.message, passage, mock), error.flaw
    exchange.path = _masked(exchange.path, passage, mock)
    return worded(error, passage, mock)


def _enter_stranger(passage: Passage, mock: Mock) -> None:
    """Write down a call that was not let in: for the key that was shown, in its time."""
    exchange, stranger = passage.exchange, shown(passage.call, mock.spec.schemes)
    mock.journal.enter(exchange, stranger)
    if stranger is not None:
        exchange.at = mock.clock.seen_by(stranger.id, passage.call).now


def _masked(text: str, passage: Passage, mock: Mock) -> str:
    """A text for the journal, where no key may stand, wherever its owner has put it."""
    caller, call = passage.caller, passage.call
    shown = {caller.key} if caller else {*(call.header(b"authorization") or "").split()[1:]}
    shown |= {key for _, key in in_address(call, mock.spec.schemes)} | {
        call.header(b"x-api-key") or ""
    }
    for key in filter(None, shown):
        text = text.replace(key, caller.label if caller else "…")
    return text
