"""State in an SQLite file, for restarts and for several processes at once."""

import sqlite3
from collections.abc import Mapping
from typing import Any

from mock_server import ledger, store
from mock_server.errors import ApiError
from mock_server.store import Job, Recipe, StoreError, Window

_SCHEMA = """
CREATE TABLE IF NOT EXISTS windows (key TEXT PRIMARY KEY, start REAL, used INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS limits (key TEXT PRIMARY KEY, requests INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS paces (key TEXT PRIMARY KEY, pace TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS seeds (key TEXT PRIMARY KEY, seed INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS recipes (name TEXT PRIMARY KEY, key TEXT, at REAL, text BLOB);
CREATE TABLE IF NOT EXISTS jobs (name TEXT PRIMARY KEY, key TEXT, at REAL, text BLOB, seen REAL);
CREATE TABLE IF NOT EXISTS counts (key TEXT PRIMARY KEY, number INTEGER) WITHOUT ROWID;
"""
# One statement, so that no two requests, threads or processes can both take the last place.
_TAKE = """
INSERT INTO windows (key, start, used) VALUES (:key, :now, 1)
ON CONFLICT (key) DO UPDATE SET
  used = CASE WHEN :now - start >= -:slack AND :now - start < :seconds THEN used + 1 ELSE 1 END,
  start = CASE WHEN :now - start >= -:slack AND :now - start < :seconds THEN start ELSE :now END
RETURNING start, used, (SELECT requests FROM limits WHERE limits.key = :key)
"""
_WINDOWS = """
SELECT windows.key, start, used, requests FROM windows LEFT JOIN limits USING (key)
WHERE :key IS NULL OR windows.key = :key ORDER BY start DESC LIMIT :most
"""
_JOBS = """
SELECT name, key, at, text, seen FROM jobs
WHERE :key IS NULL OR key = :key ORDER BY rowid DESC LIMIT :most
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


# Whoever else writes into the file needs less; nobody is answered while it is waited for.
_PATIENCE = 1.0


class FileStore:
    """State in an SQLite file, for restarts and for several processes at once."""

    def __init__(self, path: str) -> None:
        try:
            self._db = sqlite3.connect(
                path, isolation_level=None, check_same_thread=False, timeout=_PATIENCE
            )
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.executescript(_SCHEMA + ledger.SCHEMA)
        except sqlite3.Error as error:
            raise StoreError(f"{path} cannot be used as a store: {error}") from None
        self.ledger: ledger.Ledger = ledger.FileLedger(self._run)

    def take(self, key: str, now: float, seconds: float) -> Window:
        """As `Store.take`."""
        row = {"key": key, "now": now, "seconds": seconds, "slack": store.SLACK}
        return Window(*self._run(_TAKE, row).fetchone())

    def windows(self, key: str | None, most: int) -> Mapping[str, Window]:
        """As `Store.windows`."""
        rows = self._run(_WINDOWS, {"key": key, "most": most})
        return {row[0]: Window(*row[1:]) for row in rows}

    def set_limit(self, key: str, requests: int) -> None:
        """As `Store.set_limit`."""
        self._run("INSERT OR REPLACE INTO limits VALUES (?, ?)", (key, requests))

    def pace(self, key: str) -> str | None:
        """As `Store.pace`."""
        row = self._run("SELECT pace FROM paces WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def set_pace(self, key: str, pace: str) -> None:
        """As `Store.set_pace`."""
        self._run("INSERT OR REPLACE INTO paces VALUES (?, ?)", (key, pace))

    def seed(self, key: str) -> int | None:
        """As `Store.seed`."""
        row = self._run("SELECT seed FROM seeds WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def set_seed(self, key: str, seed: int) -> None:
        """As `Store.set_seed`."""
        self._run("INSERT OR REPLACE INTO seeds VALUES (?, ?)", (key, seed))

    def recipe(self, name: str) -> Recipe | None:
        """As `Store.recipe`."""
        found = self._run("SELECT key, at, text FROM recipes WHERE name = ?", (name,))
        row = found.fetchone()
        return Recipe(*row) if row else None

    def keep(self, name: str, recipe: Recipe) -> None:
        """As `Store.keep`."""
        row = (name, recipe.key, recipe.at, recipe.text)
        self._run("INSERT OR REPLACE INTO recipes VALUES (?, ?, ?, ?)", row)
        self._run(_FORGET, (store.MOST_RECIPES,))

    def count(self, key: str) -> int:
        """As `Store.count`."""
        number: int = self._run(_COUNT, {"key": key}).fetchone()[0]
        return number

    def submit(self, name: str, job: Job) -> bool:
        """As `Store.submit`; the job is there for whoever opens the file afterwards."""
        row = (name, job.key, job.at, job.text, job.seen)
        done = self._run("INSERT OR IGNORE INTO jobs VALUES (?, ?, ?, ?, ?)", row)
        self._run(_FORGET_JOBS, (store.MOST_JOBS,))
        return done.rowcount == 1

    def job(self, name: str) -> Job | None:
        """As `Store.job`."""
        found = self._run("SELECT key, at, text, seen FROM jobs WHERE name = ?", (name,))
        row = found.fetchone()
        return Job(*row) if row else None

    def jobs(self, key: str | None, most: int) -> Mapping[str, Job]:
        """As `Store.jobs`."""
        rows = self._run(_JOBS, {"key": key, "most": most})
        return {row[0]: Job(*row[1:]) for row in rows}

    def see(self, name: str, at: float, seen: float) -> None:
        """As `Store.see`."""
        self._run("UPDATE jobs SET at = ?, seen = ? WHERE name = ?", (at, seen, name))

    def reset(self, key: str | None = None) -> None:
        """As `Store.reset`."""
        self.ledger.reset(key)
        for table in ("windows", "limits", "paces", "seeds", "recipes", "jobs"):
            if key is None:
                self._run(f"DELETE FROM {table}")
            else:
                self._run(f"DELETE FROM {table} WHERE key = ?", (key,))

    def _run(self, command: str, values: Any = ()) -> sqlite3.Cursor:
        try:
            return self._db.execute(command, values)
        except sqlite3.OperationalError as error:
            raise ApiError("overloaded", f"The store cannot be used: {error}.") from None

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()
