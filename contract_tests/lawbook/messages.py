"""Messages in Anthropic's format, whole and streamed."""

from typing import Final

from contract_tests import message_laws
from contract_tests.exchange import Exchange
from contract_tests.law import Law


def _as_asked(exchange: Exchange) -> None:
    streamed = message_laws.message_of(exchange.events) if exchange.is_stream else exchange.told
    message_laws.a_message_is_what_was_asked_for(streamed, exchange.asked)


LAWS: Final = (Law("messages-are-what-was-asked-for", _as_asked, "messages"),)
