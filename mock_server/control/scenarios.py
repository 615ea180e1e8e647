"""Scenarios: the rules in force for a key or for all, sent as JSON or YAML.

Their names stand in the journal and in the metrics: no key is taken into one.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mock_server import codec
from mock_server.control.forms import digest, refuse_many_workers
from mock_server.control.masks import Mask, Masks
from mock_server.errors import Invalid
from mock_server.mock import Mock
from mock_server.scenarios.rules import Rule
from mock_server.scenarios.sheets import ROOT, ScenarioError, Sheet, sheet_of
from mock_server.violations import show
from mock_server.wire import Json

_NAME: Final = "scenarios"
_MEMBERS: Final = {ROOT, "keep", "key"}


def routes(mock: Mock) -> list[Route]:
    """The routes of the scenarios."""
    masks = Masks(mock)

    async def tell(request: Request) -> Response:
        """The rules in force, in the order in which they are tried, and how often each was used."""
        key = request.query_params.get("key")
        told = mock.scenarios.told(digest(key))
        mask = masks.hiding(_keys(told["rules"], key))
        told["error"] = told["error"] and mask.text(told["error"])
        return JSONResponse({**told, "rules": [_shown(rule, mask) for rule in told["rules"]]})

    async def put(request: Request) -> Response:
        """Have exactly these rules for the key named, or for all, and begin with the first."""
        raw = await request.body()
        refuse_many_workers("scenarios", mock)
        # A second's work, where they are many: whoever else calls is not kept waiting.
        rules = await run_in_threadpool(_put, mock, masks, raw, request)
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


def _put(mock: Mock, masks: Masks, raw: bytes, request: Request) -> tuple[Rule, ...]:
    sheet, key, keeps = _sent(raw, request)
    sheet = _named(sheet, masks.hiding(_keys(sheet.content, key)))
    try:
        put = replace(sheet, folder=_folder(mock))
        return mock.scenarios.put(put, digest(key), going_on=keeps)
    except ScenarioError as error:
        raise Invalid("invalid_value", str(error), param=error.param) from None


def _keys(rules: Json, key: str | None) -> Iterator[str]:
    """The key that rules are for, and those that they wait for."""
    yield key or ""
    for rule in rules if isinstance(rules, list) else ():
        when = rule.get("when") if isinstance(rule, dict) else None
        awaited = when.get("key") if isinstance(when, dict) else None
        if isinstance(awaited, str):
            yield awaited.strip("*?")


def _named(sheet: Sheet, mask: Mask) -> Sheet:
    """The same rules, without keys in their names."""
    rules = sheet.content
    if not isinstance(rules, list):
        return sheet
    named = [
        {**rule, "name": mask.text(rule["name"])}
        if isinstance(rule, dict) and isinstance(rule.get("name"), str)
        else rule
        for rule in rules
    ]
    return replace(sheet, content=named)


def _shown(rule: Json, mask: Mask) -> Json:
    """A rule as it was put, but for keys, which may be real ones."""
    shown = mask.value(rule)
    if "key" in rule.get("when", {}):
        shown["when"] = {**shown["when"], "key": "…"}
    return shown


def _sent(raw: bytes, request: Request) -> tuple[Sheet, str | None, bool]:
    """The rules of a body, the key that it or the query names, `keep`; raises Invalid.

    A body is a list of rules, or an object with `rules`, `key` and `keep`: whether the rules that
    are there already count on.
    """
    key = request.query_params.get("key")
    is_json = "json" in request.headers.get("content-type", "")
    sheet = Sheet(_NAME, codec.decode(raw)) if is_json else _written(raw)
    if not isinstance(sheet.content, dict):
        return sheet, _key(key), False
    for strange in sheet.content.keys() - _MEMBERS:
        reason = f"{strange[:60]}: is not one of {', '.join(sorted(_MEMBERS))}"
        wrong = sheet.refusal(f".{strange}", reason)
        raise Invalid("invalid_value", str(wrong) if sheet.node else reason, param=strange[:60])
    if ROOT not in sheet.content:
        raise Invalid("missing_field", f"{ROOT}: is required", param=ROOT)
    keeps = sheet.content.get("keep", False)
    if not isinstance(keeps, bool):
        reason = f"keep: {show(keeps)} is not of type boolean"
        raise Invalid("invalid_type", reason, param="keep")
    return sheet.under(ROOT), _key(sheet.content.get("key", key), key), keeps


def _folder(mock: Mock) -> Path | None:
    """Where files may lie that rules name: callers have no folder of their own."""
    path = mock.settings.scenarios
    return path if path is None or path.is_dir() else path.parent


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
