"""The catalogue: `model` objects, all of a provider or one (OA-029, RC-206)."""

from mock_server import codec
from mock_server.errors import ApiError
from mock_server.mock import Mock, Request
from mock_server.models import Listed
from mock_server.violations import show
from mock_server.wire import Json, Reply

_JSON = (b"content-type", b"application/json")


def model_list(request: Request, mock: Mock) -> Reply:
    """Every model of the provider whose key came."""
    models = [_object(entry) for entry in mock.catalogue.listed(request.caller.provider)]
    return Reply(200, [_JSON], codec.encode({"object": "list", "data": models}))


def model(request: Request, mock: Mock) -> Reply:
    """The model that the path names; raises ApiError (`model_not_found`)."""
    id = request.parameters["model"]
    entry = mock.catalogue.entry(request.caller.provider, id)
    if entry is None:
        raise ApiError("model_not_found", f"model not found: {show(id)}", param="model")
    return Reply(200, [_JSON], codec.encode(_object(entry)))


def _object(entry: Listed) -> Json:
    return {
        "id": entry.id,
        "object": "model",
        "created": entry.created,
        "owned_by": entry.owned_by,
    }
