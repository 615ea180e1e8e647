"""Faults: which there are, and which are on for a key or for all."""

from collections.abc import Iterable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mock_server.control.forms import KEY, body_of, digest, refuse_many_workers
from mock_server.errors import Invalid
from mock_server.faults import Fault
from mock_server.mock import Mock
from mock_server.violations import show
from mock_server.wire import Json

_STATUS: Json = {"type": "integer", "minimum": 100, "maximum": 599}
_TURN: Json = {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}
# Beside these stand the options of the fault, which differ from fault to fault.
_WISH: Json = {
    "type": ["string", "object"],
    "required": ["fault"],
    "properties": {
        "fault": {"type": "string"},
        "rate": {"type": "number", "minimum": 0, "maximum": 1},
        "nth": {**_TURN, "type": ["integer", "array"], "items": _TURN, "minItems": 1},
        "times": _TURN,
        "operation": {"type": "string"},
        "model": {"type": "string"},
        "stream": {"type": "boolean"},
        "status": {**_STATUS, "type": ["integer", "array"], "items": _STATUS, "minItems": 1},
    },
}
_FORM: Json = {
    "type": "object",
    "required": ["faults"],
    "additionalProperties": False,
    "properties": {
        "faults": {"type": "array", "maxItems": 1000, "items": _WISH},
        "keep": {"type": "boolean"},
        **KEY,
    },
}


def routes(mock: Mock) -> list[Route]:
    """The routes of the faults."""

    async def tell(request: Request) -> Response:
        """The catalogue, and what of it is on for a key, or for all, with what it has met."""
        key = digest(request.query_params.get("key"))
        known = mock.faults.catalogue.faults.values()
        return JSONResponse({**_on(mock, key), "catalogue": [_told(each) for each in known]})

    async def switch(request: Request) -> Response:
        """Have exactly these faults on, or with POST these too, for the key named, or for all.

        With `keep` those that are on already count on.
        """
        wish = await body_of(request, _FORM)
        refuse_many_workers("faults", mock)
        _check_operations(wish["faults"], mock)
        key = digest(wish.get("key"))
        if request.method == "POST":
            mock.faults.add(wish["faults"], key)
        else:
            mock.faults.switch(wish["faults"], key, going_on=wish.get("keep", False))
        return JSONResponse(_on(mock, key))

    async def end(request: Request) -> Response:
        """Switch off what is on for the key named, or whatever is on; or one fault by its name."""
        refuse_many_workers("faults", mock)
        key = digest(request.query_params.get("key"))
        names = request.query_params.getlist("fault")
        _check_names(names, mock)
        for name in names:
            mock.faults.end(name, key)
        if not names:
            mock.faults.reset(key)
        return JSONResponse(_on(mock, key))

    return [
        Route("/__mock__/faults", tell, methods=["GET"]),
        Route("/__mock__/faults", switch, methods=["PUT", "POST"]),
        Route("/__mock__/faults", end, methods=["DELETE"]),
    ]


def _on(mock: Mock, key: str | None) -> Json:
    """What is on, by name and in full."""
    standing = mock.faults.told(key)
    return {"on": [each["fault"] for each in standing], "standing": standing}


def _told(fault: Fault) -> Json:
    options = {
        name: {each: getattr(option, each) for each in ("default", "minimum", "maximum", "says")}
        for name, option in fault.options.items()
    }
    told = {"breaks": fault.breaks, "effect": fault.effect, "says": fault.says}
    return {"fault": fault.name, **told, "options": options}


def _check_names(names: Iterable[str], mock: Mock) -> None:
    for name in names:
        try:
            mock.faults.catalogue.named(name)
        except Invalid as error:
            message = f"fault: {error.message}"
            raise Invalid("invalid_value", message, param="fault") from None


def _check_operations(wishes: Json, mock: Mock) -> None:
    known = [operation.id for operation in mock.spec.operations]
    for number, wish in enumerate(wishes):
        name = wish.get("operation") if isinstance(wish, dict) else None
        if name is not None and name not in known:
            field = f"faults[{number}].operation"
            message = f"{field}: {show(name)} is no operation; these are: {', '.join(known)}"
            raise Invalid("invalid_value", message, param=field)
