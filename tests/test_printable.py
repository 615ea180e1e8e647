import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.printable import printable


@pytest.mark.parametrize("text", ["", "plain", "Ünder 日本語 👩‍👩‍👧 – “so”", "a\\nb"])
def test_what_can_be_seen_stays(text: str) -> None:
    assert printable(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[2Jb", "a\\x1b[2Jb"),
        ("one\ntwo\r", "one\\ntwo\\r"),
        ("\x07\x9b", "\\x07\\x9b"),
        ("\u202egnp", "\\u202egnp"),
        ("\u2028", "\\u2028"),
        ("\ud800", "\\ud800"),
    ],
)
def test_what_would_do_something_is_escaped(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text())
def test_nothing_is_left_that_a_terminal_would_obey(text: str) -> None:
    shown = printable(text).replace("\u200d", "")
    assert shown.isprintable() and printable(shown) == shown
