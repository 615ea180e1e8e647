"""The control API: health, reset, clock, journal, faults and keys. Never counted, never limited."""

from collections.abc import Awaitable, Callable
from importlib.util import find_spec
from typing import Any

import jsonschema_rs
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mock_server import __version__, codec
from mock_server.accounts import Account
from mock_server.auth import identity
from mock_server.control import accounts
from mock_server.errors import ApiError, Invalid
from mock_server.mock import Mock
from mock_server.pace import Wish, read_pace
from mock_server.violations import first_violation, show
from mock_server.wire import Json

_KEY: Json = {"key": {"type": "string", "minLength": 1}}
_CLOCK: Json = {
    "type": "object",
    "minProperties": 1,
    "additionalProperties": False,
    "properties": {
        "advance": {"type": "number", "minimum": 0, "maximum": 10**9},
        "mode": {"enum": ["real", "virtual"]},
        **_KEY,
    },
}
_RESET: Json = {"type": "object", "additionalProperties": False, "properties": _KEY}
_KEYS_OWN: Json = {
    "type": "object",
    "minProperties": 1,
    "additionalProperties": False,
    "properties": {
        "rate_limit": {"type": "integer", "minimum": 0, "maximum": 2**31 - 1},
        "pace": {"type": "string"},
        **accounts.FORM,
    },
}
_FAULTS: Json = {
    "type": "object",
    "required": ["faults"],
    "additionalProperties": False,
    "properties": {
        "faults": {"type": "array", "maxItems": 1000, "items": {"type": "string"}},
        **_KEY,
    },
}
_Endpoint = Callable[[Request], Awaitable[Response]]


def control_app(mock: Mock) -> Starlette:
    """The app that stands under `/__mock__`."""
    api = _Api(mock)
    return Starlette(
        routes=[
            Route("/__mock__/health", api.health, methods=["GET"]),
            Route("/__mock__/reset", api.reset, methods=["POST"]),
            Route("/__mock__/clock", api.clock, methods=["GET"]),
            Route("/__mock__/clock", api.set_clock, methods=["POST"]),
            Route("/__mock__/journal", api.journal, methods=["GET"]),
            Route("/__mock__/faults", api.faults, methods=["GET"]),
            Route("/__mock__/faults", api.set_faults, methods=["PUT"]),
            Route("/__mock__/faults", api.end_faults, methods=["DELETE"]),
            Route("/__mock__/keys/{key}", api.key, methods=["GET"]),
            Route("/__mock__/keys/{key}", api.set_key, methods=["PUT"]),
        ],
        exception_handlers={ApiError: _refused},
    )


class _Api:
    def __init__(self, mock: Mock) -> None:
        self.mock = mock

    async def health(self, request: Request) -> Response:
        """Whether the server is up; with `codecs` it can also speak Opus and AAC."""
        codecs = find_spec("av") is not None
        told = {"status": "ok", "version": __version__, "codecs": codecs, **self._time(None)}
        return JSONResponse(told)

    async def reset(self, request: Request) -> Response:
        """Forget windows, limits, paces, accounts, journal, advances, faults: of a key, or of all.

        Answers that wait come at once: the time that they wait for is forgotten, too.
        """
        key = _digest((await _body(request, _RESET)).get("key"))
        self.mock.store.reset(key)
        self.mock.journal.reset(key)
        self.mock.clock.reset(key)
        self.mock.faults.reset(key)
        return JSONResponse(self._time(key))

    async def clock(self, request: Request) -> Response:
        return JSONResponse(self._time(_digest(request.query_params.get("key"))))

    async def set_clock(self, request: Request) -> Response:
        """Advance the time that one key sees, or all; switch between real and virtual time."""
        wish = await _body(request, _CLOCK)
        self._refuse_many_workers("a clock")
        key = _digest(wish.get("key"))
        if "mode" in wish and key is not None:
            raise Invalid("invalid_value", "mode: holds for all keys; leave out key", param="mode")
        if "mode" in wish:
            self.mock.clock.switch(wish["mode"])
        self.mock.clock.advance(wish.get("advance", 0), key)
        return JSONResponse(self._time(key))

    async def journal(self, request: Request) -> Response:
        key = _digest(request.query_params.get("key"))
        return JSONResponse(
            {"exchanges": [each.public() for each in self.mock.journal.entries(key)]}
        )

    async def faults(self, request: Request) -> Response:
        """The catalogue, and what of it is on for a key, or for all."""
        on = self.mock.faults.on(_digest(request.query_params.get("key")))
        known = self.mock.faults.catalogue.faults.values()
        told = [{"fault": each.name, "breaks": each.breaks, "says": each.says} for each in known]
        return JSONResponse({"on": [fault.name for fault in on], "catalogue": told})

    async def set_faults(self, request: Request) -> Response:
        """Have exactly these faults on, for the key named, or for all."""
        wish = await _body(request, _FAULTS)
        self._refuse_many_workers("faults")
        self.mock.faults.switch(wish["faults"], _digest(wish.get("key")))
        return JSONResponse({"on": wish["faults"]})

    async def end_faults(self, request: Request) -> Response:
        """Switch off what is on for the key named, or whatever is on."""
        self._refuse_many_workers("faults")
        self.mock.faults.reset(_digest(request.query_params.get("key")))
        return JSONResponse({"on": []})

    async def key(self, request: Request) -> Response:
        """What one key may still spend and do."""
        key = identity(request.path_params["key"], None).id
        return JSONResponse(accounts.told(self.mock.store.ledger.account(key) or Account()))

    async def set_key(self, request: Request) -> Response:
        """Give one key a limit of its own (0 switches its limit off), its own pace, an account."""
        own = await _body(request, _KEYS_OWN)
        key = identity(request.path_params["key"], None).id
        if "pace" in own:
            own["pace"] = str(_pace(own["pace"]))
            self.mock.store.set_pace(key, own["pace"])
        if "rate_limit" in own:
            self.mock.store.set_limit(key, int(own["rate_limit"]))
        if not accounts.FORM.keys().isdisjoint(own):
            account = self.mock.store.ledger.account(key) or Account()
            self.mock.store.ledger.open(key, accounts.changed(account, own))
        return JSONResponse(own)

    def _refuse_many_workers(self, what: str) -> None:
        if self.mock.settings.workers > 1:
            message = f"several workers have {what} each; start one with --workers 1 to change that"
            raise Invalid("invalid_value", message)

    def _time(self, key: str | None) -> dict[str, Any]:
        return {"mode": self.mock.clock.mode, "now": self.mock.clock.now(key)}


def _pace(text: str) -> Wish:
    try:
        return read_pace(text)
    except ValueError as error:
        raise Invalid("invalid_value", f"pace: {show(text)}: {error}", param="pace") from None


def _digest(key: str | None) -> str | None:
    return None if key is None else identity(key, None).id


async def _body(request: Request, form: Json) -> Json:
    """The JSON body, an empty object where none was sent; raises Invalid."""
    raw = await request.body()
    value = codec.decode(raw) if raw else {}
    wrong = first_violation(jsonschema_rs.validator_for(form), value)
    if wrong is not None:
        raise wrong
    return value


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Invalid)
    return JSONResponse(
        {"error": {"message": error.message, "param": error.param}}, status_code=400
    )
