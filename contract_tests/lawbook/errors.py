"""How failures are told in OpenAI's format; what their schemas say is judged with all schemas."""

from functools import partial
from http import HTTPStatus
from typing import Any, Final

from contract_tests.exchange import Exchange
from contract_tests.law import Law

Json = Any
_FIRST_ERROR: Final = 400


def an_error_is_coded_by_kind(exchange: Exchange) -> bool | None:
    """A type and a code that `x-protocols` has for the status; a documented 401 has its own law."""
    error, is_own = _error(exchange), exchange.status == HTTPStatus.UNAUTHORIZED
    if error is None or "code" not in error or exchange.operation is None or is_own:
        return False
    pair = (error.get("type"), error.get("code"))
    kinds = exchange.operation.protocol.errors.values()
    known = [(k["type"], k["code"]) for k in kinds if k.get("status") == exchange.status]
    assert pair in known, f"type and code of a {exchange.status} are {pair}"
    return None


def a_refused_field_is_named(exchange: Exchange) -> bool | None:
    """Where a field is to blame, and not the whole body, `param` says which."""
    error = _error(exchange)
    if error is None or error.get("code") not in _OF_FIELDS or not _is_object(exchange):
        return False
    assert error.get("param"), f"{error.get('message')!r} names no field in `param`"
    return None


def a_refused_field_is_told_its_rule(exchange: Exchange) -> bool | None:
    """The name stands first in the message, and something follows it."""
    error = _error(exchange)
    if error is None or not error.get("param") or error.get("code") not in _OF_FIELDS:
        return False
    message, param = error["message"], error["param"]
    assert message.startswith(param), f"{message!r} does not open with {param!r}"
    assert len(message[len(param) :].split()) > 1, f"{message!r} says no rule"
    return None


def no_balance_says_so(exchange: Exchange) -> bool | None:
    """The words of RuAPI's documents (RU-081); a limit of the key's own has others."""
    message = exchange.told["error"]["message"]
    if "prefer" in dict(exchange.sent) or "limit" in message:
        return False
    assert "insufficient balance" in message.lower(), f"the message is {message!r}"
    return None


def an_unknown_model_says_so(exchange: Exchange) -> bool | None:
    """The words of RuAPI's documents (RU-082)."""
    if exchange.operation is None or "prefer" in dict(exchange.sent):
        return False
    message = exchange.told["error"]["message"]
    assert "model not found" in message.lower(), f"the message is {message!r}"
    return None


def _is_object(exchange: Exchange) -> bool:
    """Whether the body had any fields."""
    return isinstance(exchange.asked, dict)


def _error(exchange: Exchange) -> Json:
    """The error of an answer in OpenAI's format, where it was not asked for."""
    is_openai = exchange.operation is not None and exchange.operation.protocol.name == "openai"
    if not is_openai or exchange.status < _FIRST_ERROR or "prefer" in dict(exchange.sent):
        return None
    error = exchange.told.get("error") if isinstance(exchange.told, dict) else None
    return error if isinstance(error, dict) else None


_OF_FIELDS: Final = ("missing_required_parameter", "invalid_type", "invalid_value")
_refusal = partial(Law, status=HTTPStatus.BAD_REQUEST)
LAWS: Final = (
    Law("errors-are-coded-by-kind", an_error_is_coded_by_kind, status=0),
    _refusal("errors-name-the-field", a_refused_field_is_named),
    _refusal("errors-say-the-rule", a_refused_field_is_told_its_rule),
    Law("errors-no-balance-says-so", no_balance_says_so, status=HTTPStatus.PAYMENT_REQUIRED),
    Law("errors-an-unknown-model-says-so", an_unknown_model_says_so, status=HTTPStatus.NOT_FOUND),
)
