"""The dashboard in a browser: what it shows, what it sets, and that nothing of a client's runs."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser import Sight, chromium
from tests.linter.install import AXE
from tests.serving import server
from tests.world import CHAT, ask

Json = Any
# Elements that would run, and what would end a script, an attribute or a text.
HOSTILE = '"><img src=x onerror="window.hacked=1"></script><script>window.hacked=1</script>'
STANDARDS = {
    "light": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "dark": ["cat.color"],
}
STREAM = "stream: Server-sent events, with the token count at the end"
# Each view, and what shows that it is complete.
VIEWS = {
    "traffic": "#plots",
    "controls": "#faults li",
    "verdict": ".findings",
    "contract": ".trial",
}
# What the server may not have is answered here, so that a page can be seen whole.
EXTRAS: dict[str, Json] = {
    "**/__mock__/verdict*": {
        "clean": False,
        "findings": [
            {
                "rule": "retried-too-early",
                "severity": "wrong",
                "says": f"Asked again after 0.4 s. {HOSTILE}",
                "instead": "Wait as long as Retry-After says.",
                "exchanges": ["req_1"],
            }
        ],
        "coverage": {
            "operations": {
                HOSTILE: {
                    "exchanges": 2,
                    "statuses": {"met": {"200": 2}, "missing": [429], "undocumented": [HOSTILE]},
                    "streams": {"streamed": 1, "whole": 1},
                }
            },
            "faults": {"met": {HOSTILE: "cut"}, "missing_effects": ["slow"]},
        },
    },
    "**/__mock__/scenarios*": {
        "rules": [{"rule": HOSTILE, "for": "all", "used": 1, "when": {"model": HOSTILE}}],
        "state": "start",
        "error": HOSTILE,
    },
    "**/__mock__/journal/*": {
        "request": {
            "method": "POST",
            "path": "/v1/audio/transcriptions",
            "query": HOSTILE,
            "headers": {"x-strange": HOSTILE, "authorization": "…"},
            "body": [{"name": "file", "filename": f"{HOSTILE}.wav", "value": "(9 bytes)"}],
        },
        "answer": {
            "status": 200,
            "headers": {"content-type": "text/event-stream"},
            "events": [{"data": {"choices": [{"delta": {"content": HOSTILE}}]}}],
        },
    },
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with server("--strict", "--clock", "virtual") as (_, url):
        yield url


@pytest.fixture
def sight(browser: Browser, url: str) -> Iterator[Sight]:
    httpx2.post(f"{url}/__mock__/reset")
    sight = Sight(browser, url)
    yield sight
    sight.context.close()


def chat(url: str, text: str = "hi", **more: Json) -> httpx2.Response:
    headers = {"Authorization": "Bearer rc_live_test", **more.pop("headers", {})}
    return httpx2.post(url + CHAT, json=ask(text, **more), headers=headers)


def stub(page: Page) -> None:
    """Have the parts that other requests need answered without them."""

    def answer(told: Json) -> Any:
        def fulfil(route: Route) -> None:
            route.fulfill(json=told)

        return fulfil

    for pattern, told in EXTRAS.items():
        page.route(pattern, answer(told))


def test_it_shows_a_request_as_it_comes_with_its_key_and_its_figures(
    sight: Sight, url: str
) -> None:
    page = sight.open()
    chat(url)
    line = page.locator("#exchanges tbody tr")
    expect(line).to_have_count(1, timeout=1000)
    expect(line).to_contain_text("createChatCompletion")
    expect(line).to_contain_text("200")
    expect(page.locator("#keys")).to_contain_text("1 of 60 requests")
    expect(page.locator("#plots")).to_contain_text("in the median")
    assert sight.troubles == []


def test_a_stream_is_seen_growing_until_it_is_over(sight: Sight, url: str) -> None:
    httpx2.put(f"{url}/__mock__/keys/rc_live_test", json={"pace": "ttft=5,itl=5"})
    page = sight.open()
    body, headers = ask("hi", stream=True), {"Authorization": "Bearer rc_live_test"}
    with httpx2.stream("POST", url + CHAT, json=body, headers=headers, timeout=60) as answer:
        line = page.locator("#exchanges tbody tr")
        expect(line).to_contain_text("open")
        expect(page.locator("#keys")).to_contain_text("1 open answer")
        page.get_by_role("button", name="+1 h").click()
        answer.read()
    expect(line).not_to_contain_text("open")
    assert sight.troubles == []


def test_filters_hide_what_is_not_asked_for(sight: Sight, url: str) -> None:
    page = sight.open()
    chat(url)
    chat(url, temperature=9)
    shown = page.locator("#exchanges tbody tr:visible")
    expect(shown).to_have_count(2)
    page.get_by_label("Status").select_option("4")
    expect(shown).to_have_count(1)
    expect(shown).to_contain_text("400")
    expect(page.locator("#count")).to_have_text("1 of the last 2")


def test_the_clock_is_advanced_for_all_or_for_the_key_chosen(sight: Sight, url: str) -> None:
    httpx2.post(
        f"{url}/v1/videos",
        json={"model": "google/veo-3.0", "prompt": "A cat"},
        headers={"Authorization": "Bearer rc_live_test"},
    )
    page = sight.open()
    expect(page.locator("#keys")).to_contain_text("queued, 0 %")
    page.get_by_role("button", name="+10 s").click()
    expect(page.locator("#said")).to_contain_text("all keys was advanced by 10 s")
    expect(page.locator("#now")).to_have_text("2026-01-01 00:00:10 UTC")
    expect(page.locator("#keys")).to_contain_text("processing, 33 %")
    page.get_by_label("Key", exact=True).select_option("rc_live_test")
    page.get_by_label("or seconds").fill("20")
    page.get_by_role("button", name="Advance").click()
    expect(page.locator("#keys")).to_contain_text("completed, 100 %")
    assert httpx2.get(f"{url}/__mock__/clock").json()["now"] == 1_767_225_610
    assert sight.troubles == []


def test_a_fault_is_found_switched_on_for_a_key_and_off_again(sight: Sight, url: str) -> None:
    stub(sight.page)
    page = sight.open("controls")
    page.get_by_label("Key", exact=True).select_option("another")
    page.get_by_label("Another key").fill("rc_live_mine")
    page.get_by_label("Another key").press("Enter")
    page.get_by_label("Search").fill("stream")
    name = page.locator("#faults li code").first.inner_text()
    page.get_by_role("button", name=f"Switch on {name}").click()
    expect(page.locator("#faults-on")).to_contain_text(name)
    assert name in json.dumps(on(url, "rc_live_mine"))
    assert on(url, "rc_live_other") == []
    page.get_by_role("button", name=f"Switch off {name}").click()
    expect(page.locator("#faults-on")).to_have_text("None.")
    assert on(url, "rc_live_mine") == []
    assert sight.troubles == []


def test_switching_one_fault_leaves_those_that_others_switched(sight: Sight, url: str) -> None:
    page = sight.open("controls")
    page.get_by_label("Key", exact=True).select_option("rc_live_test")
    used = {"fault": "status-503", "times": 1}
    httpx2.post(f"{url}/__mock__/faults", json={"faults": [used], "key": "rc_live_test"})
    assert [chat(url).status_code for _ in range(2)] == [503, 200]
    shown = page.locator("#faults-on")
    expect(shown).to_contain_text("status-503 times 1, met 1 of 2 answers")
    page.get_by_role("button", name="Switch on crlf").press("Enter")
    expect(shown).to_contain_text("crlf met 0 of 0")
    expect(page.get_by_role("button", name="Switch on crlf")).to_be_focused()
    assert chat(url).status_code == 200
    page.get_by_role("button", name="Switch off status-503").press("Enter")
    expect(shown).not_to_contain_text("status-503")
    page.get_by_role("button", name="Switch off crlf").press("Enter")
    expect(shown).to_have_text("None.")
    expect(shown).to_be_focused()
    assert sight.troubles == []


def test_with_all_keys_chosen_it_says_whose_a_fault_is(sight: Sight, url: str) -> None:
    page = sight.open("controls")
    httpx2.post(f"{url}/__mock__/faults", json={"faults": ["crlf"], "key": "rc_live_test"})
    chat(url)
    expect(page.locator("#faults-on")).to_contain_text("for runcrate:")
    expect(page.get_by_role("button", name="Switch off crlf")).to_have_count(0)


def on(url: str, key: str) -> Json:
    return httpx2.get(f"{url}/__mock__/faults", params={"key": key}).json()["on"]


def test_pace_and_limit_are_set_and_what_is_refused_is_told_in_words(
    sight: Sight, url: str
) -> None:
    stub(sight.page)
    page = sight.open("controls")
    page.get_by_label("Key", exact=True).select_option("sk-test")
    page.get_by_role("textbox", name="Pace").fill("swift")
    page.get_by_role("button", name="Set", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("pace: 'swift': expected instant")
    page.get_by_role("textbox", name="Pace").fill("ttft=0.5")
    page.get_by_label("Requests a minute").fill("1")
    page.get_by_role("button", name="Set", exact=True).click()
    expect(page.locator("#said")).to_contain_text("rate_limit 1")
    expect(page.get_by_role("alert")).to_be_empty()


def test_trying_it_streams_a_chat(sight: Sight, url: str) -> None:
    page = sight.open("contract")
    page.get_by_label("Example").select_option(label=STREAM)
    expect(page.get_by_label("curl")).to_contain_text("Bearer rc_live_test")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".outcome .status")).to_contain_text("200 OK, ")
    expect(page.get_by_role("region", name="Events")).to_contain_text("data: [DONE]")
    expect(page.get_by_label("Text", exact=True)).not_to_be_empty()
    assert sight.troubles == []


@pytest.mark.parametrize(
    ("path", "seen"),
    [
        ("/v1/images/generations", ".outcome img"),
        ("/v1/audio/speech", ".outcome audio"),
        ("/v1/audio/transcriptions", ".outcome pre"),
    ],
)
def test_trying_it_shows_pictures_sounds_and_forms(sight: Sight, path: str, seen: str) -> None:
    page = sight.open("contract")
    page.locator("#operations a", has_text=path).click()
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".outcome .status")).to_contain_text("200 OK, ")
    page.locator(seen).last.scroll_into_view_if_needed()
    if "img" in seen:
        page.wait_for_function(f"document.querySelector('{seen}').naturalWidth > 0")
    assert sight.troubles == []


def test_an_answer_that_breaks_off_is_told_so_where_it_stands(sight: Sight, url: str) -> None:
    fault = {"fault": "disconnect-before-done", "operation": "createChatCompletion"}
    httpx2.post(f"{url}/__mock__/faults", json={"faults": [fault]})
    page = sight.open("contract")
    page.get_by_label("Example").select_option(label=STREAM)
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".outcome .status")).to_contain_text("200 OK, broken off; ")
    expect(page.get_by_role("alert")).to_be_empty()
    page.locator(".trial").get_by_label("Key").fill("\u043a\u043b\u044e\u0447")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".outcome .status")).to_contain_text("no such letters in a header")
    page.locator("header nav a[href='#traffic']").click()
    expect(page.locator("#exchanges .status")).to_have_class("status cut")


def test_trying_it_is_about_the_key_chosen_where_it_fits(sight: Sight, url: str) -> None:
    page = sight.open("contract/runcrate/createVideo")
    page.get_by_label("Key", exact=True).first.select_option("another")
    page.get_by_label("Another key").fill("rc_live_mine")
    page.get_by_label("Another key").press("Enter")
    trial = page.locator(".trial")
    expect(trial.get_by_label("Key")).to_have_value("rc_live_mine")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".outcome .status")).to_contain_text("200 OK, ")
    named = json.loads(page.get_by_label("Body", exact=True).last.inner_text())["id"]
    page.goto(f"{sight.url}#contract/runcrate/downloadVideo")
    expect(trial.get_by_label("id (path)")).to_have_value(named)
    page.goto(f"{sight.url}#contract/ruapi/retrieveModel")
    expect(trial).to_contain_text("The key chosen at the top is none of RuAPI")
    expect(trial.get_by_label("Key")).to_have_value("sk-test")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".outcome .status")).to_contain_text("200 OK, ")
    assert sight.troubles == []


def test_the_curl_line_of_a_form_runs_and_shows_no_key_of_ones_own(sight: Sight, url: str) -> None:
    page = sight.open("contract/runcrate/createTranscription")
    trial = page.locator(".trial")
    trial.get_by_label("prompt").fill("@rc_live_mine;type=text/plain")
    line = page.get_by_label("curl")
    expect(line).to_contain_text("--form-string 'prompt=@rc_live_mine;type=text/plain'")
    run = subprocess.run(
        ["bash", "-c", line.text_content() or ""], capture_output=True, text=True, check=True
    )
    assert "text" in json.loads(run.stdout)
    trial.get_by_label("Key").fill("rc_live_mine")
    expect(line).to_contain_text("prompt=@YOUR_KEY;")
    expect(line).not_to_contain_text("rc_live_mine")


def test_nothing_that_a_client_sends_runs(sight: Sight, url: str) -> None:
    stub(sight.page)
    page = sight.open()
    chat(url, HOSTILE, model=HOSTILE, headers={"Prefer": HOSTILE, "X-Strange": HOSTILE})
    httpx2.post(
        f"{url}/v1/audio/transcriptions",
        data={"model": HOSTILE},
        files={"file": (f"{HOSTILE}.wav", b"RIFF", "audio/wav")},
        headers={"Authorization": "Bearer rc_live_test"},
    )
    httpx2.get(f"{url}/{HOSTILE}")
    lines = page.locator("#exchanges tbody tr")
    expect(lines).to_have_count(3)
    expect(lines.filter(has_text=HOSTILE)).not_to_have_count(0)
    lines.last.get_by_role("button").press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Request: headers")).to_contain_text(HOSTILE)
    expect(dialog.get_by_label("Request: body")).to_contain_text("window.hacked")
    expect(dialog.get_by_label("Text", exact=True)).to_have_text(HOSTILE)
    page.keyboard.press("Escape")
    for view, place in (("verdict", "#judgement"), ("controls", "#scenarios")):
        page.locator(f"header nav a[href='#{view}']").click()
        expect(page.locator(place)).to_contain_text("<script>window.hacked=1")
    assert sight.troubles == []
    assert page.evaluate("window.hacked") is None


def test_a_strange_contract_is_shown_and_does_not_run(browser: Browser, tmp_path: Path) -> None:
    schema = {
        "type": "object",
        "description": HOSTILE,
        "properties": {HOSTILE: {"enum": [HOSTILE]}, "again": {"$ref": "#/components/schemas/A"}},
    }
    operation = {
        "operationId": HOSTILE,
        "summary": HOSTILE,
        "description": HOSTILE,
        "parameters": [{"name": HOSTILE, "in": "query", "example": HOSTILE, "schema": {}}],
        "requestBody": {"content": {"application/json": {"schema": schema, "example": HOSTILE}}},
        "responses": {"200": {"description": HOSTILE}},
    }
    media = {"schema": {"type": "object", "required": ["n"], "properties": {"n": {"const": 7}}}}
    content = {"application/xml": media, "application/json": media}
    bare = {"requestBody": {"content": content}, "responses": {"200": {"description": "Good"}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": HOSTILE, "version": "1"},
        "paths": {
            "/a": {"post": operation},
            "/b": {"get": {"responses": {}}},
            "/c": {"post": bare},
        },
        "components": {"schemas": {"A": schema}},
    }
    path = tmp_path / "strange.json"
    path.write_text(json.dumps(document))
    with server("--spec", str(path)) as (_, url):
        sight = Sight(browser, url)
        page = sight.open("contract")
        expect(page.locator("#operation")).to_contain_text(HOSTILE)
        expect(page.locator("#operations")).to_contain_text(HOSTILE)
        again = page.locator("#operation .fields summary", has_text="again")
        for depth in range(1, 4):
            expect(again).to_have_count(depth)
            again.last.click()
        page.get_by_role("button", name="Send").click()
        expect(page.locator(".outcome .status")).to_contain_text("400")
        assert [each for each in sight.troubles if "400 (Bad Request)" not in each] == []
        page.locator("#operations a", has_text="/c").click()
        expect(page.get_by_label("Media type")).to_have_value("application/json")
        expect(page.get_by_label("Body", exact=True)).to_have_value('{\n  "n": 7\n}')
        page.get_by_role("button", name="Send").click()
        expect(page.locator(".outcome .status")).to_contain_text("200 OK")
        assert page.evaluate("window.hacked") is None
        sight.context.close()


def test_a_token_is_asked_for_or_taken_out_of_the_address(browser: Browser) -> None:
    with server("--control-token", "open-sesame%") as (_, url):
        sight = Sight(browser, url)
        page = sight.page
        page.goto(sight.url)
        field, main = page.get_by_label("control token"), page.locator("main")
        expect(field).to_be_focused()
        expect(main).to_be_hidden()
        field.fill("no-sesame")
        field.press("Enter")
        expect(page.locator("#admission")).to_contain_text("That is not its token.")
        assert len(sight.errors) == 2  # the browser's own, of each refusal
        field.fill("open-sesame%")
        page.get_by_role("button", name="Use it").click()
        expect(page.locator("#link")).to_have_text("Live")
        expect(page.locator("#admission")).to_be_hidden()
        expect(main).to_be_visible()
        expect(page.get_by_role("alert")).to_be_empty()
        sight.context.close()
        other = Sight(browser, url)
        other.open("token=open-sesame%25")
        assert "sesame" not in other.page.url
        assert other.troubles == []
        other.context.close()


@pytest.mark.parametrize("scheme", STANDARDS)
def test_axe_finds_nothing_that_shuts_anybody_out(browser: Browser, url: str, scheme: str) -> None:
    sight = Sight(browser, url, bypass_csp=True, color_scheme=scheme)
    stub(sight.page)
    page = sight.open()
    page.evaluate(AXE.read_text("utf-8"))
    chat(url)
    page.locator("#exchanges tbody button").first.click()
    expect(page.get_by_label("Request: headers")).to_be_visible()
    found = violations(page, scheme)
    page.keyboard.press("Escape")
    for view, seen in VIEWS.items():
        page.locator(f"header nav a[href='#{view}']").click()
        expect(page.locator(seen).first).to_be_visible()
        found += violations(page, scheme)
    sight.context.close()
    assert found == []


def violations(page: Page, scheme: str) -> list[Json]:
    told = page.evaluate("(tags) => axe.run(document, { runOnly: tags })", STANDARDS[scheme])
    return [(each["id"], each["nodes"][0]["html"]) for each in told["violations"]]


def test_nothing_is_cut_off_on_a_narrow_screen(browser: Browser, url: str) -> None:
    sight = Sight(browser, url, viewport={"width": 320, "height": 640})
    stub(sight.page)
    page = sight.open()
    for view, seen in VIEWS.items():
        page.locator(f"header nav a[href='#{view}']").click()
        expect(page.locator(seen).first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, view
    sight.context.close()
