"""The one memory of the server: SQLite, in memory by default or in a file that outlives it."""

import sqlite3
from dataclasses import dataclass

_SCHEMA = """
CREATE TABLE IF NOT EXISTS windows (key TEXT PRIMARY KEY, start REAL, used INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS limits (key TEXT PRIMARY KEY, requests INTEGER) WITHOUT ROWID;
"""
# One statement, so that no two requests, threads or processes can both take the last place.
_TAKE = """
INSERT INTO windows (key, start, used) VALUES (:key, :now, 1)
ON CONFLICT (key) DO UPDATE SET
  used = CASE WHEN :now BETWEEN start AND start + :seconds - 1e-6 THEN used + 1 ELSE 1 END,
  start = CASE WHEN :now BETWEEN start AND start + :seconds - 1e-6 THEN start ELSE :now END
RETURNING start, used, (SELECT requests FROM limits WHERE limits.key = :key)
"""


@dataclass(frozen=True, slots=True)
class Window:
    """A key's rate window: when it began (unix seconds), how many requests it has seen.

    `limit` is what was set for this key alone, if anything was.
    """

    start: float
    used: int
    limit: int | None


class Store:
    """Rows by API key (its digest, never the key itself)."""

    def __init__(self, path: str = ":memory:") -> None:
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
        if path != ":memory:":
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.executescript(_SCHEMA)

    def take(self, key: str, now: float, seconds: float) -> Window:
        """Count one request into the key's window of `seconds`, a new one if the last is over."""
        return Window(*self._db.execute(_TAKE, (key, now, seconds)).fetchone())

    def set_limit(self, key: str, requests: int) -> None:
        """Give this key a limit of its own."""
        self._db.execute("INSERT OR REPLACE INTO limits VALUES (?, ?)", (key, requests))

    def reset(self, key: str | None = None) -> None:
        """Forget the windows and limits of one key, or of all."""
        for table in ("windows", "limits"):
            if key is None:
                self._db.execute(f"DELETE FROM {table}")
            else:
                self._db.execute(f"DELETE FROM {table} WHERE key = ?", (key,))

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()
