"""What the server remembers of each key: in memory, or in an SQLite file that outlives it.

Keys themselves are not in it, only their digests.
"""

import sqlite3
from dataclasses import dataclass, replace
from typing import Protocol

_SCHEMA = """
CREATE TABLE IF NOT EXISTS windows (key TEXT PRIMARY KEY, start REAL, used INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS limits (key TEXT PRIMARY KEY, requests INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS paces (key TEXT PRIMARY KEY, pace TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS recipes (name TEXT PRIMARY KEY, key TEXT, at REAL, text BLOB);
CREATE TABLE IF NOT EXISTS jobs (name TEXT PRIMARY KEY, key TEXT, at REAL, text BLOB, seen REAL);
CREATE TABLE IF NOT EXISTS counts (key TEXT PRIMARY KEY, number INTEGER) WITHOUT ROWID;
"""
# Processes read the clock before they reach the store: so many seconds may a call seem to be late.
_SLACK = 1.0
_MOST_WINDOWS = 100_000
# A recipe has some 10 kB at most: a long prompt in it, and little else.
_MOST_RECIPES = 10_000
_MOST_JOBS = 20_000  # of 2.5 kB at most: a long prompt
# One statement, so that no two requests, threads or processes can both take the last place.
_TAKE = """
INSERT INTO windows (key, start, used) VALUES (:key, :now, 1)
ON CONFLICT (key) DO UPDATE SET
  used = CASE WHEN :now - start >= -:slack AND :now - start < :seconds THEN used + 1 ELSE 1 END,
  start = CASE WHEN :now - start >= -:slack AND :now - start < :seconds THEN start ELSE :now END
RETURNING start, used, (SELECT requests FROM limits WHERE limits.key = :key)
"""
# Each row gets a number above all others, one that is replaced too.
_FORGET = """
DELETE FROM recipes WHERE rowid IN (
  SELECT rowid FROM recipes ORDER BY rowid LIMIT max(0, (SELECT count(*) FROM recipes) - ?)
)
"""
# No job is replaced, so the numbers of the rows tell how many there are, without counting.
_FORGET_JOBS = "DELETE FROM jobs WHERE rowid <= (SELECT max(rowid) FROM jobs) - ?"
_COUNT = """
INSERT INTO counts (key, number) VALUES (:key, 1)
ON CONFLICT (key) DO UPDATE SET number = number + 1 RETURNING number
"""


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

    def take(self, key: str, now: float, seconds: float) -> Window:
        """Count one request into the key's window of `seconds`, a new one if the last is over."""

    def set_limit(self, key: str, requests: int) -> None:
        """Give this key a limit of its own."""

    def pace(self, key: str) -> str | None:
        """The pace that was set for this key alone, if any was."""

    def set_pace(self, key: str, pace: str) -> None:
        """Give this key a pace of its own."""

    def recipe(self, name: str) -> Recipe | None:
        """What the file of that name is made from, if it is known."""

    def keep(self, name: str, recipe: Recipe) -> None:
        """Remember what a file is made from; of too many, the oldest are forgotten."""

    def count(self, key: str) -> int:
        """The next number, from 1, of what is submitted with that key; no number comes twice."""

    def submit(self, name: str, job: Job) -> None:
        """Remember a new job; of too many, the oldest are forgotten."""

    def job(self, name: str) -> Job | None:
        """The job of that name, if it is known."""

    def see(self, name: str, at: float, seen: float) -> None:
        """Remember how far a job was seen to be, and since when it is held to run."""

    def reset(self, key: str | None = None) -> None:
        """Forget the windows, limits, paces, recipes and jobs of one key, or of all."""

    def close(self) -> None:
        """Let go of whatever is held open."""


def open_store(place: str) -> Store:
    """The store that `--store` names: `memory` or `sqlite:PATH`."""
    return MemoryStore() if place == "memory" else FileStore(place.removeprefix("sqlite:"))


class MemoryStore:
    """State that ends with the process. A row in SQLite would cost a third of a whole answer."""

    def __init__(self) -> None:
        self._windows: dict[str, Window] = {}
        self._limits: dict[str, int] = {}
        self._paces: dict[str, str] = {}
        self._recipes: dict[str, Recipe] = {}
        self._jobs: dict[str, Job] = {}
        self._counts: dict[str, int] = {}

    def take(self, key: str, now: float, seconds: float) -> Window:
        """As `Store.take`."""
        window = self._windows.get(key)
        if window is not None and -_SLACK <= now - window.start < seconds:
            window.used += 1
            return window
        if len(self._windows) >= _MOST_WINDOWS:  # clients choose the keys
            del self._windows[next(iter(self._windows))]
        window = self._windows[key] = Window(now, 1, self._limits.get(key))
        return window

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

    def recipe(self, name: str) -> Recipe | None:
        """As `Store.recipe`."""
        return self._recipes.get(name)

    def keep(self, name: str, recipe: Recipe) -> None:
        """As `Store.keep`."""
        self._recipes.pop(name, None)
        if len(self._recipes) >= _MOST_RECIPES:
            del self._recipes[next(iter(self._recipes))]
        self._recipes[name] = recipe

    def count(self, key: str) -> int:
        """As `Store.count`."""
        self._counts[key] = number = self._counts.get(key, 0) + 1
        return number

    def submit(self, name: str, job: Job) -> None:
        """As `Store.submit`."""
        if len(self._jobs) >= _MOST_JOBS:
            del self._jobs[next(iter(self._jobs))]
        self._jobs[name] = job

    def job(self, name: str) -> Job | None:
        """As `Store.job`."""
        return self._jobs.get(name)

    def see(self, name: str, at: float, seen: float) -> None:
        """As `Store.see`."""
        self._jobs[name] = replace(self._jobs[name], at=at, seen=seen)

    def reset(self, key: str | None = None) -> None:
        """As `Store.reset`."""
        for named in (self._recipes, self._jobs):
            for name in [name for name, each in named.items() if key in (None, each.key)]:
                del named[name]
        for rows in (self._windows, self._limits, self._paces, self._counts):
            if key is None:
                rows.clear()
            else:
                rows.pop(key, None)

    def close(self) -> None:
        """Nothing is held open."""


class FileStore:
    """State in an SQLite file, for restarts and for several processes at once."""

    def __init__(self, path: str) -> None:
        try:
            self._db = sqlite3.connect(
                path, isolation_level=None, check_same_thread=False, timeout=10
            )
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.executescript(_SCHEMA)
        except sqlite3.Error as error:
            raise StoreError(f"{path} cannot be used as a store: {error}") from None

    def take(self, key: str, now: float, seconds: float) -> Window:
        """As `Store.take`."""
        row = {"key": key, "now": now, "seconds": seconds, "slack": _SLACK}
        return Window(*self._db.execute(_TAKE, row).fetchone())

    def set_limit(self, key: str, requests: int) -> None:
        """As `Store.set_limit`."""
        self._db.execute("INSERT OR REPLACE INTO limits VALUES (?, ?)", (key, requests))

    def pace(self, key: str) -> str | None:
        """As `Store.pace`."""
        row = self._db.execute("SELECT pace FROM paces WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def set_pace(self, key: str, pace: str) -> None:
        """As `Store.set_pace`."""
        self._db.execute("INSERT OR REPLACE INTO paces VALUES (?, ?)", (key, pace))

    def recipe(self, name: str) -> Recipe | None:
        """As `Store.recipe`."""
        found = self._db.execute("SELECT key, at, text FROM recipes WHERE name = ?", (name,))
        row = found.fetchone()
        return Recipe(*row) if row else None

    def keep(self, name: str, recipe: Recipe) -> None:
        """As `Store.keep`."""
        row = (name, recipe.key, recipe.at, recipe.text)
        self._db.execute("INSERT OR REPLACE INTO recipes VALUES (?, ?, ?, ?)", row)
        self._db.execute(_FORGET, (_MOST_RECIPES,))

    def count(self, key: str) -> int:
        """As `Store.count`."""
        number: int = self._db.execute(_COUNT, {"key": key}).fetchone()[0]
        return number

    def submit(self, name: str, job: Job) -> None:
        """As `Store.submit`; the job is there for whoever opens the file afterwards."""
        row = (name, job.key, job.at, job.text, job.seen)
        self._db.execute("INSERT INTO jobs VALUES (?, ?, ?, ?, ?)", row)
        self._db.execute(_FORGET_JOBS, (_MOST_JOBS,))

    def job(self, name: str) -> Job | None:
        """As `Store.job`."""
        found = self._db.execute("SELECT key, at, text, seen FROM jobs WHERE name = ?", (name,))
        row = found.fetchone()
        return Job(*row) if row else None

    def see(self, name: str, at: float, seen: float) -> None:
        """As `Store.see`."""
        self._db.execute("UPDATE jobs SET at = ?, seen = ? WHERE name = ?", (at, seen, name))

    def reset(self, key: str | None = None) -> None:
        """As `Store.reset`."""
        for table in ("windows", "limits", "paces", "recipes", "jobs", "counts"):
            if key is None:
                self._db.execute(f"DELETE FROM {table}")
            else:
                self._db.execute(f"DELETE FROM {table} WHERE key = ?", (key,))

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()
