"""Chat in OpenAI's format, whole and streamed."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from contract_tests import chat_laws
from contract_tests.exchange import Exchange
from contract_tests.law import Law

Json = Any
_CHAT: Final = "chat-completions"
_both = partial(Law, behaviour=_CHAT)
_whole = partial(Law, behaviour=_CHAT, stream=False)
_streamed = partial(Law, behaviour=_CHAT, stream=True)
_framed = partial(_streamed, alone=True)
_Holds = Callable[[Exchange], bool | None]


# --- What laws are asked of ----------------------------------------------------------------------


def _chunks(exchange: Exchange) -> list[Json]:
    """The chunks that can be read."""
    found = [chunk for chunk in exchange.chunks if isinstance(chunk, dict)]
    return [chunk for chunk in found if isinstance(chunk.get("choices"), list)]


def _is_broken_off(exchange: Exchange) -> bool:
    """Whether a failure ended the stream: then it need not be complete (OA-048)."""
    return any(isinstance(chunk, dict) and chunk.get("error") for chunk in exchange.chunks)


def _said(exchange: Exchange) -> Json:
    """The whole answer, joined where it was streamed; None where it was broken off."""
    if not exchange.is_stream:
        return exchange.told
    if _is_broken_off(exchange):
        return None
    return chat_laws.completion_of(_chunks(exchange))


def _of_choices(law: Callable[[Json, Json], bool | None]) -> _Holds:
    """A law of each choice."""

    def holds(exchange: Exchange) -> bool | None:
        said = _said(exchange)
        found = [law(each, exchange.asked) for each in said["choices"]] if said else []
        return None if any(each is None for each in found) else False

    return holds


def _of_parts(law: Callable[[Sequence[Json]], bool | None]) -> _Holds:
    """A law of what a stream says of each choice."""

    def holds(exchange: Exchange) -> bool | None:
        if _is_broken_off(exchange):
            return False
        found = [law(parts) for parts in chat_laws.by_choice(_chunks(exchange)).values()]
        return None if any(each is None for each in found) else False

    return holds


def _of_usage(law: Callable[[Json], bool | None]) -> _Holds:
    """A law of the counts, where they are told."""

    def holds(exchange: Exchange) -> bool | None:
        usage = (_said(exchange) or {}).get("usage")
        return law(usage) if usage else False

    return holds


# --- Laws of their own ---------------------------------------------------------------------------


def _done(exchange: Exchange) -> bool | None:
    if _is_broken_off(exchange):
        return False
    marks = [event.data for event in exchange.events]
    assert marks.count("[DONE]") == 1, f"[DONE] came {marks.count('[DONE]')} times"
    assert marks[-1] == "[DONE]", "something follows [DONE]"
    return None


def _nameless(exchange: Exchange) -> None:
    names = [event.name for event in exchange.events if event.name is not None]
    assert not names, f"an event is named {names[0]}"


def _identity(exchange: Exchange) -> bool | None:
    chunks = _chunks(exchange)
    if not chunks:
        return False
    chat_laws.chunks_keep_their_identity(chunks)
    return None


def _wants_usage(exchange: Exchange) -> bool:
    return bool((exchange.asked.get("stream_options") or {}).get("include_usage"))


def _usage_last(exchange: Exchange) -> bool | None:
    if not _wants_usage(exchange) or _is_broken_off(exchange):
        return False
    chat_laws.usage_comes_last_where_asked(_chunks(exchange))
    return None


def _usage_null(exchange: Exchange) -> bool | None:
    if not _wants_usage(exchange):
        return False
    chat_laws.usage_is_null_until_the_end(_chunks(exchange))
    return None


def _usage_unasked(exchange: Exchange) -> bool | None:
    if _wants_usage(exchange):
        return False
    chat_laws.no_usage_comes_unasked(_chunks(exchange))
    return None


def _limit(exchange: Exchange) -> bool | None:
    usage = (_said(exchange) or {}).get("usage")
    if not usage:
        return False
    return chat_laws.no_more_is_written_than_asked_for(usage, exchange.asked)


def _count(exchange: Exchange) -> bool | None:
    said = _said(exchange)
    if said is None:
        return False
    count, wanted = len(said["choices"]), exchange.asked.get("n") or 1
    assert count == wanted, f"{count} choices, n is {wanted}"
    return None


def _numbers(exchange: Exchange) -> bool | None:
    said = _said(exchange)
    if said is None:
        return False
    chat_laws.choices_are_numbered(said["choices"])
    return None


def _model(exchange: Exchange) -> bool | None:
    found = _chunks(exchange) if exchange.is_stream else [exchange.told]
    asked = exchange.asked.get("model")
    if not asked or not found:
        return False
    model = found[0]["model"]
    assert model == asked, f"the answer is of {model}, {asked} was asked"
    return None


def _never_null(exchange: Exchange) -> None:
    for choice in exchange.told["choices"]:
        assert choice["message"]["content"] is not None, "the content is null"


LAWS: Final = (
    _framed("chat-stream-ends-with-done", _done),
    _framed("chat-stream-events-have-no-names", _nameless),
    _framed("chat-stream-keeps-its-identity", _identity),
    _framed("chat-stream-opens-with-the-role", _of_parts(chat_laws.a_choice_opens_with_the_role)),
    _framed("chat-stream-says-the-role-once", _of_parts(chat_laws.the_role_is_said_once)),
    _framed("chat-stream-finishes-once", _of_parts(chat_laws.a_choice_finishes_once)),
    _framed("chat-stream-finish-is-last", _of_parts(chat_laws.a_choice_ends_with_its_finish)),
    _streamed("chat-reasoning-comes-first", _of_parts(chat_laws.reasoning_comes_before_the_answer)),
    _streamed(
        "chat-stream-calls-are-named-once",
        _of_parts(chat_laws.a_call_is_named_in_its_first_fragment),
    ),
    _streamed("chat-stream-usage-comes-last", _usage_last),
    _streamed("chat-stream-usage-is-null-before", _usage_null),
    _streamed("chat-stream-usage-only-where-asked", _usage_unasked),
    _both("chat-usage-adds-up", _of_usage(chat_laws.usage_adds_up)),
    _both("chat-reasoning-is-counted", _of_usage(chat_laws.reasoning_counts_as_written)),
    _both("chat-token-limit-is-kept", _limit),
    _both("chat-choices-are-as-many-as-asked", _count),
    _both("chat-choices-are-numbered", _numbers),
    _both("chat-model-is-the-one-asked", _model),
    _both("chat-says-something", _of_choices(chat_laws.an_answer_says_something)),
    _whole("chat-content-is-never-null", _never_null),
    _both("chat-stops-before-stop-texts", _of_choices(chat_laws.no_stop_text_is_said)),
    _both("chat-json-mode-gives-objects", _of_choices(chat_laws.an_answer_is_an_object)),
    _both("chat-json-keeps-the-schema", _of_choices(chat_laws.an_answer_keeps_its_schema)),
    _both("chat-call-ids-differ", _of_choices(chat_laws.calls_have_ids_of_their_own)),
    _both(
        "chat-calls-name-sent-tools", _of_choices(chat_laws.only_tools_that_were_sent_are_called)
    ),
    _both("chat-arguments-are-objects", _of_choices(chat_laws.arguments_are_objects)),
    _both("chat-arguments-keep-the-schema", _of_choices(chat_laws.arguments_keep_their_schema)),
    _both(
        "chat-no-call-where-none-may-be", _of_choices(chat_laws.no_tool_is_called_where_none_may_be)
    ),
    _both("chat-call-where-one-must-be", _of_choices(chat_laws.a_tool_is_called_where_one_must_be)),
    _both("chat-calls-the-named-tool", _of_choices(chat_laws.only_the_named_tool_is_called)),
    _both("chat-calls-one-at-a-time", _of_choices(chat_laws.one_tool_at_a_time_is_called)),
    _both("chat-end-tells-of-calls", _of_choices(chat_laws.the_end_tells_of_calls)),
    _both(
        "chat-likelihoods-only-where-asked",
        _of_choices(chat_laws.likelihoods_come_only_where_asked),
    ),
    _both("chat-likelihoods-join", _of_choices(chat_laws.likelihoods_join_to_the_content)),
    _both("chat-likelihoods-of-others", _of_choices(chat_laws.as_many_others_are_told_as_asked)),
    _both("chat-likelihoods-in-bytes", _of_choices(chat_laws.the_bytes_are_those_of_the_token)),
)
