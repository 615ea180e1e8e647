"""Chat in OpenAI's format, whole and streamed."""

from functools import partial
from typing import Any, Final

from contract_tests import laws
from contract_tests.exchange import Exchange
from contract_tests.law import Law

Json = Any
_CHAT: Final = "chat-completions"
_whole = partial(Law, behaviour=_CHAT, stream=False)
_streamed = partial(Law, behaviour=_CHAT, stream=True)


def _done(exchange: Exchange) -> None:
    laws.stream_ends_with_done_once(exchange.events)


def _identity(exchange: Exchange) -> None:
    laws.chunks_keep_their_identity(exchange.chunks)


def _order(exchange: Exchange) -> None:
    laws.choices_open_with_the_role_and_finish_once(exchange.chunks)


def _reasoning(exchange: Exchange) -> bool | None:
    if not any(
        choice["delta"].get("reasoning_content")
        for chunk in exchange.chunks
        for choice in chunk["choices"]
    ):
        return False
    laws.reasoning_comes_before_the_answer(exchange.chunks)
    return None


def _streamed_calls(exchange: Exchange) -> bool | None:
    if not any(
        choice["delta"].get("tool_calls")
        for chunk in exchange.chunks
        for choice in chunk["choices"]
    ):
        return False
    laws.calls_are_named_once_and_join(exchange.chunks)
    return None


def _counted(exchange: Exchange) -> None:
    options = exchange.asked.get("stream_options") or {}
    asked = bool(options.get("include_usage"))
    laws.usage_comes_once_and_only_when_asked(exchange.chunks, asked=asked)


def _calls(exchange: Exchange) -> bool | None:
    judged = False
    for choice in exchange.told["choices"]:
        for call in choice["message"].get("tool_calls") or ():
            if choice["finish_reason"] != "length":
                laws.arguments_are_an_object(call["function"]["arguments"])
                judged = True
    return None if judged else False


def _choices(exchange: Exchange) -> None:
    count, most = len(exchange.told["choices"]), exchange.asked.get("n") or 1
    assert 1 <= count <= most, f"{count} choices, n is {most}"


def _likelihoods(exchange: Exchange) -> bool | None:
    judged = False
    for choice in exchange.told["choices"]:
        if exchange.asked.get("logprobs") and choice["logprobs"]:  # not every provider has them
            tops, told = int(exchange.asked.get("top_logprobs") or 0), choice["logprobs"]["content"]
            content = choice["message"]["content"] or ""
            laws.likelihoods_join_to_the_content(content, told, tops)
            judged = True
    return None if judged else False


def _sum(exchange: Exchange) -> bool | None:
    usage = exchange.told.get("usage")
    if not usage:
        return False
    laws.usage_adds_up(usage)
    return None


def _streamed_sum(exchange: Exchange) -> bool | None:
    usage: Json = next((chunk["usage"] for chunk in exchange.chunks if chunk.get("usage")), None)
    if not usage:
        return False
    laws.usage_adds_up(usage)
    return None


LAWS: Final = (
    _streamed("chat-stream-ends-with-done", _done),
    _streamed("chat-stream-keeps-its-identity", _identity),
    _streamed("chat-stream-order", _order),
    _streamed("chat-reasoning-comes-first", _reasoning),
    _streamed("chat-stream-calls-join", _streamed_calls),
    _streamed("chat-stream-usage", _counted),
    _streamed("chat-usage-adds-up", _streamed_sum),
    _whole("chat-usage-adds-up", _sum),
    _whole("chat-arguments-are-objects", _calls),
    _whole("chat-choices-are-as-many-as-asked", _choices),
    _whole("chat-likelihoods-join", _likelihoods),
)
