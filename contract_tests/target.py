"""What the contract is held against: the mock in this process, or a server at a URL."""

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.util import find_spec
from ipaddress import ip_address
from typing import Literal, TypeVar
from urllib.parse import urlsplit

from contract_tests.control import PREFIX, TOKEN, token_headers
from contract_tests.target_file import TargetFile, TargetFileError, read_target_file
from mock_server.document import load
from mock_server.fixtures import CONTRACT, key_of, ready_keys

Number = TypeVar("Number", int, float)
_READY = ready_keys()
PROVIDERS = tuple(_READY)
URL, ONLY, TIER = "CONTRACT_TESTS_TARGET", "CONTRACT_TESTS_PROVIDERS", "CONTRACT_TESTS_TIER"
FILE, LIVE = "CONTRACT_TESTS_TARGET_FILE", "CONTRACT_TESTS_LIVE"
PROVE, OBSERVES = "CONTRACT_TESTS_PROVE", "CONTRACT_TESTS_OBSERVES"
MAX_CALLS, MAX_SPEND = "CONTRACT_TESTS_MAX_CALLS", "CONTRACT_TESTS_MAX_SPEND"
TIERS = ("smoke", "full", "fuzz")
# Cases that are generated for an operation, by tier, beside its examples.
_CASES = {"smoke": 3, "full": 25, "fuzz": 500}
# What a paid run may send and spend, in USD, where nothing else is said: our own figures.
_MOST = {"smoke": (30, 0.5), "full": (300, 5.0), "fuzz": (300, 5.0)}


_PATIENCE = 10  # seconds for the first answer


class TargetError(ValueError):
    """A target that the tests cannot run against; the sentence says why."""


@dataclass(frozen=True)
class Target:
    """Where to send requests, with whose keys, and how many; `url` is None for the mock.

    `paid` says that calls may cost money: then only what must succeed is sent, `most_calls` at
    most, for `most_spent` USD. `is_mock` says that it is a mock, which takes any key and can be
    told to lift its limits; one that `lacks_codecs` speaks neither Opus nor AAC.
    """

    url: str | None
    keys: Mapping[str, str]
    tier: str
    paid: bool
    is_mock: bool = False
    file: TargetFile = field(default_factory=TargetFile)
    most_calls: int | None = None
    most_spent: float | None = None
    lacks_codecs: bool = False

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

    Without a URL it is the mock. A server elsewhere than on this machine is taken for a paid one
    where its file does not say otherwise. It is only asked with the keys that the environment has
    for it, or if that is allowed, with those that everybody knows.
    """
    file = _file(environ)
    url = _origin(environ.get(URL) or file.url)
    is_elsewhere = url is not None and not _is_local(url)
    paid = is_elsewhere if file.paid is None else file.paid
    tier = environ.get(TIER) or ("smoke" if paid else "full")
    if tier not in TIERS:
        raise TargetError(f"the tier {tier!r} is not one of {', '.join(TIERS)}")
    named = environ.get(ONLY, "").split() or list(file.providers)
    if unknown := sorted(set(named) - set(PROVIDERS)):
        raise TargetError(f"no provider is called {', '.join(unknown)}")
    needs_key = (paid or is_elsewhere) and not environ.get(LIVE)
    keys = _keys(environ, named or _served_at(url), is_open=not needs_key)
    if not keys:
        names = " or ".join(variable_of(name) for name in named or _served_at(url))
        raise TargetError(f"{url} needs a key: set {names}, or say --live")
    if is_elsewhere and len(keys) > 1 and not named:
        raise TargetError(f"whose keys may {url} see? Name them: --provider {' or '.join(keys)}")
    most_calls, most_spent = _MOST[tier] if paid else (None, None)
    return Target(
        url,
        keys,
        tier,
        paid,
        file=file,
        most_calls=_limit(environ, MAX_CALLS, int, most_calls),
        most_spent=_limit(environ, MAX_SPEND, float, most_spent),
    )


def _origin(url: str | None) -> str | None:
    """Below what the contract's paths stand: they begin with the `/v1` that SDKs want in a URL."""
    if url is None:
        return None
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise TargetError(f"{url} is no http or https URL of a server")
    return url.rstrip("/").removesuffix("/v1")


def _file(environ: Mapping[str, str]) -> TargetFile:
    try:
        return read_target_file(environ[FILE]) if environ.get(FILE) else TargetFile()
    except TargetFileError as error:
        raise TargetError(str(error)) from None


def _keys(environ: Mapping[str, str], wanted: Sequence[str], *, is_open: bool) -> dict[str, str]:
    given = {name: environ.get(variable_of(name), "") for name in wanted}
    known = {name: given[name] or (_READY[name] if is_open else "") for name in wanted}
    return {name: key for name, key in known.items() if key}


def _limit(
    environ: Mapping[str, str], name: str, kind: Callable[[str], Number], usual: Number | None
) -> Number | None:
    try:
        return kind(environ[name]) if environ.get(name) else usual
    except ValueError:
        raise TargetError(f"{name} is {environ[name]!r}, which is no number") from None


def _served_at(url: str | None) -> list[str]:
    """The providers whose own host it is, or all where it is nobody's: keys are not for others."""
    servers = load(CONTRACT).data["servers"]
    host = urlsplit(url or "").hostname
    mine = [each["x-provider"] for each in servers if urlsplit(each["url"]).hostname == host]
    return mine or list(PROVIDERS)


def variable_of(provider: str) -> str:
    """The environment variable that holds a provider's key."""
    return f"{provider.upper()}_API_KEY"


def meet(target: Target) -> Target:
    """The target, once it was asked whether it is a mock; a mock gets keys without a limit.

    Raises TargetError where no server answers.
    """
    import httpx2  # an extra, which `contract-tests` looks for after it has read its target

    if target.url is None:
        return replace(target, is_mock=True, lacks_codecs=find_spec("av") is None)
    if target.paid:
        return target
    try:
        health = httpx2.get(f"{target.url}{PREFIX}/health", timeout=_PATIENCE)
    except httpx2.TimeoutException:
        raise TargetError(f"{target.url} has not answered for {_PATIENCE} seconds") from None
    except httpx2.ConnectError as error:
        raise TargetError(f"no server answers at {target.url}: {error}") from None
    except httpx2.HTTPError:
        return target
    told = _told_by_mock(health.content)
    if told is None:
        return target
    keys = {name: key_of(name, "contract_tests") for name in target.keys}
    _lift_limits(target.url, keys.values())
    return replace(target, keys=keys, is_mock=True, lacks_codecs=not told.get("codecs", True))


def _lift_limits(url: str, keys: Iterable[str]) -> None:
    """Let these keys ask as often as they like; raises TargetError where the mock forbids that."""
    import httpx2

    headers = token_headers()
    for key in keys:
        place = f"{url}{PREFIX}/keys/{key}"
        done = httpx2.put(place, json={"rate_limit": 0}, headers=headers, timeout=5)
        if done.is_error:
            reason = done.json()["error"]["message"]
            raise TargetError(f"the mock at {url} cannot be set up: {reason} ({TOKEN})")


def _told_by_mock(health: bytes) -> Mapping[str, object] | None:
    """What this project's mock says of itself; None of a page that stands at any path."""
    try:
        told = json.loads(health)
    except ValueError:
        return None
    is_mock = isinstance(told, dict) and told.keys() >= {"status", "version", "mode", "now"}
    return told if is_mock else None


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
