"""Scripts carried out: found for what is asked, and put in the place of what would be made up."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final, Literal

import jsonschema_rs
import msgspec
from msgspec import structs

from mock_server import codec, documented
from mock_server.completion import Prompt
from mock_server.documented import choose_media
from mock_server.errors import ApiError
from mock_server.mock import Mock, Request
from mock_server.preferences import Preferences
from mock_server.printable import printable
from mock_server.protocols.anthropic.prompts import question as messages_question
from mock_server.protocols.openai.prompts import question as chat_question
from mock_server.scenarios.failures import failure
from mock_server.scenarios.rules import Situation
from mock_server.scenarios.scripts import (
    Medium,
    Script,
    ScriptedBody,
    ScriptedError,
    ScriptedExample,
    offers,
)
from mock_server.validation import is_json
from mock_server.wire import Errand, Json, Reply

_QUESTIONS: Final[Mapping[str, Callable[[Json], str]]] = {
    "chat-completions": chat_question,
    "messages": messages_question,
}
# Where operations that hold no conversation have what is said to them.
_SAID: Final = ("prompt", "input")
Behaviour = Callable[[Request, Mock], Reply | Errand]


def enacted(behaviour: Behaviour, request: Request, mock: Mock) -> Reply | Errand:
    """What is answered where rules are in force: as scripted, else as the behaviour has it.

    Raises ApiError where a failure is scripted.
    """
    operation = request.operation
    fields = request.body if isinstance(request.body, dict) else request.parameters
    read = _QUESTIONS.get(operation.behaviour or "", _said)
    key, model = request.caller.key, str(fields.get("model", ""))
    situation = Situation(operation.id, key, model, fields, lambda: read(fields))
    script = mock.scenarios.script(situation, request.caller.id, offers(operation))
    if script is None:
        return behaviour(request, mock)
    request.scripts.append(script)
    match script.outcome:
        case ScriptedError():
            raise failure(script.outcome, operation.protocol)
        case ScriptedExample():
            return documented.reply(request, mock, Preferences(script.outcome.status))
        case ScriptedBody():
            return _whole(script, script.outcome, request)
    return behaviour(structs.replace(request, script=script), mock)


def cast(
    situation: Situation, offered: frozenset[str], request: Request, mock: Mock
) -> Script | None:
    """What a rule has for one task of a request."""
    script = mock.scenarios.script(situation, request.caller.id, offered)
    if script is not None:
        # What the task waits, the whole answer waits anyway.
        request.scripts.append(replace(script, after=0.0))
    return script


def staged(reply: Reply, scripts: Sequence[Script]) -> Reply:
    """The reply as late as was scripted, and with the headers."""
    if not [script for script in scripts if script.after or script.headers]:
        return reply
    headers = {name: value for script in scripts for name, value in script.headers}
    kept = [pair for pair in reply.headers if pair[0].lower() not in headers]
    late = sum([script.after for script in scripts])
    return structs.replace(reply, headers=[*kept, *headers.items()], after=reply.after + late)


def check_answer(request: Request, prompt: Prompt) -> None:
    """Raises ApiError where a scripted answer is not of the form that the request asks for."""
    script, answer = request.script, request.answer
    if script is None or answer is None or script.violates:
        return
    use, form = prompt.tool_use, prompt.form
    tools = {tool.name: tool for tool in use.tools} if use is not None else {}
    for call in answer.tool_calls:
        if call.name not in tools:
            raise breach(script, f"no tool of the request is called {call.name!r}")
        if not _fits(tools[call.name].schema, dict(call.arguments)):
            raise breach(script, f"the arguments do not fit {tools[call.name].place}")
    if form is not None and answer.text is not None:
        try:
            value = msgspec.json.decode(answer.text)
        except ValueError:
            raise breach(script, "the request asks for JSON, which the text is not") from None
        schema = form.schema if form.schema is not None else {"type": "object"}
        if not _fits(schema, value):
            raise breach(script, f"the answer does not fit {form.place or 'the form asked for'}")


def medium(request: Request, kind: Literal["image", "audio"], form: str) -> Medium:
    """The picture or sound that is scripted, or nothing of one.

    Raises ApiError for a file that is of another format than the request asks for.
    """
    script, answer = request.script, request.answer
    found: Medium | None = getattr(answer, kind, None)
    if script is None or found is None:
        return Medium()
    if found.file is not None and found.form != form and not script.violates:
        raise breach(script, f"the request asks for {form}, which {found.file.name} is not")
    return found


def breach(script: Script, reason: str) -> ApiError:
    """A script that would break the contract, which only showed when it was to be carried out."""
    hint = "say `violates: true` to answer so all the same"
    wrong = f"The scenario {printable(script.rule)} is wrong: {reason}; {hint}."
    return ApiError("internal_error", wrong)


def _whole(script: Script, outcome: ScriptedBody, request: Request) -> Reply:
    operation = request.operation
    status = outcome.status or operation.success
    answer = operation.answer(status)
    media = choose_media(answer, request.body) if answer else None
    if media is not None and not is_json(media.type) and not script.violates:
        raise breach(script, f"the request is answered with {media.type}, not with a JSON body")
    return Reply(status, [(b"content-type", b"application/json")], codec.encode(outcome.body))


def _fits(schema: Json, value: Json) -> bool:
    try:
        return jsonschema_rs.validator_for(schema, offline=True).is_valid(value)
    except (ValueError, jsonschema_rs.ReferencingError):  # of what is no schema nothing is known
        return True


def _said(fields: Json) -> str:
    said = next((fields[name] for name in _SAID if name in fields), "")
    return "\n".join(map(str, said)) if isinstance(said, list) else str(said)
