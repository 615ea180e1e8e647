"""report.json: the whole run as data, whose members stay what they are.

`format` is raised where one of them changes its meaning or goes; members may be added.

- `target`: its name (a URL), what `binds` it (live, any, mock), whether it is `paid`, the tier, and
  the providers that were asked
- `exit_code`: 0 all kept, 1 broken, 2 could not run
- `tests`: how many passed, failed, were skipped
- `summary`: by provider, how many clauses came out how
- `clauses`: one entry for each clause and provider. `verdict` is kept, broken, accepted, observed,
  not asserted or not run, `reason` says why where it is none of the first two; `times` counts the
  checks that were kept; `sightings` are what broke it, each with the `exchange`, without keys, and
  the `curl` line that repeats it
- `troubles`: tests that failed, with no clause to blame
- `proof`: of a run with faults: how many were caught, and what became of each; else null
- `spending`: of a run that may be charged for: calls, estimated USD, their limits; else null
"""

import json
from dataclasses import asdict
from typing import Any, Final

from contract_tests.reports.sources import sources
from contract_tests.verdicts import OUTCOMES, Proof, Run, Verdict
from mock_server import __version__

Json = Any
FORMAT: Final = 1


def json_of(run: Run) -> str:
    """The text of the file."""
    return json.dumps(data_of(run), indent=2) + "\n"


def data_of(run: Run) -> Json:
    """The run as data: one entry in `clauses` for each clause and provider."""
    scope = run.scope
    return {
        "format": FORMAT,
        "tool": {"name": "contract-tests", "version": __version__},
        "target": {
            "name": scope.target,
            "binds": scope.binds,
            "paid": scope.paid,
            "tier": scope.tier,
            "providers": list(scope.providers),
        },
        "started": run.started,
        "seconds": round(run.seconds, 3),
        "exit_code": run.exit_code,
        "tests": dict(run.tests),
        "summary": {
            provider: {outcome: score[outcome] for outcome in OUTCOMES}
            for provider, score in run.scores().items()
        },
        "clauses": [_verdict(each) for each in run.verdicts],
        "troubles": [asdict(each) for each in run.troubles],
        "proof": _proof(run.proof) if run.proof else None,
        "spending": run.spending,
    }


def _verdict(verdict: Verdict) -> Json:
    clause = verdict.clause
    return {
        "id": clause.id,
        "provider": verdict.provider,
        "verdict": verdict.outcome,
        "promise": clause.promise,
        "asserted": clause.asserted,
        "costs": clause.costs,
        "sources": [asdict(each) for each in sources(clause, verdict.provider)],
        "times": verdict.times,
        "reason": verdict.reason,
        "sightings": [asdict(each) for each in verdict.sightings],
    }


def _proof(proof: Proof) -> Json:
    return {
        "total": len(proof.faults),
        "caught": len(proof.caught),
        "alone": len(proof.alone),
        "faults": [asdict(each) for each in proof.faults],
    }
