"""What the server remembers of each key: in memory, or in an SQLite file that outlives it.

Keys themselves are not in it, only their digests.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Protocol

from mock_server.ledger import Ledger, MemoryLedger

# Processes read the clock before they reach the store: so many seconds may a call seem to be late.
SLACK = 1.0
_MOST_WINDOWS = 100_000
# A recipe has some 10 kB at most: a long prompt in it, and little else.
MOST_RECIPES = 10_000
MOST_JOBS = 20_000  # of 2.5 kB at most: a long prompt


class StoreError(ValueError):
    """A store that cannot be opened; the sentence says which and why."""


@dataclass(slots=True)
class Window:
    """A key's rate window: when it began (unix seconds), how many requests it has seen.

    `limit` is what was set for this key alone, if anything was.
    """

    start: float
    used: int
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a file is made from when it is fetched: whose it is, and since when (unix seconds)."""

    key: str
    at: float
    text: bytes


@dataclass(frozen=True, slots=True)
class Job:
    """Work that takes time: whose it is, since when (unix seconds), and what is to be made.

    `seen` is how many seconds old it was when it was last seen to be further than before.
    """

    key: str
    at: float
    text: bytes
    seen: float = 0.0


class Store(Protocol):
    """State by key; a store in a file may be shared by several processes."""

    ledger: Ledger

    def take(self, key: str, now: float, seconds: float) -> Window:
        """Count one request into the key's window of `seconds`, a new one if the last is over."""

    def windows(self, key: str | None, most: int) -> Mapping[str, Window]:
        """The window of a key, if it has one; of all keys, so many that began last."""

    def set_limit(self, key: str, requests: int) -> None:
        """Give this key a limit of its own."""

    def pace(self, key: str) -> str | None:
        """The pace that was set for this key alone, if any was."""

    def set_pace(self, key: str, pace: str) -> None:
        """Give this key a pace of its own."""

    def seed(self, key: str) -> int | None:
        """The seed that was set for this key alone, if any was."""

    def set_seed(self, key: str, seed: int) -> None:
        """Give this key a seed of its own."""

    def recipe(self, name: str) -> Recipe | None:
        """What the file of that name is made from, if it is known."""

    def keep(self, name: str, recipe: Recipe) -> None:
        """Remember what a file is made from; of too many, the oldest are forgotten."""

    def count(self, key: str) -> int:
        """The next number, from 1, of what is submitted with that key; it outlives a reset."""

    def submit(self, name: str, job: Job) -> bool:
        """Remember a new job, unless the name is taken; of too many, the oldest are forgotten."""

    def job(self, name: str) -> Job | None:
        """The job of that name, if it is known."""

    def jobs(self, key: str | None, most: int) -> Mapping[str, Job]:
        """The jobs of a key, or of all, by name: so many that were submitted last."""

    def see(self, name: str, at: float, seen: float) -> None:
        """Remember how far a job was seen to be, and since when it is held to run."""

    def reset(self, key: str | None = None) -> None:
        """Forget all of one key, or of all, but how much was submitted."""

    def close(self) -> None:
        """Let go of whatever is held open."""


def open_store(place: str) -> Store:
    """The store that `--store` names: `memory` or `sqlite:PATH`."""
    if place == "memory":
        return MemoryStore()
    from mock_server.file_store import FileStore  # most servers start without it

    return FileStore(place.removeprefix("sqlite:"))


class MemoryStore:
    """State that ends with the process. A row in SQLite would cost a third of a whole answer."""

    def __init__(self) -> None:
        self.ledger: Ledger = MemoryLedger()
        self._windows: dict[str, Window] = {}
        self._limits: dict[str, int] = {}
        self._paces: dict[str, str] = {}
        self._seeds: dict[str, int] = {}
        self._recipes: dict[str, Recipe] = {}
        self._jobs: dict[str, Job] = {}
        self._counts: dict[str, int] = {}

    def take(self, key: str, now: float, seconds: float) -> Window:
        """As `Store.take`."""
        window = self._windows.get(key)
        if window is not None and -SLACK <= now - window.start < seconds:
            window.used += 1
            return window
        self._windows.pop(key, None)
        if len(self._windows) >= _MOST_WINDOWS:  # clients choose the keys
            del self._windows[next(iter(self._windows))]
        window = self._windows[key] = Window(now, 1, self._limits.get(key))
        return window

    def windows(self, key: str | None, most: int) -> Mapping[str, Window]:
        """As `Store.windows`."""
        if key is not None:
            return {key: self._windows[key]} if key in self._windows else {}
        return dict(islice(reversed(self._windows.items()), most))

    def set_limit(self, key: str, requests: int) -> None:
        """As `Store.set_limit`; it holds for the window that is running, too."""
        self._limits[key] = requests
        if key in self._windows:
            self._windows[key].limit = requests

    def pace(self, key: str) -> str | None:
        """As `Store.pace`."""
        return self._paces.get(key)

    def set_pace(self, key: str, pace: str) -> None:
        """As `Store.set_pace`."""
        self._paces[key] = pace

    def seed(self, key: str) -> int | None:
        """As `Store.seed`."""
        return self._seeds.get(key)

    def set_seed(self, key: str, seed: int) -> None:
        """As `Store.set_seed`."""
        self._seeds[key] = seed

    def recipe(self, name: str) -> Recipe | None:
        """As `Store.recipe`."""
        return self._recipes.get(name)

    def keep(self, name: str, recipe: Recipe) -> None:
        """As `Store.keep`."""
        self._recipes.pop(name, None)
        if len(self._recipes) >= MOST_RECIPES:
            del self._recipes[next(iter(self._recipes))]
        self._recipes[name] = recipe

    def count(self, key: str) -> int:
        """As `Store.count`."""
        number = self._counts.pop(key, 0) + 1
        if len(self._counts) >= _MOST_WINDOWS:
            del self._counts[next(iter(self._counts))]
        self._counts[key] = number
        return number

    def submit(self, name: str, job: Job) -> bool:
        """As `Store.submit`."""
        if name in self._jobs:
            return False
        if len(self._jobs) >= MOST_JOBS:
            del self._jobs[next(iter(self._jobs))]
        self._jobs[name] = job
        return True

    def job(self, name: str) -> Job | None:
        """As `Store.job`."""
        return self._jobs.get(name)

    def jobs(self, key: str | None, most: int) -> Mapping[str, Job]:
        """As `Store.jobs`."""
        latest = reversed(self._jobs.items())
        return dict(islice((pair for pair in latest if key in (None, pair[1].key)), most))

    def see(self, name: str, at: float, seen: float) -> None:
        """As `Store.see`."""
        self._jobs[name] = replace(self._jobs[name], at=at, seen=seen)

    def reset(self, key: str | None = None) -> None:
        """As `Store.reset`."""
        self.ledger.reset(key)
        for named in (self._recipes, self._jobs):
            for name in [name for name, each in named.items() if key in (None, each.key)]:
                del named[name]
        for rows in (self._windows, self._limits, self._paces, self._seeds):
            if key is None:
                rows.clear()
            else:
                rows.pop(key, None)

    def close(self) -> None:
        """Nothing is held open."""
