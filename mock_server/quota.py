"""How many requests a key may make: fixed windows, counted in the store, told in headers."""

import math

import msgspec

from mock_server.auth import Identity
from mock_server.operation import Provider
from mock_server.store import Store, Window

# What a limit of 0 (off) stands for: told and counted like any other, and never met.
UNLIMITED = 2**31 - 1
_WINDOW_SECONDS = 60.0


class Quota(msgspec.Struct, frozen=True):
    """Where a key stands in its window: `reset` in unix seconds, `retry_after` in seconds >= 1."""

    limit: int
    used: int
    reset: int
    retry_after: int

    @property
    def remaining(self) -> int:
        """Requests left in the window."""
        return max(0, self.limit - self.used)

    @property
    def exceeded(self) -> bool:
        """Whether the request just counted was one too many."""
        return self.used > self.limit


def spend(store: Store, caller: Identity, now: float, limit: int | None) -> Quota:
    """Count one request of that caller.

    `limit` is the one set for every key (0 = off, None = as documented); a key's own goes first.
    """
    documented = caller.provider.rate_limit if caller.provider else None
    seconds = documented[1] if documented else _WINDOW_SECONDS
    return stand(store.take(caller.id, now, seconds), caller.provider, now, limit)


def stand(window: Window, provider: Provider | None, now: float, limit: int | None) -> Quota:
    """Where a key of that provider stands in its window; `limit` is the one set for every key."""
    documented = provider.rate_limit if provider else None
    requests = limit if window.limit is None else window.limit
    if requests is None:
        requests = documented[0] if documented else 0
    end = window.start + (documented[1] if documented else _WINDOW_SECONDS)
    return Quota(
        limit=requests or UNLIMITED,
        used=window.used,
        reset=math.ceil(end),
        retry_after=max(1, math.ceil(end - now)),
    )
