"""What is promised of Runware's tasks: each function is one law, named by it."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

Json = Any
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)")
_CAPTIONS: Final = ("caption", "imageCaption")
_STATES: Final = ("processing", "success", "error")
_SUBMITTED: Final = (*_CAPTIONS, "imageUpload")
_ACKNOWLEDGED: Final = {"taskType", "taskUUID"}
_OK: Final = 200


def neither_list_is_empty(answer: Json) -> None:
    """`data` or `errors` is left out rather than empty (RW-024)."""
    assert answer.get("data") != [], "data is empty"
    assert answer.get("errors") != [], "errors is empty"
    assert set(answer) & {"data", "errors"}, "there is neither data nor an error"


def each_task_is_answered_once(tasks: Sequence[Json], answer: Json) -> None:
    """A result or an error for each task (RW-020, RW-022)."""
    count = len(answer.get("data", ())) + len(answer.get("errors", ()))
    assert count == len(tasks), f"{len(tasks)} tasks, {count} answers"


def results_name_their_task(tasks: Sequence[Json], answer: Json) -> None:
    """The UUID of a result is that of a task, and none is there too often (RW-026, RW-061)."""
    asked = Counter(task["taskUUID"] for task in tasks if _is_named(task))
    found = Counter(each["taskUUID"] for each in answer.get("data", ()) if _is_named(each))
    assert set(found) <= set(asked), f"{sorted(set(found) - set(asked))}: nobody has sent that"
    if len(answer.get("data", ())) == len(tasks):  # else some failed, or are answered wrongly often
        assert asked == found, f"the tasks are {sorted(asked)}, the answers {sorted(found)}"


def errors_name_their_task(tasks: Sequence[Json], answer: Json) -> None:
    """The UUID of an error, where it has one, is that of a task."""
    asked = {task["taskUUID"] for task in tasks if _is_named(task)}
    for error in answer["errors"]:
        told = error.get("taskUUID")
        assert told is None or told in asked, f"{told} has failed, which nobody has sent"


def results_are_of_the_kind_asked_for(tasks: Sequence[Json], answer: Json) -> None:
    """A caption comes back for a caption, by either of its names (RW-062), and so on."""
    for task, result in _pairs(tasks, answer):
        kind = task.get("taskType")
        if kind in _CAPTIONS:
            assert result["taskType"] in _CAPTIONS, f"a caption came as {result['taskType']}"
        elif kind not in (None, "getResponse"):
            assert result["taskType"] == kind, f"{kind} came as {result['taskType']}"


def a_result_is_a_success(status: int, answer: Json) -> None:
    """Where anything was done, the status is 200 (RW-103)."""
    assert status == _OK or not answer.get("data"), f"there are results in a {status}"


def no_rate_limit_is_told(headers: Mapping[str, str]) -> None:
    """No header counts requests (RW-131)."""
    told = [name for name in headers if "ratelimit" in name or name == "retry-after"]
    assert told == [], f"there is {', '.join(told)}"


def a_refused_key_is_told(answer: Json) -> None:
    """The failure of a key has a code for it, and blames the key (RW-110, RW-111)."""
    error = answer["errors"][0]
    assert error["code"] in ("missingApiKey", "invalidApiKey"), f"the code is {error['code']!r}"
    blamed = (error.get("parameter"), error.get("taskType"))
    assert blamed == ("apiKey", "authentication"), f"to blame is {blamed}"


def an_error_names_field_and_task(error: Json, parameter: str, task: Json) -> None:
    """`parameter` is the field to blame, `taskUUID` and `taskType` those of the task (RW-090)."""
    an_error_names_the_field(error, parameter)
    an_error_names_the_task(error, task)


def an_error_names_the_field(error: Json, parameter: str) -> None:
    """`parameter` is the field to blame, and the message begins with it (RW-090)."""
    assert error.get("parameter") == parameter, f"parameter is {error.get('parameter')!r}"
    assert error["message"].startswith(parameter), f"{error['message']!r} opens otherwise"


def an_error_names_the_task(error: Json, task: Json) -> None:
    """`taskUUID` and `taskType` are those of the task, as far as it has any (RW-090)."""
    for name in ("taskType", "taskUUID"):
        if isinstance(task.get(name), str):
            assert error.get(name) == task[name], f"{name} is {error.get(name)!r}"


# --- Captions ------------------------------------------------------------------------------------


def captions_have_a_text(tasks: Sequence[Json], answer: Json) -> bool:
    """What was waited for is there (RW-060); false where nothing was."""
    pairs = [pair for pair in _captions(tasks, answer) if not _is_async(pair[0])]
    for _, result in pairs:
        assert result.get("text") or result.get("structuredData"), f"it has only {sorted(result)}"
    return bool(pairs)


def costs_are_told(tasks: Sequence[Json], answer: Json, wish: bool | None) -> bool:
    """Where `includeCost` is the wish, a cost is there unless it was declined (RW-043, RW-063).

    False where no caption is of such a task.
    """
    pairs = [
        (task, result)
        for task, result in _captions(tasks, answer)
        if "text" in result and task.get("includeCost") is wish
    ]
    for _, result in pairs:
        said = f"includeCost is {wish}: {sorted(result)}"
        assert ("cost" in result) == (wish is not False), said
    return bool(pairs)


def a_caption_keeps_to_its_sentences(text: str, least: int, most: int) -> None:
    """As many sentences as the prompt asks for."""
    count = len(_SENTENCE_END.findall(text))
    assert least <= count <= most, f"{count} sentences, not {least} to {most}: {text!r}"


# --- Tasks that are asked after ------------------------------------------------------------------


def acknowledgements_have_no_result(tasks: Sequence[Json], answer: Json) -> bool:
    """A task that is polled later is told by its type and UUID alone (RW-070, RW-071)."""
    pairs = [pair for pair in _captions(tasks, answer) if _is_async(pair[0])]
    for _, item in pairs:
        assert set(item) == _ACKNOWLEDGED, f"the acknowledgement has {sorted(item)}"
    return bool(pairs)


def polls_tell_a_state(tasks: Sequence[Json], answer: Json) -> bool:
    """Each polled item has one of the states (RW-066, RW-073)."""
    polled = list(_polled(tasks, answer))
    for item in polled:
        assert item.get("status") in _STATES, f"no state is called {item.get('status')!r}"
    return bool(polled)


def progress_ends(tasks: Sequence[Json], answer: Json) -> bool:
    """Progress goes from 0 to 100, and is told of what is processing alone (RW-073)."""
    progressing = [item for item in _polled(tasks, answer) if "progress" in item]
    for item in progressing:
        assert 0 <= item["progress"] <= 100, f"the progress is {item['progress']}"
        assert item.get("status") == "processing", f"{item.get('status')} has a progress"
    return bool(progressing)


def polls_keep_the_first_kind(tasks: Sequence[Json], answer: Json) -> bool:
    """A polled item has the type that the task was submitted with (RW-073)."""
    polled = list(_polled(tasks, answer))
    for item in polled:
        assert item["taskType"] in _SUBMITTED, f"the task is called {item['taskType']}"
    return bool(polled)


def polls_only_go_forward(items: Sequence[Mapping[str, Json]]) -> None:
    """From processing to one end, the progress never less (RW-073)."""
    states = [item["status"] for item in items]
    ends = [state for state in states if state != "processing"]
    assert ends == states[len(states) - len(ends) :], f"the states are {states}"
    assert len(set(ends)) <= 1, f"the states are {states}"
    told = [item["progress"] for item in items if "progress" in item]
    assert told == sorted(told), f"the progress is {told}"


# --- What they have in common --------------------------------------------------------------------


def _pairs(tasks: Sequence[Json], answer: Json) -> Iterator[tuple[Json, Json]]:
    """Each task and its result, for UUIDs that only one task of the request has."""
    named = [task for task in tasks if _is_named(task)]
    count = Counter(task["taskUUID"] for task in named)
    by_uuid = {task["taskUUID"]: task for task in named if count[task["taskUUID"]] == 1}
    for result in answer.get("data", ()):
        if result.get("taskUUID") in by_uuid:
            yield by_uuid[result["taskUUID"]], result


def _captions(tasks: Sequence[Json], answer: Json) -> Iterator[tuple[Json, Json]]:
    return (pair for pair in _pairs(tasks, answer) if pair[0].get("taskType") in _CAPTIONS)


def _polled(tasks: Sequence[Json], answer: Json) -> Iterator[Json]:
    for task, result in _pairs(tasks, answer):
        if task.get("taskType") == "getResponse":
            yield result


def _is_async(task: Json) -> bool:
    return bool(task.get("deliveryMethod") == "async")


def _is_named(each: Json) -> bool:
    return isinstance(each, dict) and isinstance(each.get("taskUUID"), str)
