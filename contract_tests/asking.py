"""The sample requests of the contract, changed in places, and sent."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from functools import cache
from typing import Any, Final

import httpx2

from contract_tests.notes import NotReached
from contract_tests.samples import Sample, samples
from contract_tests.tasks import PIXEL, renewed
from mock_server.spots import spots

Json = Any
ABSENT: Final = object()
"""In place of a value: the member is left out."""


@cache
def sample_of(provider: str, behaviour: str) -> Sample | None:
    """The sample request for a behaviour, where the provider has it."""
    of_kind = (each for each in samples(provider) if each.operation["x-behaviour"] == behaviour)
    return next(of_kind, None)


def ask(
    client: httpx2.Client, sample: Sample, key: str, changes: Mapping[str, Json] | None = None
) -> httpx2.Response:
    """Send a sample after changes by pointer into its body."""
    body, changes = sample.body, dict(changes or {})
    if sample.operation["x-behaviour"] == "tasks":  # before the changes, which may be wrong ones
        # The picture of the example is nowhere but in the example.
        body = [renewed({**task, "inputs": {"image": PIXEL}}) for task in body]
        changes = {at: renewed(value) if at == "/0" else value for at, value in changes.items()}
    return replace(sample, body=changed(body, changes)).send(
        client, {"Authorization": f"Bearer {key}"}
    )


def answer_of(response: httpx2.Response) -> Json:
    """The JSON of an answer that a test begins with; raises NotReached where it is a failure."""
    if not response.is_success:
        raise NotReached(f"{response.status_code}: {response.text[:300]}")
    return response.json()


def changed(body: Json, changes: Mapping[str, Json]) -> Json:
    """A copy of a body with other values in some places, or none (ABSENT)."""
    body = deepcopy(body)
    for pointer, value in changes.items():
        for spot in list(spots(body, pointer)):
            if value is not ABSENT:
                spot.holder[spot.step] = deepcopy(value)
            elif spot.is_there:
                del spot.holder[spot.step]
    return body


def named_field(answer: Json) -> str | None:
    """The field that a refusal blames, in whichever of the envelopes it comes."""
    if "errors" in answer:
        parameter = answer["errors"][0].get("parameter")
        return str(parameter) if parameter is not None else None
    error = answer["error"]
    if answer.get("type") == "error":
        return str(error["message"]).partition(":")[0]
    return str(error["param"]) if error.get("param") is not None else None
