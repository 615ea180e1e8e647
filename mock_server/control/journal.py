"""The journal: the exchanges of a key, or of all."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mock_server.control.forms import digest
from mock_server.mock import Mock


def routes(mock: Mock) -> list[Route]:
    """The routes of the journal."""

    async def tell(request: Request) -> Response:
        entries = mock.journal.entries(digest(request.query_params.get("key")))
        return JSONResponse({"exchanges": [each.public() for each in entries]})

    return [Route("/__mock__/journal", tell, methods=["GET"])]
