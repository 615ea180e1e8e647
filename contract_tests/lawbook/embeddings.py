"""Embeddings: as many as there are texts, in the form and of the size asked for."""

import math
import struct
from base64 import b64decode
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, Final

from contract_tests.exchange import Exchange
from contract_tests.law import Law

Json = Any


def vectors_of(told: Json) -> Iterator[Sequence[float]]:
    """The numbers of each, packed (32-bit floats, lowest byte first) or not."""
    for entry in told["data"]:
        embedding = entry["embedding"]
        if isinstance(embedding, str):
            data = b64decode(embedding, validate=True)
            yield struct.unpack(f"<{len(data) // 4}f", data)
        else:
            yield embedding


def each_text_has_a_vector(exchange: Exchange) -> bool | None:
    """One for each, numbered in their order (RC-202, RC-203)."""
    asked = exchange.asked.get("input")
    if not asked or not isinstance(asked, str | list) or "prefer" in dict(exchange.sent):
        return False
    texts = [asked] if isinstance(asked, str) else asked
    numbers = [entry["index"] for entry in exchange.told["data"]]
    assert numbers == list(range(len(texts))), f"{len(texts)} texts, and vectors {numbers[:5]}"
    return None


def vectors_are_of_one_size(exchange: Exchange) -> None:
    """They can be compared with each other."""
    sizes = {len(vector) for vector in vectors_of(exchange.told)}
    assert len(sizes) <= 1, f"vectors of {sorted(sizes)} numbers"


def no_tokens_are_written(exchange: Exchange) -> None:
    """All of the tokens are those of the texts."""
    usage = exchange.told["usage"]
    assert usage["prompt_tokens"] == usage["total_tokens"], "embeddings write no tokens"


def vectors_come_in_the_form_asked_for(exchange: Exchange) -> bool | None:
    """`base64` gives texts, `float` lists of numbers (RC-201)."""
    form = exchange.asked.get("encoding_format", "float")
    if form not in ("float", "base64") or "prefer" in dict(exchange.sent):
        return False
    for entry in exchange.told["data"]:
        came = "base64" if isinstance(entry["embedding"], str) else "float"
        assert came == form, f"{came} came, {form} was asked for"
    return None


def vectors_have_length_one(exchange: Exchange) -> None:
    """Each is a direction, neither zero nor anything but finite numbers."""
    for vector in vectors_of(exchange.told):
        length = math.hypot(*vector)
        assert math.isclose(length, 1, rel_tol=1e-4), f"a vector has the length {length}"


def vectors_are_no_larger_than_asked(exchange: Exchange) -> bool | None:
    """`dimensions` is the most of them; a model that makes fewer gives all."""
    most = exchange.asked.get("dimensions")
    if not isinstance(most, int) or most < 1:
        return False
    largest = max(len(vector) for vector in vectors_of(exchange.told))
    assert largest <= most, f"{largest} numbers, {most} were asked for"
    return None


_vectors = partial(Law, behaviour="embeddings")
LAWS: Final = (
    _vectors("embeddings-answer-each-input", each_text_has_a_vector),
    _vectors("embeddings-are-of-one-size", vectors_are_of_one_size),
    _vectors("embeddings-write-no-tokens", no_tokens_are_written),
    _vectors("embeddings-come-as-asked", vectors_come_in_the_form_asked_for),
    _vectors("embeddings-have-length-one", vectors_have_length_one),
    _vectors("embeddings-are-no-larger-than-asked", vectors_are_no_larger_than_asked),
)
