"""Scripts carried out: each kind of outcome for each kind of operation, without any socket."""

import json
from base64 import b64decode
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image

from mock_server.auth import identity
from mock_server.mock import Mock
from mock_server.provenance import prompt_in
from mock_server.scenarios.sheets import ScenarioError, sheet_of
from tests.runware import caption, error, poll, result
from tests.runware import send as run
from tests.test_runware_connection import PONG, code, say, welcomed
from tests.world import CHAT, NOW, Answered, ask, new_mock, post

MEDIA = Path(__file__).parent.parent / "fixtures" / "media"
MESSAGES = "/v1/messages"
IMAGES, SPEECH = "/v1/images/generations", "/v1/audio/speech"
Json = Any


def scripted(rules: str, key: str | None = None, **settings: Any) -> Mock:
    mock = new_mock(**{"rate_limit": 0, **settings})
    mock.scenarios.put(sheet_of(rules, "s.yaml"), identity(key, None).id if key else None)
    return mock


def chat(mock: Mock, content: Json = "hi", **more: Json) -> Answered:
    about = {name: more.pop(name) for name in ("key", "headers") if name in more}
    return post(mock, CHAT, ask(content, **more), **about)


def told(answered: Answered) -> str:
    return str(answered.json["choices"][0]["message"]["content"])


def message(mock: Mock, content: Json = "hi", **more: Json) -> Answered:
    body = {"model": "m", "max_tokens": 99, "messages": [{"role": "user", "content": content}]}
    headers = [(b"anthropic-version", b"2023-06-01")]
    return post(mock, MESSAGES, {**body, **more}, key="sk-test", headers=headers)


FLAKY = """
- name: flaky
  sequence: [{error: {status: 429, retry_after: 2}}, {error: {status: 500}}, {pass: true}]
"""


def test_first_429_then_500_then_success_by_key() -> None:
    mock = scripted(FLAKY)
    for key in ("rc_live_a", "sk-b"):
        answers = [chat(mock, key=key) for _ in range(4)]
        assert [each.status for each in answers] == [429, 500, 200, 200]
        assert answers[0].headers["retry-after"] == "2"
        assert {each.exchange.scenario for each in answers} == {"flaky"}
    assert told(answers[2]) == told(chat(new_mock(), key="sk-b"))


@pytest.mark.parametrize("stream", [True, False])
def test_both_protocols_say_what_is_scripted_whole_and_streamed(stream: bool) -> None:
    mock = scripted("- answer: {text: Ebb., reasoning: Hm.}")
    said = chat(mock, stream=stream)
    if stream:
        deltas = [each["choices"][0]["delta"] for each in said.chunks]
        assert "".join(each.get("content") or "" for each in deltas) == "Ebb."
    else:
        assert told(said) == "Ebb."
    said = message(mock, stream=stream)
    assert (b"Ebb" in b"".join(each.data for each in said.events)) is stream
    assert (b"Ebb." in said.body) is not stream
    assert said.exchange.scenario == "rules[0]"


def test_the_same_request_may_be_answered_otherwise_each_time() -> None:
    mock = scripted("- {sequence: [{answer: {text: a}}, {answer: {text: b}}], repeat: true}")
    answers = [chat(mock) for _ in range(4)]
    assert [told(each) for each in answers] == ["a", "b", "a", "b"]
    ids = [each.json["id"] for each in answers]
    assert ids[0] == ids[2] != ids[1] == ids[3]


def test_an_answer_waits_in_the_time_of_its_key_and_has_headers_of_its_own() -> None:
    mock = scripted(
        "- sequence:\n"
        "  - {answer: {text: a}, after: 2.5, headers: {X-Mine: 'yes', x-request-id: req_mine}}\n"
        "  - {error: {status: 503}, after: 1, headers: {retry-after-ms: '20'}}\n"
    )
    answer, failure = (post_raw(mock), post_raw(mock))
    assert (answer.after, failure.after) == (2.5, 1)
    headers = [name for name, _ in answer.headers]
    assert headers.count(b"x-request-id") == 1
    assert dict(answer.headers)[b"x-request-id"] == b"req_mine"
    assert dict(answer.headers)[b"x-mine"] == b"yes"
    assert dict(failure.headers)[b"retry-after-ms"] == b"20"
    stream = scripted("- {answer: {text: a}, after: 2}")
    assert post_raw(stream, stream=True).after == 2


def post_raw(mock: Mock, **more: Json) -> Any:
    from mock_server.answer import answer
    from mock_server.wire import Call

    headers = [(b"content-type", b"application/json"), (b"authorization", b"Bearer rc_live_test")]
    raw = json.dumps(ask("hi", **more)).encode()
    return answer(Call("POST", CHAT, b"", headers, raw, NOW), mock)[0]


def test_a_documented_example_of_a_status_is_given() -> None:
    mock = scripted("- {when: {operation: createChatCompletion}, status: 402}")
    assert chat(mock).status == 402
    assert chat(mock).json == chat(new_mock(), headers=[(b"prefer", b"code=402")]).json


def test_a_whole_body_is_sent_as_it_is() -> None:
    mock = scripted(
        "- when: {operation: getVideo}\n  answer: {body: {id: vid_x, status: processing}}\n"
        "- when: {operation: createVideo}\n  status: 402\n"
        "  answer: {body: {error: {message: Broke., type: t, param: null, code: null}}}\n"
    )
    seen = post(mock, "/v1/videos/anything", b"", method="GET")
    assert (seen.status, seen.json) == (200, {"id": "vid_x", "status": "processing"})
    broke = post(mock, "/v1/videos", {"model": "m", "prompt": "a"})
    assert (broke.status, broke.json["error"]["message"]) == (402, "Broke.")


def test_a_whole_body_is_no_answer_to_who_asks_for_a_stream() -> None:
    body = chat(new_mock()).json
    rule = {"when": {"operation": "createChatCompletion"}, "answer": {"body": body}}
    mock = scripted(json.dumps([{**rule, "name": "fixed"}]))
    assert chat(mock).json == body
    refused = chat(mock, stream=True)
    assert refused.status == 500
    assert "The scenario fixed is wrong: " in refused.json["error"]["message"]
    assert "text/event-stream" in refused.json["error"]["message"]
    mock = scripted(json.dumps([{**rule, "violates": True}]))
    assert chat(mock, stream=True).json == body


@pytest.mark.parametrize("strict", [True, False])
def test_what_shows_only_in_use_is_a_500_that_names_the_rule(strict: bool) -> None:
    mock = scripted("- {name: mine, error: {status: 503}}", strict=strict)
    assert chat(mock).status == 503
    refused = post(mock, "/v1/models", b"", method="GET")
    assert refused.status == 500
    assert "the scenario mine" in refused.json["error"]["message"]
    assert "503 is not a documented status" in refused.json["error"]["message"]
    assert "mine" in str(refused.exchange.error)
    mock = scripted("- {error: {status: 503}, violates: true}", strict=strict)
    assert post(mock, "/v1/models", b"", method="GET").status == 503


def test_words_that_a_protocol_does_not_have_are_told() -> None:
    mock = scripted("- {error: {status: 429, type: nonsense}}", strict=False)
    assert chat(mock).status == 429
    assert "the scenario rules[0]" in message(mock).json["error"]["message"]


TOOL = {
    "type": "function",
    "function": {
        "name": "get_tide",
        "parameters": {
            "type": "object",
            "properties": {"harbour": {"type": "string"}},
            "required": ["harbour"],
        },
    },
}


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        ("{name: get_tide, arguments: {harbour: Whitby}}", None),
        ("{name: get_tide, arguments: {harbour: 5}}", "do not fit tools[0].function.parameters"),
        ("{name: get_tide}", "do not fit tools[0].function.parameters"),
        ("{name: get_tides}", "no tool of the request is called 'get_tides'"),
    ],
)
def test_tool_calls_have_to_fit_the_tools_of_the_request(call: str, reason: str | None) -> None:
    rule = f"- answer: {{tool_calls: [{call}]}}\n"
    said = chat(scripted(rule), tools=[TOOL])
    if reason is None:
        assert said.json["choices"][0]["finish_reason"] == "tool_calls"
    else:
        assert said.status == 500
        assert reason in said.json["error"]["message"]
        free = chat(scripted(f"{rule}  violates: true"), tools=[TOOL])
        assert free.json["choices"][0]["message"]["tool_calls"]


@pytest.mark.parametrize("ask_of", [chat, message])
def test_no_tool_is_called_that_the_request_does_not_have(ask_of: Any) -> None:
    rule = "- {name: mine, answer: {tool_calls: [{name: get_tide}]}}"
    refused = ask_of(scripted(rule))
    assert refused.status == 500
    assert "The scenario mine is wrong: no tool of the request is called 'get_tide'" in str(
        refused.json
    )
    free = ask_of(scripted(rule.replace("}]}", "}]}, violates: true")))
    assert (free.status, "get_tide" in str(free.json)) == (200, True)


FORM = {
    "type": "json_schema",
    "json_schema": {
        "name": "team",
        "schema": {"type": "object", "properties": {"size": {"type": "integer"}}},
    },
}


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("{json: {size: 5}}", None),
        ("{text: '{\"size\": 5}'}", None),
        ("{json: {size: five}}", "the answer does not fit response_format"),
        ("{text: five}", "the request asks for JSON, which the text is not"),
    ],
)
def test_structured_answers_have_to_fit_the_schema_of_the_request(
    answer: str, reason: str | None
) -> None:
    said = chat(scripted(f"- answer: {answer}"), response_format=FORM)
    if reason is None:
        assert json.loads(told(said)) == {"size": 5}
    else:
        assert reason in said.json["error"]["message"]
        free = chat(scripted(f"- {{answer: {answer}, violates: true}}"), response_format=FORM)
        assert "five" in told(free)


def test_an_answer_in_json_needs_no_schema() -> None:
    assert told(chat(scripted("- answer: {json: [1, {a: null}]}"))) == '[1,{"a":null}]'


def draw(mock: Mock, **more: Json) -> Answered:
    body = {"model": "black-forest-labs/FLUX.1-schnell", "prompt": "a fox", **more}
    return post(mock, IMAGES, body, headers=[(b"host", b"mock.test")])


def test_a_picture_of_other_words_is_painted() -> None:
    mock = scripted("- answer: {image: a red barn}")
    inline = draw(mock, response_format="b64_json", output_format="png").json["data"][0]
    assert prompt(b64decode(inline["b64_json"])) == "a red barn"
    usual = draw(new_mock(), response_format="b64_json", output_format="png").json["data"][0]
    assert prompt(b64decode(usual["b64_json"])) == "a fox"


def prompt(data: bytes) -> str | None:
    with Image.open(BytesIO(data)) as image:
        return prompt_in(image)


def test_a_picture_file_is_given_inline_and_by_address() -> None:
    mock = scripted("- answer: {image: {file: picture.png}}")
    data = (MEDIA / "picture.png").read_bytes()
    inline = draw(mock, response_format="b64_json", output_format="png").json["data"][0]
    assert b64decode(inline["b64_json"]) == data
    url = draw(mock, output_format="png").json["data"][0]["url"]
    fetched = post(mock, urlsplit(url).path, b"", key=None, method="GET")
    assert (fetched.headers["content-type"], fetched.body) == ("image/png", data)
    shown = [{"type": "image_url", "image_url": {"url": url}}]
    assert chat(mock, shown).status == 200
    refused = draw(mock, output_format="webp")
    assert "asks for webp, which picture.png is not" in refused.json["error"]["message"]
    lying = scripted("- {answer: {image: {file: picture.png}}, violates: true}")
    url = draw(lying, output_format="webp").json["data"][0]["url"]
    lie = post(lying, urlsplit(url).path, b"", key=None, method="GET")
    assert (lie.headers["content-type"], lie.body) == ("image/webp", data)


def speak(mock: Mock, **more: Json) -> Answered:
    return post(mock, SPEECH, {"model": "hexgrad/Kokoro-82M", "input": "Noon.", **more})


def test_other_words_are_read_aloud_or_a_file_is_played() -> None:
    wav = {"response_format": "wav"}
    other = speak(scripted("- answer: {audio: Midnight.}"), **wav)
    assert pieces(other) == pieces(speak(new_mock(), **wav, input="Midnight."))
    assert pieces(other) != pieces(speak(new_mock(), **wav))
    mock = scripted("- answer: {audio: {file: tones.wav}}")
    assert pieces(speak(mock, **wav)) == (MEDIA / "tones.wav").read_bytes()
    refused = speak(mock, response_format="mp3")
    assert "asks for mp3, which tones.wav is not" in refused.json["error"]["message"]


def pieces(answered: Answered) -> bytes:
    return b"".join(each.data for each in answered.events)


def test_rules_look_at_values_of_the_request() -> None:
    mock = scripted(
        "- {when: {value: {/temperature: 0}}, answer: {text: cold}}\n"
        "- {when: {value: {/messages/0/content: {matches: '^Be'}}}, answer: {text: told}}\n"
        "- {when: {operation: retrieveModel, value: {/model: a/b}}, error: {status: 404}}\n"
    )
    assert told(chat(mock, temperature=0)) == "cold"
    assert told(chat(mock, "Be quick.")) == "told"
    assert chat(mock).exchange.scenario is None
    assert post(mock, "/v1/models/a/b", b"", method="GET").exchange.scenario == "rules[2]"


def test_the_last_words_of_a_user_are_found_among_turns() -> None:
    mock = scripted("- {when: {text: '^go$'}, answer: {text: gone}}")
    turns = [
        {"role": "user", "content": "go"},
        {"role": "assistant", "content": "stop"},
    ]
    assert told(post(mock, CHAT, {"model": "m", "messages": turns})) == "gone"
    last = [{"type": "text", "text": "go"}]
    assert told(chat(mock, last)) == "gone"
    assert message(mock, last).json["content"][0]["text"] == "gone"
    assert message(mock, "no").exchange.scenario is None


def test_calls_that_are_refused_before_are_not_counted() -> None:
    mock = scripted(FLAKY)
    assert post(mock, CHAT, {"model": "m"}).status == 400
    assert chat(mock, headers=[(b"prefer", b"code=404")]).status == 404
    assert chat(mock).status == 429
    mock = scripted(FLAKY, rate_limit=1)
    answers = [post(mock, CHAT, ask("hi"), now=NOW + after) for after in (0, 1, 60)]
    assert [each.status for each in answers] == [429, 429, 500]
    assert [each.exchange.scenario for each in answers] == ["flaky", None, "flaky"]


def test_a_video_is_scripted_once_and_then_made_as_usual() -> None:
    mock = scripted("- {job: {seconds: 5, error: {message: Lost.}}, times: 1}", video_seconds=1)
    jobs = [post(mock, "/v1/videos", {"model": "m", "prompt": "a"}) for _ in range(2)]
    assert [each.exchange.scenario for each in jobs] == ["rules[0]", None]
    ways = [f"/v1/videos/{each.json['id']}" for each in jobs]
    seen = [post(mock, way, b"", method="GET", now=NOW + 6).json["status"] for way in ways]
    assert seen == ["failed", "completed"]


def test_operations_that_are_answered_from_examples_are_scripted_too(tmp_path: Path) -> None:
    documented = {
        "200": {
            "description": "A thing.",
            "content": {
                "application/json": {
                    "schema": {"type": "object", "required": ["size"]},
                    "example": {"size": 1},
                }
            },
        }
    }
    operation = {"operationId": "getThing", "responses": documented}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1"},
        "paths": {"/things": {"get": operation}},
    }
    path = tmp_path / "things.json"
    path.write_text(json.dumps(document))
    mock = scripted(
        "- when: {operation: getThing}\n"
        "  sequence: [{answer: {body: {size: 2}}}, {error: {status: 418}}, {pass: true}]\n",
        spec=path,
    )
    answers = [post(mock, "/things", b"", method="GET", key=None) for _ in range(3)]
    assert [each.status for each in answers] == [200, 418, 200]
    assert [answers[0].json, answers[2].json] == [{"size": 2}, {"size": 1}]
    with pytest.raises(ScenarioError, match="size: is required"):
        scripted("- {when: {operation: getThing}, answer: {body: {}}}", spec=path)


BUSY = "- {name: busy, sequence: [{error: {status: 429, retry_after: 3}}, {pass: true}]}"


def test_tasks_are_scripted_one_by_one() -> None:
    mock = scripted(BUSY)
    answered = run(mock, caption(), caption())
    assert answered.status == 200
    assert [each["code"] for each in answered.json["errors"]] == ["rateLimitExceeded"]
    assert len(answered.json["data"]) == 1
    assert answered.exchange.scenario == "busy"
    alone = run(mock, caption(), key="runware_other")
    assert (alone.status, alone.headers["retry-after"]) == (429, "3")


def test_tasks_are_told_apart_by_words_values_and_kinds() -> None:
    mock = scripted(
        "- {when: {text: bird}, answer: {text: A wren.}, after: 4, headers: {x-a: b}}\n"
        "- {when: {value: {/taskType: getResponse}, nth: 2}, error: {status: 503}}\n"
        "- {when: {text: slow}, job: {seconds: 9}}\n"
        "- {when: {value: {/includeCost: true}}, answer: {json: {a: 1}}}\n"
    )
    bird = run(mock, caption(prompt="Which bird?"))
    assert bird.json["data"][0]["text"] == "A wren."
    assert bird.headers["x-a"] == "b"
    assert result(mock, caption(includeCost=True))["text"] == '{"a":1}'
    slow = caption(prompt="slow", deliveryMethod="async")
    assert run(mock, slow).exchange.scenario == "rules[2]"
    assert result(mock, poll(slow), now=NOW + 8)["status"] == "processing"
    assert error(mock, poll(slow), now=NOW + 9)["code"] == "serviceUnavailable"
    assert result(mock, poll(slow), now=NOW + 9)["status"] == "success"


def test_tasks_on_a_connection_are_scripted_and_pings_use_nothing_up() -> None:
    mock = scripted(BUSY)
    connection = welcomed(mock)
    assert say(connection, {"taskType": "ping", "ping": True}) == [PONG]
    assert [code(each) for each in say(connection, caption())] == ["rateLimitExceeded"]
    assert "data" in say(connection, caption())[0]
    journal = list(mock.journal.entries())
    assert [each.scenario for each in journal] == [None, None, "busy", "busy"]


def test_a_task_waits_as_scripted_on_a_connection() -> None:
    connection = welcomed(scripted("- {pass: true, after: 4}"))
    [sent] = connection.receive(json.dumps([caption()]).encode(), NOW)
    assert sent.after >= 4


def test_the_examples_do_what_they_say() -> None:
    mock = new_mock(scenarios=MEDIA.parent / "scenarios" / "example.yaml", rate_limit=0)
    assert [chat(mock, "Try again!").status for _ in range(4)] == [429, 500, 200, 200]
    assert told(chat(mock, "Orange.")) != "Orange who?"
    said = [told(chat(mock, text)) for text in ("Knock, knock.", "Orange.", "Knock!")]
    assert said == ["Who's there?", "Orange who?", "Who's there?"]
    assert "vanished" in str(post(mock, "/v1/videos/vid_lost", b"", method="GET").json)
    hurried = [chat(mock, "Hurry up.").exchange.scenario for _ in range(4)]
    assert hurried == ["rules[7]", "rules[7]", "rules[7]", None]
