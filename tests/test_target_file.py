"""Target files: what they may say, and that a mistake in one is found where it stands."""

from datetime import date
from pathlib import Path

import pytest

from contract_tests.clauses import ledger
from contract_tests.guest import with_models
from contract_tests.target import PROVIDERS
from contract_tests.target_file import TargetFile, TargetFileError, parse, read_target_file

WHOLE = """
url: http://127.0.0.1:4000/
providers: [ruapi]
paid: true
models:
  chat-completions: small-chat
  deepseek-ai/DeepSeek-R1: small-thinker
prices: {input: 0.1, output: 0.4}
limits: {requests_per_minute: 20}
lacks: [createVideo]
deviations:
  - {clause: chat-stream-ends-with-done, reason: known upstream, until: 2027-01-31, provider: ruapi}
"""


def test_a_whole_file_is_read() -> None:
    file = parse(WHOLE, "a.yaml")
    assert (file.url, list(file.providers), file.paid) == ("http://127.0.0.1:4000", ["ruapi"], True)
    assert (file.prices.input, file.prices.output, file.a_minute) == (0.1, 0.4, 20)
    assert "input" not in file.assumed
    assert "picture" in file.assumed
    assert list(file.lacks) == ["createVideo"]
    (deviation,) = file.deviations
    assert deviation.until == date(2027, 1, 31)
    assert deviation.clause == "chat-stream-ends-with-done"


def test_an_empty_file_says_nothing() -> None:
    assert parse("", "a.yaml") == TargetFile()


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("- a list", 1, "not of type"),
        ("\nprice: {}", 2, "'price' was unexpected"),
        ("paid: false\nprices:\n  input: 1\n  output: -2", 4, "prices.output: -2 is less than"),
        ("prices: {inptu: 3}", 1, "'inptu' was unexpected"),
        ("\nurl: example.com", 2, "url"),
        ("paid: perhaps", 1, "paid"),
        ("limits:\n  requests_per_minute: 0", 2, "limits.requests_per_minute"),
        ("lacks:\n  - createVideo\n  - makeCoffee", 3, "no operation is called makeCoffee"),
        ("models:\n  chat: a", 2, "neither a model of the tests nor one of"),
        ("deviations:\n- {clause: x, reason: y, until: 2027-01-01}", 2, "no clause is called x"),
        (
            "deviations:\n- clause: chat-stream-ends-with-done\n  reason: y\n  until: soon",
            4,
            "deviations.0.until",
        ),
        (
            "deviations:\n- {clause: chat-stream-ends-with-done, reason: y}",
            2,
            '"until" is a required',
        ),
    ],
)
def test_a_mistake_is_named_with_line_and_member(text: str, line: int, words: str) -> None:
    with pytest.raises(TargetFileError, match=rf"^a\.yaml, line {line}: ") as caught:
        parse(text, "a.yaml")
    assert words in str(caught.value)


def test_what_is_no_yaml_says_where() -> None:
    with pytest.raises(TargetFileError, match="line 2"):
        parse("a: 1\nb: [", "a.yaml")


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(TargetFileError, match="No such file"):
        read_target_file(str(tmp_path / "none.yaml"))


@pytest.mark.parametrize("provider", PROVIDERS)
def test_each_provider_has_a_file_that_comes_along(provider: str) -> None:
    file = read_target_file(provider)
    assert list(file.providers) == [provider]
    assert file.url is not None
    assert file.url.startswith("https://")


def test_models_stand_in_by_behaviour_and_one_for_one() -> None:
    file = parse(WHOLE, "a.yaml")
    assert file.model("chat-completions", "deepseek-ai/DeepSeek-V3") == "small-chat"
    assert file.model("chat-completions", "deepseek-ai/DeepSeek-R1") == "small-thinker"
    assert file.model("messages", "claude-opus-4-8") == "claude-opus-4-8"


@pytest.mark.parametrize("named", ["nobody/knows", "black-forest-labs/FLUX.1-schnell", 7, None])
def test_a_model_that_a_test_names_to_be_refused_stays(named: object) -> None:
    assert parse(WHOLE, "a.yaml").model("chat-completions", named) == named


def test_models_are_named_in_requests_and_in_each_task() -> None:
    file = parse("models: {tasks: 'mine:1@1'}", "a.yaml")
    tasks = [{"model": "runware:152@1", "a": 1}, {"taskType": "ping"}, 3]
    told = with_models(file, "tasks", tasks)
    assert told == [{"model": "mine:1@1", "a": 1}, {"taskType": "ping"}, 3]
    assert tasks[0] == {"model": "runware:152@1", "a": 1}


def test_every_clause_can_be_accepted_by_its_id() -> None:
    lines = [f"- {{clause: {id}, reason: y, until: 2027-01-01}}" for id in ledger().clauses]
    text = "\n".join(["deviations:", *lines])
    assert len(parse(text, "a.yaml").deviations) == len(ledger().clauses)
