import os
from pathlib import Path
from typing import Any

import pytest

from mock_server.codec import encode
from mock_server.scenarios.reading import read_rules, rules_in
from mock_server.scenarios.rules import Rule, Situation
from mock_server.scenarios.scripts import (
    Outcome,
    Script,
    ScriptedAnswer,
    ScriptedBody,
    ScriptedCall,
    ScriptedError,
    ScriptedExample,
    ScriptedJob,
    Usual,
)
from mock_server.scenarios.sheets import ScenarioError, sheet_in, sheet_of

HI = {"answer": {"text": "hi"}}
HELLO = ScriptedAnswer("hi")
BODY = {
    "model": "deepseek/v3.1",
    "n": 1,
    "stream": True,
    "user": None,
    "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi."}],
}
SITUATION = Situation(
    "createChat", "sk-test", "deepseek/v3.1", BODY, lambda: "Tell me a joke\nabout Ünder"
)


def load(folder: Path, text: str | bytes) -> tuple[Rule, ...]:
    path = folder / "rules.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return rules_in(sheet_in(path))


def refusal(folder: Path, text: str | bytes) -> str:
    with pytest.raises(ScenarioError) as caught:
        load(folder, text)
    assert str(caught.value).startswith(str(folder / "rules.yaml"))
    return str(caught.value)


def fits(**when: Any) -> bool:
    (rule,) = read_rules([{"when": when, **HI}], "test")
    return rule.when.fits(SITUATION)


def outcome_of(rule: Rule) -> Outcome:
    (script,) = rule.scripts
    return script.outcome


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
        {"value": {"/n": 1}},
        {"value": {"/n": 1.0}},
        {"value": {"/stream": True, "/user": None}},
        {"value": {"/messages/-1/role": "user"}},
        {"value": {"/messages/*/content": "Be brief."}},
        {"value": {"/messages/*/content": {"matches": "^Hi"}}},
        {"value": {"/messages/0": {"matches": '"role": ?"system"'}}},
        {"value": {"/model": {"matches": ""}}},
        {"value": {"/messages/0": {"role": "system", "content": "Be brief."}}},
        {"state": "start"},
        {"state": ["later", "start"]},
        {"nth": 7},
    ],
    ids=repr,
)
def test_a_rule_fits_where_all_that_it_names_fits(when: dict[str, Any]) -> None:
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
        {"value": {"/n": True}},
        {"value": {"/stream": 1}},
        {"value": {"/stream": False}},
        {"value": {"/missing": None}},
        {"value": {"/missing": {"matches": ""}}},
        {"value": {"/messages/2/role": "user"}},
        {"value": {"/model/x": "y"}},
        {"value": {"/messages/*/content": {"matches": "^brief"}}},
        {"value": {"/n": 1, "/stream": False}},
        {"state": "later"},
    ],
    ids=repr,
)
def test_a_rule_does_not_fit_where_one_thing_does_not(when: dict[str, Any]) -> None:
    assert not fits(**when)


def test_a_pattern_may_ask_for_any_case() -> None:
    assert fits(text="(?i)JOKE")


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ({"text": "hi"}, HELLO),
        ({"text": ""}, ScriptedAnswer("")),
        ({"reasoning": "hm"}, ScriptedAnswer(None, "hm")),
        (
            {"text": "a", "tool_calls": [{"name": "f"}, {"name": "g", "arguments": {"x": [1]}}]},
            ScriptedAnswer("a", None, (ScriptedCall("f", {}), ScriptedCall("g", {"x": [1]}))),
        ),
    ],
    ids=["text", "empty text", "reasoning", "tool calls"],
)
def test_an_answer_is_read(answer: dict[str, Any], outcome: ScriptedAnswer) -> None:
    (rule,) = read_rules([{"answer": answer}], "test")
    assert outcome_of(rule) == outcome


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
    assert outcome_of(rule) == outcome


@pytest.mark.parametrize(
    "error", [{"status": 500.0}, {"status": 429, "retry_after": 2.0}], ids=repr
)
def test_whole_numbers_are_whole_however_they_are_written(error: dict[str, Any]) -> None:
    try:
        (rule,) = read_rules([{"error": error}], "test")
    except ScenarioError:
        return
    outcome = outcome_of(rule)
    assert isinstance(outcome, ScriptedError)
    assert type(outcome.status) is int
    assert type(outcome.retry_after) in (int, type(None))


@pytest.mark.parametrize("text", ["", "# nothing yet", "null", "[]", "---\n"], ids=repr)
def test_a_file_may_be_empty(tmp_path: Path, text: str) -> None:
    assert load(tmp_path, text) == ()


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf", b"# rules\n---\n"], ids=repr)
def test_a_file_is_read(tmp_path: Path, start: bytes) -> None:
    (rule,) = load(tmp_path, start + b"- when: {text: \xc3\xa9}\n  answer: {text: hi}\n")
    assert (outcome_of(rule), rule.when.fits(SITUATION)) == (HELLO, False)


def test_aliases_and_merges_may_be_used(tmp_path: Path) -> None:
    rules = load(tmp_path, "- answer: &a {text: hi}\n- answer: *a\n- answer: {<<: *a}\n")
    assert [outcome_of(rule) for rule in rules] == [HELLO] * 3


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
        ("- error: {status: 429, retry_after: 86401}", "is greater than the maximum of 86400"),
        (f"- error: {{status: 429, retry_after: 1{'0' * 400}}}", "is greater than the maximum"),
        (f"- {{pass: true, when: {{nth: {[1] * 1_001}}}}}", "has more than 1000 items"),
        (f"- {{pass: true, times: 1{'0' * 400}}}", "is greater than the maximum of 1000000000"),
        (f"- {{pass: true, after: 1{'0' * 400}}}", "is greater than the maximum of 1000000"),
        ("- error: {status: 429, retry_after: 1.5}", "is not of type integer"),
        ("- error: {status: 500, message: ''}", "is shorter than 1 character"),
        ("- {pass: true, when: {value: {x: 1}}}", "when.value.x: a JSON pointer begins with /"),
        ("- {pass: true, when: {value: {}}}", "has fewer than 1 member"),
        ("- {pass: true, when: {value: {/x: {matches: '('}}}}", "rules[0].when.value./x.matches"),
        ("- {pass: true, when: {nth: 0}}", "rules[0].when.nth: 0 is less than the minimum of 1"),
        ("- {pass: true, when: {nth: []}}", "has fewer than 1 item"),
        ("- {pass: true, when: {nth: [1, x]}}", "rules[0].when.nth[1]"),
        ("- {pass: true, when: {state: ''}}", "is shorter than 1 character"),
        ("- {pass: false}", "rules[0].pass: false is not true"),
        ("- {pass: true, status: 200}", "rules[0].status: cannot stand beside pass"),
        ("- {job: {seconds: 1}, error: {status: 500}}", "cannot stand beside job"),
        ("- {status: 99}", "is less than the minimum of 200"),
        ("- {pass: true, times: 0}", "is less than the minimum of 1"),
        ("- {pass: true, after: -1}", "is less than the minimum of 0"),
        ("- {pass: true, repeat: true}", "rules[0].repeat: there is no sequence to be repeated"),
        ("- {sequence: []}", "has fewer than 1 item"),
        ("- {sequence: [{}]}", "rules[0].sequence[0]: an answer, an error, a status, a job"),
        ("- {sequence: [{pass: true, times: 2}]}", "has unknown members times"),
        ("- {sequence: [{pass: true}], error: {status: 500}}", "has its outcomes in the sequence"),
        ("- {sequence: [{pass: true}], after: 1}", "has its outcomes in the sequence"),
        ("- {sequence: [{sequence: [{pass: true}]}]}", "has unknown members sequence"),
        ("- answer: {text: a, json: {}}", "rules[0].answer.json: cannot stand beside text"),
        ("- answer: {text: a, body: {}}", "rules[0].answer.body: is the whole answer"),
        ("- {answer: {text: a}, status: 500}", "rules[0].answer: an answer with a status"),
        ("- answer: {image: ''}", "is shorter than 1 character"),
        ("- answer: {image: {prompt: a}}", "rules[0].answer.image"),
        ("- answer: {image: {file: nothing.png}}", "there is no file 'nothing.png'"),
        ("- answer: {image: {file: ../rules.png}}", "name a file below the folder"),
        ("- answer: {image: {file: /etc/passwd}}", "name a file below the folder"),
        ('- answer: {image: {file: "a\\0b.png"}}', "name a file below the folder"),
        ("- answer: {audio: {file: rules.yaml}}", "ends in one of .png"),
        ("- {pass: true, headers: {'a b': x}}", "headers.a b: is not the name of a header"),
        ("- {pass: true, headers: {x: 5}}", "rules[0].headers.x: 5 is not of type string"),
        ('- {pass: true, headers: {x: "a\\r\\nb"}}', "does not match the pattern"),
        ("- {pass: true, headers: {x: ü}}", "does not match the pattern"),
        ("- {pass: true, headers: {Content-Length: '5'}}", "headers.Content-Length: how an answer"),
        ("- {pass: true, headers: {TRANSFER-ENCODING: a}}", "is a matter of faults"),
        ("- {name: a, pass: true}\n- {name: a, pass: true}", "'a' is the name of rules[0], too"),
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


def test_a_file_lies_in_the_folder_and_is_one(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    folder.mkdir()
    (tmp_path / "secret.png").write_bytes(b"")
    (folder / "out.png").symlink_to("../secret.png")
    (folder / "device.png").symlink_to("/dev/zero")
    (folder / "round.png").symlink_to("round.png")
    (folder / "folder.png").mkdir()
    os.mkfifo(folder / "pipe.png")
    (folder / "there.png").write_bytes(b"")
    (folder / "inside.png").symlink_to("there.png")

    def with_file(name: str) -> str:
        return f"- answer: {{image: {{file: {name}}}}}"

    assert "'out.png' leads out of the folder" in refusal(folder, with_file("out.png"))
    for name in ("device", "round", "folder", "pipe"):
        assert f"there is no file '{name}.png'" in refusal(folder, with_file(f"{name}.png"))
    assert "cannot be looked for: File name too long" in refusal(
        folder, with_file("a" * 300 + ".png")
    )
    load(folder, with_file("inside.png"))


@pytest.mark.parametrize("count", [1_000, 1_001])
def test_a_sequence_has_an_end(count: int) -> None:
    rules = [{"sequence": [{"error": {"status": 429}}] * count}]
    if count == 1_000:
        assert len(read_rules(rules, "test")[0].scripts) == count
        with pytest.raises(ScenarioError, match="more than 10,000 outcomes before it"):
            read_rules(rules * 11, "test")
    else:
        with pytest.raises(ScenarioError, match="has more than 1000 items"):
            read_rules(rules, "test")


def test_patterns_have_an_end_all_together() -> None:
    rules = [{"when": {"text": "(?:ab){2000}"}, **HI}]
    read_rules(rules * 10, "test")
    with pytest.raises(ScenarioError, match="come to more than 500,000 steps") as caught:
        read_rules(rules * 100, "test")
    assert str(caught.value.param).endswith(".when")


def test_a_refusal_moves_no_terminal(tmp_path: Path) -> None:
    message = refusal(tmp_path, '- {name: "\\e[2J\\n\\u202e", pass: true}\n' * 2)
    assert message.isprintable()
    assert r"\x1b[2J" in message


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
    assert outcome_of(rule) == ScriptedAnswer(text)


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
    outcome = outcome_of(rule)
    assert isinstance(outcome, ScriptedAnswer)
    (call,) = outcome.tool_calls
    assert b"null" not in encode(call.arguments)


@pytest.mark.parametrize("member", ["text", "reasoning"])
def test_a_scripted_text_can_be_sent(tmp_path: Path, member: str) -> None:
    try:
        (rule,) = load(tmp_path, f'- answer: {{{member}: "\\ud800"}}')
    except ScenarioError:
        return
    outcome = outcome_of(rule)
    assert isinstance(outcome, ScriptedAnswer)
    assert encode([outcome.text, outcome.reasoning])


@pytest.mark.parametrize("name", ["missing.yaml", "."])
def test_a_path_that_cannot_be_read_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(ScenarioError):
        rules_in(sheet_in(tmp_path / name))


def test_a_name_given_twice_in_one_rule_is_refused(tmp_path: Path) -> None:
    message = refusal(tmp_path, "- answer: {text: a}\n  answer: {text: b}")
    assert "the name 'answer' stands twice (line 2, column 3)" in message


@pytest.mark.parametrize("levels", [5, 12])
def test_an_expanding_file_is_refused(tmp_path: Path, levels: int) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels)]
    assert len(refusal(tmp_path, "\n".join(lines))) < 500


def test_a_scenario_error_is_a_value_error() -> None:
    assert issubclass(ScenarioError, ValueError)


RULES = """\
- when: {model: a}
  answer: {text: hi}

- name: busy
  when:
    operation: createChatCompletion
    text: '('
  error:
    status: 429
"""


@pytest.mark.parametrize(
    ("wrong", "right", "where"),
    [
        ("429", "200", "9:13: rules[1].error.status: 200 is less than"),
        ("    status: 429", "    {}", "9:5: rules[1].error.status: is required"),
        ("name: busy", "nmae: busy", "4:3: rules[1]: {"),
        ("{text: hi}", "{text: hi, txt: a}", "2:22: rules[0].answer: {"),
        ("operation: create", "operation: 5 # ", "6:16: rules[1].when.operation: 5 is not of type"),
        ("", "", "7:11: rules[1].when.text: '(' is not a regular expression"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_column(wrong: str, right: str, where: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        rules_in(sheet_of(RULES.replace(wrong, right, 1), "s.yaml"))
    assert str(caught.value).startswith(f"s.yaml:{where}")
    assert caught.value.param == where.split(": ")[1]


def scripts_of(text: str) -> tuple[Script, ...]:
    (rule,) = rules_in(sheet_of(text, "s.yaml"))
    return rule.scripts


def test_a_sequence_is_read() -> None:
    scripts = scripts_of(
        "- name: flaky\n"
        "  then: done\n"
        "  sequence:\n"
        "  - {error: {status: 429, retry_after: 1}, after: 2, then: waited}\n"
        "  - {status: 500, headers: {X-A: b}}\n"
        "  - {job: {seconds: 3}}\n"
        "  - {answer: {body: [1]}}\n"
        "  - pass: true\n"
    )
    assert [script.outcome for script in scripts] == [
        ScriptedError(429, "This failure was scripted.", None, None, 1),
        ScriptedExample(500),
        ScriptedJob(3, None),
        ScriptedBody([1], None),
        Usual(),
    ]
    assert [script.then for script in scripts] == ["waited", "done", "done", "done", "done"]
    assert [script.after for script in scripts] == [2, 0, 0, 0, 0]
    assert scripts[1].headers == ((b"x-a", b"b"),)
    assert {script.rule for script in scripts} == {"flaky"}
    assert scripts[3].place == "rules[0].sequence[3]"


def test_an_answer_in_json_is_its_text() -> None:
    (script,) = scripts_of("- answer: {json: {a: [1, null]}}")
    assert script.outcome == ScriptedAnswer('{"a":[1,null]}')
    assert script.needs == {"json"}


def test_a_file_is_found_beside_the_rules_or_among_the_fixtures(tmp_path: Path) -> None:
    (tmp_path / "own.png").write_bytes(b"x")
    own, ours = load(
        tmp_path, "- answer: {image: {file: own.png}}\n- answer: {image: {file: picture.png}}"
    )
    assert isinstance(outcome_of(own), ScriptedAnswer)
    assert str(tmp_path / "own.png") in str(outcome_of(own))
    assert "fixtures/media/picture.png" in str(outcome_of(ours))


def test_the_same_rule_twice_is_two_rules() -> None:
    one, other = read_rules([HI, HI], "test")
    assert one.mark != other.mark
    assert (one.name, other.name) == ("rules[0]", "rules[1]")
