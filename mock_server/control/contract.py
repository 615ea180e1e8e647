"""The contract, for people to read and to try: the document, and how its operations are asked."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mock_server.mock import Mock
from mock_server.operation import Operation, Provider
from mock_server.wire import Json


def routes(mock: Mock) -> list[Route]:
    """The route of the contract."""

    async def tell(request: Request) -> Response:
        """The whole document, its operations and providers as the server has read them."""
        providers = mock.spec.providers.values()
        told = {
            "document": mock.spec.document.data,
            "providers": [_provider(each, mock) for each in providers],
            "operations": [_operation(each) for each in mock.spec.operations],
        }
        # Other people's documents hold dates and numbers that are none in JSON.
        content = msgspec.json.encode(told)
        headers = {"cache-control": "no-store"}
        return Response(content, headers=headers, media_type="application/json")

    return [Route("/__mock__/contract", tell, methods=["GET"])]


def _provider(provider: Provider, mock: Mock) -> Json:
    key = mock.door.keys.ready.get(provider.name)
    return {"name": provider.name, "title": provider.title, "key": key}


def _operation(operation: Operation) -> Json:
    return {
        "id": operation.id,
        "method": operation.method,
        "path": operation.path,
        "providers": [provider.name for provider in operation.providers],
        "ways": [
            {
                "place": way.place,
                "field": way.field,
                "prefix": way.prefix,
                "provider": way.provider.name if way.provider else None,
            }
            for way in operation.ways
        ],
    }
