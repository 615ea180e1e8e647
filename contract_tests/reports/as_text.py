"""The summary in a terminal: short where all is kept; what is broken, in full."""

from collections.abc import Iterator

from contract_tests.budget import usd
from contract_tests.reports.characters import safe
from contract_tests.reports.sources import sources
from contract_tests.verdicts import OUTCOMES, Proof, Run, Verdict

_MOST = 12  # of a kind
_MANY = 5  # that are likely to have one reason
_NOTHING_THERE = "operations-are-where-documented"
_LIMIT = "budget: "  # how a reason begins that OverBudget gives


def text_of(run: Run) -> str:
    """What a person wants to know at the end of a run."""
    if run.proof is not None:
        return safe("\n".join(proof_lines(run.proof)))
    return safe("\n".join(_lines(run)))


def proof_lines(proof: Proof) -> Iterator[str]:
    """What became of the faults."""
    caught, alone = len(proof.caught), len(proof.alone)
    yield f"{caught} of {len(proof.faults)} faults caught, {alone} of them alone"
    for each in proof.missed:
        yield f"not caught: {each.fault}, which breaks {each.breaks}"
    if proof.untried:
        names = ", ".join(each.fault for each in proof.untried[:_MOST])
        more = ", …" if len(proof.untried) > _MOST else ""
        yield f"not tried: {len(proof.untried)} faults ({names}{more})"
    for each in proof.caught:
        if each.also:
            yield f"not alone: {each.fault} breaks {each.breaks}, and {', '.join(each.also)}"


def _lines(run: Run) -> Iterator[str]:
    yield f"{run.scope.target}, tier {run.scope.tier}"
    yield from _table(run)
    for each in run.of("broken"):
        yield ""
        yield from _full(each)
    for each in run.of("accepted"):
        yield f"accepted: {each.provider} {each.clause.id}, {each.reason}"
    for each in run.of("observed"):
        yield f"observed: {each.provider} {each.clause.id}: {each.sightings[0].says}"
    for trouble in run.troubles[:_MOST]:
        yield f"failed: {trouble.test}: {trouble.says.partition(chr(10))[0]}"
    if len(run.troubles) > _MOST:
        yield f"failed: {len(run.troubles) - _MOST} more"
    yield from _reasons(run)
    yield from _hints(run)
    yield from _spent(run)
    yield from _cut_off(run)


def _table(run: Run) -> Iterator[str]:
    for provider, score in run.scores().items():
        counts = [f"{score[outcome]} {outcome}" for outcome in OUTCOMES if score[outcome]]
        yield f"  {provider:10} {', '.join(counts)}"


def _full(verdict: Verdict) -> Iterator[str]:
    clause = verdict.clause
    yield f"BROKEN {verdict.provider} {clause.id}"
    yield f"  promised: {clause.promise}"
    if verdict.reason:
        yield f"  {verdict.reason}"
    for source in sources(clause, verdict.provider):
        yield f"  source:   {source.fact} ({source.mark}) {source.url or source.read_in}"
    for sighting in verdict.sightings:
        yield f"  seen:     {sighting.says.replace(chr(10), ' ')[:600]}"
    for sighting in verdict.sightings[:1]:
        yield f"  test:     {sighting.test}"
        if sighting.exchange:
            yield f"  again:    {sighting.exchange['curl']}"


def _reasons(run: Run) -> Iterator[str]:
    """Why clauses were not run, for those who were asked."""
    counts: dict[str, int] = {}
    for each in run.of("not run"):
        if each.provider in run.scope.providers and each.reason:
            counts[each.reason] = counts.get(each.reason, 0) + 1
    for reason, count in sorted(counts.items(), key=lambda pair: -pair[1]):
        yield f"not run: {count} because {reason}"


def _hints(run: Run) -> Iterator[str]:
    """What a target file could tell, where a server is accused of much for one reason."""
    broken = list(run.of("broken"))
    if any(each.clause.id == _NOTHING_THERE for each in broken):
        yield "hint: operations that the server lacks can be named in a target file, under `lacks`"
    seen = [sighting.says for each in broken for sighting in each.sightings]
    if sum("model" in each and "404" in each for each in seen) >= _MANY:
        yield "hint: the models that the server has can be named in a target file, under `models`"


def _spent(run: Run) -> Iterator[str]:
    if run.spending:
        spent, most = run.spending["spent"], run.spending["most_spent"]
        calls, most_calls = run.spending["calls"], run.spending["most_calls"]
        limit = f" of at most {usd(most)}" if most is not None else ""
        yield f"{calls} calls of at most {most_calls}, about {spent:.4f}{limit} USD"
        for line in run.spending["said"]:
            yield f"  {line}"


def _cut_off(run: Run) -> Iterator[str]:
    """What the limits of the run have kept from being asked."""
    mine = [each for each in run.of("not run") if each.provider in run.scope.providers]
    if count := sum((each.reason or "").startswith(_LIMIT) for each in mine):
        yield f"NOT RUN because the budget was used up: {count} {_clauses(count)}; see --max-calls,"
        yield "  --max-spend, and --resume, which goes on from here"


def _clauses(count: int) -> str:
    return "clause" if count == 1 else "clauses"
