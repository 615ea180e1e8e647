import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.preferences import Preferences, read_preferences
from mock_server.wire import Call


def preferences(*values: bytes) -> Preferences:
    headers = [(b"prefer", value) for value in values]
    return read_preferences(Call("GET", "/", b"", headers, b"", 0.0))


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (b"code=429", Preferences(429)),
        (b"example=cat", Preferences(None, "cat")),
        (b"code=404, example=gone", Preferences(404, "gone")),
        (b"code=404,example=gone", Preferences(404, "gone")),
        (b"  Code = 404 ", Preferences(404)),
        (b'code="404"', Preferences(404)),
        (b'example="two words"', Preferences(None, "two words")),
        (b'example="a;b"', Preferences(None, "a;b")),
        (b"code=404; foo=bar", Preferences(404)),
        (b"respond-async, wait=10, code=500", Preferences(500)),
        (b"handling=lenient", Preferences()),
        (b"respond-async", Preferences()),
        (b"", Preferences()),
        (b",,=,", Preferences()),
        (b"code=", Preferences()),
        (b"code=abc", Preferences()),
        (b"code=4", Preferences()),
        (b"code=4290", Preferences()),
        (b"code=-40", Preferences()),
        (b"code=4.0", Preferences()),
        (b"code=\xb2\xb3\xb9", Preferences()),
        (b"xcode=404", Preferences()),
        (b"code=404x", Preferences()),
    ],
    ids=repr,
)
def test_a_header_is_read_as_rfc_7240_writes_it(value: bytes, read: Preferences) -> None:
    assert preferences(value) == read


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (b'example="a, b"', Preferences(None, "a, b")),
        (b'example="a, code=500"', Preferences(None, "a, code=500")),
        (b'example="say \\"hi\\""', Preferences(None, 'say "hi"')),
    ],
    ids=["comma", "hidden preference", "quotes"],
)
def test_a_quoted_text_is_one_value_whatever_is_in_it(value: bytes, read: Preferences) -> None:
    assert preferences(value) == read


@pytest.mark.parametrize(
    "values",
    [(b"code=404, code=500",), (b"code=404", b"code=500"), (b"code=404", b"CODE=500")],
    ids=["one header", "two headers", "another case"],
)
def test_of_a_preference_given_twice_the_first_counts(values: tuple[bytes, ...]) -> None:
    # RFC 7240, section 2: recipients ignore all but the first instance.
    assert preferences(*values).code == 404


@pytest.mark.parametrize(
    ("value", "faults"),
    [
        (b"fault=crlf", (("crlf", {}),)),
        (b"fault=stall; seconds=30;after = 2", (("stall", {"seconds": "30", "after": "2"}),)),
        (b'fault="stall"; seconds="30"', (("stall", {"seconds": "30"}),)),
        (b"fault=stall; seconds=3, fault=crlf", (("stall", {"seconds": "3"}), ("crlf", {}))),
        (b"fault=stall; seconds=3, fault=stall; seconds=4", (("stall", {"seconds": "3"}),)),
        (b"fault=stall; seconds", (("stall", {"seconds": ""}),)),
        (b"code=500; seconds=3, fault=crlf", (("crlf", {}),)),
        (b"fault=, fault", ()),
    ],
    ids=repr,
)
def test_faults_are_read_with_their_options(value: bytes, faults: object) -> None:
    assert preferences(value).faults == faults
    assert preferences(*value.split(b", ")).faults == faults


def test_several_headers_are_read_as_one() -> None:
    assert preferences(b"code=404", b"example=x") == Preferences(404, "x")


def test_nothing_is_preferred_where_no_header_came() -> None:
    assert preferences() == Preferences()


@pytest.mark.parametrize("code", [b"000", b"004", b"099", b"100", b"101", b"600", b"999"])
def test_what_cannot_be_the_status_of_an_answer_is_no_preference(code: bytes) -> None:
    assert preferences(b"code=" + code).code is None


@pytest.mark.parametrize("code", [200, 204, 302, 400, 429, 500, 599])
def test_any_final_status_may_be_preferred(code: int) -> None:
    assert preferences(b"code=%d" % code).code == code


@given(st.lists(st.binary(max_size=40), max_size=3))
def test_no_header_can_break_the_reading(values: list[bytes]) -> None:
    preferences(*values)


@pytest.mark.parametrize(
    "part", [b" ", b"a", b"a, ", b"a= ", b"a=", b'a="', b'a=" ",', b'""'], ids=repr
)
def test_long_headers_are_read_in_one_go(part: bytes) -> None:
    # Where that took the square of the length, this would not end before the patience of anybody.
    assert preferences(part * 1_000_000).code is None


@pytest.mark.parametrize(
    ("preferred", "anything"),
    [
        (Preferences(), False),
        (Preferences(404), True),
        (Preferences(None, "x"), True),
        (Preferences(None, ""), True),
    ],
)
def test_it_is_known_whether_anything_was_asked(preferred: Preferences, anything: bool) -> None:
    assert preferred.any is anything
