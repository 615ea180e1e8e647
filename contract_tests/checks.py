"""The laws as Schemathesis checks, so that every generated exchange is judged by them too.

Importing this module registers them, and the hook that lets Schemathesis see whole streams.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import schemathesis
from schemathesis.checks import CheckContext

from contract_tests.court import judge
from contract_tests.exchange import Exchange, make
from contract_tests.guest import with_models
from contract_tests.message_sense import message_makes_sense
from contract_tests.notes import notebook, told
from contract_tests.recordings import generate_recordings
from contract_tests.sense import CODED, is_recording, lengths_agree, makes_sense, sides_agree
from contract_tests.target import the_target
from contract_tests.tasks import can_be_refused, can_be_run, renew_tasks

Json = Any
Case = schemathesis.Case[Any]
_STREAM = "text/event-stream"
_SENSES: Mapping[str, Callable[[Json], bool]] = {
    "chat-completions": makes_sense,
    "messages": message_makes_sense,
    "images": sides_agree,
}

generate_recordings()
renew_tasks()


@schemathesis.hook
def before_load_schema(context: schemathesis.HookContext, raw_schema: dict[str, Json]) -> None:
    """Put `x-stream-schema` where Schemathesis looks for the schema of a whole stream.

    OpenAPI 3.1 has no place for it, 3.2 has: `schema` for the stream, `itemSchema` for an event.
    """
    for item in raw_schema["paths"].values():
        for response in _responses(item):
            media = response.get("content", {}).get(_STREAM, {})
            if "x-stream-schema" in media:
                media["itemSchema"] = media["schema"]
                media["schema"] = media.pop("x-stream-schema")


def can_be_sent(case: Case) -> bool:
    """Whether the body says what Schemathesis means: an empty array in a form cannot.

    It leaves nothing behind, and its answer would be held against a field that was never sent.
    Nor can a request for chat, messages, pictures, videos, transcripts or tasks that no schema
    refuses, but common sense does.
    """
    behaviour = case.operation.definition.raw.get("x-behaviour")
    if behaviour in _SENSES:
        return _SENSES[behaviour](case.body)
    if behaviour == "speech" and the_target().lacks_codecs and isinstance(case.body, dict):
        return case.body.get("response_format") not in CODED
    if behaviour == "video" and isinstance(case.body, dict):
        return sides_agree(case.body) and lengths_agree(case.body)
    is_meant_well = case.meta is None or case.meta.generation.mode.is_positive
    if behaviour == "tasks":
        return can_be_run(case.body) if is_meant_well else can_be_refused(case.body)
    if behaviour == "transcriptions" and is_meant_well and not is_recording(case.body):
        return False
    fields = case.body if isinstance(case.body, dict) else {}
    return case.media_type != "multipart/form-data" or [] not in fields.values()


@schemathesis.check
def the_contract_is_kept(
    context: CheckContext, response: schemathesis.Response, case: Case
) -> bool | None:
    """Every clause that an exchange says anything of."""
    exchange = of_case(case, response)
    broken = notebook().take(exchange, judge().findings(exchange))
    assert not broken, told(broken)
    return None


@schemathesis.hook
def before_call(context: schemathesis.HookContext, case: Case, kwargs: Json) -> None:
    """Ask for the target's own model where the contract's examples name another."""
    behaviour = case.operation.definition.raw.get("x-behaviour")
    if the_target().file.models:  # else the case stays as it was made, for Schemathesis to judge
        case.body = with_models(the_target().file, behaviour, case.body)


def _responses(item: dict[str, Json]) -> Iterator[dict[str, Json]]:
    for operation in item.values():
        if isinstance(operation, dict):
            yield from operation.get("responses", {}).values()


def of_case(case: Case, response: schemathesis.Response) -> Exchange:
    """What Schemathesis sent and received."""
    request = response.request
    body = request.body if isinstance(request.body, bytes) else str(request.body or "").encode()
    sent = [(name.lower(), str(value)) for name, value in request.headers.items()]
    headers = {name.lower(): values[0] for name, values in response.headers.items()}
    return make(
        (
            str(request.method),
            str(request.url),
            sent,
            body.encode() if isinstance(body, str) else body,
        ),
        (response.status_code, headers, response.content),
        tuple(the_target().keys),
        response.elapsed,
        urlsplit(the_target().url or "").path,
    )
