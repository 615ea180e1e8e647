"""A client of a target: what it asks for, and what it leaves alone."""

from contextlib import nullcontext

import httpx2
import pytest

from contract_tests.guest import TargetClient, is_careful, needs_model, session
from contract_tests.target import Target, read_target
from contract_tests.target_file import TargetFile, parse

KEYS = {"runcrate": "rc_live_x"}


def target_of(text: str, *, paid: bool = False) -> Target:
    return Target("http://127.0.0.1:9", KEYS, "full", paid, file=parse(text, "a.yaml"))


def test_a_request_names_the_models_of_the_target() -> None:
    with TargetClient(target_of("models: {chat-completions: a, transcriptions: b}")) as client:
        chat = {"model": "deepseek-ai/DeepSeek-V3", "messages": []}
        sent = client.build_request("POST", "/v1/chat/completions", json=chat)
        assert b'"model":"a"' in sent.read().replace(b" ", b"")
        form = {"model": "openai/whisper-large-v3"}
        sent = client.build_request("POST", "/v1/audio/transcriptions", data=form)
        assert sent.read() == b"model=b"
        raw = client.build_request("POST", "/v1/chat/completions", content=b'{"model": 1')
        assert raw.read() == b'{"model": 1'


@pytest.mark.parametrize("url", ["/v1/videos", "http://127.0.0.1:9/v1/videos"])
def test_what_a_target_lacks_is_not_asked_for(url: str) -> None:
    with (
        TargetClient(target_of("lacks: [createVideo]")) as client,
        pytest.raises(pytest.skip.Exception, match="the target has no createVideo"),
    ):
        client.post(url, json={})


def test_nothing_is_asked_at_an_address_of_which_a_target_lacks_everything() -> None:
    with TargetClient(target_of("lacks: [createChatCompletion]")) as client:
        with pytest.raises(pytest.skip.Exception, match="the target has no createChatCompletion"):
            client.get("/v1/chat/completions")
        assert client.build_request("PATCH", "/v1/models").method == "PATCH"


@pytest.mark.parametrize(
    ("text", "paid", "careful"),
    [("", False, False), ("", True, True), ("limits: {requests_per_minute: 9}", False, True)],
)
def test_what_may_charge_or_has_a_pace_is_asked_with_care(
    text: str, paid: bool, careful: bool
) -> None:
    target = target_of(text, paid=paid)
    assert is_careful(target) == careful
    assert (session(target) is not None) == careful


@pytest.mark.parametrize(
    ("models", "is_left_out"),
    [
        ("{chat-completions: a}", True),
        ("{chat-completions: a, deepseek-ai/DeepSeek-R1: b}", False),
        ("{embeddings: a}", False),
        ("{}", False),
    ],
)
def test_what_one_model_can_do_is_not_asked_of_another(models: str, is_left_out: bool) -> None:
    target = target_of(f"models: {models}")
    says = "the target names no model that thinks aloud"
    with pytest.raises(pytest.skip.Exception, match=says) if is_left_out else nullcontext():
        needs_model(target, "deepseek-ai/DeepSeek-R1", "thinks aloud")


def test_the_mock_in_this_process_needs_no_care() -> None:
    target = read_target({})
    assert target.file == TargetFile()
    assert not is_careful(target)


def test_an_unknown_address_is_asked_as_it_is() -> None:
    with TargetClient(target_of("")) as client:
        sent = client.build_request("GET", "/elsewhere", params={"a": "b"})
    assert sent.url == httpx2.URL("http://127.0.0.1:9/elsewhere?a=b")
