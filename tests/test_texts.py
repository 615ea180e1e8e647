"""The laws of words and counts, on answers that keep them and on answers that do not."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pytest

from contract_tests.court import judge
from contract_tests.exchange import Exchange, make

Json = Any
CHAT: Final = "/v1/chat/completions"
MESSAGES: Final = "/v1/messages"
LONG: Final = "x" * 129


def asked(
    path: str, told: Json, *, stream: bool = False, text: str = "Hi", status: int = 200
) -> Exchange:
    body = {"model": "m", "max_tokens": 64, "messages": [{"role": "user", "content": text}]}
    more = (
        {"stream": True, "stream_options": {"include_usage": True}}
        if path == CHAT
        else {"stream": True}
    )
    question = json.dumps(body | (more if stream else {}), ensure_ascii=False).encode()
    sent = [("authorization", "Bearer sk-test"), ("content-type", "application/json")]
    kind = "text/event-stream" if stream else "application/json"
    answer = told if isinstance(told, bytes) else json.dumps(told).encode()
    call = ("POST", f"http://mock{path}", sent, question)
    return make(call, (status, {"content-type": kind}, answer), ["ruapi"])


def events(told: Sequence[Json]) -> bytes:
    return b"".join(b"data: %s\n\n" % json.dumps(each).encode() for each in told)


def chat(text: str, written: int = 2, read: int = 5, reason: str = "stop") -> Json:
    message = {"role": "assistant", "content": text}
    usage = {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
    choice = {"index": 0, "message": message, "finish_reason": reason}
    return {"id": "chatcmpl-1", "choices": [choice], "usage": usage}


def message(text: str, usage: Mapping[str, int], reason: str = "end_turn") -> Json:
    content = [{"type": "text", "text": text}]
    return {"id": "msg_1", "content": content, "usage": usage, "stop_reason": reason}


def chunks(*texts: str, written: int = 9) -> bytes:
    parts = [{"index": 0, "delta": {"content": text}, "finish_reason": None} for text in texts]
    usage = {"prompt_tokens": 5, "completion_tokens": written, "total_tokens": 5 + written}
    told: list[Json] = [{"id": "chatcmpl-1", "choices": [part]} for part in parts]
    return events([*told, {"id": "chatcmpl-1", "choices": [], "usage": usage}])


def turns(*texts: str, read: int = 5, written: int = 9) -> bytes:
    opening = {"id": "msg_1", "content": [], "usage": {"input_tokens": read, "output_tokens": 1}}
    deltas = [{"type": "text_delta", "text": text} for text in texts]
    told: list[Json] = [
        {"type": "message_start", "message": opening},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        *({"type": "content_block_delta", "index": 0, "delta": delta} for delta in deltas),
        {"type": "content_block_stop", "index": 0},
        {
            "type": "message_delta",
            "delta": {"stop_reason": "end_turn", "stop_sequence": None},
            "usage": {"output_tokens": written},
        },
        {"type": "message_stop"},
    ]
    return events(told)


def broken(exchange: Exchange) -> set[str]:
    """The clauses of words that an answer breaks."""
    found = judge().findings(exchange)
    return {each.clause.id for each in found if each.broken and each.clause.id.startswith("text-")}


@pytest.mark.parametrize(
    ("told", "clauses"),
    [
        (chat("Hello."), set()),
        (chat(LONG, 3), set()),
        (chat(LONG, 2), {"text-is-counted"}),
        (chat("Hello.", 0), {"text-is-counted"}),
        (chat(" " * 999, 0), set()),
        (chat("Hello.", read=0), {"text-prompt-is-counted"}),
        (chat("M\ufffdwe"), {"text-survives"}),
        (chat("M\ufffdwe", reason="length"), {"text-survives"}),
        (chat("Mö\ufffd", reason="length"), set()),
        (chat("\ud83c\udf0a"), set()),
        (chat("\ud83c."), {"text-survives"}),
    ],
)
def test_whole_chats_are_judged_by_their_words(told: Json, clauses: set[str]) -> None:
    assert broken(asked(CHAT, told)) == clauses


@pytest.mark.parametrize(
    ("told", "clauses"),
    [
        (message("Hello.", {"input_tokens": 5, "output_tokens": 1}), set()),
        (message(LONG, {"input_tokens": 5, "output_tokens": 1}), {"text-is-counted"}),
        (message("Hi.", {"input_tokens": 0, "output_tokens": 1}), {"text-prompt-is-counted"}),
        (
            message("Hi.", {"input_tokens": 0, "cache_read_input_tokens": 9, "output_tokens": 1}),
            set(),
        ),
        (message("\ufffd.", {"input_tokens": 5, "output_tokens": 1}), {"text-survives"}),
    ],
)
def test_whole_messages_are_judged_by_their_words(told: Json, clauses: set[str]) -> None:
    assert broken(asked(MESSAGES, told)) == clauses


@pytest.mark.parametrize(
    ("path", "told", "clauses"),
    [
        (CHAT, chunks("The ", "sea", "."), set()),
        (CHAT, chunks("The ", "The sea", "The sea."), {"text-deltas-are-new"}),
        (CHAT, chunks("1", "1", "1"), set()),
        (CHAT, chunks(LONG, written=1), {"text-stream-counts-all"}),
        (CHAT, chunks("M\ufffd", "we"), {"text-survives"}),
        (CHAT, chunks("\ud83c", "\udf0a"), set()),
        (CHAT, events([{"error": {"message": "No."}}]), set()),
        (MESSAGES, turns("The ", "sea", "."), set()),
        (MESSAGES, turns("The ", "The sea", "The sea."), {"text-deltas-are-new"}),
        (MESSAGES, turns(LONG, written=1), {"text-stream-counts-all"}),
        (
            MESSAGES,
            turns("Hi.", read=0),
            {"text-stream-opens-with-the-prompt", "text-prompt-is-counted"},
        ),
        (MESSAGES, turns("M\ufffd", "we"), {"text-survives"}),
    ],
)
def test_streams_are_judged_by_their_words(path: str, told: bytes, clauses: set[str]) -> None:
    assert broken(asked(path, told, stream=True)) == clauses


def test_a_letter_that_was_asked_for_is_not_lost() -> None:
    assert broken(asked(CHAT, chat("\ufffd"), text="What is \ufffd?")) == set()


@pytest.mark.parametrize(
    ("status", "clause"),
    [
        (401, "message-error-authentication"),
        (403, "message-error-permission"),
        (404, "message-error-not-found"),
        (429, "message-error-rate-limit"),
    ],
)
def test_another_envelope_before_routing_is_no_fault_of_live_servers(
    status: int, clause: str
) -> None:
    told = {"error": {"message": "No.", "type": "new_api_error", "code": ""}}
    found = list(judge().findings(asked(MESSAGES, told, status=status)))
    blamed = {each.clause.id: each.clause.asserted for each in found if each.broken}
    assert blamed.get(clause) == "any"
    assert "errors-come-in-their-envelope" not in blamed
