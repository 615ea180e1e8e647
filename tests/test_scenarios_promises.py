"""Rules that the contract does not allow are refused on load, with the line."""

import pytest

from mock_server.scenarios.book import Scenarios
from mock_server.scenarios.sheets import ScenarioError, sheet_of
from tests.world import new_mock

SPEC = new_mock().spec
CHAT = "when: {operation: createChatCompletion}"
VIDEO = "when: {operation: getVideo}"


def put(text: str) -> None:
    Scenarios(SPEC, lambda: 0.0).put(sheet_of(text, "s.yaml"), None)


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        (
            "- {when: {operation: createChat}, pass: true}",
            "s.yaml:1:22: rules[0].when.operation: no operation is called 'createChat'; "
            "near to it: createImage, createChatCompletion",
        ),
        ("- {when: {operation: ''}, pass: true}", "no operation is called ''; these are: "),
        (
            f"- {VIDEO}\n  error: {{status: 503}}",
            "s.yaml:2:19: rules[0].error.status: 503 is not documented for getVideo "
            "(200, 401, 404, 429, 500 are); say `violates: true`",
        ),
        (
            "- when: {operation: createMessage}\n  error: {status: 429, type: busy}",
            "s.yaml:2:10: rules[0].error: error.type: 'busy' is not",
        ),
        ("- error: {status: 418}", "418 is not documented for any operation; say `violates"),
        (f"- {CHAT}\n  status: 418", "s.yaml:2:11: rules[0].status: 418 is not documented"),
        (f"- {CHAT}\n  status: 418\n  violates: true", "there is no example of it"),
        (f"- {CHAT}\n  job: {{seconds: 1}}", "rules[0].job: cannot be scripted for createChatCo"),
        (f"- {CHAT}\n  job: {{seconds: 1}}", "it can for createVideo, runTasks"),
        (f"- {CHAT}\n  answer: {{image: a}}", "rules[0].answer.image: cannot be scripted for"),
        (
            f"- {VIDEO}\n  sequence:\n  - pass: true\n  - answer: {{text: a}}",
            "s.yaml:4:20: rules[0].sequence[1].answer.text: cannot be scripted for getVideo",
        ),
        ("- {when: {operation: runTasks}, status: 429}", "rules[0].status: cannot be scripted"),
        (
            "- sequence:\n  - answer: {audio: a}\n  - answer: {image: a}",
            "s.yaml:1:3: rules[0]: no operation has answers of all these kinds",
        ),
        ("- answer: {body: {}}", "rules[0].answer.body: a whole body is that of one operation"),
        (
            f"- {VIDEO}\n  answer:\n    body:\n      id: vid_1\n      status: done",
            "s.yaml:5:15: rules[0].answer.body.status: 'done' is not one of queued, processing",
        ),
        (
            f"- {CHAT}\n  status: 429\n  answer: {{body: {{error: {{}}}}}}",
            "rules[0].answer.body.error.message: is required; say `violates: true`",
        ),
    ],
)
def test_what_breaks_the_contract_is_refused_with_its_line(rule: str, says: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        put(rule)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    "rule",
    [
        f"- {VIDEO}\n  error: {{status: 503}}\n  violates: true",
        f"- {VIDEO}\n  answer: {{body: {{id: vid_1, status: done}}}}\n  violates: true",
        f"- {VIDEO}\n  answer: {{body: {{id: vid_1, status: queued}}}}",
        f"- {VIDEO}\n  status: 404",
        "- error: {status: 529}",
        "- error: {status: 503}",
        "- {when: {operation: runTasks}, error: {status: 503}}",
    ],
)
def test_what_keeps_it_or_breaks_it_on_purpose_is_taken(rule: str) -> None:
    put(rule)
