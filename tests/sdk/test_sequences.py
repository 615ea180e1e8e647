"""Real clients that try again, against sequences of failures put over the control API."""

import json
import urllib.request
from typing import Any

import pytest
from anthropic import Anthropic
from openai import APIStatusError, OpenAI

from tests.conftest import FreshKey

pytestmark = [
    # openai 3.52 leaves the closing of its default HTTP client to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
HELLO: Any = [{"role": "user", "content": "Explain tides."}]
# SDKs wait for half a second unless they are told otherwise.
FLAKY = """
- name: flaky
  sequence:
  - {error: {status: 429}, headers: {retry-after-ms: '1'}}
  - {error: {status: 500}, headers: {retry-after-ms: '1'}}
  - answer: {text: The moon pulls.}
"""


def put(served: str, key: str, rules: str) -> None:
    url = f"{served}/__mock__/scenarios?key={key}"
    asked = urllib.request.Request(url, rules.encode(), {"content-type": "text/yaml"}, method="PUT")
    with urllib.request.urlopen(asked) as answer:
        assert answer.status == 200


def journal(served: str, key: str) -> list[tuple[int, str | None]]:
    with urllib.request.urlopen(f"{served}/__mock__/journal?key={key}") as answer:
        exchanges = json.load(answer)["exchanges"]
    return [(each["status"], each["scenario"]) for each in exchanges]


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("provider", ["runcrate", "ruapi"])
def test_openai_gets_through(served: str, key: FreshKey, provider: str, stream: bool) -> None:
    own = key(provider)
    put(served, own, FLAKY)
    with OpenAI(base_url=f"{served}/v1", api_key=own, max_retries=2) as client:
        if stream:
            chunks = client.chat.completions.create(model="m", messages=HELLO, stream=True)
            said = "".join(each.delta.content or "" for chunk in chunks for each in chunk.choices)
        else:
            answer = client.chat.completions.create(model="m", messages=HELLO)
            said = str(answer.choices[0].message.content)
    assert said == "The moon pulls."
    assert journal(served, own) == [(429, "flaky"), (500, "flaky"), (200, "flaky")]


@pytest.mark.parametrize("stream", [False, True])
def test_anthropic_gets_through(served: str, key: FreshKey, stream: bool) -> None:
    own = key("ruapi")
    put(served, own, FLAKY)
    asked: Any = {"model": "claude-opus-4-8", "max_tokens": 99, "messages": HELLO}
    with Anthropic(base_url=served, api_key=own, max_retries=2) as client:
        if stream:
            with client.messages.stream(**asked) as events:
                said = events.get_final_text()
        else:
            said = client.messages.create(**asked).content[0].text
    assert said == "The moon pulls."
    assert [status for status, _ in journal(served, own)] == [429, 500, 200]


def test_who_does_not_try_again_sees_the_first_failure(served: str, key: FreshKey) -> None:
    own = key("runcrate")
    put(served, own, FLAKY)
    with OpenAI(base_url=f"{served}/v1", api_key=own, max_retries=0) as client:
        with pytest.raises(APIStatusError) as caught:
            client.chat.completions.create(model="m", messages=HELLO)
        assert caught.value.status_code == 429
        assert caught.value.response.headers["retry-after-ms"] == "1"
