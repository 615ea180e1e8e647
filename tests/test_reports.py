"""Reports: what each form says of a run, and that nothing in it can be mistaken for markup."""

import json
import re
import subprocess
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as Xml

import pytest

from contract_tests.clauses import Clause, contract, facts, ledger
from contract_tests.exchange import Exchange
from contract_tests.reports.as_html import html_of, pretty
from contract_tests.reports.as_json import data_of, json_of
from contract_tests.reports.as_junit import junit_of
from contract_tests.reports.as_markdown import markdown_of
from contract_tests.reports.as_text import text_of
from contract_tests.reports.sources import sources
from contract_tests.verdicts import OUTCOMES, Proof, Proven, Run, Scope, Sighting, Trouble, Verdict

Json = Any
EVIL = "<script>alert('x')</script>\x00\x1b[31m & `code` | \"quoted\" \ud800"
EXCHANGE = {
    "provider": "ruapi",
    "operation": "createChatCompletion",
    "method": "POST",
    "url": "http://127.0.0.1:9/v1/chat/completions",
    "sent": [["authorization", "[hidden]"], ["x-evil", EVIL]],
    "question": '{"max_tokens": 64}',
    "status": 200,
    "headers": {"content-type": "application/json"},
    "body": json.dumps({"content": EVIL}),
    "curl": f"curl -sSi 'http://127.0.0.1:9/' -d '{EVIL}'",
}


def clause(id: str) -> Clause:
    return ledger().clauses[id]


DONE = clause("chat-stream-ends-with-done")
VERDICTS = [
    Verdict(DONE, "runcrate", "kept", 4),
    Verdict(DONE, "ruapi", "broken", 1, None, (Sighting(EVIL, "tests::a", EXCHANGE),)),
    Verdict(clause("chat-temperature"), "runcrate", "not run", 0, "budget: 30 calls"),
    Verdict(clause("chat-temperature"), "ruapi", "accepted", 0, "accepted until 2027-01-01: known"),
    Verdict(
        clause("chat-likelihoods-join"),
        "ruapi",
        "observed",
        0,
        "asserted of others",
        (Sighting("it is so", "b"),),
    ),
    Verdict(clause("nothing-fails-inside"), "runcrate", "not asserted"),
    Verdict(clause("nothing-fails-inside"), "runware", "not run", 0, "runware is not asked for"),
]
SCOPE = Scope("http://127.0.0.1:9", "any", ("runcrate", "ruapi"), "full")
SPENDING = {"calls": 3, "most_calls": 30, "spent": 0.012, "most_spent": 0.5, "said": ["again"]}
RUN = Run(
    SCOPE,
    VERDICTS,
    [Trouble("tests::c", f"KeyError: {EVIL}")],
    {"passed": 9, "failed": 2},
    "2026-05-01T12:00:00+00:00",
    12.5,
    spending=SPENDING | {"videos": 0, "waited": 1.0},
)
KEPT = Run(SCOPE, VERDICTS[:1], (), {"passed": 9}, "2026-05-01T12:00:00+00:00", 2.0)
PROOF = Proof(
    [
        Proven("caught", "a", True),
        Proven("wide", "b", True, ("c",)),
        Proven("missed", "d", False),
        Proven("idle", "e", False, tried=False),
    ]
)
PROVEN = Run(SCOPE, (), (), {}, "2026-05-01T12:00:00+00:00", 2.0, PROOF)
FORMS: list[Callable[[Run], str]] = [html_of, json_of, junit_of, markdown_of, text_of]


class Page(HTMLParser):
    """The tags and the text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            assert tag in ("p", "ul", "li"), f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_every_form_can_be_written_down(form: Callable[[Run], str]) -> None:
    for run in (RUN, KEPT, PROVEN):
        text = form(run)
        assert text.encode()
        assert not {"\0", "\x1b"} & set(text)


def test_the_summary_is_short_where_all_is_kept() -> None:
    assert text_of(KEPT).splitlines() == [
        "http://127.0.0.1:9, tier full",
        "  runcrate   1 kept",
        "  ruapi      ",
    ]


def test_the_summary_tells_what_is_broken_in_full() -> None:
    told = text_of(RUN)
    for words in (
        "BROKEN ruapi chat-stream-ends-with-done",
        DONE.promise,
        "https://docs.ruapi.ai/en/streaming",
        "curl -sSi",
        "tests::a",
        "accepted: ruapi chat-temperature",
        "observed: ruapi chat-likelihoods-join: it is so",
        "failed: tests::c: KeyError",
        "not run: 1 because budget: 30 calls",
        "3 calls of at most 30, about 0.0120 of at most 0.50 USD",
    ):
        assert words in told
    assert "runware is not asked for" not in told


def test_the_summary_tells_what_a_target_file_could_say() -> None:
    lost = Sighting("nothing is there", "tests::a", EXCHANGE)
    gone = Sighting("a 404: the model `m` does not exist", "tests::b", EXCHANGE)
    accused = [
        Verdict(clause("operations-are-where-documented"), "ruapi", "broken", 0, None, (lost,)),
        Verdict(DONE, "ruapi", "broken", 0, None, (gone,) * 5),
    ]
    text = text_of(Run(SCOPE, accused))
    assert "under `lacks`" in text
    assert "under `models`" in text
    assert "hint" not in text_of(RUN)


def test_the_summary_of_a_proof_tells_what_was_missed() -> None:
    assert text_of(PROVEN).splitlines() == [
        "2 of 4 faults caught, 1 of them alone",
        "not caught: missed, which breaks d",
        "not tried: 1 faults (idle)",
        "not alone: wide breaks b, and c",
    ]


def test_the_data_have_the_members_that_are_documented() -> None:
    told = json.loads(json.dumps(data_of(RUN)))
    assert list(told) == [
        *("format", "tool", "target", "started", "seconds", "exit_code", "tests", "summary"),
        *("clauses", "troubles", "proof", "spending"),
    ]
    assert told["format"] == 1
    assert told["exit_code"] == 1
    assert told["summary"]["ruapi"] == dict.fromkeys(OUTCOMES, 0) | {
        "broken": 1,
        "accepted": 1,
        "observed": 1,
    }
    broken = told["clauses"][1]
    assert list(broken) == [
        *("id", "provider", "verdict", "promise", "asserted", "costs", "sources", "times"),
        *("reason", "sightings"),
    ]
    assert broken["sources"][0] == {
        "fact": "RU-063",
        "mark": "docs",
        "read_in": "D/streaming",
        "url": "https://docs.ruapi.ai/en/streaming",
    }
    assert broken["sightings"][0]["exchange"] == json.loads(json.dumps(EXCHANGE))


def test_the_data_of_a_proof_have_every_fault() -> None:
    told = data_of(PROVEN)["proof"]
    assert (told["total"], told["caught"], told["alone"]) == (4, 2, 1)
    assert [each["fault"] for each in told["faults"]] == ["caught", "wide", "missed", "idle"]


def test_junit_has_a_case_for_each_clause_and_provider() -> None:
    suites = {suite.get("name"): suite for suite in Xml.fromstring(junit_of(RUN))}
    assert set(suites) == {"runcrate", "ruapi", "tests"}
    assert suites["ruapi"].get("failures") == "1"
    assert suites["ruapi"].get("skipped") == "2"
    assert suites["tests"].get("errors") == "1"
    failure = suites["ruapi"].find("testcase[@name='chat-stream-ends-with-done']/failure")
    assert failure is not None
    assert "<script>" in str(failure.get("message"))
    assert "curl" in str(failure.text)
    faults = Xml.fromstring(junit_of(PROVEN)).find("testsuite[@name='faults']")
    assert faults is not None
    assert (faults.get("tests"), faults.get("failures")) == ("4", "2")


def test_the_markdown_table_has_a_row_of_six_cells_for_each_clause() -> None:
    rows = [line for line in markdown_of(RUN).splitlines() if line.startswith(tuple(_starts()))]
    assert len(rows) == 6
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 7 for row in rows)
    assert "<script>" not in re.sub(r"```+sh.*?```+", "", markdown_of(RUN), flags=re.S)


def _starts() -> list[str]:
    return [f"| {outcome} | ru" for outcome in OUTCOMES]


def test_the_page_is_well_formed_and_needs_nothing_else() -> None:
    for run in (RUN, KEPT, PROVEN):
        page = Page(html_of(run))
        assert page.open == []
        assert not {"script", "img", "link", "iframe", "object"} & set(page.tags)
        assert not [name for name, _ in page.attributes if name.startswith("on")]
        names = {name for name, _ in page.attributes}
        assert "src" not in names
        assert "url(" not in html_of(run)
        ids = [value for name, value in page.attributes if name == "id"]
        assert len(ids) == len(set(ids))
        inner = [v for name, v in page.attributes if name == "href" and v and v[0] == "#"]
        assert {str(each)[1:] for each in inner} <= set(ids)


def test_the_page_shows_what_a_server_said_and_runs_none_of_it() -> None:
    text = html_of(RUN)
    assert "<script" not in text
    assert "alert('x')" in Page(text).text


def test_the_page_tells_what_broke_and_how_to_repeat_it() -> None:
    told = Page(html_of(RUN)).text
    for words in (
        "1 promise is broken",
        DONE.promise.partition("`")[0],
        "curl -sSi",
        '"max_tokens": 64',
        "HTTP 200",
        "tests::a",
        "Tests that failed otherwise",
    ):
        assert words in told
    assert "Every promise that was checked is kept" in Page(html_of(KEPT)).text
    assert "2 of 4 faults were caught" in Page(html_of(PROVEN)).text
    assert "2 faults were not caught" in Page(html_of(PROVEN)).text


def test_json_is_shown_with_a_line_for_each_member() -> None:
    assert pretty('{"a":[1],"b":"ä"}') == '{\n  "a": [\n    1\n  ],\n  "b": "ä"\n}'
    assert pretty("data: {}\n\n") == "data: {}\n\n"


def test_what_a_document_says_has_a_link_to_it() -> None:
    links = {
        each.fact: each.url
        for one in ledger().clauses.values()
        for provider in one.providers
        for each in sources(one, provider)
    }
    assert links["RU-063"] == "https://docs.ruapi.ai/en/streaming"
    assert links["AN-051"] == "https://platform.claude.com/docs/en/api/errors"
    assert all(re.fullmatch(r"https://[\w./-]+", url) for url in links.values() if url)
    bound = [id for id in links if facts()[id].binds]
    assert sum(1 for id in bound if links[id]) >= len(bound) * 0.9


def test_only_what_speaks_of_a_provider_is_told_of_it() -> None:
    clause = ledger().clauses["auth-a-wrong-key-is-a-401"]
    assert [each.fact for each in sources(clause, "ruapi")] == ["RU-080"]
    assert [each.fact for each in sources(clause, "runware")] == ["RW-010"]


def exchange(body: bytes, *headers: tuple[str, str]) -> Exchange:
    route = contract().route("/v1/chat/completions")
    operation = route.operations["POST"] if route else None
    url = "http://127.0.0.1:9/v1/chat/completions?a=b&c=d"
    return Exchange("POST", url, headers, body, 200, {}, b"", "ruapi", operation)


@pytest.mark.parametrize(
    "body", [b'{"a": "it\'s $HOME `x` \\"q\\"\\n"}', b"\x00\xff\x80 a\n", b"\x00\r\n", b""]
)
def test_a_curl_line_says_exactly_what_was_sent(body: bytes) -> None:
    sent = exchange(body, ("authorization", "Bearer k-1"), ("x-a", "it's"), ("host", "h"))
    line = sent.curl({"k-1": "A_KEY"})
    assert "k-1" not in line
    show = 'curl() { printf \'%s\\n\' "$@"; [ "$*" = "${*%@-}" ] || { printf =; cat; }; }\n'
    done = subprocess.run(
        ["sh", "-c", show + line], capture_output=True, env={"A_KEY": "k-2"}, check=True
    )
    assert b"authorization: Bearer k-2\n" in done.stdout
    assert b"x-a: it's\n" in done.stdout
    assert b"host" not in done.stdout
    assert body in done.stdout


def test_a_long_request_makes_no_long_command() -> None:
    line = exchange(b"x" * 25_000_000).curl({})
    assert line.endswith("--data-binary @FILE # FILE: the 25000000 bytes that were sent")


def test_the_summary_ends_with_what_the_budget_has_cut_off() -> None:
    last = text_of(RUN).splitlines()[-2:]
    assert last[0].startswith("NOT RUN because the budget was used up: 1 clause;")
    assert "budget was" not in text_of(KEPT)
