"""What a key may do and spend: a balance, a limit of its own, its models, whether it is in use."""

from typing import Final, Literal

import msgspec

from mock_server.errors import ApiError
from mock_server.models import Catalogue
from mock_server.operation import Operation, Provider
from mock_server.violations import show
from mock_server.wire import Json

MICRO: Final = 1_000_000
"""So many parts of a dollar are counted: whole numbers, so that no cent is lost in sums."""


class Account(msgspec.Struct, frozen=True):
    """What was set for one key; money is in millionths of a dollar, None is without an end.

    With a `closed` catalogue the key finds no models but those that its provider lists.
    """

    balance: int | None = None
    spend_limit: int | None = None
    spent: int = 0
    models: tuple[str, ...] | None = None
    disabled: bool = False
    catalogue: Literal["open", "closed"] = "open"

    def charged(self, amount: int) -> "Account":
        """The account after so much was spent."""
        balance = None if self.balance is None else self.balance - amount
        return msgspec.structs.replace(self, balance=balance, spent=self.spent + amount)


def check_key(account: Account) -> None:
    """Raises ApiError (`invalid_key`) for a key that was switched off (RU-013)."""
    if account.disabled:
        # litellm takes a 401 for a bad request unless these words are in it (facts on clients).
        reason = "Invalid API key. Incorrect API key provided: it is disabled."
        raise ApiError("invalid_key", reason)


def check_request(
    account: Account, operation: Operation, provider: Provider | None, body: Json, known: Catalogue
) -> None:
    """Raises ApiError where the key may not use the model, or cannot pay for it.

    Only statuses that the operation documents are met: what has no 402 costs nothing. Of an array
    each task is looked at by itself: not all of them cost.
    """
    if isinstance(body, list):
        return
    model = body.get("model") if isinstance(body, dict) else None
    if isinstance(model, str):
        _check_model(account, operation, provider, model, known)
    if operation.answer(402) is None:
        return
    if account.balance is not None and account.balance <= 0:
        raise ApiError("insufficient_balance", "Insufficient balance.")
    if account.spend_limit is not None and account.spent >= account.spend_limit:
        raise ApiError("insufficient_balance", "The spend limit of this key is reached.")


def _check_model(
    account: Account, operation: Operation, provider: Provider | None, model: str, known: Catalogue
) -> None:
    is_unknown = account.catalogue == "closed" and known.entry(provider, model) is None
    if is_unknown and operation.answer(404) is not None:
        raise ApiError("model_not_found", f"model not found: {show(model)}", param="model")
    is_allowed = account.models is None or model in account.models
    if not is_allowed and operation.answer(403) is not None:
        reason = f"This API key may not use the model {show(model)}."
        raise ApiError("forbidden", reason, param="model")
