"""What callers of the control API send: JSON bodies under a form, and keys."""

from collections.abc import Iterable

import jsonschema_rs
from starlette.requests import Request

from mock_server import codec
from mock_server.auth import identity
from mock_server.errors import Invalid
from mock_server.mock import Mock
from mock_server.violations import first_violation
from mock_server.wire import Json

KEY: Json = {"key": {"type": "string", "minLength": 1}}
"""The member by which a body confines a wish to one key."""


async def body_of(request: Request, form: Json) -> Json:
    """The JSON body, an empty object where none was sent; raises Invalid."""
    raw = await request.body()
    value = codec.decode(raw) if raw else {}
    wrong = first_violation(jsonschema_rs.validator_for(form), value)
    if wrong is not None:
        raise wrong
    return value


def digest(key: str | None) -> str | None:
    """By what the state of that key is kept; None stands for all keys."""
    return None if key is None else identity(key, None).id


def digests(keys: Iterable[str]) -> list[str] | None:
    """By what the state of several keys is kept; None, where there are none, stands for all."""
    return [identity(key, None).id for key in keys] or None


def refuse_many_workers(what: str, mock: Mock) -> None:
    """Raises Invalid where several processes serve: each has its own."""
    if mock.settings.workers > 1:
        message = f"several workers have {what} each; start one with --workers 1 to change that"
        raise Invalid("invalid_value", message)
