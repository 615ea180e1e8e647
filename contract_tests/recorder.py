"""The plug-in that collects what tests found out, wherever they ran."""

import os
from collections import Counter
from typing import Any, Final

import pytest

from contract_tests.hooks import FINDINGS, RECORDER
from contract_tests.proofs import PROOF

Json = Any
__all__ = ["RECORDER", "Recorder"]
_WHEN: Final = "call"


class Recorder:
    """What all tests found out so far, of clauses and of faults."""

    def __init__(self) -> None:
        self.__name__ = RECORDER
        self.found: list[Json] = []
        self.proofs: list[Json] = []
        self.tests: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take what a test found out; with pytest-xdist it comes from another process."""
        if os.environ.get("PYTEST_XDIST_WORKER"):
            return
        told = dict(report.user_properties)
        if report.when == _WHEN or not report.passed:
            self.tests[report.outcome] += 1
        if FINDINGS in told:
            self.found.append(told[FINDINGS])
        if PROOF in told:
            self.proofs.append(told[PROOF])
