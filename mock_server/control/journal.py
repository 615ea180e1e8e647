"""The journal: exchanges of a key or of all, one of them whole, those that are yet to come."""

import asyncio
from collections.abc import Sequence

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mock_server import codec
from mock_server.control.arrivals import Arrivals
from mock_server.control.exchanges import whole
from mock_server.control.har import har_of
from mock_server.control.masks import Masks
from mock_server.control.queries import SELECTING, WAITING, Query, read_query
from mock_server.journal import Exchange
from mock_server.mock import Mock
from mock_server.wire import Json

# Long journals are put into words, and keys looked for, beside the event loop.
_FEW = 50


def routes(mock: Mock) -> list[Route]:
    """The routes of the journal."""
    masks, arrivals = Masks(mock), Arrivals(mock.journal)

    async def tell(request: Request) -> Response:
        """The exchanges that are asked for; with `wait`, as soon as there is one that is over."""
        query = read_query(request.query_params, mock, (*SELECTING, *WAITING))
        found = await _awaited(query, request) if query.wait else query.found(mock.journal)
        last = found[-1].id if found else query.after

        def told() -> Json:
            return {"exchanges": [masks.listed(each) for each in found], "last": last}

        is_quick = len(found) <= _FEW and all(map(masks.is_plain, found))
        return _json(told() if is_quick else await run_in_threadpool(told))

    async def _awaited(query: Query, request: Request) -> Sequence[Exchange]:
        await request.body()  # what comes after it is that the client has left
        leaving = asyncio.ensure_future(request.receive())
        try:
            return await arrivals.wait(query, leaving)
        finally:
            leaving.cancel()

    async def show(request: Request) -> Response:
        """One exchange, with headers, bodies and times."""
        exchange = mock.journal.find(request.path_params["id"])
        if exchange is None:
            raise HTTPException(404, "no such exchange is in the journal, or no longer")
        return _json(await run_in_threadpool(whole, exchange, masks))

    async def export(request: Request) -> Response:
        """The exchanges that are asked for, as an HTTP Archive."""
        query = read_query(request.query_params, mock, SELECTING)
        archive = await run_in_threadpool(har_of, query.found(mock.journal), masks)
        return _json(archive, {"Content-Disposition": 'attachment; filename="mock-server.har"'})

    return [
        Route("/__mock__/journal", tell, methods=["GET"]),
        Route("/__mock__/journal.har", export, methods=["GET"]),
        Route("/__mock__/journal/{id}", show, methods=["GET"]),
    ]


def _json(value: Json, headers: dict[str, str] | None = None) -> Response:
    return Response(codec.encode(value), headers=headers, media_type="application/json")
