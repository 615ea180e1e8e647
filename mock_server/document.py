"""One OpenAPI document, read from a file: YAML or JSON, 3.0 or 3.1, bundled into one piece."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from mock_server.bundle import anchors, bundle
from mock_server.grammar import Place, walk
from mock_server.source import DocumentError, escape, node_at, pointer, read, yaml_loader
from mock_server.upgrade import upgrade
from mock_server.wire import Json

__all__ = ["Document", "DocumentError", "escape", "load", "pointer", "yaml_loader"]

# No sound document chains references further, and a client's schema shall not make us try.
_LONGEST_CHAIN = 100


@dataclass(frozen=True)
class Document:
    """A whole OpenAPI document (or one JSON Schema) whose references all stay inside."""

    data: dict[str, Json]
    folder: Path = field(default_factory=Path)

    def resolve(self, node: Json) -> Json:
        """The node that a chain of references ends at; a node without `$ref` is itself."""
        chain: list[str] = []
        while isinstance(node, dict) and isinstance(ref := node.get("$ref"), str):
            if ref in chain or len(chain) == _LONGEST_CHAIN:
                raise DocumentError(f"The references {' -> '.join([*chain[:5], ref])} never end.")
            chain.append(ref)
            node = self.lookup(ref)
        return node

    def lookup(self, ref: str) -> Json:
        """The node at a local reference such as `#/components/schemas/Chat`."""
        home, _, fragment = ref.partition("#")
        if home and home != str(self.data.get("$id")).rstrip("#"):
            raise DocumentError(f"The reference {ref!r} leads out of the document.")
        if fragment and not fragment.startswith("/"):
            fragment = self._anchors.get(fragment, "/" + fragment)
        return node_at(self.data, fragment)

    @cached_property
    def _anchors(self) -> dict[str, str]:
        return anchors(self.data, "document" if "openapi" in self.data else "schema")


def load(path: Path) -> Document:
    """Read, bundle, check and (3.0) upgrade the document in this file; raises DocumentError."""
    data = _openapi(path, read(path))
    bundle(path, data)
    if str(data["openapi"]).startswith("3.0"):
        upgrade(data)
    document = Document(data, path.resolve().parent)
    for place in walk(data):
        if "$ref" in place.node:
            _check(document, place, path)
    return document


def _openapi(path: Path, data: Json) -> dict[str, Json]:
    if not isinstance(data, dict) or not {"openapi", "swagger"} & data.keys():
        raise DocumentError(f"{path} is no OpenAPI document: there is no `openapi` at its top.")
    version = str(data.get("openapi", data.get("swagger")))
    if not re.match(r"3\.[01](\.|$)", version):
        raise DocumentError(
            f"{path} is written in OpenAPI {version}; 3.0 and 3.1 are served. Convert it first."
        )
    for name in ("paths", "webhooks", "components"):
        if not isinstance(data.get(name, {}), dict):
            raise DocumentError(f"{path}: `{name}` must be a mapping.")
    return data


def _check(document: Document, place: Place, path: Path) -> None:
    try:
        document.resolve(place.node)
    except DocumentError as error:
        raise DocumentError(f"{path}, at {pointer(*place.names)}: {error}") from None
