"""Metrics: what the server has done since it began, for Prometheus."""

from functools import cache
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mock_server.control.masks import Masks
from mock_server.mock import Mock

if TYPE_CHECKING:
    from mock_server.control.exposition import Exposition


def routes(mock: Mock) -> list[Route]:
    """The route of the metrics."""

    @cache
    def exposition() -> "Exposition":
        from mock_server.control.exposition import Exposition  # Prometheus is slow to import

        return Exposition(mock.tallies, Masks(mock).hiding(()))

    async def tell(request: Request) -> Response:
        """The figures as they are now, of all keys together; no reset changes them."""
        body, media_type = exposition().told(request.headers.get("accept", ""))
        return Response(body, headers={"Content-Type": media_type})

    return [Route("/__mock__/metrics", tell, methods=["GET"])]
