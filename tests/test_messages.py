"""Messages: every form of a request has its effect, the same whole and streamed."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from contract_tests import message_laws
from contract_tests.stream import Received
from mock_server.mock import Mock
from tests.picture_factory import data_uri, plain
from tests.world import CHAT, NOW, Answered, new_mock, post

Json = Any
PATH, KEY, MODEL = "/v1/messages", "sk-messages", "claude-opus-4-8"
HELLO = {"role": "user", "content": "Why do cats knead blankets?"}
WEATHER = {
    "name": "get_weather",
    "description": "Current weather of a city.",
    "input_schema": {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
    },
}
CLOCK = {
    "name": "get_time",
    "description": "Current time in a city.",
    "input_schema": WEATHER["input_schema"],
}
ASKED = {"role": "user", "content": "What is the weather in Paris?"}


@pytest.fixture(scope="module")
def mock() -> Mock:
    return new_mock(rate_limit=0)


def send(mock: Mock, *messages: Json, **more: Json) -> Answered:
    body = {"model": MODEL, "max_tokens": 500, "messages": list(messages), **more}
    return post(mock, PATH, body, key=KEY)


def message(mock: Mock, *messages: Json, **more: Json) -> Json:
    answer = send(mock, *messages, **more)
    assert answer.status == 200, answer.body
    return answer.json


def added_up(answer: Answered) -> Json:
    return message_laws.message_of([Received(e.data.decode(), e.name) for e in answer.events])


def text(message: Json) -> str:
    return "".join(block["text"] for block in message["content"] if block["type"] == "text")


def refused(mock: Mock, *messages: Json, **more: Json) -> str:
    answer = send(mock, *messages, **more)
    assert answer.status == 400, answer.body
    assert answer.json["error"]["type"] == "invalid_request_error"
    assert answer.json["request_id"] == answer.headers["request-id"]
    said: str = answer.json["error"]["message"]
    return said


def test_a_message_is_a_message(mock: Mock) -> None:
    made = message(mock, HELLO)
    assert made["id"].startswith("msg_")
    assert (made["type"], made["role"], made["model"]) == ("message", "assistant", MODEL)
    assert (made["stop_reason"], made["stop_sequence"]) == ("end_turn", None)
    assert [block["type"] for block in made["content"]] == ["text"]
    assert set(made["usage"]) >= {"input_tokens", "output_tokens"}
    assert "output_tokens_details" not in made["usage"]


def test_the_same_request_gets_the_same_bytes_and_another_key_another_answer(mock: Mock) -> None:
    body = {"model": MODEL, "max_tokens": 500, "messages": [HELLO]}
    first = post(mock, PATH, body, key="sk-a")
    assert post(mock, PATH, body, key="sk-a").body == first.body
    assert post(new_mock(), PATH, body, key="sk-a").body == first.body
    assert post(mock, PATH, body, key="sk-b").json["id"] != first.json["id"]


def test_a_stream_adds_up_to_the_whole_and_has_a_ping(mock: Mock) -> None:
    answer = send(mock, HELLO, stream=True)
    names = [event.name for event in answer.events]
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert names[:3] == ["message_start", "content_block_start", "ping"]
    assert names[-3:] == ["content_block_stop", "message_delta", "message_stop"]
    streamed, whole = added_up(answer), message(mock, HELLO)
    assert streamed["content"] == whole["content"]
    assert streamed["usage"] == whole["usage"]


@pytest.mark.parametrize(
    ("more", "others"),
    [
        ({}, {}),
        ({"system": "You are a pirate."}, {}),
        ({"temperature": 0}, {}),
        ({"stop_sequences": ["a"]}, {"stop": ["a"]}),
        ({"max_tokens": 9}, {}),
        ({"thinking": {"type": "adaptive"}}, {"thinking": None}),
    ],
)
def test_chat_says_the_same(mock: Mock, more: Json, others: Json) -> None:
    mine = message(mock, HELLO, **more)
    body = {"model": MODEL, "max_tokens": 500, **more, **others}
    system = [{"role": "system", "content": body.pop("system")}] if "system" in body else []
    body["messages"] = [*system, HELLO]
    chat = post(mock, CHAT, {k: v for k, v in body.items() if v is not None}, key=KEY).json
    assert text(mine) == chat["choices"][0]["message"]["content"]
    assert mine["usage"]["input_tokens"] == chat["usage"]["prompt_tokens"]


def test_chat_calls_the_same_tools_and_takes_their_results_the_same(mock: Mock) -> None:
    function = {
        "name": "get_weather",
        "description": WEATHER["description"],
        "parameters": WEATHER["input_schema"],
    }
    tools = [{"type": "function", "function": function}]
    mine = message(mock, ASKED, tools=[WEATHER])
    body = {"model": MODEL, "max_tokens": 500, "messages": [ASKED], "tools": tools}
    theirs = post(mock, CHAT, body, key=KEY).json["choices"][0]["message"]
    [use], [call] = mine["content"], theirs["tool_calls"]
    assert use["input"] == json.loads(call["function"]["arguments"]) == {"city": "Paris"}
    assert use["id"].removeprefix("toolu_") == call["id"].removeprefix("call_")
    result = {"type": "tool_result", "tool_use_id": use["id"], "content": '{"celsius": 19}'}
    turns = [{"role": "assistant", "content": [use]}, {"role": "user", "content": [result]}]
    last = message(mock, ASKED, *turns, tools=[WEATHER])
    answered = {"role": "tool", "tool_call_id": call["id"], "content": '{"celsius": 19}'}
    body["messages"] = [ASKED, theirs, answered]
    chat = post(mock, CHAT, body, key=KEY).json["choices"][0]["message"]
    assert text(last) == chat["content"]
    assert "19" in text(last)


def test_chat_sees_the_same_picture(mock: Mock) -> None:
    uri = data_uri(plain())
    words = {"type": "text", "text": "Which colour fills this picture?"}
    mine = message(mock, {"role": "user", "content": [words, image(uri)]})
    shown = {"type": "image_url", "image_url": {"url": uri}}
    body = {
        "model": MODEL,
        "max_tokens": 500,
        "messages": [{"role": "user", "content": [words, shown]}],
    }
    chat = post(mock, CHAT, body, key=KEY).json
    assert text(mine) == chat["choices"][0]["message"]["content"]
    assert mine["usage"]["input_tokens"] == chat["usage"]["prompt_tokens"]


def image(uri: str) -> Json:
    media_type, _, data = uri.removeprefix("data:").partition(";base64,")
    source = {"type": "base64", "media_type": media_type, "data": data}
    return {"type": "image", "source": source}


def test_one_body_for_both_operations_gets_each_its_own_form(mock: Mock) -> None:
    body = {"model": MODEL, "max_tokens": 50, "messages": [HELLO]}
    for _ in range(2):
        assert post(mock, CHAT, body, key=KEY).json["object"] == "chat.completion"
        assert post(mock, PATH, body, key=KEY).json["type"] == "message"


@pytest.mark.parametrize("most", [0, 1, 5])
def test_a_token_limit_cuts_the_answer(mock: Mock, most: int) -> None:
    made = message(mock, HELLO, max_tokens=most)
    assert made["stop_reason"] == "max_tokens"
    assert made["usage"]["output_tokens"] == most
    assert len(made["content"]) == (1 if most else 0)
    streamed = added_up(send(mock, HELLO, max_tokens=most, stream=True))
    assert streamed["content"] == made["content"]
    assert streamed["usage"] == made["usage"]


def test_the_first_stop_sequence_that_comes_ends_the_answer(mock: Mock) -> None:
    count = {"role": "user", "content": "Count from 1 to 9, separated by commas."}
    made = message(mock, count, stop_sequences=["7", "5", "5, 6"])
    assert (made["stop_reason"], made["stop_sequence"]) == ("stop_sequence", "5")
    assert "5" not in text(made)
    assert "4" in text(made)
    silent = message(mock, count, stop_sequences=["nowhere"])
    assert (silent["stop_reason"], silent["stop_sequence"]) == ("end_turn", None)


def test_an_answer_that_stops_before_its_first_word_has_no_block(mock: Mock) -> None:
    first = text(message(mock, HELLO))[0]
    made = send(mock, HELLO, stop_sequences=[first], stream=True)
    assert added_up(made)["content"] == []
    assert [event.name for event in made.events] == [
        *("message_start", "ping", "message_delta", "message_stop")
    ]


@pytest.mark.parametrize("kind", ["enabled", "adaptive"])
def test_thoughts_are_told_when_asked_for_and_change_no_word(mock: Mock, kind: str) -> None:
    thinking = {"type": kind, **({"budget_tokens": 1024} if kind == "enabled" else {})}
    made = message(mock, HELLO, thinking=thinking, max_tokens=2000)
    thought, said = made["content"]
    assert thought["type"] == "thinking"
    assert thought["thinking"] and base64.b64decode(thought["signature"], validate=True)
    assert said["text"] == text(message(mock, HELLO, max_tokens=2000))
    thoughts = made["usage"]["output_tokens_details"]["thinking_tokens"]
    assert 0 < thoughts < made["usage"]["output_tokens"]
    streamed = added_up(send(mock, HELLO, thinking=thinking, max_tokens=2000, stream=True))
    assert (streamed["content"], streamed["usage"]) == (made["content"], made["usage"])


def test_low_effort_shortens_the_thoughts(mock: Mock) -> None:
    def cost(effort: str) -> int:
        config = {"effort": effort}
        made = message(mock, HELLO, thinking={"type": "adaptive"}, output_config=config)
        tokens: int = made["usage"]["output_tokens_details"]["thinking_tokens"]
        return tokens

    assert cost("low") < cost("high")


def test_thoughts_that_are_omitted_are_signed_and_counted_all_the_same(mock: Mock) -> None:
    told = message(mock, HELLO, thinking={"type": "adaptive"})
    hidden = {"type": "adaptive", "display": "omitted"}
    made = message(mock, HELLO, thinking=hidden)
    assert made["content"][0] == told["content"][0] | {"thinking": ""}
    assert made["usage"] == told["usage"]
    assert added_up(send(mock, HELLO, thinking=hidden, stream=True))["content"] == made["content"]


def test_between_tools_a_model_thinks_only_once_a_tool_has_answered(mock: Mock) -> None:
    more = {"tools": [WEATHER], "thinking": {"type": "between_tools"}}
    first = message(mock, ASKED, **more)
    assert [block["type"] for block in first["content"]] == ["tool_use"]
    last = message(mock, ASKED, *_answered(first), **more)
    assert [block["type"] for block in last["content"]] == ["thinking", "text"]


def _answered(made: Json, content: Json = "19 degrees") -> list[Json]:
    results = [
        {"type": "tool_result", "tool_use_id": block["id"], "content": content}
        for block in made["content"]
        if block["type"] == "tool_use"
    ]
    return [
        {"role": "assistant", "content": made["content"]},
        {"role": "user", "content": results},
    ]


@pytest.mark.parametrize(
    ("choice", "names"),
    [
        ({"type": "auto"}, ["get_weather", "get_time"]),
        ({"type": "auto", "disable_parallel_tool_use": True}, ["get_weather"]),
        ({"type": "any"}, ["get_weather", "get_time"]),
        ({"type": "any", "disable_parallel_tool_use": True}, ["get_weather"]),
        ({"type": "tool", "name": "get_time"}, ["get_time"]),
        ({"type": "none"}, []),
    ],
)
def test_every_choice_of_tools(mock: Mock, choice: Json, names: list[str]) -> None:
    both = {"role": "user", "content": "What is the weather in Paris and what time is it there?"}
    made = message(mock, both, tools=[WEATHER, CLOCK], tool_choice=choice)
    used = [block["name"] for block in made["content"] if block["type"] == "tool_use"]
    assert used == names
    assert made["stop_reason"] == ("tool_use" if names else "end_turn")


def test_any_tool_is_used_even_where_none_is_asked_for(mock: Mock) -> None:
    hello = {"role": "user", "content": "Hello."}
    assert message(mock, hello, tools=[WEATHER])["stop_reason"] == "end_turn"
    made = message(mock, hello, tools=[WEATHER], tool_choice={"type": "any"})
    assert made["stop_reason"] == "tool_use"


def test_a_loop_that_must_use_tools_moves_on_to_the_last(mock: Mock) -> None:
    more = {"tools": [WEATHER, CLOCK], "tool_choice": {"type": "any"}}
    first = message(mock, ASKED, **more)
    assert [block["name"] for block in first["content"]] == ["get_weather"]
    second = message(mock, ASKED, *_answered(first), **more)
    assert [block["name"] for block in second["content"]] == ["get_time"]


@pytest.mark.parametrize("most", range(1, 7))
def test_a_use_that_is_cut_off_keeps_what_was_complete(mock: Mock, most: int) -> None:
    made = message(mock, ASKED, tools=[WEATHER], max_tokens=most)
    assert made["stop_reason"] in ("max_tokens", "tool_use")
    assert made["content"][0]["input"] in ({}, {"city": "Paris"})
    assert made["usage"]["output_tokens"] <= most


def test_a_picture_in_the_result_of_a_tool_is_looked_at(mock: Mock) -> None:
    first = message(mock, ASKED, tools=[WEATHER])
    seen = [{"type": "text", "text": "It is sunny."}, image(data_uri(plain()))]
    shown = message(mock, ASKED, *_answered(first, seen), tools=[WEATHER])
    told = message(mock, ASKED, *_answered(first, seen[:1]), tools=[WEATHER])
    assert shown["usage"]["input_tokens"] > told["usage"]["input_tokens"] + 80
    assert "sunny" in text(shown)


def test_a_picture_that_this_server_painted_is_known_by_its_address(mock: Mock) -> None:
    painted = {"model": "black-forest-labs/FLUX.1-schnell", "prompt": "A red fox in snow"}
    url = post(mock, "/v1/images/generations", painted).json["data"][0]["url"]
    shown = {"type": "image", "source": {"type": "url", "url": url}}
    asked = {"role": "user", "content": [{"type": "text", "text": "What is this?"}, shown]}
    assert "red fox" in text(message(mock, asked)).lower()


@pytest.mark.parametrize("source", [{"type": "url", "url": "https://a.b/c.png"}, None])
def test_a_text_only_model_takes_no_pictures(mock: Mock, source: Json) -> None:
    shown = {"type": "image", "source": source} if source else image(data_uri(plain()))
    said = refused(mock, {"role": "user", "content": [shown]}, model="deepseek-v3")
    assert said == "messages.0.content.0: deepseek-v3 takes no images"


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ({"media_type": "image/png", "data": "AAAA"}, "no picture of a known format"),
        ({"media_type": "image/png", "data": "A-A="}, "use the standard alphabet"),
        ({"media_type": "image/png", "data": ""}, "is empty"),
        ({"media_type": "image/png", "data": "AAA"}, "no multiple of 4"),
        ({"media_type": "image/png", "data": data_uri(plain())}, "send nothing but the base64"),
    ],
)
def test_pictures_are_judged_as_in_chat(mock: Mock, source: Json, why: str) -> None:
    shown = {"type": "image", "source": {"type": "base64", **source}}
    said = refused(mock, {"role": "user", "content": [shown]})
    assert said.startswith("messages.0.content.0.source.data: ")
    assert why in said


def test_a_picture_in_a_result_is_judged_too(mock: Mock) -> None:
    first = message(mock, ASKED, tools=[WEATHER])
    shown = image(data_uri(plain(name="JPEG")))
    shown["source"]["media_type"] = "image/webp"
    said = refused(mock, ASKED, *_answered(first, [shown]), tools=[WEATHER])
    assert said.startswith("messages.2.content.0.content.0.source.data: says image/webp but is a")


@pytest.mark.parametrize("media_type", ["image/tiff", "image/jpg", "text/plain"])
def test_other_types_of_pictures_are_refused(mock: Mock, media_type: str) -> None:
    source = {"type": "base64", "media_type": media_type, "data": "AAAA"}
    said = refused(mock, {"role": "user", "content": [{"type": "image", "source": source}]})
    assert said.startswith("messages.0.content.0.source.media_type: ")


def test_an_answer_keeps_to_the_schema_that_was_sent(mock: Mock) -> None:
    schema = {
        "type": "object",
        "properties": {"city": {"type": "string"}, "celsius": {"type": "integer"}},
        "required": ["city", "celsius"],
        "additionalProperties": False,
    }
    config = {"format": {"type": "json_schema", "schema": schema}}
    said = json.loads(text(message(mock, ASKED, output_config=config)))
    assert set(said) == {"city", "celsius"}
    assert isinstance(said["celsius"], int)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"max_tokens": -1}, "max_tokens"),
        ({"max_tokens": 1.5}, "max_tokens"),
        ({"system": 7}, "system"),
        ({"system": [{"type": "image"}]}, "system.0."),
        ({"stop_sequences": [""]}, "stop_sequences.0"),
        ({"tools": [{"name": "f"}]}, "tools.0.input_schema"),
        ({"tools": [{"name": "f", "input_schema": {"type": "string"}}]}, "tools.0.input_schema"),
        (
            {"tools": [WEATHER | {"input_schema": {"type": "object", "required": 7}}]},
            "tools.0.input_schema",
        ),
        ({"tool_choice": {"type": "any"}}, "tools"),
        ({"tool_choice": {"type": "tool"}}, "tool_choice.name"),
        ({"tools": [WEATHER], "tool_choice": {"type": "tool", "name": "g"}}, "tool_choice.name"),
        ({"thinking": {"type": "loud"}}, "thinking.type"),
        ({"thinking": {"type": "enabled"}}, "thinking.budget_tokens"),
        ({"thinking": {"type": "enabled", "budget_tokens": 1023}}, "thinking.budget_tokens"),
        (
            {"thinking": {"type": "enabled", "budget_tokens": 2000}, "max_tokens": 2000},
            "thinking.budget_tokens: 2000 is not less than `max_tokens`, which is 2000",
        ),
        ({"output_config": {"format": {"type": "xml"}}}, "output_config.format."),
    ],
)
def test_what_is_wrong_is_named(mock: Mock, more: Json, field: str) -> None:
    assert refused(mock, HELLO, **more).startswith(field)


@pytest.mark.parametrize("role", ["user", "assistant"])
def test_blocks_stand_where_their_speaker_may_use_them(mock: Mock, role: str) -> None:
    use = {"type": "tool_use", "id": "a", "name": "f", "input": {}}
    result = {"type": "tool_result", "tool_use_id": "a"}
    wrong = use if role == "user" else result
    said = refused(mock, HELLO, {"role": role, "content": [wrong]})
    assert said.startswith("messages.1.content.0.type: ")


def test_a_model_of_another_kind_writes_no_messages() -> None:
    mock = new_mock()
    mock.catalogue._entries["ruapi", "dall-e"] = mock.catalogue._entries[
        "runcrate", "black-forest-labs/FLUX.1-schnell"
    ]
    answer = send(mock, HELLO, model="dall-e")
    assert (answer.status, answer.json["error"]["type"]) == (404, "not_found_error")


def test_scripts_hold_for_messages(tmp_path: Path) -> None:
    script = tmp_path / "script.yaml"
    script.write_text(
        "- when: {operation: createMessage, text: late}\n"
        "  error: {status: 504, message: Nothing came.}\n"
        "- when: {operation: createMessage, text: busy}\n"
        "  error: {status: 529, message: Overloaded., retry_after: 3}\n"
        "- when: {operation: createMessage}\n"
        "  answer: {text: Hello., reasoning: Be kind., tool_calls: [{name: f}]}\n"
        "  violates: true\n"
    )
    mock = new_mock(scenarios=script)
    made = message(mock, HELLO)
    assert [block["type"] for block in made["content"]] == ["text", "tool_use"]
    thinking = message(mock, HELLO, thinking={"type": "adaptive"})
    assert thinking["content"][0]["thinking"] == "Be kind."
    late = send(mock, {"role": "user", "content": "late"})
    assert (late.status, late.json["error"]["type"]) == (504, "timeout_error")
    busy = send(mock, {"role": "user", "content": "busy"})
    assert (busy.status, busy.json["error"]["type"]) == (529, "overloaded_error")
    assert busy.headers["retry-after"] == "3"


@pytest.mark.parametrize("more", [{}, {"thinking": {"type": "adaptive"}}, {"tools": [WEATHER]}])
def test_a_stream_takes_as_long_as_the_whole(more: Json) -> None:
    mock = new_mock(pace=_pace())
    body = {"model": MODEL, "max_tokens": 500, "messages": [ASKED], **more}
    streamed = post(mock, PATH, body | {"stream": True}, key=KEY)
    pauses = [event.after for event in streamed.events]
    tokens = added_up(streamed)["usage"]["output_tokens"]
    assert pauses[:2] == [3.0, 0.0]
    assert sum(pauses) == 3.0 + (tokens - 1) * 0.5


def test_thoughts_take_their_time_when_they_are_omitted_too() -> None:
    mock = new_mock(pace=_pace())
    sums = []
    for display in ("summarized", "omitted"):
        thinking = {"type": "adaptive", "display": display}
        answer = send(mock, HELLO, thinking=thinking, stream=True)
        sums.append(sum(event.after for event in answer.events))
    assert sums[0] == sums[1]


def _pace() -> Any:
    from mock_server.pace import Pace

    return Pace(ttft=3.0, itl=0.5)


def test_a_request_over_the_limit_is_a_429_in_the_envelope() -> None:
    mock = new_mock(rate_limit=1)
    assert send(mock, HELLO).status == 200
    answer = send(mock, HELLO)
    assert (answer.status, answer.json["error"]["type"]) == (429, "rate_limit_error")
    assert int(answer.headers["retry-after"]) >= 1
    later = post(mock, PATH, {"model": MODEL}, key=KEY, now=NOW + 61)
    assert later.status == 400


def test_a_body_over_the_limit_is_a_413_in_the_envelope(mock: Mock) -> None:
    answer = post(mock, PATH, None, key=KEY)
    assert (answer.status, answer.json["error"]["type"]) == (413, "request_too_large")


@pytest.mark.parametrize(
    "headers", [[(b"anthropic-version", b"2026-10-21")], [(b"x-api-key", KEY.encode())]]
)
def test_a_doubled_v1_is_a_404_in_the_envelope(
    mock: Mock, headers: list[tuple[bytes, bytes]]
) -> None:
    key = KEY if headers[0][0] == b"anthropic-version" else None
    answer = post(mock, "/v1/v1/messages", {}, key=key, headers=headers)
    assert (answer.status, answer.json["error"]["type"]) == (404, "not_found_error")
    assert answer.json["request_id"] == answer.headers["request-id"]


def test_tokens_are_not_counted_at_an_address_that_ruapi_does_not_document(mock: Mock) -> None:
    headers = [(b"anthropic-version", b"2026-10-21")]
    assert post(mock, "/v1/messages/count_tokens", {}, key=KEY, headers=headers).status == 404


def test_no_conversation_is_kept_and_clients_are_told_so(mock: Mock) -> None:
    answer = send(mock, HELLO, thread={"type": "create"})
    assert answer.status == 400
    assert answer.json["error"]["details"]["error_code"] == "thread_unsupported_request"
    assert send(mock, HELLO, thread=None).status == 200


def test_the_older_name_of_a_form_holds_too(mock: Mock) -> None:
    schema = {"type": "object", "properties": {"age": {"type": "integer"}}, "required": ["age"]}
    form = {"type": "json_schema", "schema": schema}
    made = message(mock, HELLO, output_format=form)
    assert isinstance(json.loads(text(made))["age"], int)
    assert made["content"] == message(mock, HELLO, output_config={"format": form})["content"]
    schema["type"] = "none"
    refused = send(mock, HELLO, output_format=form)
    assert refused.status == 400
    assert "output_format.schema" in refused.json["error"]["message"]
