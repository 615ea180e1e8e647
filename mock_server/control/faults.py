"""Faults: which there are, and which are on for a key or for all."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mock_server.control.forms import KEY, body_of, digest, refuse_many_workers
from mock_server.mock import Mock
from mock_server.wire import Json

_FORM: Json = {
    "type": "object",
    "required": ["faults"],
    "additionalProperties": False,
    "properties": {
        "faults": {"type": "array", "maxItems": 1000, "items": {"type": "string"}},
        **KEY,
    },
}


def routes(mock: Mock) -> list[Route]:
    """The routes of the faults."""

    async def tell(request: Request) -> Response:
        """The catalogue, and what of it is on for a key, or for all."""
        on = mock.faults.on(digest(request.query_params.get("key")))
        known = mock.faults.catalogue.faults.values()
        told = [{"fault": each.name, "breaks": each.breaks, "says": each.says} for each in known]
        return JSONResponse({"on": [fault.name for fault in on], "catalogue": told})

    async def switch(request: Request) -> Response:
        """Have exactly these faults on, for the key named, or for all."""
        wish = await body_of(request, _FORM)
        refuse_many_workers("faults", mock)
        mock.faults.switch(wish["faults"], digest(wish.get("key")))
        return JSONResponse({"on": wish["faults"]})

    async def end(request: Request) -> Response:
        """Switch off what is on for the key named, or whatever is on."""
        refuse_many_workers("faults", mock)
        mock.faults.reset(digest(request.query_params.get("key")))
        return JSONResponse({"on": []})

    return [
        Route("/__mock__/faults", tell, methods=["GET"]),
        Route("/__mock__/faults", switch, methods=["PUT"]),
        Route("/__mock__/faults", end, methods=["DELETE"]),
    ]
