"""The requests that the contract itself shows: one for every operation, from its examples."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote

import httpx2

from contract_tests.view import provider_view

Json = Any


@dataclass(frozen=True)
class Sample:
    """An operation of a provider, and a request to it that must succeed.

    The ids in a `path` are those of the examples: only in the `template` of the contract is it told
    that they are ids.
    """

    provider: str
    operation: Mapping[str, Json]
    method: str
    template: str
    path: str
    body: Json
    form: bool

    @property
    def name(self) -> str:
        """How tests call it."""
        return f"{self.provider}-{self.operation['operationId']}"

    def send(self, client: httpx2.Client, headers: Mapping[str, str]) -> httpx2.Response:
        """Send it with these headers."""
        if self.form:
            fields = {name: value for name, value in self.body.items() if name != "file"}
            files = {"other": ("other", b"x", "text/plain")}  # without any it would be no such form
            if "file" in self.body:
                # In an example, bytes stand as the characters of the same numbers.
                files = {"file": ("speech.wav", self.body["file"].encode("latin-1"), "audio/wav")}
            return client.request(
                self.method, self.path, data=fields, files=files, headers=dict(headers)
            )
        sent = {"json": self.body} if self.body is not None else {}
        return client.request(self.method, self.path, headers=dict(headers), **sent)


@cache
def samples(provider: str) -> tuple[Sample, ...]:
    """One sample for each of a provider's operations."""
    return tuple(_each_sample(provider))


def _each_sample(provider: str) -> Iterator[Sample]:
    document = provider_view(provider, own_host=True)
    for path, item in document["paths"].items():
        for method in ("get", "post"):
            if method in item:
                way = _filled(path, item.get("parameters", []), provider, document)
                yield _sample(provider, item[method], method.upper(), (path, way))


def _sample(provider: str, operation: Json, method: str, paths: tuple[str, str]) -> Sample:
    content = operation.get("requestBody", {}).get("content", {})
    media_type = next(iter(content), "")
    examples = content.get(media_type, {}).get("examples", {})
    example: Json = next(iter(examples.values()), {})
    form = media_type == "multipart/form-data"
    return Sample(provider, operation, method, *paths, example.get("value"), form)


def _filled(path: str, parameters: list[Json], provider: str, document: Json) -> str:
    """A path with the example of each parameter: the one named as the provider, else the first."""
    for parameter in parameters:
        if "$ref" in parameter:
            name = parameter["$ref"].rpartition("/")[2]
            parameter = document["components"]["parameters"][name]
        examples = parameter.get("examples") or {"": {"value": parameter.get("example")}}
        chosen = examples.get(provider) or next(iter(examples.values()))
        slot = "{" + parameter["name"] + "}"
        path = path.replace(slot, quote(str(chosen["value"]), safe=""))
    return path
