"""What of a rule the contract does not allow, as far as that is known before anybody asks."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Final

from mock_server.errors import Invalid
from mock_server.operation import Operation
from mock_server.scenarios.failures import violation
from mock_server.scenarios.rules import Rule
from mock_server.scenarios.scripts import (
    Script,
    ScriptedBody,
    ScriptedError,
    ScriptedExample,
    offers,
)
from mock_server.scenarios.sheets import Sheet
from mock_server.spec import Spec
from mock_server.validation import is_json
from mock_server.violations import first_violation

Objection = tuple[str, str]
_ON_PURPOSE: Final = "say `violates: true` to answer so all the same"


def check(rules: Iterable[Rule], sheet: Sheet, spec: Spec) -> None:
    """Raises ScenarioError at the first rule that no operation could follow."""
    for rule in rules:
        place, reason = next(_objections(rule, spec), ("", ""))
        if place:
            raise sheet.refusal(place, f"{place}: {reason}")


def _objections(rule: Rule, spec: Spec) -> Iterator[Objection]:
    named, known = rule.when.operation, {each.id: each for each in spec.operations}
    if named is not None and named not in known:
        near = get_close_matches(named[:60], known, 3, 0.3)
        hint = f"near to it: {', '.join(near)}" if near else f"these are: {', '.join(known)}"
        yield f"{rule.place}.when.operation", f"no operation is called {named[:60]!r}; {hint}"
        return
    meant = [known[named]] if named is not None else list(known.values())
    suited = [each for each in meant if rule.suits(offers(each))]
    for script in rule.scripts:
        yield from _unsuitable(script, rule, known.values())
        yield from _undocumented(script, suited)
        if isinstance(script.outcome, ScriptedError) and not script.violates:
            yield from _misworded(script, script.outcome, meant, spec)
        if isinstance(script.outcome, ScriptedBody):
            yield from _misshapen(script, script.outcome, rule, meant, spec)
    if named is None and not suited:
        yield rule.place, "no operation has answers of all these kinds"


def _unsuitable(script: Script, rule: Rule, known: Iterable[Operation]) -> Iterator[Objection]:
    """A kind of outcome that the operation named does not have."""
    named = rule.when.operation
    for need in sorted(script.needs):
        able = [each.id for each in known if need in offers(each)]
        if named is not None and named not in able:
            place = script.place if need in ("job", "status") else f"{script.place}.answer"
            some = f"; it can for {', '.join(able)}" if len(able) <= 5 and able else ""
            yield f"{place}.{need}", f"cannot be scripted for {named}{some}"


def _undocumented(script: Script, meant: list[Operation]) -> Iterator[Objection]:
    outcome, place, status = script.outcome, script.place, None
    if isinstance(outcome, ScriptedError):
        place, status = f"{place}.error.status", outcome.status
    elif isinstance(outcome, ScriptedExample | ScriptedBody):
        place, status = f"{place}.status", outcome.status
    if status is None or not meant:
        return
    is_example = isinstance(outcome, ScriptedExample)
    if any(each.answer(status) if is_example else each.allows(status) for each in meant):
        return
    whose = meant[0].id if len(meant) == 1 else "any operation"
    reason = f"{status} is not documented for {whose}"
    if len(meant) == 1:
        reason += f" ({', '.join(str(each) for each in meant[0].answers)} are)"
    if is_example:
        yield place, f"{reason}, so that there is no example of it"
    elif not script.violates:
        yield place, f"{reason}; {_ON_PURPOSE}"


def _misworded(
    script: Script, outcome: ScriptedError, meant: list[Operation], spec: Spec
) -> Iterator[Objection]:
    first = violation(outcome, meant[0], spec) if meant else None
    if first is not None and all(violation(outcome, each, spec) for each in meant[1:]):
        yield f"{script.place}.error", f"{first.message}; {_ON_PURPOSE}"


def _misshapen(
    script: Script, outcome: ScriptedBody, rule: Rule, meant: list[Operation], spec: Spec
) -> Iterator[Objection]:
    place = f"{script.place}.answer.body"
    if rule.when.operation is None:
        yield place, "a whole body is that of one operation; name it in when.operation"
    elif not script.violates:
        wrong = _violation(outcome, meant[0], spec, place)
        if wrong is not None:
            at = wrong.param or place
            reason = wrong.message.removeprefix(f"{at}: ")
            yield at, f"{reason}; {_ON_PURPOSE}"


def _violation(
    outcome: ScriptedBody, operation: Operation, spec: Spec, place: str
) -> Invalid | None:
    answer = operation.answer(outcome.status or operation.success)
    media = next((each for each in answer.media if is_json(each.type)), None) if answer else None
    if media is None or not media.pointer:
        return None
    return first_violation(spec.validator(media.pointer), outcome.body, root=place)
