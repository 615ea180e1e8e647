"""Embeddings: lists of vectors, as numbers or packed (RC-200 to RC-204)."""

import struct
from base64 import b64encode
from collections.abc import Sequence

import msgspec

from mock_server import codec, tokens
from mock_server.errors import Invalid
from mock_server.mock import Mock, Request
from mock_server.vectors import Vectors
from mock_server.wire import Json, Reply

_JSON = (b"content-type", b"application/json")


def embeddings(request: Request, mock: Mock) -> Reply:
    """A vector for each text: it follows from model and text alone, whoever asks.

    Raises ApiError (`model_not_found`) for a model that is known to do something else, and Invalid
    for too many tokens.
    """
    body = request.body
    texts = [body["input"]] if isinstance(body["input"], str) else body["input"]
    mock.catalogue.check_kind(request.caller.provider, body["model"], request.operation.behaviour)
    size, wanted = _size(request, mock)
    used = _counted(texts, _most_tokens(request, mock))
    vectors = Vectors(body["model"], size, _light(mock))
    packed = body.get("encoding_format") == "base64"
    made = {text: _written(vectors.of(text, wanted), packed=packed) for text in set(texts)}
    data = [
        {"object": "embedding", "index": index, "embedding": made[text]}
        for index, text in enumerate(texts)
    ]
    usage = {"prompt_tokens": used, "total_tokens": used}
    answer = {"object": "list", "data": data, "model": body["model"], "usage": usage}
    return Reply(200, [_JSON], codec.encode(answer), tokens=(used, 0))


def _size(request: Request, mock: Mock) -> tuple[int, int]:
    """How many numbers the model makes, and how many of them are wanted."""
    model, asked = request.body["model"], int(request.body.get("dimensions") or 0)
    size = mock.catalogue.size(request.caller.provider, model)
    if size is None:  # of a model not known of any size is believed
        size = max(asked, mock.catalogue.usual_size)
    return size, min(asked or size, size)


def _most_tokens(request: Request, mock: Mock) -> int | None:
    """How many tokens all texts of a request may have, by the contract."""
    schema = mock.spec.document.resolve(request.operation.bodies[0].node.get("schema", {}))
    most: int | None = schema.get("properties", {}).get("input", {}).get("x-most-tokens")
    return most


def _counted(texts: Sequence[str], most: int | None) -> int:
    """The tokens of all texts; raises Invalid as soon as there are too many, and counts no more."""
    total = 0
    for text in texts:
        total += tokens.count(text)
        if most is not None and total > most:
            message = f"input: has more than the maximum of {most} tokens, all texts together"
            raise Invalid("invalid_value", message, param="input")
    return total


def _light(mock: Mock) -> frozenset[str]:
    """The words that say little, in every language that the mock speaks."""
    none: frozenset[str] = frozenset()
    return none.union(*[language.stop for language in mock.phrases.languages])


def _written(vector: bytes, *, packed: bool) -> Json:
    if packed:
        return b64encode(vector).decode()
    # As text at once: as objects, the numbers of a long list would take four times the memory.
    return msgspec.Raw(codec.encode(struct.unpack(f"<{len(vector) // 4}f", vector)))
