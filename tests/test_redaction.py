"""Keys are hidden by value and by name, and nothing else is."""

from base64 import b64encode, urlsafe_b64encode
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.redaction import HIDDEN, Redactor

KEY = "rc_live_Zq8/4+x=Ä 77"
PLAIN = Redactor([])


@pytest.mark.parametrize(
    "form",
    [
        KEY,
        quote(KEY),
        quote(KEY, safe=""),
        quote(KEY, safe="").lower().replace("rc_live_zq8", "rc_live_Zq8"),
        quote(quote(KEY, safe=""), safe=""),
        b64encode(KEY.encode()).decode(),
        urlsafe_b64encode(KEY.encode()).decode(),
        b64encode(f"user:{KEY}".encode()).decode(),
        b64encode(f"me:{KEY}".encode()).decode(),
        b64encode(f"a:{KEY}:b".encode()).decode(),
    ],
)
def test_a_key_is_hidden_in_every_form(form: str) -> None:
    told = Redactor([KEY]).text(f"It was {form}, they say.")
    assert HIDDEN in told
    assert "Zq8" not in told
    for part in (form[4:12], form[6:14]):
        assert part not in told


@given(st.text(min_size=8, max_size=40), st.binary(max_size=9), st.binary(max_size=9))
def test_no_key_comes_through_base64(key: str, before: bytes, after: bytes) -> None:
    text = b64encode(before + key.encode() + after).decode()
    inner = len(key.encode()) * 4 // 3 - 4
    hidden = Redactor([key]).values(text)
    assert len(hidden) - len(HIDDEN) * hidden.count(HIDDEN) <= len(text) - inner


@pytest.mark.parametrize(
    "text",
    [
        '{"apiKey": "abc-def"}',
        '{"api_key":"abc-def"}',
        "{'Authorization': 'abc-def'}",
        '{"body": "{\\"apiKey\\": \\"abc-def\\"}"}',
        "https://example.com/?api_key=abc-def&n=1",
        "-H 'x-api-key: abc-def'",
        "Authorization: Bearer abc-def",
        "authorization: Basic abc-def=",
        '{"access_token": "abc-def", "secret": "abc-def"}',
    ],
)
def test_what_is_called_as_a_credential_is_hidden(text: str) -> None:
    told = PLAIN.text(text)
    assert "abc" not in told
    assert "def" not in told


@pytest.mark.parametrize(
    "text",
    [
        '{"max_tokens": 64, "usage": {"prompt_tokens": 5, "total_tokens": "7"}}',
        '{"token": "Hello", "logprob": -0.1, "top_logprobs": []}',
        '{"stop_sequence": "key", "keywords": "secretary"}',
        "The bearer of bad news; a basic rule.",
        "Bearer $RUNCRATE_API_KEY",
        '{"type": "authentication_error", "code": "invalid_api_key"}',
    ],
)
def test_what_is_no_credential_stays_readable(text: str) -> None:
    assert Redactor([KEY]).text(text) == text


def test_headers_are_hidden_by_name() -> None:
    sent = [("Authorization", "Token x"), ("X-Api-Key", "x"), ("Cookie", "x"), ("accept", "a/b")]
    told = dict(PLAIN.headers(sent))
    assert told == {"Authorization": HIDDEN, "X-Api-Key": HIDDEN, "Cookie": HIDDEN, "accept": "a/b"}


def test_headers_are_hidden_by_value() -> None:
    assert dict(Redactor([KEY]).headers([("x-echo", f"key={KEY}")])) == {"x-echo": f"key={HIDDEN}"}


def test_a_key_that_is_a_word_is_hidden_as_a_word_alone() -> None:
    told = Redactor(["test"]).text("test, testing, contest and a test")
    assert told == f"{HIDDEN}, testing, contest and a {HIDDEN}"


def test_no_key_hides_nothing() -> None:
    assert Redactor([""]).values("a text") == "a text"
