"""Where clients show their key, and how often they connect anew."""

import pytest

from mock_server.auth import identity, in_address
from mock_server.mock import Mock
from mock_server.verdict import judge
from tests.suspect import Suspect
from tests.world import ask, post

KEY = "rc_live_in_the_open"


@pytest.mark.parametrize(
    ("path", "query", "where"),
    [
        ("/v1/models", f"api_key={KEY}", "api_key"),
        ("/v1/models", f"Api-Key={KEY}", "Api-Key"),
        ("/v1/models", f"k={KEY}", "parameter k"),
        ("/v1/models", f"access_token=Bearer%20{KEY}", "access_token"),
        (f"/v1/{KEY}/models", "", "the path"),
    ],
)
def test_a_key_in_the_url_is_found_under_that_key_and_shown_nowhere(
    mock: Mock, path: str, query: str, where: str
) -> None:
    mock.journal.reset()
    told = post(mock, path, b"", key=None, query=query.encode(), method="GET")
    assert told.status in (401, 404)
    verdict = judge(mock, [identity(KEY, None).id])
    (finding,) = verdict.findings
    assert (finding.rule, finding.severity) == ("key-in-the-url", "wrong")
    assert where in finding.says and finding.exchanges == (told.exchange.id,)
    assert KEY not in str(told.exchange.public()) + str(verdict.json())


def test_a_key_in_both_places_is_in_the_url_too(mock: Mock) -> None:
    mock.journal.reset()
    told = post(mock, "/v1/models", b"", key=KEY, query=f"key={KEY}".encode(), method="GET")
    assert told.status == 200
    (finding,) = judge(mock, [identity(KEY, None).id]).findings
    assert finding.rule == "key-in-the-url"


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/v1/models/sk-learn/tiny", ""),
        ("/v1/models", "page=word&token=abc&key=name"),
        ("/v1/chat/completions", "api-version=2024-01-01"),
    ],
)
def test_words_that_are_no_keys(suspect: Suspect, path: str, query: str) -> None:
    method = "POST" if "chat" in path else "GET"
    body = ask("a") if method == "POST" else None
    suspect.sent(0, path=path, query=query.encode(), method=method, body=body)
    assert suspect.found() == {}


def test_a_shape_that_every_word_has_tells_no_key(mock: Mock) -> None:
    told = post(mock, "/v1/models", b"", query=b"name=anything", method="GET").exchange
    assert [*in_address(told.call, mock.spec.schemes)] == []


def port(number: int) -> tuple[str, int]:
    return "127.0.0.1", 50_000 + number


def test_a_connection_for_each_of_many_calls_is_risky(suspect: Suspect) -> None:
    for number in range(10):
        suspect.sent(number * 0.2, body=ask(str(number)), peer=port(number))
    assert suspect.found() == {"connection-not-reused": "risky"}


@pytest.mark.parametrize(
    "facts",
    [
        {"peer": port(0)},
        {"took": 0.5},  # they overlap
        {"status": 500, "headers": {"x-stainless-retry-count": "0"}},
        {"peer": None},
        {"cut": True},
    ],
)
def test_a_connection_that_is_kept_or_cannot_be(suspect: Suspect, facts: dict[str, object]) -> None:
    for number in range(12):
        own = {"peer": port(number), "body": ask(str(number)), **facts}
        suspect.sent(number * 0.2, **own)
    assert "connection-not-reused" not in suspect.found()


def test_calls_far_apart_need_no_connection_kept(suspect: Suspect) -> None:
    for number in range(12):
        suspect.sent(number * 10, body=ask(str(number)), peer=port(number))
    assert suspect.found() == {}
