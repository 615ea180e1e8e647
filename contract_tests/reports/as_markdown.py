"""report.md: a table to paste into an issue or a pull request."""

import re
from collections.abc import Iterator

from contract_tests.reports.characters import safe
from contract_tests.reports.sources import sources
from contract_tests.verdicts import OUTCOMES, Run, Verdict


def markdown_of(run: Run) -> str:
    """The text of the file."""
    return safe("\n".join(_lines(run)) + "\n")


def _lines(run: Run) -> Iterator[str]:
    scope = run.scope
    yield f"# Contract of {_cell(scope.target)}"
    yield ""
    yield f"Tier {scope.tier}, {run.started}, {run.seconds:.0f} seconds."
    yield ""
    yield f"| provider | {' | '.join(OUTCOMES)} |"
    yield f"| --- |{' ---: |' * len(OUTCOMES)}"
    for provider, score in run.scores().items():
        yield f"| {provider} | {' | '.join(str(score[each]) for each in OUTCOMES)} |"
    if run.proof:
        yield ""
        yield f"{len(run.proof.caught)} of {len(run.proof.faults)} faults caught."
    broken = list(run.of("broken"))
    if broken:
        yield from ("", "## Broken")
        for each in broken:
            yield from _full(each)
    yield from ("", "## All clauses", "")
    yield "| verdict | provider | clause | promise | source | note |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for each in run.verdicts:
        if each.provider in scope.providers:
            yield _row(each)


def _full(verdict: Verdict) -> Iterator[str]:
    yield from ("", f"### {verdict.provider}: {verdict.clause.id}", "")
    yield verdict.clause.promise
    if verdict.reason:
        yield from ("", _cell(verdict.reason))
    for sighting in verdict.sightings:
        yield from ("", f"- {_cell(sighting.says)}")
    if verdict.sightings and verdict.sightings[0].exchange:
        command = verdict.sightings[0].exchange["curl"]
        fence = "`" * max(3, *(len(ticks) + 1 for ticks in ["", *re.findall("`+", command)]))
        yield from ("", f"{fence}sh", command, fence)


def _row(verdict: Verdict) -> str:
    read = [
        f"[{each.fact}]({each.url})" if each.url else each.fact
        for each in sources(verdict.clause, verdict.provider)
    ]
    note = verdict.reason or "; ".join(each.says for each in verdict.sightings)
    clause = verdict.clause
    cells = (verdict.provider, f"`{clause.id}`", _cell(clause.promise), ", ".join(read), note)
    return f"| {verdict.outcome} | {' | '.join(cells[:-1])} | {_cell(note)} |"


def _cell(text: str) -> str:
    """A text that stays in its cell, and is no markup of what a server says."""
    flat = " ".join(text.split()).replace("\\", "\\\\")
    return flat.replace("|", "\\|").replace("<", "&lt;").replace(">", "&gt;")
