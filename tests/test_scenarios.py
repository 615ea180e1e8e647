from pathlib import Path
from typing import Any

import pytest

from mock_server.codec import encode
from mock_server.scenarios import (
    Rule,
    ScenarioError,
    ScriptedAnswer,
    ScriptedCall,
    ScriptedError,
    Situation,
    find,
    load_rules,
    read_rules,
)

HI = {"answer": {"text": "hi"}}
HELLO = ScriptedAnswer("hi", None, ())
SITUATION = Situation("createChat", "deepseek/v3.1", "Tell me a joke\nabout Ünder", "sk-test")


def load(folder: Path, text: str | bytes) -> tuple[Rule, ...]:
    path = folder / "rules.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_rules(path)


def refusal(folder: Path, text: str | bytes) -> str:
    with pytest.raises(ScenarioError) as caught:
        load(folder, text)
    assert str(caught.value).startswith(str(folder / "rules.yaml"))
    return str(caught.value)


def fits(**when: str) -> bool:
    (rule,) = read_rules([{"when": when, **HI}], "test")
    return rule.fits(SITUATION)


@pytest.mark.parametrize(
    "when",
    [
        {},
        {"operation": "createChat"},
        {"model": "deepseek/v3.1"},
        {"model": "deepseek/*"},
        {"model": "*"},
        {"model": "deepseek/v?.1"},
        {"key": "sk-*"},
        {"text": "joke"},
        {"text": "^Tell"},
        {"text": "Ünder$"},
        {"text": "T.*me"},
        {"text": ""},
        {"operation": "createChat", "model": "*v3*", "text": "joke", "key": "sk-test"},
    ],
    ids=repr,
)
def test_a_rule_fits_where_all_that_it_names_fits(when: dict[str, str]) -> None:
    assert fits(**when)


@pytest.mark.parametrize(
    "when",
    [
        {"operation": "createchat"},
        {"operation": "create*"},
        {"operation": ""},
        {"model": "deepseek"},
        {"model": "DeepSeek/*"},
        {"model": ""},
        {"key": "rc_*"},
        {"text": "JOKE"},
        {"text": "^about"},
        {"operation": "createChat", "model": "*", "text": "cake", "key": "*"},
    ],
    ids=repr,
)
def test_a_rule_does_not_fit_where_one_thing_does_not(when: dict[str, str]) -> None:
    assert not fits(**when)


def test_a_pattern_may_ask_for_any_case() -> None:
    assert fits(text="(?i)JOKE")


def test_the_first_rule_that_fits_decides() -> None:
    rules = read_rules(
        [
            {"when": {"model": "other"}, "answer": {"text": "1"}},
            {"when": {"text": "joke"}, "answer": {"text": "2"}},
            {"answer": {"text": "3"}},
        ],
        "test",
    )
    assert find(rules, SITUATION, ScriptedAnswer) == ScriptedAnswer("2", None, ())
    assert find(rules[:1], SITUATION, ScriptedAnswer) is None
    assert find([], SITUATION, ScriptedAnswer) is None


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ({"text": "hi"}, HELLO),
        ({"text": ""}, ScriptedAnswer("", None, ())),
        ({"reasoning": "hm"}, ScriptedAnswer(None, "hm", ())),
        (
            {"text": "a", "tool_calls": [{"name": "f"}, {"name": "g", "arguments": {"x": [1]}}]},
            ScriptedAnswer("a", None, (ScriptedCall("f", {}), ScriptedCall("g", {"x": [1]}))),
        ),
    ],
    ids=["text", "empty text", "reasoning", "tool calls"],
)
def test_an_answer_is_read(answer: dict[str, Any], outcome: ScriptedAnswer) -> None:
    (rule,) = read_rules([{"answer": answer}], "test")
    assert rule.outcome == outcome


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        ({"status": 503}, ScriptedError(503, "This failure was scripted.", None, None, None)),
        (
            {"status": 429, "message": "No.", "type": "t", "code": "c", "retry_after": 5},
            ScriptedError(429, "No.", "t", "c", 5),
        ),
    ],
    ids=["status alone", "everything"],
)
def test_an_error_is_read(error: dict[str, Any], outcome: ScriptedError) -> None:
    (rule,) = read_rules([{"error": error}], "test")
    assert rule.outcome == outcome


@pytest.mark.parametrize(
    "error", [{"status": 500.0}, {"status": 429, "retry_after": 2.0}], ids=repr
)
def test_whole_numbers_are_whole_however_they_are_written(error: dict[str, Any]) -> None:
    try:
        (rule,) = read_rules([{"error": error}], "test")
    except ScenarioError:
        return
    assert isinstance(rule.outcome, ScriptedError)
    assert type(rule.outcome.status) is int
    assert type(rule.outcome.retry_after) in (int, type(None))


@pytest.mark.parametrize("text", ["", "# nothing yet", "null", "[]", "---\n"], ids=repr)
def test_a_file_may_be_empty(tmp_path: Path, text: str) -> None:
    assert load(tmp_path, text) == ()


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf", b"# rules\n---\n"], ids=repr)
def test_a_file_is_read(tmp_path: Path, start: bytes) -> None:
    (rule,) = load(tmp_path, start + b"- when: {text: \xc3\xa9}\n  answer: {text: hi}\n")
    assert (rule.outcome, rule.fits(SITUATION)) == (HELLO, False)


def test_aliases_and_merges_may_be_used(tmp_path: Path) -> None:
    rules = load(tmp_path, "- answer: &a {text: hi}\n- answer: *a\n- answer: {<<: *a}\n")
    assert [rule.outcome for rule in rules] == [HELLO] * 3


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("hello", "rules: 'hello' is not of type array"),
        ("answer: {text: hi}", "is not of type array"),
        ("- hi", "rules[0]: 'hi' is not of type object"),
        ("- answer: {text: a}\n  error: {status: 500}", "rules[0].answer"),
        ("- answer: {}", "rules[0].answer: {} has fewer than 1 member"),
        ("- answer:", "rules[0].answer: null is not of type object"),
        ("- answr: {text: a}", "answr"),
        ("- answer: {txt: a}", "has unknown members txt"),
        ("- answer: {text: 5}", "rules[0].answer.text: 5 is not of type string"),
        ("- answer: {text: true}", "rules[0].answer.text: true is not of type string"),
        ("- {answer: {text: a}, when: }", "rules[0].when: null is not of type object"),
        ("- {answer: {text: a}, when: {modl: x}}", "has unknown members modl"),
        ("- {answer: {text: a}, when: {model: 5}}", "rules[0].when.model: 5 is not of type string"),
        ("- {answer: {text: a}, when: {text: '('}}", "'('"),
        ("- {answer: {text: a}, when: {text: '[z-a]'}}", "'[z-a]'"),
        ("- answer: {tool_calls: []}", "has fewer than 1 item"),
        ("- answer: {tool_calls: [{}]}", "rules[0].answer.tool_calls[0].name: is required"),
        ("- answer: {tool_calls: [{name: ''}]}", "is shorter than 1 character"),
        ("- answer: {tool_calls: [{name: f, arguments: '{}'}]}", "is not of type object"),
        ("- error: {}", "rules[0].error.status: is required"),
        ("- error: {status: 200}", "is less than the minimum of 400"),
        ("- error: {status: 600}", "is greater than the maximum of 599"),
        ("- error: {status: '500'}", "rules[0].error.status: '500' is not of type integer"),
        ("- error: {status: 429, retry_after: 0}", "is less than the minimum of 1"),
        ("- error: {status: 429, retry_after: 1.5}", "is not of type integer"),
        ("- error: {status: 500, message: ''}", "is shorter than 1 character"),
        ("\t- a", "cannot start any token"),
        ("[", "line 2"),
        ("- !!python/object:os.system {}", "could not determine a constructor"),
        ("a\n---\nb", "another document"),
        (b"- answer: {text: \xff}", "not UTF-8 text (byte 17)"),
        (b"- answer: {text: a\x00}", "control characters are not allowed"),
    ],
    ids=repr,
)
def test_a_file_that_cannot_be_used_is_told_where_and_why(
    tmp_path: Path, text: str | bytes, says: str
) -> None:
    assert says in refusal(tmp_path, text)


def test_a_rule_without_an_outcome_is_told_both_that_it_could_have(tmp_path: Path) -> None:
    message = refusal(tmp_path, "- when: {model: x}")
    assert "answer" in message
    assert "error" in message


@pytest.mark.parametrize(
    "text",
    [
        "- answer: !!set {a}",
        "- answer: {text: !!binary aGk=}",
        "&a [*a]",
        "- &a {answer: *a}",
        "[" * 300 + "]" * 300,
        "[" * 1_500 + "]" * 1_500,
        "- error: {status: " + "9" * 5_000 + "}",
    ],
    ids=[
        "set",
        "binary",
        "list in itself",
        "rule in itself",
        "deep",
        "bottomless",
        "huge number",
    ],
)
def test_what_yaml_can_say_and_json_cannot_is_refused(tmp_path: Path, text: str) -> None:
    refusal(tmp_path, text)


@pytest.mark.parametrize("text", ["2026-01-01", "2026-99-99", "2026-01-01 10:00:00", "12:30:45"])
def test_what_looks_like_a_time_is_text_or_refused(tmp_path: Path, text: str) -> None:
    try:
        (rule,) = load(tmp_path, f"- answer: {{text: {text}}}")
    except ScenarioError:
        return
    assert rule.outcome == ScriptedAnswer(text, None, ())


@pytest.mark.parametrize(
    "pattern",
    [
        "a{99999999999}",
        "(" * 2_000 + ")" * 2_000,
        "(?<n>x)",
        r"\p{L}",
        r"\u{1F600}",
        "(?<=a*)b",
    ],
    ids=["huge count", "bottomless", "named group", "property", "code point", "look-behind"],
)
def test_a_pattern_that_cannot_be_used_is_refused_and_shown(tmp_path: Path, pattern: str) -> None:
    message = refusal(tmp_path, f"- {{answer: {{text: a}}, when: {{text: '{pattern}'}}}}")
    assert "regular expression" in message or "regex" in message
    assert "None" not in message


@pytest.mark.parametrize("pattern", ["[[a]", "[a||b]", "[a&&b]"])
def test_a_pattern_is_read_without_a_warning(pattern: str) -> None:
    assert not fits(text=pattern + "never")


@pytest.mark.parametrize(
    "arguments",
    [
        "{day: 2026-01-01}",
        "{1: 2}",
        "{on: 1}",
        "{x: .nan}",
        "{x: .inf}",
        "&a {x: *a}",
        "{x: !!set {a}}",
    ],
)
def test_arguments_of_a_tool_are_json_or_refused(tmp_path: Path, arguments: str) -> None:
    try:
        (rule,) = load(tmp_path, f"- answer: {{tool_calls: [{{name: f, arguments: {arguments}}}]}}")
    except ScenarioError:
        return
    assert isinstance(rule.outcome, ScriptedAnswer)
    (call,) = rule.outcome.tool_calls
    assert b"null" not in encode(call.arguments)


@pytest.mark.parametrize("member", ["text", "reasoning"])
def test_a_scripted_text_can_be_sent(tmp_path: Path, member: str) -> None:
    try:
        (rule,) = load(tmp_path, f'- answer: {{{member}: "\\ud800"}}')
    except ScenarioError:
        return
    assert isinstance(rule.outcome, ScriptedAnswer)
    assert encode([rule.outcome.text, rule.outcome.reasoning])


@pytest.mark.parametrize("name", ["missing.yaml", "."])
def test_a_path_that_cannot_be_read_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(ScenarioError):
        load_rules(tmp_path / name)


def test_a_name_given_twice_in_one_rule_is_refused(tmp_path: Path) -> None:
    refusal(tmp_path, "- answer: {text: a}\n  answer: {text: b}")


def test_an_expanding_file_is_refused(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 5)]
    assert len(refusal(tmp_path, "\n".join(lines))) < 500


def test_a_scenario_error_is_a_value_error() -> None:
    assert issubclass(ScenarioError, ValueError)
