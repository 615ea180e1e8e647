"""Time: what it is for a key or for all, moved and stopped."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mock_server.control.forms import KEY, body_of, digest, refuse_many_workers
from mock_server.errors import Invalid
from mock_server.mock import Mock
from mock_server.wire import Json

_FORM: Json = {
    "type": "object",
    "minProperties": 1,
    "additionalProperties": False,
    "properties": {
        "advance": {"type": "number", "minimum": 0, "maximum": 10**9},
        "mode": {"enum": ["real", "virtual"]},
        **KEY,
    },
}


def routes(mock: Mock) -> list[Route]:
    """The routes of the clock."""

    async def tell(request: Request) -> Response:
        return JSONResponse(time_of(mock, digest(request.query_params.get("key"))))

    async def move(request: Request) -> Response:
        """Advance the time that one key sees, or all; switch between real and virtual time."""
        wish = await body_of(request, _FORM)
        refuse_many_workers("a clock", mock)
        key = digest(wish.get("key"))
        if "mode" in wish and key is not None:
            raise Invalid("invalid_value", "mode: holds for all keys; leave out key", param="mode")
        if "mode" in wish:
            mock.clock.switch(wish["mode"])
        mock.clock.advance(wish.get("advance", 0), key)
        return JSONResponse(time_of(mock, key))

    return [
        Route("/__mock__/clock", tell, methods=["GET"]),
        Route("/__mock__/clock", move, methods=["POST"]),
    ]


def time_of(mock: Mock, key: str | None) -> dict[str, Any]:
    """The time that a key sees, or everybody's, in unix seconds."""
    return {"mode": mock.clock.mode, "now": mock.clock.now(key)}
