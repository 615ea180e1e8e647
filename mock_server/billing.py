"""What an answer costs the key that asked for it."""

from mock_server.completion import Said
from mock_server.mock import Mock, Request


def charge(said: Said, request: Request, mock: Mock) -> None:
    """Book what was read and what was written on the caller's account, if it has one (RU-088)."""
    ledger, caller = mock.store.ledger, request.caller.id
    if ledger.account(caller) is None:  # as most keys: then nothing need be counted
        return
    read, written = mock.catalogue.price
    ledger.charge(caller, said.prompt_tokens * read + said.tokens * written)
