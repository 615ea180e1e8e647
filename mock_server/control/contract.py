"""The contract, for people to read and to try: the document, and how its operations are asked."""

from random import Random

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mock_server.errors import Invalid
from mock_server.instances import Unsatisfiable
from mock_server.mock import Mock
from mock_server.operation import Media, Operation, Provider
from mock_server.violations import show
from mock_server.wire import Json

_FORMS = ("multipart/", "application/x-www-form-urlencoded")


def routes(mock: Mock) -> list[Route]:
    """The routes of the contract."""

    async def tell(request: Request) -> Response:
        """The whole document, its operations and providers as the server has read them."""
        providers = mock.spec.providers.values()
        told = {
            "document": mock.spec.document.data,
            "providers": [_provider(each, mock) for each in providers],
            "operations": [_operation(each) for each in mock.spec.operations],
        }
        return _json(told)

    async def show_body(request: Request) -> Response:
        """A body that an operation takes, for those of which the document has no example."""
        asked = request.query_params
        media = _media(asked.get("operation", ""), asked.get("type", ""), mock)
        return _json({"value": await run_in_threadpool(_body, media, mock)})

    return [
        Route("/__mock__/contract", tell, methods=["GET"]),
        Route("/__mock__/contract/body", show_body, methods=["GET"]),
    ]


def _json(told: Json) -> Response:
    # Other people's documents hold dates and numbers that are none in JSON.
    content = msgspec.json.encode(told)
    headers = {"cache-control": "no-store"}
    return Response(content, headers=headers, media_type="application/json")


def _media(name: str, media_type: str, mock: Mock) -> Media:
    operation = next((each for each in mock.spec.operations if each.id == name), None)
    if operation is None:
        message = f"operation: {show(name)} is no operation of the contract"
        raise Invalid("invalid_value", message, param="operation")
    media = next((each for each in operation.bodies if each.type == media_type), None)
    if media is None:
        known = ", ".join(each.type for each in operation.bodies) or "no body at all"
        message = f"type: {show(media_type)} is no body of {operation.id}; it takes {known}"
        raise Invalid("invalid_value", message, param="type")
    return media


def _body(media: Media, mock: Mock) -> Json:
    """A value, or text where the media type is not JSON; forms are told as objects."""
    kind = "application/json" if media.type.startswith(_FORMS) else media.type
    try:
        made = mock.examples.body(media.node, kind, Random(mock.settings.seed))
    except Unsatisfiable as error:
        message = f"No body can be made up for this schema. {error}"
        raise Invalid("invalid_value", message, param="type") from None
    return made.decode("utf-8", "replace") if isinstance(made, bytes) else made


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
                "pattern": way.pattern.pattern if way.pattern else None,
                "provider": way.provider.name if way.provider else None,
            }
            for way in operation.ways
        ],
    }
