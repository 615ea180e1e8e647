"""What the contract promises and no schema can say: each function is one law, named by it.

They take what was received and raise AssertionError; the same laws judge generated exchanges
(through `contract_tests.checks`) and those of the written tests.
"""

import math
import struct
from base64 import b64decode
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Json = Any


def rate_limit_headers_make_sense(headers: Mapping[str, str], now: float) -> None:
    """Remaining within the limit, reset in unix seconds within the window (RC-231 to RC-233)."""
    limit, remaining, reset = (
        int(headers[f"x-ratelimit-{name}"]) for name in ("limit", "remaining", "reset")
    )
    assert 0 <= remaining <= limit, f"{remaining} remaining of {limit}"
    assert now - 1 <= reset <= now + 61, f"the reset is {reset - now:.0f} seconds away"


def too_many_requests_tell_when_to_retry(headers: Mapping[str, str], now: float) -> None:
    """A 429 has a Retry-After in whole seconds, at least 1, that ends with the window (RC-236)."""
    wait = int(headers["retry-after"])
    assert 1 <= wait <= 60, f"Retry-After is {wait}"
    if "x-ratelimit-reset" in headers:
        assert headers["x-ratelimit-remaining"] == "0", "requests remain on a 429"
        assert abs(now + wait - int(headers["x-ratelimit-reset"])) <= 2, "the two headers disagree"


def embeddings_answer_each_input(answer: Json, asked: Json) -> None:
    """One vector for each text, numbered in their order, all of one size (RC-202, RC-203)."""
    texts = [asked] if isinstance(asked, str) else asked
    numbers = [entry["index"] for entry in answer["data"]]
    assert numbers == list(range(len(texts))), f"{len(texts)} texts, and vectors {numbers[:5]}"
    sizes = {len(vector_of(entry["embedding"])) for entry in answer["data"]}
    assert len(sizes) == 1, f"vectors of {sorted(sizes)} numbers"
    usage = answer["usage"]
    assert usage["prompt_tokens"] == usage["total_tokens"], "embeddings write no tokens"


def embeddings_come_in_the_form_asked_for(answer: Json, form: str) -> None:
    """`base64` gives texts, `float` lists of numbers (RC-201)."""
    for entry in answer["data"]:
        assert isinstance(entry["embedding"], str) == (form == "base64"), f"{form} was asked for"


def vectors_have_length_one(vectors: Iterable[Sequence[float]]) -> None:
    """Each vector is a direction, neither zero nor anything but finite numbers."""
    for vector in vectors:
        length = math.hypot(*vector)
        assert math.isclose(length, 1, rel_tol=1e-4), f"a vector has the length {length}"


def vector_of(embedding: Json) -> Sequence[float]:
    """The numbers of an embedding, packed (32-bit floats, lowest byte first) or not."""
    if isinstance(embedding, str):
        data = b64decode(embedding, validate=True)
        return struct.unpack(f"<{len(data) // 4}f", data)
    numbers: list[float] = embedding
    return numbers


def models_are_listed_once(models: Sequence[Json]) -> None:
    """No id stands in the list twice (OA-029)."""
    ids = [model["id"] for model in models]
    assert len(set(ids)) == len(ids), "an id is listed twice"


def a_refusal_names_field_and_rule(error: Json, param: str, rule: str) -> None:
    """The envelope's `param` is the field, and its message says which rule was broken (RC-211)."""
    assert error["param"] == param, f"param is {error['param']!r}, not {param!r}"
    assert error["message"].startswith(param), f"the message does not open with {param!r}"
    assert rule in error["message"], f"{rule!r} is not in {error['message']!r}"
    assert error["type"] == "invalid_request_error", f"the type is {error['type']!r}"
