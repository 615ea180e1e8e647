"""Runware's tasks."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from contract_tests import socket_laws, task_laws
from contract_tests.exchange import Exchange
from contract_tests.law import Law

Json = Any
_TASKS: Final = "tasks"


def _lists(exchange: Exchange) -> None:
    task_laws.neither_list_is_empty(exchange.told)


def _of_both(law: Callable[[Json, Json], bool | None]) -> Callable[[Exchange], bool | None]:
    """A law on tasks and their answer; it says nothing of what is no array of tasks."""

    def holds(exchange: Exchange) -> bool | None:
        return law(*_objects(exchange)) if _is_readable(exchange) else False

    return holds


def _is_readable(exchange: Exchange) -> bool:
    if any(name == "prefer" and "code=" in value for name, value in exchange.sent):
        return False  # the documented answer that was asked for is about a documented task
    lists = [exchange.asked, exchange.told.get("data", []), exchange.told.get("errors", [])]
    return all(isinstance(each, list) for each in lists)


def _objects(exchange: Exchange) -> tuple[Json, Json]:
    """The tasks, with an empty one in place of what is none, and what they were answered."""
    return [task if isinstance(task, dict) else {} for task in exchange.asked], exchange.told


def _errors(exchange: Exchange) -> bool | None:
    if not isinstance(exchange.told, dict) or "errors" not in exchange.told:
        return False
    return _of_both(task_laws.errors_name_their_task)(exchange)


def _successes(exchange: Exchange) -> bool | None:
    if not isinstance(exchange.told, dict):
        return False
    task_laws.a_result_is_a_success(exchange.status, exchange.told)
    return None


def _sessions(exchange: Exchange) -> bool | None:
    if exchange.method != "POST":
        return False
    return socket_laws.sessions_have_a_uuid(exchange.told)


def _headers(exchange: Exchange) -> None:
    task_laws.no_rate_limit_is_told(exchange.headers)


def _refused_keys(exchange: Exchange) -> None:
    task_laws.a_refused_key_is_told(exchange.told)


def _costs(wish: bool | None) -> Callable[[Exchange], bool | None]:
    return _of_both(partial(task_laws.costs_are_told, wish=wish))


LAWS: Final = (
    Law("tasks-lists-are-never-empty", _lists, _TASKS),
    Law("tasks-are-answered-each", _of_both(task_laws.each_task_is_answered_once), _TASKS),
    Law("tasks-answers-name-their-task", _of_both(task_laws.results_name_their_task), _TASKS),
    Law(
        "tasks-results-are-of-their-kind",
        _of_both(task_laws.results_are_of_the_kind_asked_for),
        _TASKS,
    ),
    Law("tasks-in-part-done-are-a-200", _successes, _TASKS, 0),
    Law("tasks-have-no-rate-headers", _headers, _TASKS, 0, alone=True),
    Law("tasks-open-a-session", _sessions, _TASKS),
    Law("tasks-refused-keys-are-told", _refused_keys, _TASKS, 401),
    Law("task-error-names-the-task", _errors, _TASKS, 0),
    Law("caption-has-a-text", _of_both(task_laws.captions_have_a_text), _TASKS),
    Law("caption-cost-is-told-when-asked-for", _costs(True), _TASKS),
    Law("caption-cost-can-be-declined", _costs(False), _TASKS),
    Law("caption-cost-is-told-unasked", _costs(None), _TASKS),
    Law("task-async-is-acknowledged", _of_both(task_laws.acknowledgements_have_no_result), _TASKS),
    Law("poll-tells-a-state", _of_both(task_laws.polls_tell_a_state), _TASKS),
    Law("poll-progress-ends", _of_both(task_laws.progress_ends), _TASKS),
    Law("poll-is-of-the-first-kind", _of_both(task_laws.polls_keep_the_first_kind), _TASKS),
)
