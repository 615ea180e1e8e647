"""Streams of events, in whichever format."""

import json
from collections.abc import Callable
from typing import Final

from contract_tests import stream_laws
from contract_tests.exchange import Exchange
from contract_tests.law import Law


def _framed(clause: str, law: Callable[[bytes], None]) -> Law:
    def holds(exchange: Exchange) -> None:
        law(exchange.body)

    return Law(clause, holds, stream=True, alone=True)


def _json(exchange: Exchange) -> None:
    for event in exchange.events:
        if event.data != "[DONE]":
            try:
                told = json.loads(event.data)
            except ValueError:
                told = None
            assert isinstance(told, dict), f"the data {event.data[:60]!r} is no JSON object"


LAWS: Final = (
    _framed("stream-is-utf8", stream_laws.a_stream_is_utf8),
    _framed("stream-ends-each-event", stream_laws.every_event_is_ended_by_an_empty_line),
    _framed("stream-blank-before-data", stream_laws.a_blank_stands_before_the_data),
    _framed("stream-one-line-of-data", stream_laws.every_event_has_one_line_of_data),
    _framed("stream-nothing-but-events", stream_laws.nothing_stands_in_a_stream_but_events),
    Law("stream-data-is-json", _json, stream=True, alone=True),
)
