"""report.html: one page that needs nothing else, to be shown to whoever runs the server.

Everything that a server or a test said is escaped, and the page forbids itself to run or load
anything.
"""

import json
from collections import Counter
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any, Final

from contract_tests.reports.characters import safe
from contract_tests.reports.sources import sources
from contract_tests.verdicts import OUTCOMES, Outcome, Proof, Run, Sighting, Verdict

Json = Any
_STYLE: Final = Path(__file__).with_name("report.css")
_MOST_WORDS: Final = 300  # characters
_ORDER: Final = ("broken", "accepted", "observed", "not asserted", "kept", "not run")
_SIGNS: Final[dict[str, str]] = {
    "kept": "✓",
    "broken": "✗",
    "accepted": "≈",
    "observed": "○",
    "not asserted": "–",
    "not run": "·",
}


def html_of(run: Run) -> str:
    """The text of the page."""
    return safe("\n".join(_page(run)) + "\n")


def _page(run: Run) -> Iterator[str]:
    title = f"Contract of {run.scope.target}"
    yield "<!doctype html>"
    yield '<html lang="en"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="color-scheme" content="light dark">'
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    yield f"<title>{escape(title)}</title>"
    yield f"<style>\n{_STYLE.read_text('utf-8')}</style></head><body>"
    if run.proof is None:
        yield '<a class="skip" href="#clauses">To the table of clauses</a>'
    yield from _head(run)
    yield "<main>"
    if run.proof:
        yield from _proof(run.proof)
    else:
        yield from _scores(run)
        yield from _troubles(run)
        yield from _broken(run)
        yield from _table(run)
    yield "</main>"
    yield from _foot(run)
    yield "</body></html>"


def _head(run: Run) -> Iterator[str]:
    kind, says = _summary(run)
    yield f'<header class="{kind}"><p class="over">Contract of</p>'
    yield f"<h1>{escape(run.scope.target)}</h1>"
    yield f'<p class="says">{says}</p>'
    when = escape(run.started.replace("T", " ").replace("+00:00", " UTC"))
    tests = sum(run.tests.values())
    yield f"<p>{when} · tier {escape(run.scope.tier)} · {tests} tests in {run.seconds:.0f} seconds"
    if run.spending:
        spent = run.spending
        yield f" · {spent['calls']} calls, about {spent['spent']:.4f} USD"
    yield "</p></header>"


def _summary(run: Run) -> tuple[str, str]:
    """The colour of the whole, and what it says."""
    count = sum(1 for _ in run.of("broken"))
    if run.proof:
        lost = len(run.proof.faults) - len(run.proof.caught)
        return ("bad", f"{lost} faults were not caught") if lost else ("good", "All faults caught")
    if count:
        return "bad", f"{count} {'promise is' if count == 1 else 'promises are'} broken"
    if run.exit_code == 0:
        return "good", "Every promise that was checked is kept"
    return ("unknown", "The tests could not run") if run.exit_code == 2 else ("bad", "Tests failed")


def _scores(run: Run) -> Iterator[str]:
    yield '<section aria-labelledby="scores"><h2 id="scores">Scores</h2><ul class="scores">'
    for provider, score in run.scores().items():
        yield from _score(provider, score)
    yield "</ul></section>"


def _score(provider: str, score: Counter[Outcome]) -> Iterator[str]:
    checked = score["kept"] + score["broken"] + score["accepted"]
    share = f"{100 * score['kept'] // checked}%" if checked else "–"
    yield f"<li><h3>{escape(provider)}</h3>"
    yield f'<p class="share"><b>{share}</b> {score["kept"]} of {checked} checked are kept</p>'
    yield '<div class="bar" aria-hidden="true">'
    for outcome in OUTCOMES:
        if score[outcome]:
            yield f'<i class="{_class(outcome)}" style="flex-grow:{score[outcome]}"></i>'
    yield '</div><ul class="counts">'
    for outcome in OUTCOMES:
        if score[outcome]:
            yield f"<li>{_badge(outcome)} {score[outcome]}</li>"
    yield "</ul></li>"


def _troubles(run: Run) -> Iterator[str]:
    if not run.troubles:
        return
    yield '<section aria-labelledby="troubles"><h2 id="troubles">Tests that failed otherwise</h2>'
    yield "<ul>"
    for each in run.troubles:
        first, _, rest = each.says.partition("\n")
        yield f"<li><code>{escape(each.test)}</code><br>{escape(first[:_MOST_WORDS])}"
        yield f"<details><summary>More</summary><pre>{escape(rest)}</pre></details>" if rest else ""
        yield "</li>"
    yield "</ul></section>"


def _broken(run: Run) -> Iterator[str]:
    found = list(run.of("broken"))
    if not found:
        return
    yield '<section aria-labelledby="broken"><h2 id="broken">What is broken</h2>'
    for each in found:
        yield f'<article id="{_anchor(each)}"><h3>{escape(each.clause.id)}</h3>'
        yield f"<p>{_badge('broken')} by <strong>{escape(each.provider)}</strong></p>"
        yield f'<p class="promise">{_words(each.clause.promise)}</p>'
        yield f'<p class="sources">Source: {_sources(each)}</p>'
        if each.reason:
            yield f"<p>{escape(each.reason)}</p>"
        for sighting in each.sightings:
            yield from _sighting(sighting)
        yield "</article>"
    yield "</section>"


def _sighting(sighting: Sighting) -> Iterator[str]:
    yield f'<p class="seen">{escape(sighting.says)}</p>'
    yield f'<p class="test">Found by <code>{escape(sighting.test)}</code></p>'
    exchange = sighting.exchange
    if exchange is None:
        return
    yield f"<p>To repeat it:</p><pre>{escape(exchange['curl'])}</pre>"
    asked, told = f"{exchange['method']} {exchange['url']}", f"{exchange['status']}"
    yield from _folded(f"Request: {asked}", asked, exchange["sent"], exchange["question"])
    headers = exchange["headers"].items()
    yield from _folded(f"Answer: {told}", f"HTTP {told}", headers, exchange["body"])


def _folded(title: str, first: str, headers: Any, body: str) -> Iterator[str]:
    lines = [first, *(f"{name}: {value}" for name, value in headers), "", pretty(body)]
    yield f"<details><summary>{escape(title)}</summary>"
    yield f"<pre>{escape(chr(10).join(lines))}</pre></details>"


def _proof(proof: Proof) -> Iterator[str]:
    caught, every = len(proof.caught), len(proof.faults)
    yield '<section aria-labelledby="proof"><h2 id="proof">Proof by faults</h2>'
    yield f"<p><b>{caught} of {every}</b> faults were caught, {len(proof.alone)} of them alone."
    yield "</p><ul>"
    for each in (*proof.missed, *proof.untried):
        how = "was not caught" if each.tried else "was not tried"
        yield f"<li><code>{escape(each.fault)}</code> {how}</li>"
    yield "</ul></section>"


def _table(run: Run) -> Iterator[str]:
    yield '<section aria-labelledby="clauses"><h2 id="clauses">All clauses</h2>'
    for provider in run.scope.providers:
        mine = [each for each in run.verdicts if each.provider == provider]
        mine.sort(key=lambda each: _ORDER.index(each.outcome))
        yield '<div class="wide" role="region" tabindex="0"'
        yield f' aria-label="Clauses of {escape(provider)}">'
        yield f"<table><caption>{escape(provider)}</caption><thead><tr>"
        for name in ("Verdict", "Promise", "Source", "Note"):
            yield f'<th scope="col">{name}</th>'
        yield "</tr></thead><tbody>"
        for each in mine:
            yield _row(each)
        yield "</tbody></table></div>"
    yield "</section>"


def _row(verdict: Verdict) -> str:
    clause = verdict.clause
    name = escape(clause.id)
    if verdict.outcome == "broken":
        name = f'<a href="#{_anchor(verdict)}">{name}</a>'
    seen = verdict.sightings[0].says[:_MOST_WORDS] if verdict.sightings else None
    count = "once" if verdict.times == 1 else f"{verdict.times} times"
    times = count if verdict.times and not seen else None
    note = ": ".join(filter(None, (verdict.reason, seen, times)))
    return (
        f'<tr><td>{_badge(verdict.outcome)}</td><th scope="row">{_words(clause.promise)}'
        f"<br><code>{name}</code></th><td>{_sources(verdict)}</td><td>{escape(note)}</td></tr>"
    )


def _foot(run: Run) -> Iterator[str]:
    yield "<footer><dl>"
    for outcome, meaning in (
        ("kept", "every answer that says anything of it keeps it"),
        ("broken", "some answer does not"),
        ("accepted", "broken, and known to the target's owner"),
        ("observed", "not kept, where it does not bind this target"),
        ("not asserted", "no answer had anything to say of it"),
        ("not run", "its tests were left out; the note says why"),
    ):
        yield f"<div><dt>{_badge(outcome)}</dt><dd>{meaning}</dd></div>"
    yield "</dl></footer>"


# --- Small parts ---------------------------------------------------------------------------------


def pretty(text: str) -> str:
    """A JSON text with a line for each member; any other text as it is."""
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text


def _badge(outcome: str) -> str:
    sign = f'<span aria-hidden="true">{_SIGNS[outcome]}</span>'
    return f'<span class="badge {_class(outcome)}">{sign} {outcome}</span>'


def _class(outcome: str) -> str:
    return outcome.replace(" ", "-")


def _anchor(verdict: Verdict) -> str:
    return escape(f"{verdict.provider}-{verdict.clause.id}")


def _words(text: str) -> str:
    """A sentence in which what stands between back-quotes is code."""
    parts = escape(text).split("`")
    return "".join(f"<code>{p}</code>" if at % 2 else p for at, p in enumerate(parts))


def _sources(verdict: Verdict) -> str:
    found = [
        f'<a href="{escape(each.url)}" rel="noreferrer">{each.fact}</a>'
        if each.url
        else f'<span title="{escape(each.read_in)}">{each.fact}</span>'
        for each in sources(verdict.clause, verdict.provider)
    ]
    return ", ".join(found) or "our own decision"
