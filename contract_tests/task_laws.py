"""What is promised of Runware's tasks: each function is one law, named by it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

Json = Any
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)")
_CAPTIONS = ("caption", "imageCaption")
_STATES = ("processing", "success", "error")


def neither_list_is_empty(answer: Json) -> None:
    """`data` or `errors` is left out rather than empty (RW-024)."""
    assert answer.get("data") != [], "data is empty"
    assert answer.get("errors") != [], "errors is empty"
    assert set(answer) & {"data", "errors"}, "there is neither data nor an error"


def each_task_is_answered_once(tasks: Sequence[Json], answer: Json) -> None:
    """A result or an error for each task, by its UUID where it has one (RW-020, RW-022, RW-026)."""
    told = [*answer.get("data", ()), *answer.get("errors", ())]
    assert len(told) == len(tasks), f"{len(tasks)} tasks, {len(told)} answers"
    asked = sorted(task["taskUUID"] for task in tasks if _is_named(task))
    found = sorted(each["taskUUID"] for each in told if _is_named(each))
    assert asked == found, f"the tasks are {asked}, the answers {found}"


def results_are_of_the_kind_asked_for(tasks: Sequence[Json], answer: Json) -> None:
    """A caption comes back for a caption, by either of its names (RW-062), and so on."""
    kinds = {task["taskUUID"]: task["taskType"] for task in tasks if _is_named(task)}
    for result in answer.get("data", ()):
        kind = kinds.get(result.get("taskUUID"))
        if kind in _CAPTIONS:
            assert result["taskType"] in _CAPTIONS, f"a caption came as {result['taskType']}"
        elif kind not in (None, "getResponse"):
            assert result["taskType"] == kind, f"{kind} came as {result['taskType']}"


def an_error_names_field_and_task(error: Json, parameter: str, task: Json) -> None:
    """`parameter` is the field to blame, `taskUUID` and `taskType` those of the task (RW-090)."""
    assert error["parameter"] == parameter, f"parameter is {error.get('parameter')!r}"
    assert error["message"].startswith(parameter), f"{error['message']!r} opens otherwise"
    for name in ("taskType", "taskUUID"):
        if isinstance(task.get(name), str):
            assert error.get(name) == task[name], f"{name} is {error.get(name)!r}"


def costs_are_told_as_asked(tasks: Sequence[Json], answer: Json) -> None:
    """With `includeCost` a caption has its cost, and with `includeCost: false` none (RW-043)."""
    wishes = {task["taskUUID"]: task.get("includeCost") for task in tasks if _is_named(task)}
    for result in answer.get("data", ()):
        if "text" in result and wishes.get(result["taskUUID"]) is not None:
            wanted = wishes[result["taskUUID"]]
            assert ("cost" in result) == wanted, f"includeCost is {wanted}: {sorted(result)}"


def an_acknowledgement_has_one_item(answer: Json, uuid: str) -> None:
    """A task that is polled later is acknowledged by its type and UUID alone (RW-070, RW-071)."""
    (item,) = answer["data"]
    assert set(item) == {"taskType", "taskUUID"}, f"the acknowledgement is {item}"
    assert item["taskUUID"] == uuid, f"it is that of {item['taskUUID']}"


def polls_only_go_forward(items: Sequence[Mapping[str, Json]]) -> None:
    """From processing to one end, the progress never less, the result there at the end (RW-073)."""
    progress = -1
    for item in items:
        assert item["status"] in _STATES, f"no state is called {item['status']!r}"
        assert progress <= item.get("progress", 100), "the progress went back"
        progress = item.get("progress", 100)
        assert ("text" in item) == (item["status"] == "success"), f"{item['status']} and its text"


def a_caption_keeps_to_its_sentences(text: str, least: int, most: int) -> None:
    """As many sentences as the prompt asks for."""
    count = len(_SENTENCE_END.findall(text))
    assert least <= count <= most, f"{count} sentences, not {least} to {most}: {text!r}"


def _is_named(each: Json) -> bool:
    return isinstance(each, dict) and isinstance(each.get("taskUUID"), str)
