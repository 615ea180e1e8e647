"""The control API: what tests and people see and set of the mock. Never counted, never limited."""

from importlib.util import find_spec

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from mock_server import __version__
from mock_server.control import (
    clock,
    contract,
    faults,
    journal,
    keys,
    live,
    metrics,
    pages,
    scenarios,
    state,
    verdict,
)
from mock_server.control.forms import KEY, body_of, digest
from mock_server.control.gate import Refusal, Visit, refusal
from mock_server.errors import ApiError, Invalid
from mock_server.mock import Mock
from mock_server.wire import Json

_RESET: Json = {"type": "object", "additionalProperties": False, "properties": KEY}
_SUBJECTS = (
    clock,
    contract,
    faults,
    journal,
    keys,
    live,
    metrics,
    pages,
    scenarios,
    state,
    verdict,
)


def control_app(mock: Mock) -> ASGIApp:
    """The app that stands under `/__mock__`, for those whom the gate lets in."""
    app = Starlette(
        routes=[*_routes(mock), *(route for each in _SUBJECTS for route in each.routes(mock))],
        exception_handlers={ApiError: _refused, HTTPException: _astray},
    )

    async def gated(scope: Scope, receive: Receive, send: Send) -> None:
        barred = refusal(_visit(Request(scope)), mock.settings)
        await (app if barred is None else _barred(barred))(scope, receive, send)

    return gated


def _visit(request: Request) -> Visit:
    headers = {name: ", ".join(request.headers.getlist(name)) for name in request.headers}
    peer = request.client.host if request.client else None
    return Visit(request.method, request.url.path, headers, peer)


def _barred(barred: Refusal) -> Response:
    told = {"error": {"message": barred.message, "param": None}}
    headers = {"www-authenticate": "Bearer"} if barred.status == 401 else {}
    return JSONResponse(told, status_code=barred.status, headers=headers)


def _routes(mock: Mock) -> list[Route]:
    async def health(request: Request) -> Response:
        """Whether the server is up; with `codecs` it can also speak Opus and AAC."""
        codecs = find_spec("av") is not None
        told = {"status": "ok", "version": __version__, "codecs": codecs}
        return JSONResponse({**told, **clock.time_of(mock, None)})

    async def reset(request: Request) -> Response:
        """Forget windows, limits, paces, accounts, journal, advances: of a key, or of all.

        Faults and scenarios that were put end. Answers that wait come at once: the time that they
        wait for is forgotten, too.
        """
        key = digest((await body_of(request, _RESET)).get("key"))
        mock.store.reset(key)
        mock.journal.reset(key)
        mock.clock.reset(key)
        mock.faults.reset(key)
        mock.scenarios.reset(key)
        return JSONResponse(clock.time_of(mock, key))

    return [
        Route("/__mock__/health", health, methods=["GET"]),
        Route("/__mock__/reset", reset, methods=["POST"]),
    ]


async def _refused(request: Request, error: Exception) -> Response:
    """What was sent is wrong, or the store does not answer."""
    assert isinstance(error, ApiError)
    told = {"error": {"message": error.message, "param": error.param}}
    return JSONResponse(told, status_code=400 if isinstance(error, Invalid) else 503)


async def _astray(request: Request, error: Exception) -> Response:
    """An unknown path, or a method that is not for it."""
    assert isinstance(error, HTTPException)
    message = f"{request.method} {request.url.path}: {error.detail}; the README has the whole list."
    told = {"error": {"message": message, "param": None}}
    return JSONResponse(told, status_code=error.status_code, headers=error.headers)
