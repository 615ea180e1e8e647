"""Schemathesis walks from a submission by the contract's links: poll, poll again, download."""

from typing import Any

import hypothesis
import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from starlette.testclient import TestClient

from contract_tests import film_laws
from contract_tests.checks import can_be_sent
from contract_tests.view import provider_view
from mock_server import Settings, create_app
from mock_server.fixtures import key_of

Case = schemathesis.Case[Any]
_KEY = key_of("runcrate", "jobs")
_HEADERS = {"Authorization": f"Bearer {_KEY}"}
_STEP = 2.5  # seconds that pass before each call
_APP = create_app(Settings(strict=True, rate_limit=0, clock="virtual"))


def _schema() -> schemathesis.BaseSchema:
    settings = {
        "headers": _HEADERS,
        "generation": {"mode": "positive"},
        "phases": {"stateful": {"inference": {"algorithms": []}}},
    }
    config = SchemathesisConfig.from_dict(settings)
    schema = schemathesis.openapi.from_dict(provider_view("runcrate"), config=config)
    schema.app = _APP
    return schema.include(path_regex="^/v1/videos")


class Jobs(_schema().as_state_machine()):  # type: ignore[misc]
    """One walk: time passes at each step, and jobs only go forward."""

    walked: set[tuple[str, str | int]] = set()  # noqa: RUF012 - all walks together

    def setup(self) -> None:
        """Begin each walk with a world that knows nothing."""
        self.states: dict[str, list[str]] = {}
        with TestClient(_APP) as client:
            client.post("/__mock__/reset")

    def before_call(self, case: Case) -> None:
        """Let time pass; leave out what common sense refuses."""
        hypothesis.assume(can_be_sent(case))
        with TestClient(_APP) as client:
            client.post("/__mock__/clock", json={"advance": _STEP})

    def get_call_kwargs(self, case: Case) -> dict[str, Any]:
        """Show the key in a way that Schemathesis knows is ours."""
        return {"headers": _HEADERS}

    def after_call(self, response: schemathesis.Response, case: Case) -> None:
        """Hold each job to the states that it was seen in; the judge sees the rest."""
        operation, status = case.operation.definition.raw["operationId"], response.status_code
        name = str((case.path_parameters or {}).get("id"))
        if operation == "downloadVideo" and status == 200:
            assert self.states.get(name, ["completed"])[-1] != "failed"
        elif status == 200:
            job = response.json()
            self.states.setdefault(job["id"], []).append(job["status"])
            film_laws.states_only_go_forward(self.states[job["id"]])
            status = job["status"]
        Jobs.walked.add((operation, status))


@pytest.mark.mock_only
@pytest.mark.clauses("video-goes-forward", "video-file-is-there")
def test_jobs_are_walked_from_submission_to_download() -> None:
    Jobs.run(
        settings=hypothesis.settings(
            max_examples=12,
            stateful_step_count=18,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(hypothesis.HealthCheck),
        )
    )
    wanted: set[tuple[str, str | int]] = {("createVideo", "queued"), ("downloadVideo", 200)}
    wanted |= {("getVideo", state) for state in ("queued", "processing", "completed")}
    assert wanted <= Jobs.walked, f"never came to {wanted - Jobs.walked}"
