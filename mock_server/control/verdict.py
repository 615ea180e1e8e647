"""The verdict on the client with some keys, or on all: as JSON, or as text for a terminal."""

from collections.abc import Collection
from dataclasses import replace

from msgspec import structs
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from mock_server.control.forms import digests
from mock_server.control.masks import Masks
from mock_server.errors import Invalid
from mock_server.mock import Mock
from mock_server.verdict import Verdict, judge
from mock_server.violations import show

_FORMATS = ("json", "text")
_FLAGS = {"0": False, "1": True}


def routes(mock: Mock) -> list[Route]:
    """The route of the verdict."""
    masks = Masks(mock)

    async def tell(request: Request) -> Response:
        """What the client did wrong, and what it met.

        With `fail=1` a 409 where it is not clean, with `strict=1` where it is not spotless.
        """
        asked = request.query_params
        is_text, fails, is_strict = _is_text(request), _flag("fail", asked), _flag("strict", asked)
        ignore = [name for value in asked.getlist("ignore") for name in value.split(",") if name]
        caller_ids = digests(dict.fromkeys(asked.getlist("key")))
        verdict = judge(mock, caller_ids, ignore)
        if verdict.findings:
            verdict = await run_in_threadpool(_masked, verdict, caller_ids, mock, masks)
        is_bad = (fails and not verdict.clean) or (is_strict and not verdict.spotless)
        status = 409 if is_bad else 200
        if is_text:
            return PlainTextResponse(str(verdict), status)
        return JSONResponse(verdict.json(), status)

    return [Route("/__mock__/verdict", tell, methods=["GET"])]


def _masked(
    verdict: Verdict, caller_ids: Collection[str] | None, mock: Mock, masks: Masks
) -> Verdict:
    """The verdict without the keys of the exchanges that its findings tell of."""
    ids: Collection[str | None] = caller_ids or [None]
    named = {id for finding in verdict.findings for id in finding.exchanges}
    shown = {
        exchange.id: masks.of(exchange)
        for caller_id in ids
        for exchange in mock.journal.entries(caller_id)
        if exchange.id in named
    }
    found = []
    for finding in verdict.findings:
        says, about = finding.says, finding.about
        for mask in dict.fromkeys(shown[id] for id in finding.exchanges if id in shown):
            says, about = mask.text(says), about and mask.text(about)
        found.append(structs.replace(finding, says=says, about=about))
    return replace(verdict, findings=tuple(found))


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
