"""What looks like a key is found wherever it stands, and no word is taken for one."""

import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.shapes import Shapes

SHAPES = Shapes(["^rc_live_[!-~]+$", "^sk-(?!ant-)[!-~]+$", "^(?!rc_live_)[!-~]+$", "runware_test"])
BEGINNINGS = ["rc_live_", "sk-", "sk-ant-api03-", "runware_"]
SECRETS = st.text(string.ascii_letters + string.digits, min_size=16, max_size=80)


@given(
    st.sampled_from(BEGINNINGS),
    SECRETS,
    st.text().filter(lambda text: not text[-1:].isalnum()),
    st.text(" \n\t'\"/.,;:)]}>&", min_size=1),
)
def test_a_key_is_found_between_other_words(
    beginning: str, secret: str, before: str, after: str
) -> None:
    key = beginning + secret
    assert key in [*SHAPES.found(before + key + after)]
    assert any(each in json.dumps(f"\n{key}") for each in SHAPES.found(json.dumps(f"\n{key}")))


@pytest.mark.parametrize("before", [r"\n", r"\u00e9", "%20", r"\x0a", "_", "-", "/", "="])
def test_a_key_is_found_behind_what_is_escaped(before: str) -> None:
    assert [*SHAPES.found(f"a{before}sk-abcdefghijkl1234")] == ["sk-abcdefghijkl1234"]


@given(st.lists(st.from_regex("[a-z]{1,15}", fullmatch=True), min_size=2), st.booleans())
def test_words_joined_by_hyphens_are_no_key(words: list[str], is_task: bool) -> None:
    beginning = "task-" if is_task else "sk-"
    assert [*SHAPES.spans(f"A {beginning}{'-'.join(words)}, they say.")] == []


@pytest.mark.parametrize(
    "text",
    [
        *("sk-learn", "sk-learn-compatible", "rc_live_", "rc_live_test", "sk-test", "runware_sdk"),
        *("sk-SK", "sk-...", "rc_live_<your key>", "risk-a1b2c3d4e5f6a7", "desk-12345678901234"),
    ],
)
def test_what_is_no_key_stays(text: str) -> None:
    assert [*SHAPES.spans(f"What is {text}?")] == []


def test_without_patterns_nothing_looks_like_a_key() -> None:
    assert [*Shapes([]).spans("rc_live_abcdefghijkl1234")] == []
