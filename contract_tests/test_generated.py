"""Schemathesis on every operation: examples, boundary values, random data, valid and not."""

from collections.abc import Callable
from typing import Any, cast

import hypothesis
import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig

from contract_tests.blame import CLAUSES
from contract_tests.checks import can_be_sent
from contract_tests.guest import session
from contract_tests.redaction import SANITIZATION
from contract_tests.target import the_target
from contract_tests.view import provider_view
from mock_server import Settings, create_app

Test = Callable[..., None]
Case = schemathesis.Case[Any]
_TARGET = the_target()
_judged = pytest.mark.clauses(*sorted(set(CLAUSES.values())))
# A server that charges is only asked what must succeed, and nothing on purpose wrong.
_NO_COVERAGE: dict[str, Any] = {"phases": {"coverage": {"enabled": False}}}
_PAID: dict[str, Any] = {
    "generation": {"mode": "positive"},
    **_NO_COVERAGE,
    "checks": {
        "ignored_auth": {"enabled": False},
        "negative_data_rejection": {"enabled": False},
        "unsupported_method": {"enabled": False},
    },
}


def _schema(provider: str, *, in_process: bool) -> schemathesis.BaseSchema:
    settings = {
        "headers": {"Authorization": f"Bearer {_TARGET.keys[provider]}"},
        "max-stream-events": 100_000,
        "request-timeout": 120,
        "cache": {"enabled": False},
        "output": {"sanitization": SANITIZATION},
        **(_PAID if _TARGET.paid else {} if in_process or _TARGET.url else _NO_COVERAGE),
    }
    config = SchemathesisConfig.from_dict(settings)
    # The mock has everything on one host; a live provider has not.
    document = provider_view(provider, own_host=_TARGET.paid)
    for item in document["paths"].values():
        for method in [m for m, node in item.items() if _id_of(node) in _TARGET.file.lacks]:
            del item[method]
    schema = schemathesis.openapi.from_dict(document, config=config)
    if in_process:
        schema.app = create_app(Settings(strict=True, rate_limit=0))
    return schema


def _id_of(node: Any) -> str | None:
    return node.get("operationId") if isinstance(node, dict) else None


def _generated(provider: str) -> Test:
    @_schema(provider, in_process=_TARGET.url is None).parametrize()
    @hypothesis.settings(_PROFILE)
    def test(case: Case) -> None:
        if can_be_sent(case):
            case.call_and_validate(
                base_url=_TARGET.url, headers=_headers(provider), session=session(_TARGET)
            )

    return cast(Test, test)


def _generated_over_http(provider: str) -> Test:
    @_schema(provider, in_process=False).parametrize()
    @hypothesis.settings(_PROFILE, max_examples=5)
    def test(case: Case, served: str) -> None:
        if can_be_sent(case):
            case.call_and_validate(base_url=served, headers=_headers(provider))

    return cast(Test, test)


def _headers(provider: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {_TARGET.keys[provider]}"}


_PROFILE = hypothesis.settings(
    max_examples=_TARGET.cases,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(hypothesis.HealthCheck),
    # To shrink a failure means to send it again and again.
    phases=[each for each in hypothesis.Phase if not _TARGET.paid or each.name != "shrink"],
)
for _provider in _TARGET.keys:
    globals()[f"test_{_provider}"] = _judged(_generated(_provider))
    if _TARGET.url is None:
        globals()[f"test_{_provider}_over_http"] = _judged(_generated_over_http(_provider))
