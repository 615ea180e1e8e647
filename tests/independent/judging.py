"""A verdict on a server that others wrote: the promises that it keeps, those it breaks, and why."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from tests.independent.servers import Server

Json = Any
UNEXPLAINED = "?"


@dataclass(frozen=True)
class Judged:
    """The clauses of a provider that a server keeps, and those that it breaks, with the reason."""

    kept: frozenset[str] = frozenset()
    broken: Mapping[str, str] = field(default_factory=dict)

    @property
    def verdicts(self) -> Mapping[str, str]:
        """The verdict on each clause."""
        return dict.fromkeys(self.kept, "kept") | dict.fromkeys(self.broken, "broken")


def judged(server: Server) -> Mapping[str, Judged]:
    """What the contract tests say of a server, by provider; a reason is what they saw first."""
    with server.served() as url, TemporaryDirectory() as folder:
        report = _report(server, url, Path(folder))
    providers = report["target"]["providers"]
    return {each: _of_provider(report["clauses"], each) for each in providers}


def expected(server: Server) -> Mapping[str, Judged]:
    """What came out when the server was last judged, by provider, with explanations."""
    if not server.expected.exists():
        return {}
    node = yaml.safe_load(server.expected.read_text("utf-8"))
    return {
        provider: Judged(frozenset(each["kept"]), each["broken"] or {})
        for provider, each in node.items()
    }


def written(found: Mapping[str, Judged], known: Mapping[str, Judged]) -> str:
    """The text of an expectation: what was found, with the explanations that are known."""
    node = {
        provider: {
            "broken": {
                clause: known.get(provider, Judged()).broken.get(clause, f"{UNEXPLAINED} {seen}")
                for clause, seen in sorted(each.broken.items())
            },
            "kept": sorted(each.kept),
        }
        for provider, each in found.items()
    }
    return yaml.safe_dump(node, sort_keys=False, allow_unicode=True, width=100)


def _report(server: Server, url: str, folder: Path) -> Json:
    # What is generated is left out: which promises it meets depends on each word of the contract.
    chosen = ["--", "--ignore-glob=*generated*"]
    target = ["--target", url, "--target-file", str(server.target_file), "--report", str(folder)]
    environ = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    command = [sys.executable, "-m", "contract_tests", *target, *chosen]
    run = subprocess.run(command, capture_output=True, text=True, env=environ, check=False)
    assert run.returncode == 1, run.stdout[-3000:] + run.stderr[-3000:]
    return json.loads((folder / "report.json").read_text("utf-8"))


def _of_provider(clauses: Json, provider: str) -> Judged:
    mine = [each for each in clauses if each["provider"] == provider]
    return Judged(
        frozenset(each["id"] for each in mine if each["verdict"] == "kept"),
        {
            each["id"]: each["sightings"][0]["says"][:200]
            for each in mine
            if each["verdict"] == "broken"
        },
    )
