"""Accounts as the control API takes and tells them: money in dollars, null without an end."""

from typing import Final

from msgspec.structs import replace

from mock_server.accounts import MICRO, Account
from mock_server.wire import Json

_MOST: Final = 1_000_000_000  # dollars
_MONEY: Final = ("balance", "spend_limit")
FORM: Final[Json] = {
    "balance": {"type": ["number", "null"], "minimum": -_MOST, "maximum": _MOST},
    "spend_limit": {"type": ["number", "null"], "minimum": 0, "maximum": _MOST},
    "models": {"type": ["array", "null"], "items": {"type": "string"}, "maxItems": 1000},
    "disabled": {"type": "boolean"},
    "catalogue": {"enum": ["open", "closed"]},
}


def changed(account: Account, own: Json) -> Account:
    """The account with what was set of it; what is not named stays as it was."""
    changes: dict[str, Json] = {name: own[name] for name in FORM if name in own}
    for name in _MONEY:
        if changes.get(name) is not None:
            changes[name] = round(changes[name] * MICRO)
    if changes.get("models") is not None:
        changes["models"] = tuple(changes["models"])
    return replace(account, **changes)


def told(account: Account) -> Json:
    """The account for people to read."""
    known: dict[str, Json] = {name: getattr(account, name) for name in ("spent", *FORM)}
    for name in ("spent", *_MONEY):
        if known[name] is not None:
            known[name] /= MICRO
    return known
