import re
from base64 import b64encode
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.auth import ANYBODY, Door, Identity, Keys, guess, identify, identity
from mock_server.errors import PLAIN, ApiError
from mock_server.operation import BodyKey, Operation, Protocol, Provider, Scheme
from mock_server.wire import Call
from tests.world import new_mock, post

PLAIN_WORDS = Protocol("plain", PLAIN)
OTHER_WORDS = Protocol("other", PLAIN)
RUNCRATE = Provider("runcrate", "Runcrate", PLAIN_WORDS, (), None, None)
RUAPI = Provider("ruapi", "RuAPI", PLAIN_WORDS, (), None, None)
RUNWARE = Provider("runware", "Runware", PLAIN_WORDS, (), None, None)
RC = Scheme("header", "authorization", "bearer", RUNCRATE, None, re.compile("rc_live_[a-z]+"))
SK = Scheme("header", "authorization", "bearer", RUAPI, None, re.compile("sk-[a-z]+"))
XKEY = Scheme("header", "x-api-key", None, RUAPI, OTHER_WORDS, re.compile("sk-[a-z]+"))
ANY = Scheme("header", "authorization", "bearer", RUNWARE, None, None)
BASIC = Scheme("header", "authorization", "basic", None, None, None)
QUERY = Scheme("query", "Key", None, None, None, None)
COOKIE = Scheme("cookie", "Key", None, None, None, None)
KEYS = Keys(
    {"runcrate": "rc_live_test", "ruapi": "sk-test"},
    (re.compile("^rc_live_invalid"), re.compile("^sk-invalid")),
)
BODY_KEY = BodyKey({"taskType": "authentication"}, "apiKey")


def operation(
    *schemes: tuple[Scheme, ...],
    providers: tuple[Provider, ...] = (),
    body_key: BodyKey | None = None,
    name: str = "op",
) -> Operation:
    return Operation(
        id=name,
        method="POST",
        path="/x",
        behaviour=None,
        providers=providers,
        protocol=PLAIN_WORDS,
        schemes=schemes,
        body_key=body_key,
        parameters=(),
        bodies=(),
        body_required=False,
        answers={},
        default=None,
    )


CHAT = operation((RC,), (SK,), providers=(RUNCRATE, RUAPI), name="chat")
MESSAGES = operation((XKEY,), (SK,), providers=(RUAPI,), name="messages")
TASKS = operation((ANY,), providers=(RUNWARE,), body_key=BODY_KEY, name="tasks")


def call(*headers: tuple[bytes, bytes], query: bytes = b"", body: bytes | None = b"") -> Call:
    return Call("POST", "/x", query, headers, body, 0.0)


def bearer(key: str) -> Call:
    return call((b"authorization", b"Bearer " + key.encode("latin-1")))


def refusal(what: Call, where: Operation, keys: Keys = KEYS) -> ApiError:
    with pytest.raises(ApiError) as caught:
        identify(what, where, keys)
    return caught.value


@pytest.mark.parametrize(
    ("key", "provider"),
    [("rc_live_test", RUNCRATE), ("rc_live_mine", RUNCRATE), ("sk-test", RUAPI), ("sk-a", RUAPI)],
)
def test_the_key_says_which_provider_is_meant(key: str, provider: Provider) -> None:
    caller = identify(bearer(key), CHAT, KEYS)
    assert (caller.provider, caller.key) == (provider, key)


@pytest.mark.parametrize(
    "value",
    [
        b"Bearer sk-test",
        b"bearer sk-test",
        b"BEARER sk-test",
        b"Bearer  sk-test",
        b"Bearer sk-test  ",
    ],
    ids=repr,
)
def test_an_authorization_header_is_read_as_rfc_9110_writes_it(value: bytes) -> None:
    assert identify(call((b"authorization", value)), CHAT, KEYS).key == "sk-test"


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"Bearer",
        b"Bearer ",
        b"sk-test",
        b"Basic sk-test",
        b"Bearer: sk-test",
        b"Bearer,sk-test",
        b"Bearer\tsk-test",
        b"Bearer Bearer sk-test",
        b'Bearer "sk-test"',
        b"Bearer sk-test, Bearer sk-test",
        b"Bearer SK-test",
        b"Bearer sk-test\xa0",
        b"Bearer sk-test\xe9",
        b"Bearer sk-",
        b"Bearer xsk-test",
        b"Bearer sk-invalid",
        b"Bearer sk-invalidate",
        b"Bearer rc_live_invalid",
    ],
    ids=repr,
)
def test_what_is_no_good_key_is_refused(value: bytes) -> None:
    error = refusal(call((b"authorization", value)), CHAT)
    assert error.kind == "invalid_key"
    assert "key" in error.message.lower() or "Bearer" in error.message


@pytest.mark.parametrize(
    "what", [call(), call((b"x-api-key", b"sk-test")), call(query=b"key=sk-a")]
)
def test_a_call_without_a_key_is_told_how_to_send_one(what: Call) -> None:
    error = refusal(what, CHAT)
    assert error.kind == "missing_key"
    assert error.message == "No API key was sent. Send it as 'Authorization: Bearer <key>'."


def test_every_way_to_send_a_key_is_told() -> None:
    message = refusal(call(), MESSAGES).message
    assert "'x-api-key: <key>'" in message.lower()
    assert "'Authorization: Bearer <key>'" in message


@pytest.mark.parametrize(("scheme", "place"), [(QUERY, "query"), (COOKIE, "cookie")])
def test_it_is_told_where_a_key_belongs_that_is_no_header(scheme: Scheme, place: str) -> None:
    assert place in refusal(call(), operation((scheme,))).message


def test_a_header_sent_twice_is_refused_and_the_reason_told() -> None:
    header = (b"authorization", b"Bearer sk-test")
    error = refusal(call(header, header), CHAT)
    assert error.kind == "invalid_key"
    assert error.message == "The authorization header was sent more than once."


def test_a_mistake_is_told_of_the_scheme_that_was_used() -> None:
    error = refusal(bearer("strange"), operation((BASIC,), (SK,)))
    assert "Basic" not in error.message


@pytest.mark.parametrize("key", ["sk-invalidaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "strange", "s" * 19])
def test_a_refusal_does_not_give_the_key_away(key: str) -> None:
    message = refusal(bearer(key), CHAT).message
    assert key not in message
    assert "Incorrect API key provided" in message


@pytest.mark.parametrize(
    "headers",
    [
        [(b"x-api-key", b"sk-test")],
        [(b"authorization", b"Bearer sk-test")],
        [(b"x-api-key", b"sk-test"), (b"authorization", b"Bearer nonsense")],
        [(b"x-api-key", b"sk-test"), (b"authorization", b"Basic eDp5")],
    ],
    ids=["one", "other", "first of two", "beside another scheme"],
)
def test_one_good_way_is_enough(headers: Sequence[tuple[bytes, bytes]]) -> None:
    assert identify(call(*headers), MESSAGES, KEYS).key == "sk-test"


def test_where_keys_came_in_two_headers_the_one_that_the_contract_names_first_decides() -> None:
    good, bad = (b"authorization", b"Bearer sk-test"), (b"x-api-key", b"sk-invalid")
    assert refusal(call(good, bad), MESSAGES).kind == "invalid_key"
    assert refusal(call(bad, good), MESSAGES).kind == "invalid_key"


def test_schemes_needed_together_are_all_needed() -> None:
    both = operation((XKEY, SK))
    x, authorization = (b"x-api-key", b"sk-one"), (b"authorization", b"Bearer sk-two")
    assert identify(call(x, authorization), both, KEYS).key == "sk-one"
    assert refusal(call(x), both).kind == "invalid_key"
    assert refusal(call(authorization), both).kind == "invalid_key"
    assert refusal(call(x, (b"authorization", b"Bearer no")), both).kind == "invalid_key"


def test_an_open_operation_lets_anybody_in() -> None:
    for schemes in ((), ((),), ((), (SK,))):
        caller = identify(call(), operation(*schemes, providers=(RUAPI,)), KEYS)
        assert (caller.key, caller.provider) == (ANYBODY, RUAPI)


def test_where_a_key_is_optional_a_wrong_one_is_refused_and_a_good_one_known() -> None:
    optional = operation((), (SK,))
    assert refusal(bearer("nonsense"), optional).kind == "invalid_key"
    assert identify(bearer("sk-mine"), optional, KEYS).key == "sk-mine"


@pytest.mark.parametrize(
    ("query", "key"),
    [(b"Key=abc", "abc"), (b"x=1&Key=a%2Bc", "a+c"), (b"Key=%C3%A9", "é")],
    ids=repr,
)
def test_a_key_in_the_query_is_read(query: bytes, key: str) -> None:
    assert identify(call(query=query), operation((QUERY,)), KEYS).key == key


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        (b"", "missing_key"),
        (b"key=abc", "missing_key"),
        (b"Key=", "invalid_key"),
        (b"Key=a&Key=b", "invalid_key"),
        (b"Key=a+b", "invalid_key"),
    ],
    ids=repr,
)
def test_a_query_without_a_good_key_is_refused(query: bytes, kind: str) -> None:
    assert refusal(call(query=query), operation((QUERY,))).kind == kind


@pytest.mark.parametrize("cookie", [b"Key=abc", b"a=1; Key=abc", b"Key=abc;b=2"], ids=repr)
def test_a_key_in_a_cookie_is_read(cookie: bytes) -> None:
    assert identify(call((b"cookie", cookie)), operation((COOKIE,)), KEYS).key == "abc"


@pytest.mark.parametrize(
    ("credentials", "good"),
    [
        (b64encode(b"user:password"), True),
        (b64encode(b":"), True),
        (b64encode(b"user"), False),
        (b"user:password", False),
        (b"\xe9", False),
        (b"", False),
    ],
    ids=repr,
)
def test_basic_credentials_are_a_name_and_a_password(credentials: bytes, good: bool) -> None:
    what = call((b"authorization", b"Basic " + credentials))
    if good:
        assert identify(what, operation((BASIC,)), KEYS).key == credentials.decode()
    else:
        assert refusal(what, operation((BASIC,))).kind == "invalid_key"


@pytest.mark.parametrize(
    ("body", "key"),
    [
        (b'[{"taskType":"authentication","apiKey":"abc"}]', "abc"),
        (b'[{"taskType":"authentication","apiKey":"abc","x":[1]},{"taskType":"caption"}]', "abc"),
    ],
    ids=["alone", "before a task"],
)
def test_a_key_in_the_first_task_is_read(body: bytes, key: str) -> None:
    caller = identify(call(body=body), TASKS, KEYS)
    assert (caller.key, caller.provider) == (key, RUNWARE)


@pytest.mark.parametrize(
    "body",
    [
        None,
        b"",
        b"{",
        b"\xff",
        b"[",
        b"[]",
        b"{}",
        b"5",
        b"[null]",
        b"[[]]",
        b'[{"taskType":"caption","apiKey":"abc"}]',
        b'[{"taskType":["authentication"],"apiKey":"abc"}]',
        b'[{"taskType":"authentication"}]',
        b'[{"taskType":"authentication","apiKey":5}]',
        b'[{"taskType":"caption"},{"taskType":"authentication","apiKey":"abc"}]',
        b'{"taskType":"authentication","apiKey":"abc"}',
        b"[" * 100_000,
    ],
    ids=lambda each: repr(each[:50]) if each else repr(each),
)
def test_a_body_without_a_key_in_its_first_task_is_no_key(body: bytes | None) -> None:
    assert refusal(call(body=body), TASKS).kind == "missing_key"


@pytest.mark.parametrize("key", ["", "a b"])
def test_a_bad_key_in_the_body_is_refused(key: str) -> None:
    body = b'[{"taskType":"authentication","apiKey":"%s"}]' % key.encode()
    assert refusal(call(body=body), TASKS).kind == "invalid_key"


def test_a_key_in_the_header_goes_before_one_in_the_body() -> None:
    body = b'[{"taskType":"authentication","apiKey":"abc"}]'
    caller = identify(call((b"authorization", b"Bearer head"), body=body), TASKS, KEYS)
    assert caller.key == "head"


def test_a_closed_list_admits_its_keys_and_the_ready_ones_alone() -> None:
    closed = Keys(KEYS.ready, KEYS.refused, frozenset(["sk-listed", "sk-invalid"]))
    assert [closed.admits(key) for key in ("sk-listed", "sk-test", "rc_live_test")] == [True] * 3
    assert [closed.admits(key) for key in ("sk-other", "", "sk-invalid")] == [False] * 3
    assert refusal(bearer("sk-other"), CHAT, closed).kind == "invalid_key"


def test_an_identity_stands_for_its_key_without_giving_it_away() -> None:
    caller = identity("sk-secret", RUAPI)
    assert "sk-secret" not in f"{caller!r}{caller.id}{caller.label}"
    assert caller.label == f"ruapi:{caller.id[:8]}"
    assert identity("sk-secret", None).label.startswith("key:")


def test_one_key_has_one_identity_and_two_have_two() -> None:
    assert identity("a", RUAPI).id == identity("a", None).id != identity("b", RUAPI).id


@pytest.mark.parametrize("key", ["", "é", "\ud800", "k" * 100_000], ids=ascii)
def test_any_text_has_an_identity(key: str) -> None:
    assert len(identity(key, None).id) == 24


HEADERS = st.lists(
    st.tuples(
        st.sampled_from([b"authorization", b"x-api-key", b"cookie", b"x-other"]),
        st.sampled_from(
            [
                b"Bearer sk-test",
                b"Bearer rc_live_a",
                b"bearer sk-test",
                b"sk-test",
                b"Basic eDp5",
                b"Bearer sk-invalid",
                b"Key=abc",
            ]
        )
        | st.binary(max_size=12),
    ),
    max_size=3,
)
QUERIES = st.sampled_from([b"", b"Key=abc", b"Key=a&Key=b"]) | st.binary(max_size=12)
BODIES = st.sampled_from([b"", b'[{"taskType":"authentication","apiKey":"abc"}]'])
OPERATIONS = [
    CHAT,
    MESSAGES,
    TASKS,
    operation(name="open"),
    operation((), (SK,), name="optional"),
    operation((XKEY, SK), name="both"),
    operation((QUERY,), (SK,), name="query"),
    operation((COOKIE,), (BASIC,), name="cookie"),
]


def outcome(admit: Any, *what: Any) -> Identity | tuple[str, str]:
    try:
        admitted: Identity = admit(*what)
    except ApiError as error:
        return error.kind, error.message
    return admitted


@given(
    st.lists(
        st.tuples(
            st.builds(lambda h, q, b: call(*h, query=q, body=b), HEADERS, QUERIES, BODIES),
            st.sampled_from(OPERATIONS),
        ),
        max_size=8,
    )
)
def test_the_door_remembers_but_never_decides_otherwise(
    visits: list[tuple[Call, Operation]],
) -> None:
    door = Door(KEYS)
    for what, where in visits * 2:
        found = outcome(identify, what, where, KEYS)
        assert outcome(door.admit, what, where) == found
        assert isinstance(found, Identity) or found[0] in ("missing_key", "invalid_key")


def test_the_door_still_knows_whom_it_admits_when_very_many_came() -> None:
    door = Door(KEYS)
    names = [f"key{n}" for n in range(10_000)]
    assert [door.admit(bearer(name), TASKS).key for name in names] == names
    assert [door.admit(bearer(name), TASKS).key for name in names[::100]] == names[::100]


@pytest.mark.parametrize(
    ("what", "provider", "protocol"),
    [
        (bearer("rc_live_a"), RUNCRATE, PLAIN_WORDS),
        (bearer("sk-a"), RUAPI, PLAIN_WORDS),
        (call((b"x-api-key", b"sk-a")), RUAPI, OTHER_WORDS),
        (call(), None, None),
        (bearer("strange"), None, None),
        (call((b"authorization", b"Basic eDp5")), None, None),
    ],
    ids=["runcrate", "ruapi", "another protocol", "no key", "strange key", "no provider"],
)
def test_whose_client_it_is_can_be_guessed_from_its_key(
    what: Call, provider: Provider | None, protocol: Protocol | None
) -> None:
    assert guess(what, [RC, SK, XKEY, BASIC]) == (provider, protocol)


def test_a_key_of_somebody_else_is_told_so() -> None:
    mock = new_mock()
    refused = post(mock, "/v1/embeddings", {"model": "m", "input": "a"}, key="sk-test")
    assert refused.status == 401
    assert "Incorrect API key provided. It looks like a key of RuAPI" in refused.body.decode()
    own = post(mock, "/v1/embeddings", {"model": "m", "input": "a"}, key="rc_live_invalid")
    assert "looks like" not in own.body.decode()
