"""The verdict as a whole: judged, told, passed on as JSON, asked for by the control API."""

import json
from typing import get_args

import httpx2
import pytest

from mock_server.auth import identity
from mock_server.errors import Invalid
from mock_server.mock import Mock
from mock_server.verdict import RULES, Verdict, judge
from mock_server.verdict.finding import Fault, Severity, gathered
from tests.conftest import FreshKey
from tests.suspect import RETRY_AFTER, Suspect
from tests.world import ask


@pytest.fixture
def guilty(suspect: Suspect) -> Verdict:
    suspect.sent(0, 429, told=RETRY_AFTER)
    suspect.sent(0.5, 429, told=RETRY_AFTER)
    suspect.sent(1, 200)
    suspect.sent(2, 503, body=ask("And the lake?"), faults=["vid-wrong-type"])
    return suspect.verdict()


def test_nothing_is_found_of_nobody(mock: Mock) -> None:
    mock.journal.reset()
    verdict = judge(mock)
    assert verdict.clean and verdict.exchanges == 0 and verdict.findings == ()
    assert str(verdict).startswith("clean: 0 exchanges, nothing to blame\n")


def test_breaches_of_a_rule_are_told_once_by_the_worst(guilty: Verdict) -> None:
    early, gave_up = guilty.findings
    assert (early.rule, early.times, len(early.exchanges)) == ("retried-too-early", 2, 3)
    assert guilty.rules == {"retried-too-early", "gave-up"}
    assert early.says == "Asked again 0.40 s after a 429 that said Retry-After: 2."
    assert gave_up.rule == "gave-up" and not guilty.clean


def test_the_text_is_for_a_terminal(guilty: Verdict) -> None:
    lines = str(guilty).splitlines()
    assert lines[0] == "1 thing to mend in 4 exchanges, 1 thing to look at"
    assert "wrong: retried-too-early (2 times)" in lines
    assert any(line.startswith("coverage: 1 of 11 operations, 3 of ") for line in lines)
    assert "  faults met: vid-wrong-type" in lines
    assert max(map(len, lines)) <= 100


def test_what_pytest_shows_is_short_and_names_what_is_wrong(guilty: Verdict) -> None:
    assert len(repr(guilty)) <= 220
    assert "retried-too-early: Asked again 0.40 s after a 429" in repr(guilty)
    with pytest.raises(AssertionError, match="-> Wait as long as the answer says"):
        guilty.check()


def test_who_is_spotless_has_nothing_risky_either(suspect: Suspect, guilty: Verdict) -> None:
    risky = suspect.verdict("retried-too-early")
    assert (risky.clean, risky.spotless) == (True, False)
    assert "gave-up: Gave up on createChatCompletion" in repr(risky)
    risky.check()
    with pytest.raises(AssertionError, match="risky: gave-up"):
        risky.check(strict=True)
    assert suspect.verdict("retried-too-early", "gave-up").spotless and not guilty.spotless


def test_a_long_list_is_cut(suspect: Suspect) -> None:
    for number in range(20):
        suspect.sent(number, body=ask("a", **{f"temperatur{number}": 1}))
    assert len(repr(suspect.verdict())) <= 220


def test_who_is_clean_passes_the_check(suspect: Suspect) -> None:
    suspect.sent(0)
    suspect.verdict().check(strict=True)


def test_json_and_back(guilty: Verdict) -> None:
    assert Verdict.from_json(json.loads(json.dumps(guilty.json()))) == guilty


def test_rules_can_be_left_out(suspect: Suspect, guilty: Verdict) -> None:
    assert suspect.verdict("retried-too-early").clean
    with pytest.raises(Invalid, match="'typo' is no rule; there are retried-too-early, ") as caught:
        suspect.verdict("typo")
    assert caught.value.param == "ignore"


def test_the_verdict_on_all_judges_each_by_itself(mock: Mock) -> None:
    mock.journal.reset()
    Suspect(mock, "rc_live_one").sent(0, 429, told=RETRY_AFTER)
    Suspect(mock, "sk-two").sent(0.5, 200)
    verdict = judge(mock)
    assert verdict.exchanges == 2 and verdict.clean
    operations = verdict.coverage["operations"]
    assert {"createChatCompletion", "createMessage", "createVideo"} <= operations.keys()


def test_whoever_has_several_keys_may_be_judged_by_all_of_them(mock: Mock) -> None:
    mock.journal.reset()
    for key in ("rc_live_one", "sk-two", "rc_live_three"):
        Suspect(mock, key).sent(0, 200)
    keys = [identity(key, None).id for key in ("rc_live_one", "sk-two")]
    assert [judge(mock, some).exchanges for some in (keys, keys[:1], None)] == [2, 1, 3]


def test_every_rule_says_what_to_do_instead() -> None:
    assert all(rule.instead.endswith(".") and len(rule.instead) < 95 for rule in RULES.values())


@pytest.mark.parametrize("worst", get_args(Severity))
def test_no_finding_is_worse_than_its_rule(mock: Mock, worst: Severity) -> None:
    mock.journal.reset()
    shown = Suspect(mock).sent(0)
    faults = [Fault("It was so.", [shown], each) for each in get_args(Severity)]
    found = {each.severity for each in gathered("rule", "Do better.", faults, worst)}
    assert found == ({"wrong", "risky"} if worst == "wrong" else {"risky"})


def test_what_is_never_certain_is_only_risky() -> None:
    only_risky = {name for name, rule in RULES.items() if rule.worst == "risky"}
    assert only_risky == {"gave-up", "deprecated-fields", "connection-not-reused"}


URL = "/__mock__/verdict"


def spoil(served: str, key: str) -> None:
    """Have one wrong thing in the journal of a key."""
    body = ask("a", temprature=1)
    headers = {"Authorization": f"Bearer {key}"}
    httpx2.post(f"{served}/v1/chat/completions", json=body, headers=headers).raise_for_status()


def refuse(served: str, key: str) -> None:
    """Have one risky thing in the journal of a key."""
    headers = {"Authorization": f"Bearer {key}", "Prefer": "code=503"}
    httpx2.post(f"{served}/v1/chat/completions", json=ask("a"), headers=headers)


def test_it_is_told_as_json_and_as_text(served: str, key: FreshKey) -> None:
    mine = key("runcrate")
    spoil(served, mine)
    told = httpx2.get(f"{served}{URL}", params={"key": mine})
    assert told.status_code == 200 and told.json()["clean"] is False
    assert [each["rule"] for each in told.json()["findings"]] == ["unknown-fields"]
    text = httpx2.get(f"{served}{URL}", params={"key": mine, "format": "text"})
    plain = httpx2.get(f"{served}{URL}", params={"key": mine}, headers={"Accept": "text/plain"})
    assert text.text == plain.text == str(Verdict.from_json(told.json()))
    assert text.headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("query", [{}, {"format": "text"}])
@pytest.mark.parametrize("is_own", [True, False])
def test_it_tells_no_key(served: str, key: FreshKey, query: dict[str, str], is_own: bool) -> None:
    mine = key("runcrate")
    secret = mine if is_own else "sk-Zq8xKx3vLp9TtWm2RsYb7Nh"
    headers = {"Authorization": f"Bearer {mine}"}
    body = {**ask("a"), secret: 1, "temprature": 1}
    httpx2.post(f"{served}/v1/chat/completions", json=body, headers=headers).raise_for_status()
    told = httpx2.get(f"{served}{URL}", params={"key": mine, **query}).text
    assert "unknown-fields" in told and "temprature" in told
    assert secret not in told and "[hidden]" in told


def test_it_fails_for_programs_that_ask_for_that(served: str, key: FreshKey) -> None:
    mine = key("runcrate")
    assert httpx2.get(f"{served}{URL}", params={"key": mine, "fail": "1"}).status_code == 200
    spoil(served, mine)
    failed = httpx2.get(f"{served}{URL}", params={"key": mine, "fail": "1"})
    assert failed.status_code == 409 and not failed.json()["clean"]
    ignored = {"key": mine, "fail": "1", "ignore": "no-timeout,unknown-fields"}
    assert httpx2.get(f"{served}{URL}", params=ignored).status_code == 200


def test_it_fails_for_what_is_only_risky_where_that_is_asked_for(
    served: str, key: FreshKey
) -> None:
    mine = key("runcrate")
    strict = {"key": mine, "strict": "1"}
    assert httpx2.get(f"{served}{URL}", params=strict).json()["spotless"] is True
    refuse(served, mine)
    assert httpx2.get(f"{served}{URL}", params={"key": mine, "fail": "1"}).status_code == 200
    failed = httpx2.get(f"{served}{URL}", params=strict)
    assert failed.status_code == 409
    assert (failed.json()["clean"], failed.json()["spotless"]) == (True, False)


@pytest.mark.parametrize(
    ("name", "value"), [("fail", "yes"), ("strict", "2"), ("format", "html"), ("ignore", "typo")]
)
def test_what_it_does_not_know_it_refuses(served: str, name: str, value: str) -> None:
    told = httpx2.get(f"{served}{URL}", params={name: value})
    assert told.status_code == 400
    assert told.json()["error"]["param"] == name and value in told.json()["error"]["message"]
