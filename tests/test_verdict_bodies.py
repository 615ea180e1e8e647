"""What clients send: fields that nobody knows or that are going, and what is not what it says."""

from base64 import b64encode
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from mock_server.mock import Mock
from mock_server.verdict import judge
from mock_server.verdict.fields import Fields
from tests.suspect import Suspect
from tests.world import CHAT, ask, post

REQUEST = "/components/schemas/ChatRequest"
TASKS = "/components/schemas/RunwareRequest"
CAPTION = {
    "taskType": "caption",
    "taskUUID": "43acecfc-aa89-4683-a335-e5c7ee028363",
    "model": "runware:152@1",
    "inputs": {"image": "https://example.com/a.png"},
}


def png() -> str:
    file = BytesIO()
    Image.new("RGB", (2, 2)).save(file, "PNG")
    return b64encode(file.getvalue()).decode()


def odd(mock: Mock, value: Any, pointer: str = REQUEST) -> list[tuple[str, bool]]:
    return [(each.place, each.is_known) for each in Fields(mock.spec).odd(value, pointer)]


def test_every_example_of_the_contract_has_known_fields_only(mock: Mock) -> None:
    count = 0
    for operation in mock.spec.operations:
        for media in operation.bodies:
            for example in media.node.get("examples", {}).values():
                value = mock.spec.document.resolve(example).get("value")
                if value is not None:
                    unknown = [each for each in odd(mock, value, media.pointer) if not each[1]]
                    assert unknown == [], operation.id
                    count += 1
    assert count > 40


@pytest.mark.parametrize(
    ("value", "places"),
    [
        (ask("a", max_token=3), ["max_token"]),
        (ask("a", stream_options={"usage": True}), ["stream_options.usage"]),
        (ask([{"type": "text", "text": "a", "txt": "b"}]), ["messages[].content[].txt"]),
        (ask("a", metadata={"any": "thing"}, logit_bias={"1": 2}), []),
        (ask("a", unheard=None), []),
        ({**ask("a"), "messages": [{"role": "assistant", "content": "a", "refusal": "b"}]}, []),
        (
            ask("a", tools=[{"function": {"name": "f", "parameters": {"x": 1}}}]),
            [],
        ),
    ],
)
def test_fields_that_the_contract_does_not_have(mock: Mock, value: Any, places: list[str]) -> None:
    assert odd(mock, value) == [(place, False) for place in places]


def test_fields_of_one_task_are_not_those_of_another(mock: Mock) -> None:
    assert odd(mock, [{**CAPTION, "outputType": "URL"}], TASKS) == [("[].outputType", True)]
    assert odd(mock, [{**CAPTION, "ping": True}], TASKS) == [("[].ping", False)]


def test_a_name_that_is_misspelt_is_wrong_and_another_is_risky(suspect: Suspect) -> None:
    suspect.sent(0, body=ask("a", temprature=1))
    suspect.sent(1, body=ask("a", repetition_penalty=1))
    suspect.sent(2, body=ask("b", repetition_penalty=1))
    misspelt, strange = suspect.findings()
    assert (misspelt.about, misspelt.severity) == ("temprature", "wrong")
    assert "did you mean temperature?" in misspelt.says
    assert (strange.about, strange.severity, strange.times) == ("repetition_penalty", "risky", 2)


def test_what_is_known_beside_it_is_not_what_was_meant(suspect: Suspect) -> None:
    suspect.sent(0, body=ask("a", temperature=1, temperatur=1))
    assert suspect.found() == {"unknown-fields": "risky"}


def test_deprecated_fields_are_risky(mock: Mock) -> None:
    mock.journal.reset()
    post(mock, "/v1", [{**CAPTION, "outputFormat": "PNG"}], key="runware_bodies")
    (finding,) = judge(mock).findings
    assert (finding.rule, finding.severity) == ("deprecated-fields", "risky")


@pytest.mark.parametrize(
    ("path", "key", "body"),
    [
        (
            CHAT,
            "rc_live_lies",
            ask([{"type": "image_url", "image_url": {"url": f"data:image/jpeg;base64,{png()}"}}]),
        ),
        (
            "/v1/messages",
            "sk-lies",
            {
                "model": "claude-opus-4-8",
                "max_tokens": 9,
                "messages": [
                    {
                        "role": "user",
                        "content": [
                            {
                                "type": "image",
                                "source": {
                                    "type": "base64",
                                    "media_type": "image/webp",
                                    "data": png(),
                                },
                            }
                        ],
                    }
                ],
            },
        ),
        (
            "/v1",
            "runware_lies",
            [{**CAPTION, "inputs": {"image": f"data:image/jpeg;base64,{png()}"}}],
        ),
    ],
)
def test_a_picture_that_is_not_what_it_says(mock: Mock, path: str, key: str, body: Any) -> None:
    mock.journal.reset()
    headers = [(b"anthropic-version", b"2023-06-01")]
    told = post(mock, path, body, key=key, headers=headers)
    assert told.status == 400
    (finding,) = judge(mock).findings
    assert (finding.rule, finding.severity) == ("image-mime-lies", "wrong")
    assert "PNG" in finding.says


def test_a_picture_that_is_only_broken_is_no_lie(mock: Mock) -> None:
    mock.journal.reset()
    part = {"type": "image_url", "image_url": {"url": "data:image/png;base64,####"}}
    told = post(mock, CHAT, ask([part]))
    assert told.status == 400
    assert judge(mock).findings == ()


@pytest.mark.parametrize(
    ("kind", "says"), [("", "without"), ("application/x-www-form-urlencoded", "as Content-Type")]
)
def test_a_body_whose_type_is_not_its_own(suspect: Suspect, kind: str, says: str) -> None:
    suspect.sent(0, 415, headers={"content-type": kind})
    (finding,) = suspect.findings()
    assert finding.rule == "body-type-lies" and says in finding.says


def test_a_type_that_the_server_took_is_its_own(suspect: Suspect) -> None:
    suspect.sent(0, 200, headers={"content-type": ""})
    suspect.sent(1, 400, headers={"content-type": "application/json; charset=utf-8"})
    assert suspect.found() == {}
