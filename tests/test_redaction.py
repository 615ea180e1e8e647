"""Keys are hidden by value and by name, and nothing else is."""

import json
import shlex
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from html import escape
from io import StringIO
from itertools import product
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.redaction import Hiding
from mock_server.redaction import HIDDEN, Redactor

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


KEYS = (
    'rc_live_s"e\\c$r{e}t%41/&<x>256+tail',
    "rc_live_Zq8-Kx_3vLp.9TtWm2RsYb7Nh",
    "rc_live_'a`b'c#D9=E~!?Ff;gH^2",
)
ESCAPES: dict[str, Callable[[str], str]] = {
    "json": lambda text: json.dumps(text)[1:-1],
    "go": lambda text: json.dumps(text)[1:-1].replace("&", "\\u0026").replace("<", "\\u003c"),
    "ascii": lambda text: "".join(f"\\u{ord(c):04X}" for c in text),
    "repr": lambda text: repr(text)[1:-1],
    "html": escape,
    "numbers": lambda text: "".join(f"&#{ord(c)};" if not c.isalnum() else c for c in text),
    "shell": shlex.quote,
    "url": lambda text: quote(text, safe=""),
    "form": quote_plus,
    "upper": str.upper,
    "plain": str,
}


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(("first", "second"), list(product(ESCAPES, ESCAPES)))
def test_a_key_is_hidden_however_often_it_was_escaped(key: str, first: str, second: str) -> None:
    hide = Redactor([key])
    for part in (key, key.removeprefix("rc_live_"), f"{key[:16]} {key[16:]}", f"x{key[2:]}y"):
        for before, after in (("max_tokens: ", ", max_tokens"), ("C:\\n", "\n|")):
            escaped, rest, edge = (
                ESCAPES[second](ESCAPES[first](text))
                for text in (before + part + after, before + after, "''")
            )
            told = hide.values(escaped)
            assert HIDDEN in told
            # What does not belong to the key stays, and of the key a quote at its beginning.
            assert len(told) <= len(rest) + 2 * len(HIDDEN) + len(edge)


@pytest.mark.parametrize("text", [KEYS[0], f"\n{KEYS[0]}\n", f"/\\{KEYS[0]}\\", f'"{KEYS[0]}"'])
def test_what_was_json_stays_json(text: str) -> None:
    whole = json.dumps({"a": text, "max_tokens": json.dumps([text])})
    told = json.loads(Redactor([KEYS[0], 'nrc_live_s"e\\c$r']).values(whole))
    assert set(told) == {"a", "max_tokens"}
    assert HIDDEN in told["a"]


def test_what_stands_beside_a_key_stays_readable() -> None:
    told = Redactor(KEYS).text(json.dumps({"max_tokens": 64, "key": KEYS[0], "n": f"<{KEYS[1]}>"}))
    assert json.loads(told) == {"max_tokens": 64, "key": HIDDEN, "n": f"<{HIDDEN}>"}


def test_what_a_key_has_in_common_with_other_keys_stays_readable() -> None:
    text = "rc_live_invalid_1, rc_live_test: rc_live_..."
    assert Redactor(KEYS).values(text) == text


def test_a_terminal_shows_no_key() -> None:
    terminal = StringIO()
    stream = Hiding(terminal, Redactor(KEYS))
    print("max_tokens", *KEYS, file=stream, flush=True)
    assert terminal.getvalue() == "max_tokens" + f" {HIDDEN}" * 3 + "\n"
    assert not stream.isatty()


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
        '{"openai_api_key": "abc-def", "client_secret": "abc-def"}',
        "https://abc:def@example.com/",
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
        "https://example.com/@me, me@example.com, https://example.com?a=b@c",
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
