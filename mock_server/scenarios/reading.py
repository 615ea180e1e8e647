"""Rules read from a sheet: their form first, then what they say."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import jsonschema_rs
import msgspec

from mock_server import codec
from mock_server.fixtures import FIXTURES
from mock_server.scenarios.form import FORM
from mock_server.scenarios.patterns import Pattern, pattern
from mock_server.scenarios.rules import Rule, When, wildcards
from mock_server.scenarios.scripts import (
    FORMS,
    Medium,
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
from mock_server.scenarios.sheets import ROOT, Sheet, sound
from mock_server.violations import first_violation, show
from mock_server.wire import Json

_OUTCOMES: Final = ("answer", "error", "status", "job", "pass")
_HEADER: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, section 5.1
_FRAMING: Final = ("content-length", "transfer-encoding", "connection")
# As long as many rules without sequences may be, and what their patterns take of memory: 150 MB.
_MOST_OUTCOMES: Final = 10_000
_MOST_STEPS: Final = 500_000


class _Wrong(ValueError):
    """Something is wrong in a place."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place = place


def read_rules(content: Json, source: str) -> tuple[Rule, ...]:
    """The rules in a value of the form FORM; raises ScenarioError."""
    return rules_in(Sheet(source, content))


def rules_in(sheet: Sheet, prefix: str = "", scope: str = "") -> tuple[Rule, ...]:
    """The rules of a sheet, in order; raises ScenarioError.

    With the prefix begin the names of those that have none of their own. The same rule has another
    mark in another scope.
    """
    content = sound(sheet)
    wrong = first_violation(jsonschema_rs.validator_for(FORM), content, root=ROOT)
    if wrong is not None:
        raise sheet.refusal(wrong.param or ROOT, wrong.message)
    try:
        return tuple(_Reader(sheet, prefix, scope).rules(content))
    except _Wrong as wrong_place:
        raise sheet.refusal(wrong_place.place, str(wrong_place)) from None


class _Reader:
    """Reads the rules of one sheet, whose form is right."""

    def __init__(self, sheet: Sheet, prefix: str, scope: str) -> None:
        self._sheet, self._prefix, self._scope = sheet, prefix, scope
        self._twins: Counter[bytes] = Counter()
        self._names: dict[str, str] = {}
        self._outcomes = self._steps = 0

    def rules(self, content: Json) -> Iterator[Rule]:
        for number, node in enumerate(content):
            yield self._rule(node, f"{ROOT}[{number}]")

    def _rule(self, node: Json, place: str) -> Rule:
        name = node.get("name", f"{self._prefix}{place}")
        if "name" in node and self._names.setdefault(name, place) != place:
            raise _Wrong(f"{place}.name", f"{name!r} is the name of {self._names[name]}, too")
        text = msgspec.json.encode(node, order="sorted")
        self._twins[text] += 1
        facts = f"{self._scope}/{self._prefix}/{self._twins[text]}/".encode() + text
        times, when = node.get("times"), _when(node.get("when", {}), f"{place}.when")
        self._steps += sum(each.steps for each in when.patterns)
        if self._steps > _MOST_STEPS:
            reason = f"the patterns up to here come to more than {_MOST_STEPS:,} steps"
            raise _Wrong(f"{place}.when", reason)
        return Rule(
            name=name,
            place=place,
            mark=_digest(facts),
            when=when,
            scripts=tuple(self._scripts(node, name, place)),
            repeats=node.get("repeat", False),
            times=None if times is None else int(times),
            written=node,
        )

    def _scripts(self, node: Json, name: str, place: str) -> Iterator[Script]:
        if "sequence" not in node:
            if "repeat" in node:
                raise _Wrong(f"{place}.repeat", "there is no sequence to be repeated")
            yield self._script(node, node, name, place)
            return
        for stray in (*_OUTCOMES, "headers", "after"):
            if stray in node:
                reason = "a rule with a sequence has its outcomes in the sequence"
                raise _Wrong(f"{place}.{stray}", reason)
        for number, item in enumerate(node["sequence"]):
            whole = {"then": node["then"], **item} if "then" in node else item
            yield self._script(whole, node, name, f"{place}.sequence[{number}]")

    def _script(self, node: Json, rule: Json, name: str, place: str) -> Script:
        self._outcomes += 1
        if self._outcomes > _MOST_OUTCOMES:
            raise _Wrong(place, f"there are more than {_MOST_OUTCOMES:,} outcomes before it")
        outcome, needs = self._outcome(node, place)
        return Script(
            outcome=outcome,
            needs=needs,
            headers=tuple(_headers(node.get("headers", {}), f"{place}.headers")),
            after=float(node.get("after", 0.0)),
            then=node.get("then"),
            rule=name,
            place=place,
            violates=rule.get("violates", False),
            mark=_digest(codec.encode(node["answer"])) if "answer" in node else "",
        )

    def _outcome(self, node: Json, place: str) -> tuple[Outcome, frozenset[str]]:
        found = [each for each in _OUTCOMES if each in node]
        if not found:
            known = f"an {_OUTCOMES[0]}, an {', a '.join(_OUTCOMES[1:-1])} or `pass: true`"
            raise _Wrong(place, f"{known} is required, or a sequence of them")
        if len(found) > 1 and found != ["answer", "status"]:
            raise _Wrong(f"{place}.{found[0]}", f"cannot stand beside {found[1]}")
        if "pass" in node:
            return Usual(), frozenset()
        if "error" in node:
            return _error(node["error"]), frozenset()
        if "job" in node:
            return ScriptedJob(node["job"].get("seconds"), node["job"].get("error")), _JOB
        if "answer" in node:
            return self._answer(node, f"{place}.answer")
        return ScriptedExample(int(node["status"])), frozenset({"status"})

    def _answer(self, rule: Json, place: str) -> tuple[Outcome, frozenset[str]]:
        node, status = rule["answer"], rule.get("status")
        if "body" in node:
            if len(node) > 1:
                raise _Wrong(f"{place}.body", "is the whole answer; nothing can stand beside it")
            body = ScriptedBody(node["body"], None if status is None else int(status))
            return body, frozenset({"body"})
        if status is not None:
            raise _Wrong(place, "an answer with a status of its own needs a body")
        if "json" in node and "text" in node:
            raise _Wrong(f"{place}.json", "cannot stand beside text: it is the text, as JSON")
        calls = [
            ScriptedCall(call["name"], call.get("arguments", {}))
            for call in node.get("tool_calls", ())
        ]
        said = codec.encode(node["json"]).decode() if "json" in node else node.get("text")
        answer = ScriptedAnswer(
            text=said,
            reasoning=node.get("reasoning"),
            tool_calls=tuple(calls),
            image=self._medium(node, "image", place),
            audio=self._medium(node, "audio", place),
        )
        return answer, frozenset(node)

    def _medium(self, node: Mapping[str, Json], kind: str, place: str) -> Medium | None:
        if kind not in node or isinstance(node[kind], str):
            return Medium(node[kind]) if kind in node else None
        name, at = Path(node[kind]["file"]), f"{place}.{kind}.file"
        if name.is_absolute() or ".." in name.parts or "\0" in str(name):
            raise _Wrong(at, "name a file below the folder of the rules, or of fixtures/media")
        if name.suffix.lower() not in FORMS:
            raise _Wrong(at, f"the name of a file ends in one of {', '.join(FORMS)}")
        folders = [each for each in (self._sheet.folder, FIXTURES / "media") if each]
        try:
            found = next((each for each in folders if (each / name).is_file()), None)
        except (OSError, ValueError) as error:  # of a name that no file can have
            reason = getattr(error, "strerror", None) or "no file is called so"
            raise _Wrong(at, f"{show(str(name))} cannot be looked for: {reason}") from None
        if found is None:
            where = "in fixtures/media or in the folder that the server has as --scenarios"
            raise _Wrong(at, f"there is no file {str(name)[:60]!r} {where}")
        file = (found / name).resolve()
        if not file.is_relative_to(found.resolve()):
            raise _Wrong(at, f"{show(str(name))} leads out of the folder that it is in")
        return Medium(file=file)


_JOB: Final = frozenset({"job"})


def _when(node: Json, place: str) -> When:
    return When(
        operation=node.get("operation"),
        model=wildcards(node["model"]) if "model" in node else None,
        text=_pattern(node["text"], f"{place}.text") if "text" in node else None,
        key=wildcards(node["key"]) if "key" in node else None,
        values=tuple(_wanted(node.get("value", {}), f"{place}.value")),
        nth=frozenset(int(each) for each in _listed(node.get("nth", []))),
        state=frozenset(_listed(node.get("state", []))),
    )


def _digest(facts: bytes) -> str:
    return hashlib.blake2b(facts, digest_size=12).hexdigest()


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]


def _headers(node: Json, place: str) -> Iterator[tuple[bytes, bytes]]:
    for name, value in node.items():
        if not _HEADER.fullmatch(name):
            raise _Wrong(f"{place}.{name}", "is not the name of a header")
        if name.lower() in _FRAMING:
            raise _Wrong(f"{place}.{name}", "how an answer is framed is a matter of faults")
        yield name.lower().encode(), value.encode()


def _wanted(node: Json, place: str) -> Iterator[tuple[str, Json | Pattern]]:
    for pointer, wanted in node.items():
        if pointer and not pointer.startswith("/"):
            raise _Wrong(f"{place}.{pointer}", "a JSON pointer begins with /")
        if isinstance(wanted, dict) and [*wanted] == ["matches"]:
            yield pointer, _pattern(str(wanted["matches"]), f"{place}.{pointer}.matches")
        else:
            yield pointer, wanted


def _pattern(text: str, place: str) -> Pattern:
    try:
        return pattern(text)
    except ValueError as error:
        shown = text if len(text) <= 60 else text[:60] + "…"
        reason = f"{shown!r} is not a regular expression that a rule can have: {error}"
        raise _Wrong(place, reason) from None


def _error(node: Json) -> ScriptedError:
    wait = node.get("retry_after")
    return ScriptedError(
        status=int(node["status"]),
        message=node.get("message", "This failure was scripted."),
        type=node.get("type"),
        code=node.get("code"),
        retry_after=None if wait is None else int(wait),
    )
