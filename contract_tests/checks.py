"""The laws as Schemathesis checks, so that every generated exchange is judged by them too.

Importing this module registers them, and the hook that lets Schemathesis see whole streams.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import schemathesis
from schemathesis.checks import CheckContext

from contract_tests import laws, message_laws, sound_laws, task_laws, transcript_laws
from contract_tests.message_sense import message_makes_sense
from contract_tests.recordings import generate_recordings
from contract_tests.sense import is_recording, lengths_agree, makes_sense, sides_agree
from contract_tests.stream import read_events
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
def chat_streams_keep_their_order(
    context: CheckContext, response: schemathesis.Response, case: Case
) -> bool | None:
    """Every law of chat streams, on every chat stream that was generated."""
    if case.operation.definition.raw.get("x-behaviour") != "chat-completions":
        return True
    if response.status_code != 200 or not _content_type(response).startswith(_STREAM):
        return True
    events = read_events(response.content)
    laws.stream_ends_with_done_once(events)
    chunks = laws.chunks_of(events)
    laws.chunks_keep_their_identity(chunks)
    laws.choices_open_with_the_role_and_finish_once(chunks)
    laws.reasoning_comes_before_the_answer(chunks)
    laws.calls_are_named_once_and_join(chunks)
    body: Json = case.body
    options = body.get("stream_options") if isinstance(body, dict) else None
    asked = bool((options or {}).get("include_usage"))
    laws.usage_comes_once_and_only_when_asked(chunks, asked=asked)
    return None


@schemathesis.check
def chat_answers_keep_what_was_asked(
    context: CheckContext, response: schemathesis.Response, case: Case
) -> bool | None:
    """Arguments are objects, choices no more than `n`, likelihoods join to the content."""
    if case.operation.definition.raw.get("x-behaviour") != "chat-completions":
        return True
    if response.status_code != 200 or not _content_type(response).startswith("application/json"):
        return True
    body: Json = case.body
    choices = response.json()["choices"]
    assert 1 <= len(choices) <= (body.get("n") or 1), f"{len(choices)} choices, n {body.get('n')}"
    for choice in choices:
        message = choice["message"]
        for call in message.get("tool_calls") or ():
            if choice["finish_reason"] != "length":
                laws.arguments_are_an_object(call["function"]["arguments"])
        if body.get("logprobs") and choice["logprobs"]:  # not every provider has them
            tops = int(body.get("top_logprobs") or 0)
            told = choice["logprobs"]["content"]
            laws.likelihoods_join_to_the_content(message["content"] or "", told, tops)
    return None


@schemathesis.check
def messages_keep_what_was_asked(
    context: CheckContext, response: schemathesis.Response, case: Case
) -> bool | None:
    """Every law of messages, on every one that was generated, whole or as a stream."""
    if case.operation.definition.raw.get("x-behaviour") != "messages":
        return True
    if response.status_code != 200 or not isinstance(case.body, dict):
        return True
    if _content_type(response).startswith(_STREAM):
        message = message_laws.message_of(read_events(response.content))
    else:
        message = response.json()
    message_laws.a_message_is_what_was_asked_for(message, case.body)
    return None


@schemathesis.check
def the_media_type_is_the_one_asked_for(
    context: CheckContext, response: schemathesis.Response, case: Case
) -> bool | None:
    """`x-selected-by`: the field of the request decides on the media type of the answer."""
    if response.status_code != 200 or not isinstance(case.body, dict):
        return True
    answers = case.operation.definition.raw["responses"]["200"].get("content", {})
    sent = _content_type(response).partition(";")[0]
    for media_type, media in answers.items():
        wish = media.get("x-selected-by")
        if wish is None:
            continue
        wanted = json.dumps(case.body.get(wish["field"])) == json.dumps(wish["value"])
        assert (sent == media_type) == wanted, f"{wish} and the answer came as {sent}"
    return None


@schemathesis.check
def embeddings_answer_what_was_asked(
    context: CheckContext, response: schemathesis.Response, case: Case
) -> bool | None:
    """Every law of embeddings that holds for any text, on every list that was generated."""
    if case.operation.definition.raw.get("x-behaviour") != "embeddings":
        return True
    if response.status_code != 200 or not isinstance(case.body, dict):
        return True
    if response.json()["object"] != "list" or "input" not in case.body:
        return True
    laws.embeddings_answer_each_input(response.json(), case.body["input"])
    if "encoding_format" in case.body:
        form = str(case.body["encoding_format"])
        laws.embeddings_come_in_the_form_asked_for(response.json(), form)
    return None


@schemathesis.check
def speech_is_a_whole_file(
    context: CheckContext, response: schemathesis.Response, case: Case
) -> bool | None:
    """Whatever text was made up: the sound is a whole file of the format that its type names."""
    if case.operation.definition.raw.get("x-behaviour") != "speech":
        return True
    form = sound_laws.FORMS.get(_content_type(response).partition(";")[0])
    if response.status_code != 200 or form is None:
        return True
    sound_laws.a_sound_is_whole(response.content, form)
    return None


@schemathesis.check
def transcripts_are_in_order(
    context: CheckContext, response: schemathesis.Response, case: Case
) -> bool | None:
    """Every law of transcripts that holds for any recording, on every one that was generated."""
    if case.operation.definition.raw.get("x-behaviour") != "transcriptions":
        return True
    if response.status_code != 200:
        return True
    media_type = _content_type(response).partition(";")[0]
    if media_type == "application/x-subrip":
        cues = transcript_laws.subrip_is_well_formed(response.text)
        transcript_laws.cues_follow_each_other(cues)
    elif media_type == "text/vtt":
        cues = transcript_laws.webvtt_is_well_formed(response.text)
        transcript_laws.cues_follow_each_other(cues)
    elif media_type == "application/json":
        transcript_laws.an_answer_is_in_order(response.json())
    return None


@schemathesis.check
def tasks_are_answered_each_by_its_own(
    context: CheckContext, response: schemathesis.Response, case: Case
) -> bool | None:
    """Every law of tasks that holds for any, on every array that was generated."""
    if case.operation.definition.raw.get("x-behaviour") != "tasks":
        return True
    if response.status_code != 200:
        return True
    answer = response.json()
    task_laws.neither_list_is_empty(answer)
    if isinstance(case.body, list):
        task_laws.each_task_is_answered_once(case.body, answer)
        task_laws.results_are_of_the_kind_asked_for(case.body, answer)
        task_laws.costs_are_told_as_asked(case.body, answer)
    return None


@schemathesis.check
def usage_adds_up(
    context: CheckContext, response: schemathesis.Response, case: Case
) -> bool | None:
    """Token counts add up wherever an answer has them."""
    if response.status_code != 200 or not _content_type(response).startswith("application/json"):
        return True
    usage = response.json().get("usage")
    if not usage or "completion_tokens" not in usage:
        return True
    laws.usage_adds_up(usage)
    return None


def _responses(item: dict[str, Json]) -> Iterator[dict[str, Json]]:
    for operation in item.values():
        if isinstance(operation, dict):
            yield from operation.get("responses", {}).values()


def _content_type(response: schemathesis.Response) -> str:
    return (response.headers.get("content-type") or [""])[0]
