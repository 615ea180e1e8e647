"""The verdict on the client with some keys, or on all: as JSON, or as text for a terminal."""

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from mock_server.control.forms import digests
from mock_server.errors import Invalid
from mock_server.mock import Mock
from mock_server.verdict import judge
from mock_server.violations import show

_FORMATS = ("json", "text")
_FLAGS = {"0": False, "1": True}


def routes(mock: Mock) -> list[Route]:
    """The route of the verdict."""

    async def tell(request: Request) -> Response:
        """What the client did wrong, and what it met.

        With `fail=1` a 409 where it is not clean, with `strict=1` where it is not spotless.
        """
        asked = request.query_params
        is_text, fails, is_strict = _is_text(request), _flag("fail", asked), _flag("strict", asked)
        ignore = [name for value in asked.getlist("ignore") for name in value.split(",") if name]
        verdict = judge(mock, digests(dict.fromkeys(asked.getlist("key"))), ignore)
        is_bad = (fails and not verdict.clean) or (is_strict and not verdict.spotless)
        status = 409 if is_bad else 200
        if is_text:
            return PlainTextResponse(str(verdict), status)
        return JSONResponse(verdict.json(), status)

    return [Route("/__mock__/verdict", tell, methods=["GET"])]


def _is_text(request: Request) -> bool:
    wish = request.query_params.get("format")
    if wish is None:
        return request.headers.get("accept", "").partition(";")[0].strip() == "text/plain"
    if wish not in _FORMATS:
        message = f"format: {show(wish)} is not one of {', '.join(_FORMATS)}"
        raise Invalid("invalid_value", message, param="format")
    return wish == "text"


def _flag(name: str, asked: QueryParams) -> bool:
    value = asked.get(name, "0")
    if value not in _FLAGS:
        raise Invalid("invalid_value", f"{name}: {show(value)} is not one of 0, 1", param=name)
    return _FLAGS[value]
