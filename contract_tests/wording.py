"""What an answer says in words, and what it counts, in OpenAI's format or in Anthropic's."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from contract_tests import chat_laws, message_laws
from contract_tests.exchange import Exchange

Json = Any
_CUT: Final = ("length", "max_tokens")
_TEXTS: Final = ("content", "reasoning_content", "text", "thinking")
_READ: Final = (
    *("prompt_tokens", "input_tokens"),
    *("cache_creation_input_tokens", "cache_read_input_tokens"),  # not among the others (AN-023)
)


@dataclass(frozen=True)
class Wording:
    """The id of an answer, its texts, and the tokens that were read and written, where told."""

    id: Json
    texts: Sequence[str]
    read: int | None
    written: int | None
    is_cut: bool

    @property
    def text(self) -> str:
        """All of it, thoughts too."""
        return "".join(self.texts)


def wording_of(exchange: Exchange) -> Wording | None:
    """The words of an answer, joined where it was streamed; None where it was broken off."""
    if exchange.behaviour == "messages":
        message = _message(exchange)
        if message is None:
            return None
        texts, reason = _texts(message["content"]), message["stop_reason"]
        return _wording(message, texts, message["usage"], is_cut=reason in _CUT)
    chat = _chat(exchange)
    if chat is None:
        return None
    texts = _texts([choice["message"] for choice in chat["choices"]])
    is_cut = any(choice["finish_reason"] in _CUT for choice in chat["choices"])
    return _wording(chat, texts, chat.get("usage"), is_cut=is_cut)


def deltas_of(exchange: Exchange) -> Sequence[Sequence[str]]:
    """The pieces in which each text of a stream came, without those that are empty."""
    found: dict[Json, list[str]] = {}
    for holder, delta in _deltas(exchange):
        for name in _TEXTS:
            if isinstance(delta.get(name), str) and delta[name]:
                found.setdefault((holder, name), []).append(delta[name])
    return list(found.values())


def opening_of(exchange: Exchange) -> Json:
    """The message that opens a stream of one; None where none does."""
    opening = (each for each in _objects(exchange) if each.get("type") == "message_start")
    return next((each["message"] for each in opening), None)


def _wording(answer: Json, texts: Sequence[str], usage: Json, *, is_cut: bool) -> Wording:
    usage = usage or {}
    read = [usage[name] for name in _READ if usage.get(name) is not None]
    written = usage.get("completion_tokens", usage.get("output_tokens"))
    return Wording(answer.get("id"), texts, sum(read) if read else None, written, is_cut)


def _texts(holders: Sequence[Json]) -> list[str]:
    found = (holder.get(name) for holder in holders for name in _TEXTS)
    return [text for text in found if isinstance(text, str)]


def _message(exchange: Exchange) -> Json:
    if not exchange.is_stream:
        return exchange.told
    if any(event.name == "error" for event in exchange.events):
        return None
    return message_laws.message_of(exchange.events)


def _chat(exchange: Exchange) -> Json:
    if not exchange.is_stream:
        return exchange.told
    if any(each.get("error") for each in _objects(exchange)):
        return None
    chunks = [each for each in _objects(exchange) if isinstance(each.get("choices"), list)]
    # The last count is that of all (OA-043).
    usage = [each["usage"] for each in chunks if each.get("usage")]
    id = chunks[0].get("id") if chunks else None
    return {**chat_laws.completion_of(chunks), "id": id, "usage": usage[-1] if usage else None}


def _deltas(exchange: Exchange) -> Iterator[tuple[Json, Json]]:
    """What is added, and the number of the choice or block that it is added to."""
    for each in _objects(exchange):
        if each.get("type") == "content_block_delta":
            yield each["index"], each["delta"]
        for part in each.get("choices") or ():
            yield part["index"], part["delta"]


def _objects(exchange: Exchange) -> Iterator[Json]:
    return (each for each in exchange.chunks if isinstance(each, dict))
