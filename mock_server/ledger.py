"""The accounts of keys, as the store keeps them: in memory, or in the store's SQLite file."""

import sqlite3
from collections.abc import Callable
from typing import Any, Final, Protocol

import msgspec

from mock_server.accounts import Account

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS accounts (key TEXT PRIMARY KEY, text BLOB, spent INTEGER) WITHOUT ROWID;
"""
Run = Callable[[str, tuple[Any, ...]], sqlite3.Cursor]
"""Executes a statement with its values."""


class Ledger(Protocol):
    """Accounts by key; most keys have none."""

    def account(self, key: str) -> Account | None:
        """The account of a key, if one was opened."""

    def open(self, key: str, account: Account) -> None:
        """Give a key an account, or another one."""

    def charge(self, key: str, amount: int) -> None:
        """Book an amount on a key's account, if it has one."""

    def reset(self, key: str | None = None) -> None:
        """Close the account of one key, or of all."""


class MemoryLedger:
    """Accounts that end with the process."""

    def __init__(self) -> None:
        self._accounts: dict[str, Account] = {}

    def account(self, key: str) -> Account | None:
        """As `Ledger.account`."""
        return self._accounts.get(key)

    def open(self, key: str, account: Account) -> None:
        """As `Ledger.open`."""
        self._accounts[key] = account

    def charge(self, key: str, amount: int) -> None:
        """As `Ledger.charge`."""
        if key in self._accounts:
            self._accounts[key] = self._accounts[key].charged(amount)

    def reset(self, key: str | None = None) -> None:
        """As `Ledger.reset`."""
        if key is None:
            self._accounts.clear()
        else:
            self._accounts.pop(key, None)


class FileLedger:
    """Accounts in an SQLite file, for restarts and for several processes at once."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def account(self, key: str) -> Account | None:
        """As `Ledger.account`."""
        found = self._run("SELECT text, spent FROM accounts WHERE key = ?", (key,))
        row = found.fetchone()
        # The amount beside the text is what was charged since the account was opened.
        return msgspec.json.decode(row[0], type=Account).charged(row[1]) if row else None

    def open(self, key: str, account: Account) -> None:
        """As `Ledger.open`."""
        row = (key, msgspec.json.encode(account))
        self._run("INSERT OR REPLACE INTO accounts VALUES (?, ?, 0)", row)

    def charge(self, key: str, amount: int) -> None:
        """As `Ledger.charge`: in one statement, so that no two processes lose an amount."""
        if self.account(key) is not None:  # most keys have none, and writing locks the file
            query = "UPDATE accounts SET spent = spent + ? WHERE key = ?"
            self._run(query, (amount, key))

    def reset(self, key: str | None = None) -> None:
        """As `Ledger.reset`."""
        if key is None:
            self._run("DELETE FROM accounts", ())
        else:
            self._run("DELETE FROM accounts WHERE key = ?", (key,))
