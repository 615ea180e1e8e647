"""No key comes out of the journal: wherever its owner put it, in whatever form."""

import json
import string
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mock_server.answer import answer
from mock_server.codec import encode
from mock_server.control.exchanges import whole
from mock_server.control.har import har_of
from mock_server.control.masks import Masks
from mock_server.journal import Exchange
from mock_server.redaction import HIDDEN
from mock_server.wire import Call
from tests.test_runware_connection import opened
from tests.world import CHAT, NOW, Json, ask, new_mock, post

KEY = "rc_live_Zq8xKx_3vLp9TtWm2RsYb7Nh"
MOCK = new_mock(strict=False, rate_limit=0)
MASKS = Masks(MOCK)
# Fewer than twelve characters in common with a key may be chance.
KEYS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=12, max_size=40).map(
    lambda text: f"rc_live_{text}"
)


def texts(value: Json) -> Iterator[str]:
    """Every text of a value, names included."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield name
            yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)
    else:
        yield str(value)


def shown(exchange: Exchange) -> str:
    """All that is ever shown of an exchange, in one text, of which pieces lie side by side."""
    MOCK.journal.close(exchange, 0.1, NOW)
    told = [MASKS.listed(exchange), whole(exchange, MASKS), har_of([exchange], MASKS)]
    return "\n".join(texts(json.loads(encode(told))))


def asked(body: Json, **more: Any) -> Exchange:
    """The exchange of a call, with what was answered, as the shell notes it."""
    answered = post(MOCK, more.pop("path", CHAT), body, **more)
    exchange = answered.exchange
    for piece in [answered.body, *(b"data: %s\n\n" % each.data for each in answered.events)]:
        exchange.keep(piece)
        exchange.sent += len(piece)
    return exchange


FORMS: Mapping[str, Callable[[str], str]] = {
    "plain": str,
    "upper": str.upper,
    "url": lambda key: quote(key, safe=""),
    "twice": lambda key: quote(quote(key, safe=""), safe=""),
    "base64": lambda key: b64encode(key.encode()).decode(),
    "pair": lambda key: b64encode(f"user:{key}".encode()).decode(),
    "json": json.dumps,
    "part": lambda key: f"x{key[8:]}y",
}


@settings(max_examples=60)
@given(
    KEYS,
    st.sampled_from([*FORMS]),
    st.sampled_from(["text", "name", "field", "query", "header", "system", "path", "number"]),
)
def test_a_key_is_hidden_wherever_its_owner_put_it(key: str, form: str, place: str) -> None:
    assume(key[8:] not in shown(asked(ask("hi"))))
    text = FORMS[form](key)
    body, more = ask("hi"), dict[str, Any](key=key)
    if place == "text":
        body = ask(f"Say {text}")
    elif place == "name":
        body[text] = 1
    elif place == "field":
        body["user"] = text
    elif place == "query":
        more["query"] = f"a=1&b={quote(text, safe='')}".encode()
    elif place == "header":
        more["headers"] = [(b"x-note", f"it is {text}".encode())]
    elif place == "system":
        body["messages"].insert(0, {"role": "system", "content": [{"type": "text", "text": text}]})
    elif place == "path":
        more["path"] = f"/v1/models/{text}"
    else:
        body["stop"] = [text, text]
    told = shown(asked(body, **more))
    assert text not in told and key not in told
    assert key[8:] not in told, "what follows the prefix is the secret"


@settings(max_examples=30)
@given(KEYS, st.booleans(), st.booleans())
def test_an_answer_does_not_give_a_key_in_pieces(key: str, stream: bool, logprobs: bool) -> None:
    more = {"logprobs": True, "top_logprobs": 2} if logprobs else {}
    exchange = asked(ask(f"Say {key}", stream=stream, **more), key=key)
    MOCK.journal.close(exchange, 0.1, NOW)
    told = whole(exchange, MASKS)["answer"]
    values = told["events"] if stream else [told["body"]]
    for name in ("content", "token"):
        assert key not in "".join(found(values, name))
    tops = [top[0] for value in values for top in found(value, "top_logprobs", list) if top]
    assert key not in "".join(found(tops, "token"))
    numbers = [bytes(each) for each in found(values, "bytes", list)]
    assert key.encode() not in b"".join(numbers)


def found(value: Json, name: str, kind: type = str) -> Iterator[Any]:
    """What members of that name hold, in their order."""
    if isinstance(value, list):
        for each in value:
            yield from found(each, name, kind)
    elif isinstance(value, dict):
        for called, each in value.items():
            if called == name and isinstance(each, kind):
                yield each
            elif called != "top_logprobs" or name != "token":
                yield from found(each, name, kind)


@pytest.mark.parametrize(
    "headers",
    [
        [(b"authorization", KEY.encode())],
        [(b"authorization", b"Token " + KEY.encode())],
        [(b"authorization", b"Basic " + b64encode(f"me:{KEY}".encode()))],
        [(b"x-api-key", KEY.encode())],
        [(b"x-api-key", KEY.encode()), (b"x-api-key", b"another_secret_key")],
        [(b"proxy-authorization", KEY.encode())],
        [(b"cookie", f"a=1; session={KEY}".encode())],
        [(b"x-strange", KEY.encode())],
    ],
)
def test_keys_that_were_refused_are_hidden_too(headers: list[tuple[bytes, bytes]]) -> None:
    told = shown(asked(ask(f"I am {KEY}", user=KEY), key=None, headers=headers))
    assert KEY not in told and KEY[8:] not in told and "another_secret_key" not in told


@pytest.mark.parametrize("query", ["api_key=SECRETKEY123", "key=" + KEY, "x=1&access_token=abc"])
def test_keys_in_an_address_are_hidden(query: str) -> None:
    value = query.rpartition("=")[2]
    exchange = asked(ask(f"I am {value}"), key=None, query=query.encode())
    assert value not in shown(exchange).replace("access_token", "")
    assert whole(exchange, MASKS)["request"]["query"].endswith(f"={HIDDEN}")


@pytest.mark.parametrize(
    "tasks",
    [
        [{"taskType": "authentication", "apiKey": "runware_SECRET"}, {"taskType": "ping"}],
        [{"taskType": "authentication", "apiKey": "runware_invalid_SECRET"}],
        [{"taskType": "authentication", "apikey": "SECRET"}],
        [{"taskType": "authentication", "apiKey": ["SECRET", {"a": "SECRET"}]}],
        [{"taskType": "authentication", "apiKey": 10}, {"taskType": "SECRET"}, 5, None],
        {"taskType": "authentication", "apiKey": "runware_SECRET"},
    ],
)
def test_keys_in_the_body_are_hidden(tasks: Json) -> None:
    by_http = shown(asked(tasks, path="/v1", key=None)).replace('"SECRET"}', "")
    connection = opened(MOCK)
    connection.receive(encode(tasks), NOW)
    (*_, exchange) = MOCK.journal.entries()
    by_socket = shown(exchange)
    if "SECRET" in str(tasks).replace("'taskType': 'SECRET'", ""):
        assert "SECRET" not in by_http and "SECRET" not in by_socket
    assert HIDDEN in by_http and HIDDEN in by_socket


def test_the_key_of_a_connection_is_hidden_in_later_messages() -> None:
    connection = opened(MOCK)
    connection.receive(encode([{"taskType": "authentication", "apiKey": "runware_mysecret"}]), NOW)
    connection.receive(encode([{"taskType": "ping", "note": "runware_mysecret"}]), NOW)
    (*_, exchange) = MOCK.journal.entries(connection.key)
    assert "mysecret" not in shown(exchange)


@pytest.mark.parametrize("body", [b'{"apiKey": "SECRET', b'[{"apiKey": "SECRET"},', b"SECRET={"])
def test_a_body_that_is_no_json_is_a_text_without_credentials(body: bytes) -> None:
    headers = [(b"x-api-key", b"SECRET")]
    assert "SECRET" not in shown(asked(body, key=None, headers=headers))


def test_what_cannot_be_read_on_a_connection_is_its_own() -> None:
    connection = opened(MOCK)
    connection.receive(encode([{"taskType": "authentication", "apiKey": "kQ7w9pLx02Zt"}]), NOW)
    connection.receive(b'{"bad kQ7w9pLx02Zt', NOW)
    (*_, exchange) = MOCK.journal.entries(connection.key)
    assert exchange.error and "kQ7w9pLx02Zt" not in shown(exchange)


OTHERS = st.builds(
    str.__add__,
    st.sampled_from(["rc_live_", "sk-", "sk-proj-", "runware_"]),
    st.text(string.ascii_letters + string.digits, min_size=16, max_size=60),
)


@settings(max_examples=60)
@given(
    OTHERS,
    st.sampled_from(["text", "stream", "model", "name", "header", "user", "path", "broken"]),
)
def test_a_key_of_somebody_else_is_hidden_too(key: str, place: str) -> None:
    body, more = ask("hi"), dict[str, Any](key="rc_live_test")
    if place in ("text", "stream"):
        body = ask(f"Repeat {key} please", stream=place == "stream")
    elif place in ("model", "user"):
        body[place] = key
    elif place == "name":
        body[key] = 1
    elif place == "header":
        more["headers"] = [(b"user-agent", f"me/{key}".encode())]
    elif place == "path":
        more["path"] = f"/v1/models/{key}"
    exchange = asked(body, **more)
    if place == "broken":
        exchange = posted(encode(ask(f"\n{key}"))[:-2])
    told = shown(exchange)
    assert key not in told and key not in told.replace("\n", "")


def posted(body: bytes, **more: Any) -> Exchange:
    """The exchange of a call whose body is these bytes."""
    headers = [(b"authorization", b"Bearer rc_live_test"), (b"content-type", b"application/json")]
    call = Call("POST", CHAT, b"", headers, body, NOW)
    _, exchange = answer(call, MOCK)
    return exchange


@pytest.mark.parametrize(
    "word", ["sk-learn", "sk-learn-compatible", "rc_live_", "task-management-system", "runware_sdk"]
)
def test_words_that_only_begin_like_a_key_stay(word: str) -> None:
    exchange = asked(ask(f"What is {word}?", user=word))
    told = whole(exchange, MASKS)["request"]["body"]
    assert told == ask(f"What is {word}?", user=word)


@settings(max_examples=30)
@given(
    st.text(st.characters(min_codepoint=33, exclude_categories=["C", "Z"]), min_size=12).filter(
        lambda text: not text.isascii()
    ),
    st.sampled_from(["text", "user", "path"]),
)
def test_keys_beyond_ascii_are_found_in_bodies(secret: str, place: str) -> None:
    key = f"sk-{secret}"
    assume(secret not in shown(asked(ask("hi"))))
    body, path = ask("hi"), CHAT
    if place == "text":
        body = ask(f"Say {key}")
    elif place == "user":
        body["user"] = key
    else:
        path = f"/v1/models/{key}"
    headers = [(b"authorization", b"Bearer " + key.encode())]
    told = shown(asked(body, key=None, headers=headers, path=path))
    assert secret not in told and secret.encode().decode("latin-1") not in told


@pytest.mark.parametrize(
    "name",
    [
        *(b"x-goog-api-key", b"api-token", b"x-auth-token", b"x-key", b"x-amz-security-token"),
        *(b"ocp-apim-subscription-key", b"x-client-secret", b"token"),
    ],
)
def test_headers_that_are_called_as_credentials_are_hidden(name: bytes) -> None:
    headers = [(name, b"Zq8xKx3vLp9TtWm2"), (b"idempotency-key", b"abc-1")]
    exchange = asked(ask("Is it Zq8xKx3vLp9TtWm2?"), headers=headers)
    assert "Zq8xKx3vLp9TtWm2" not in shown(exchange)
    told = whole(exchange, MASKS)["request"]["headers"]
    assert told[name.decode()] == HIDDEN and told["idempotency-key"] == "abc-1"


def test_who_asks_in_an_address_is_hidden() -> None:
    told = shown(asked(ask("See https://me:Zq8xKx3v@host/a"), path="//me:Zq8xKx3v@host/"))
    assert "Zq8xKx3v" not in told and f"https://{HIDDEN}@host/a" in told


def test_more_texts_than_keys_hide_their_members_and_the_key_of_the_caller() -> None:
    longs = ["".join(f"{each}-{number}-" for number in range(800)) for each in range(300)]
    exchange = asked(ask(f"I am {b64encode(KEY.encode()).decode()}", api_key=longs), key=KEY)
    told = whole(exchange, MASKS)["request"]["body"]
    assert told["api_key"] == HIDDEN
    assert told["messages"][0]["content"].startswith(f"I am {HIDDEN}")
    assert b64encode(KEY.encode()).decode()[:12] not in str(told)


def test_a_long_body_that_was_cut_off_shows_no_part_of_a_key() -> None:
    key = "rc_live_" + "abcdefghij" * 40
    exchange = asked(ask("x" * 100_000, user=key, stop=[key[5:]]), key=key)
    told = shown(exchange)
    assert "abcdefghijabcd" not in told and "xxxxxxxx" in told


def test_media_are_not_shown_where_a_key_may_be_in_what_they_are_made_from() -> None:
    def painted(prompt: str) -> str:
        body = {
            "model": "black-forest-labs/FLUX.1-schnell",
            "prompt": prompt,
            "response_format": "b64_json",
            "size": "256x256",
        }
        return shown(asked(body, path="/v1/images/generations", key=KEY))

    assert "iVBORw0" in painted("a cat")
    assert "iVBORw0" not in painted(f"a cat {KEY}")


def test_what_is_no_credential_stays_readable() -> None:
    exchange = asked(ask("What does rc_live_ mean, and max_tokens?", max_tokens=5), key=KEY)
    told = whole(exchange, MASKS)["request"]
    assert told["body"] == ask("What does rc_live_ mean, and max_tokens?", max_tokens=5)
    assert told["headers"] == {"content-type": "application/json", "authorization": HIDDEN}
