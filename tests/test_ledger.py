"""Accounts are kept in memory, or in the file of the store."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mock_server.accounts import Account
from mock_server.file_store import FileStore
from mock_server.store import MemoryStore, Store

FULL = Account(500, 900, 40, ("a", "b"), disabled=True, catalogue="closed")


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    made = MemoryStore() if request.param == "memory" else FileStore(str(tmp_path / "state.db"))
    yield made
    made.close()


def test_a_key_has_no_account_until_one_is_opened(store: Store) -> None:
    assert store.ledger.account("a") is None
    store.ledger.charge("a", 5)
    assert store.ledger.account("a") is None
    store.ledger.open("a", FULL)
    assert store.ledger.account("a") == FULL
    assert store.ledger.account("b") is None


def test_amounts_are_booked_on_what_is_left_and_what_is_spent(store: Store) -> None:
    store.ledger.open("a", FULL)
    store.ledger.charge("a", 30)
    store.ledger.charge("a", 12)
    account = store.ledger.account("a")
    assert account and (account.balance, account.spent) == (458, 82)
    store.ledger.open("a", account)
    assert store.ledger.account("a") == account


def test_what_has_no_end_has_none_after_charges(store: Store) -> None:
    store.ledger.open("a", Account())
    store.ledger.charge("a", 30)
    assert store.ledger.account("a") == Account(spent=30)


def test_a_reset_closes_one_account_or_all(store: Store) -> None:
    for key in ("a", "b", "c"):
        store.ledger.open(key, FULL)
    store.reset("a")
    assert store.ledger.account("a") is None
    assert store.ledger.account("b") == FULL
    store.reset()
    assert store.ledger.account("b") is None


def test_accounts_outlive_the_server_in_a_file(tmp_path: Path) -> None:
    first = FileStore(str(tmp_path / "state.db"))
    first.ledger.open("a", FULL)
    first.ledger.charge("a", 10)
    first.close()
    again = FileStore(str(tmp_path / "state.db"))
    assert again.ledger.account("a") == FULL.charged(10)
    again.close()


def test_no_amount_is_lost_between_processes(tmp_path: Path) -> None:
    stores = [FileStore(str(tmp_path / "state.db")) for _ in range(4)]
    stores[0].ledger.open("a", Account(balance=0))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda store: [store.ledger.charge("a", 1) for _ in range(50)], stores))
    assert stores[0].ledger.account("a") == Account(balance=-200, spent=200)
    for store in stores:
        store.close()
