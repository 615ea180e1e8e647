"""What the contract is held against: the mock in this process, or a server at a URL."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit

from mock_server.fixtures import read_yaml

_READY: Mapping[str, str] = read_yaml("keys.yaml")["ready"]
PROVIDERS = tuple(_READY)
URL, ONLY, TIER = "CONTRACT_TESTS_TARGET", "CONTRACT_TESTS_PROVIDERS", "CONTRACT_TESTS_TIER"
TIERS = ("smoke", "full", "fuzz")
# Cases that are generated for an operation, by tier, beside its examples.
_CASES = {"smoke": 3, "full": 25, "fuzz": 500}


class TargetError(ValueError):
    """A target that the tests cannot run against; the sentence says why."""


@dataclass(frozen=True)
class Target:
    """Where to send requests, with whose keys, and how many; `url` is None for the mock.

    `paid` says that calls may cost money: then only what must succeed is sent. `is_mock` says that
    it is a mock, which takes any key and can be told to lift its limits.
    """

    url: str | None
    keys: Mapping[str, str]
    tier: str
    paid: bool
    is_mock: bool = False

    @property
    def binds(self) -> Literal["live", "any", "mock"]:
        """The clauses that bind it: those of its kind, and of those after it in this order."""
        return "live" if self.paid else "mock" if self.is_mock else "any"

    @property
    def secrets(self) -> Mapping[str, str]:
        """The keys that nobody may read, by provider; a mock's are no secret."""
        known = {} if self.is_mock else self.keys
        return {name: key for name, key in known.items() if key != _READY[name]}

    @property
    def generates(self) -> bool:
        """Whether requests are made up: not for a first look, of live servers only if asked for."""
        return self.tier == "fuzz" or (self.tier == "full" and not self.paid)

    @property
    def cases(self) -> int:
        """How many cases to generate for each operation."""
        return _CASES[self.tier]


def read_target(environ: Mapping[str, str]) -> Target:
    """The target that the environment names; raises TargetError.

    Without a URL it is the mock. A server elsewhere than on this machine is taken for a paid one,
    and is only asked with the keys that the environment has for it.
    """
    url = environ.get(URL) or None
    paid = url is not None and not _is_local(url)
    tier = environ.get(TIER) or ("smoke" if paid else "full")
    if tier not in TIERS:
        raise TargetError(f"the tier {tier!r} is not one of {', '.join(TIERS)}")
    if paid and tier != "smoke":
        raise TargetError(f"tier {tier} sends hundreds of requests; {url} may charge for each")
    wanted = environ.get(ONLY, "").split() or list(PROVIDERS)
    unknown = sorted(set(wanted) - set(PROVIDERS))
    if unknown:
        raise TargetError(f"no provider is called {', '.join(unknown)}")
    given = {name: environ.get(variable_of(name), "") for name in wanted}
    known = given if paid else {name: given[name] or _READY[name] for name in wanted}
    keys = {name: key for name, key in known.items() if key}
    if not keys:
        names = " or ".join(variable_of(name) for name in wanted)
        raise TargetError(f"{url} needs a key: set {names}")
    return Target(url.rstrip("/") if url else None, keys, tier, paid)


def variable_of(provider: str) -> str:
    """The environment variable that holds a provider's key."""
    return f"{provider.upper()}_API_KEY"


def key_of(provider: str, name: str) -> str:
    """A key that a mock takes for that provider: the ready one with another ending."""
    return _READY[provider].removesuffix("test") + name


def meet(target: Target) -> Target:
    """The target, once it was asked whether it is a mock; a mock gets keys without a limit."""
    import httpx2  # an extra, which `contract-tests` looks for after it has read its target

    if target.url is None:
        return replace(target, is_mock=True)
    if target.paid:
        return target
    try:
        health = httpx2.get(f"{target.url}/__mock__/health", timeout=5)
    except httpx2.HTTPError:
        return target
    if health.status_code != 200:
        return target
    keys = {name: key_of(name, "contract_tests") for name in target.keys}
    for key in keys.values():
        httpx2.put(f"{target.url}/__mock__/keys/{key}", json={"rate_limit": 0}, timeout=5)
    return replace(target, keys=keys, is_mock=True)


@cache
def the_target() -> Target:
    """What this run is about, as its environment says; raises TargetError."""
    return meet(read_target(os.environ))


def _is_local(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
