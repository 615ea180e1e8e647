"""How the tests ask a server that is not theirs: for its own models, for what it has, with care."""

import time
from datetime import UTC, datetime
from functools import cache
from typing import Any

import httpx2
import pytest
import requests

from contract_tests.budget import Budget
from contract_tests.door import (
    Asked,
    CarefulAdapter,
    CarefulTransport,
    Door,
    operation_of,
    operations_at,
)
from contract_tests.manners import Manners
from contract_tests.target import Target, the_target
from contract_tests.target_file import TargetFile

Json = Any


class TargetClient(httpx2.Client):
    """A client of a target: it names the target's models, and goes through the door if need be."""

    def __init__(self, target: Target) -> None:
        transport: httpx2.BaseTransport = httpx2.HTTPTransport()
        if is_careful(target):
            transport = CarefulTransport(the_door(), transport)
        super().__init__(base_url=target.url or "", timeout=120, transport=transport)
        self._file = target.file

    def build_request(self, method: str, url: httpx2.URL | str, **more: Any) -> httpx2.Request:
        """The request, for the models that the target has; what it lacks is not asked for."""
        operation = operation_of(Asked(method, str(url), b""))
        there = [operation] if operation else operations_at(str(url))
        if there and all(each.id in self._file.lacks for each in there):
            pytest.skip(f"the target has no {there[0].id}")
        behaviour = operation.behaviour if operation else None
        for part in ("json", "data"):
            if more.get(part) is not None:
                more[part] = with_models(self._file, behaviour, more[part])
        return super().build_request(method, url, **more)


def with_models(file: TargetFile, behaviour: str | None, body: Json) -> Json:
    """The body of a request, or each task of one, for the models that a target has."""
    if isinstance(body, list):
        return [with_models(file, behaviour, each) for each in body]
    if file.models and isinstance(body, dict) and isinstance(body.get("model"), str):
        return {**body, "model": file.model(behaviour, body["model"])}
    return body


def needs_model(target: Target, named: str, does: str) -> None:
    """Skip a test of what a model can do, where the target has others, and names none for it."""
    if target.file.has_only_others("chat-completions", named):
        pytest.skip(f"the target names no model that {does}: see {named} in `models`")


def is_careful(target: Target) -> bool:
    """Whether requests are counted and paced."""
    return target.url is not None and (target.paid or target.file.a_minute is not None)


@cache
def the_door() -> Door:
    """The one of this process; a paid target is never asked by more than one."""
    target = the_target()
    budget = Budget(
        target.most_calls,
        target.most_spent,
        most_videos=1 if target.paid else None,
        prices=target.file.prices,
    )
    manners = Manners(target.file.a_minute)
    return Door(budget, manners, lambda: datetime.now(UTC).timestamp(), time.sleep)


def count(behaviour: str, body: bytes) -> None:
    """Count a message that goes another way than HTTP, as a call; raises OverBudget."""
    if is_careful(the_target()):
        the_door().count(behaviour, body)


def session(target: Target) -> requests.Session | None:
    """Through what Schemathesis sends its requests; None where it may do as it likes."""
    return _careful_session() if is_careful(target) else None


@cache
def _careful_session() -> requests.Session:
    careful = requests.Session()
    for scheme in ("http://", "https://"):
        careful.mount(scheme, CarefulAdapter(the_door()))
    return careful
