"""The contract as one provider keeps it: its own operations, keys and headers, and no others."""

from collections.abc import Collection, Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from mock_server.document import Document, load
from mock_server.fixtures import CONTRACT

Json = Any
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def provider_view(
    provider: str, path: Path = CONTRACT, *, own_host: bool = False
) -> dict[str, Json]:
    """An OpenAPI document of that provider alone, stricter where a rule holds for it only.

    With `own_host`, what the provider has on another host than its API is left out.
    """
    data = deepcopy(_loaded(path).data)
    own = {
        name
        for name, scheme in data["components"]["securitySchemes"].items()
        if scheme["x-provider"] == provider
    }
    hosts = {server["url"] for server in data["servers"]}
    for item in data["paths"].values():
        for method in [each for each in _METHODS if each in item]:
            if _serves(item[method], provider, hosts if own_host else None):
                _keep_schemes(item[method], own)
            else:
                del item[method]
    data["paths"] = {path: item for path, item in data["paths"].items() if item}
    data["servers"] = [server for server in data["servers"] if server["x-provider"] == provider]
    for header in data["components"]["headers"].values():
        if provider in header.get("x-required-by", ()):
            header["required"] = True
    return data


@cache
def _loaded(path: Path) -> Document:
    return load(path)


def _serves(operation: Mapping[str, Json], provider: str, hosts: Collection[str] | None) -> bool:
    return any(
        server["x-provider"] == provider and (hosts is None or server["url"] in hosts)
        for server in operation["servers"]
    )


def _keep_schemes(operation: dict[str, Json], own: set[str]) -> None:
    """Leave only this provider's ways to show a key; an empty alternative stays."""
    operation["security"] = [each for each in operation["security"] if set(each) <= own]
