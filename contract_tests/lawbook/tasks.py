"""Runware's tasks."""

from typing import Final

from contract_tests import task_laws
from contract_tests.exchange import Exchange
from contract_tests.law import Law


def _lists(exchange: Exchange) -> None:
    task_laws.neither_list_is_empty(exchange.told)


def _each(exchange: Exchange) -> None:
    task_laws.each_task_is_answered_once(exchange.asked, exchange.told)


def _kinds(exchange: Exchange) -> None:
    task_laws.results_are_of_the_kind_asked_for(exchange.asked, exchange.told)


def _costs(exchange: Exchange) -> bool | None:
    if not any("includeCost" in task for task in exchange.asked):
        return False
    task_laws.costs_are_told_as_asked(exchange.asked, exchange.told)
    return None


LAWS: Final = (
    Law("tasks-lists-are-never-empty", _lists, "tasks"),
    Law("tasks-are-answered-each", _each, "tasks"),
    Law("tasks-results-are-of-their-kind", _kinds, "tasks"),
    Law("tasks-costs-as-asked", _costs, "tasks"),
)
