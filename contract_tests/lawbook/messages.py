"""Messages in Anthropic's format, whole and streamed."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from contract_tests import message_laws
from contract_tests.exchange import Exchange
from contract_tests.law import Law
from contract_tests.stream import Received

Json = Any
_MESSAGES: Final = "messages"


def _is_broken_off(exchange: Exchange) -> bool:
    """Whether a failure ended the stream: then it need not be complete (AN-039)."""
    return exchange.is_stream and any(event.name == "error" for event in exchange.events)


def _of_message(clause: str, law: Callable[[Json, Json], bool | None]) -> Law:
    """A law of a message, joined where it was streamed."""

    def holds(exchange: Exchange) -> bool | None:
        if _is_broken_off(exchange):
            return False
        is_stream = exchange.is_stream
        message = message_laws.message_of(exchange.events) if is_stream else exchange.told
        return law(message, exchange.asked)

    return Law(clause, holds, _MESSAGES)


def _of_events(clause: str, law: Callable[[Sequence[Received]], bool | None]) -> Law:
    """A law of a stream."""

    def holds(exchange: Exchange) -> bool | None:
        return law(exchange.events)

    return Law(clause, holds, _MESSAGES, stream=True, alone=True)


def _model(message: Json, asked: Json) -> bool | None:
    model, wanted = message["model"], asked.get("model")
    if not wanted:
        return False
    assert model == wanted, f"the message is of {model}, {wanted} was asked"
    return None


LAWS: Final = (
    _of_events("message-stream-order", message_laws.events_come_in_order),
    _of_events("message-stream-names", message_laws.events_are_named_by_their_type),
    _of_events("message-stream-has-no-done", message_laws.no_end_mark_comes),
    _of_events("message-stream-blocks-are-numbered", message_laws.blocks_are_numbered),
    _of_events("message-stream-deltas-fit-their-block", message_laws.deltas_fit_their_block),
    _of_events("message-stream-signature-is-last", message_laws.a_signature_closes_its_thoughts),
    _of_events("message-stream-counts-never-fall", message_laws.counts_never_fall),
    _of_events("message-stream-gives-a-reason", message_laws.the_end_gives_a_reason),
    _of_message("message-model-is-the-one-asked", _model),
    _of_message("message-says-something", message_laws.a_message_says_something),
    _of_message("message-inputs-are-objects", message_laws.inputs_are_objects),
    _of_message("message-inputs-keep-the-schema", message_laws.inputs_keep_their_schema),
    _of_message("message-end-tells-of-tools", message_laws.the_end_tells_of_tools),
    _of_message(
        "message-names-its-stop-sequence", message_laws.a_stop_sequence_is_named_where_one_ended_it
    ),
    _of_message("message-stops-before-stop-sequences", message_laws.no_stop_sequence_is_said),
    _of_message(
        "message-token-limit-is-kept", message_laws.no_more_tokens_are_written_than_asked_for
    ),
    _of_message("message-usage-has-no-total", message_laws.usage_has_no_total),
    _of_message("message-thinks-only-where-asked", message_laws.thoughts_come_only_where_asked),
    _of_message("message-thoughts-come-first", message_laws.thoughts_come_first),
    _of_message("message-thoughts-are-signed", message_laws.thoughts_are_signed),
    _of_message("message-uses-sent-tools", message_laws.only_tools_that_were_sent_are_used),
    _of_message("message-use-ids-differ", message_laws.uses_have_ids_of_their_own),
    _of_message("message-no-use-where-none-may-be", message_laws.no_tool_is_used_where_none_may_be),
    _of_message("message-use-where-one-must-be", message_laws.a_tool_is_used_where_one_must_be),
    _of_message("message-uses-the-named-tool", message_laws.only_the_named_tool_is_used),
    _of_message("message-uses-one-at-a-time", message_laws.one_tool_at_a_time_is_used),
)
