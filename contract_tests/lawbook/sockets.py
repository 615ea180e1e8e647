"""Runware's WebSocket: each message by itself, and what answers the tasks of one."""

from collections.abc import Callable
from typing import Any, Final

from contract_tests import socket_laws
from contract_tests.exchange import Exchange
from contract_tests.law import Law

Json = Any


def _of_messages(law: Callable[[Json], None]) -> Callable[[Exchange], bool | None]:
    """A law on every message that the server sends."""

    def holds(exchange: Exchange) -> bool | None:
        if exchange.method != "MESSAGE":
            return False
        law(exchange.told)
        return None

    return holds


def _sessions(exchange: Exchange) -> bool | None:
    if exchange.method != "WEBSOCKET":
        return False
    return socket_laws.sessions_have_a_uuid(exchange.told)


LAWS: Final = (
    Law("socket-messages-are-objects", _of_messages(socket_laws.a_message_is_an_object)),
    Law(
        "socket-results-and-errors-come-apart",
        _of_messages(socket_laws.results_and_errors_come_apart),
    ),
    Law("socket-login-opens-a-session", _sessions, "tasks"),
)
