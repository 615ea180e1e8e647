"""Scenarios: the rules in force for a key or for all, sent as JSON or YAML."""

from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mock_server import codec
from mock_server.control.forms import digest, refuse_many_workers
from mock_server.errors import Invalid
from mock_server.mock import Mock
from mock_server.scenarios.rules import Rule
from mock_server.scenarios.sheets import ROOT, ScenarioError, Sheet, sheet_of
from mock_server.wire import Json

_NAME: Final = "scenarios"
_MEMBERS: Final = {ROOT, "key"}


def routes(mock: Mock) -> list[Route]:
    """The routes of the scenarios."""

    async def tell(request: Request) -> Response:
        """The rules in force, in the order in which they are tried, and how often each was used."""
        return JSONResponse(mock.scenarios.told(digest(request.query_params.get("key"))))

    async def put(request: Request) -> Response:
        """Have exactly these rules for the key named, or for all, and begin with the first."""
        raw = await request.body()
        refuse_many_workers("scenarios", mock)
        # A second's work, where they are many: whoever else calls is not kept waiting.
        rules = await run_in_threadpool(_put, mock, raw, request)
        return JSONResponse({"rules": [rule.name for rule in rules]})

    async def end(request: Request) -> Response:
        """Take away the rules of the key named, or all that were ever put."""
        refuse_many_workers("scenarios", mock)
        mock.scenarios.remove(digest(request.query_params.get("key")))
        return JSONResponse({"rules": []})

    return [
        Route("/__mock__/scenarios", tell, methods=["GET"]),
        Route("/__mock__/scenarios", put, methods=["PUT"]),
        Route("/__mock__/scenarios", end, methods=["DELETE"]),
    ]


def _put(mock: Mock, raw: bytes, request: Request) -> tuple[Rule, ...]:
    sheet, key = _sent(raw, request)
    try:
        return mock.scenarios.put(sheet, digest(key))
    except ScenarioError as error:
        raise Invalid("invalid_value", str(error), param=error.param) from None


def _sent(raw: bytes, request: Request) -> tuple[Sheet, str | None]:
    """The rules of a body, and the key that it or the query names; raises Invalid.

    A body is a list of rules, or an object with `rules` and `key`.
    """
    key = request.query_params.get("key")
    is_json = "json" in request.headers.get("content-type", "")
    sheet = Sheet(_NAME, codec.decode(raw)) if is_json else _written(raw)
    if not isinstance(sheet.content, dict):
        return sheet, _key(key)
    for strange in sheet.content.keys() - _MEMBERS:
        reason = f"{strange[:60]}: is not one of {', '.join(sorted(_MEMBERS))}"
        wrong = sheet.refusal(f".{strange}", reason)
        raise Invalid("invalid_value", str(wrong) if sheet.node else reason, param=strange[:60])
    if ROOT not in sheet.content:
        raise Invalid("missing_field", f"{ROOT}: is required", param=ROOT)
    return sheet.under(ROOT), _key(sheet.content.get("key", key), key)


def _written(raw: bytes) -> Sheet:
    try:
        return sheet_of(raw.decode("utf-8-sig"), _NAME)
    except UnicodeDecodeError as error:
        message = f"The request body is not valid UTF-8 (byte {error.start})."
    except ScenarioError as error:
        message = str(error)
    raise Invalid("invalid_body", message)


def _key(key: Json, other: str | None = None) -> str | None:
    """The key, which the body and the query must not name differently; raises Invalid."""
    if key is not None and (not isinstance(key, str) or not key):
        raise Invalid("invalid_type", "key: is not a text of at least 1 character", param="key")
    if other is not None and other != key:
        raise Invalid("invalid_value", "key: is another one in the query", param="key")
    return key
