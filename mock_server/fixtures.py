"""The data files that come with the server."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from mock_server.wire import Json

_HERE = Path(__file__).parent
# In a checkout the data stand beside the package, in a wheel inside it.
_DATA = _HERE if (_HERE / "openapi.yaml").exists() else _HERE.parent
CONTRACT = _DATA / "openapi.yaml"
FIXTURES = _DATA / "fixtures"


def read_yaml(name: str | Path) -> Json:
    """The content of one fixture, by its file name, or of a file elsewhere by its whole path."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load((FIXTURES / name).read_text("utf-8"), loader)


@cache
def ready_keys() -> Mapping[str, str]:
    """The keys that are always good, by provider."""
    keys: Mapping[str, str] = read_yaml("keys.yaml")["ready"]
    return keys


def key_of(provider: str, name: str) -> str:
    """A key that a mock takes for that provider: the ready one with another ending."""
    return ready_keys()[provider].removesuffix("test") + name
