"""Keys: what one may spend and do, and how fast it is answered."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mock_server.accounts import Account
from mock_server.auth import identity
from mock_server.control import accounts
from mock_server.control.forms import body_of, refuse_many_workers
from mock_server.errors import Invalid
from mock_server.mock import Mock
from mock_server.pace import Wish, read_pace
from mock_server.violations import show
from mock_server.wire import Json

_FORM: Json = {
    "type": "object",
    "minProperties": 1,
    "additionalProperties": False,
    "properties": {
        "rate_limit": {"type": "integer", "minimum": 0, "maximum": 2**31 - 1},
        "pace": {"type": "string"},
        "seed": {"type": "integer", "minimum": -(2**63), "maximum": 2**63 - 1},
        "waits": {"enum": ["skip", "keep"]},
        **accounts.FORM,
    },
}


def routes(mock: Mock) -> list[Route]:
    """The routes of single keys."""

    async def tell(request: Request) -> Response:
        """What one key may still spend and do."""
        key = identity(request.path_params["key"], None).id
        return JSONResponse(accounts.told(mock.store.ledger.account(key) or Account()))

    async def change(request: Request) -> Response:
        """Give one key a limit (0 switches it off), a pace, a seed, an account of its own.

        With `waits: skip` its time moves on where answers would wait.
        """
        own = await body_of(request, _FORM)
        key = identity(request.path_params["key"], None).id
        _set(own, key, mock)
        if not accounts.FORM.keys().isdisjoint(own):
            account = mock.store.ledger.account(key) or Account()
            mock.store.ledger.open(key, accounts.changed(account, own))
        return JSONResponse(own)

    return [
        Route("/__mock__/keys/{key}", tell, methods=["GET"]),
        Route("/__mock__/keys/{key}", change, methods=["PUT"]),
    ]


def _set(own: Json, key: str, mock: Mock) -> None:
    if "waits" in own:
        refuse_many_workers("a clock", mock)
    if "pace" in own:
        own["pace"] = str(_pace(own["pace"]))
        mock.store.set_pace(key, own["pace"])
    if "rate_limit" in own:
        mock.store.set_limit(key, int(own["rate_limit"]))
    if "seed" in own:
        mock.store.set_seed(key, int(own["seed"]))
    if "waits" in own:
        mock.clock.skip(key, own["waits"] == "skip")


def _pace(text: str) -> Wish:
    try:
        return read_pace(text)
    except ValueError as error:
        raise Invalid("invalid_value", f"pace: {show(text)}: {error}", param="pace") from None
