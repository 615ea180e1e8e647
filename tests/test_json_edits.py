"""Each verb on JSON: what it does, and that it leaves alone what it has nothing to do with."""

import json
from typing import Any

import pytest

from mock_server.json_edits import changed

BEFORE: Any = {"id": "a", "list": [{"n": 1, "t": "one"}, {"n": 2, "t": "two"}], "m": {"k": True}}


@pytest.mark.parametrize(
    ("verb", "what", "after"),
    [
        ("set", {"/id": "b"}, BEFORE | {"id": "b"}),
        ("set", {"/new": None}, BEFORE | {"new": None}),
        ("set", {"/list/*/n": 0}, BEFORE | {"list": [{"n": 0, "t": "one"}, {"n": 0, "t": "two"}]}),
        ("set", {"": []}, []),
        ("drop", "/m", {"id": "a", "list": BEFORE["list"]}),
        ("drop", ["/m", "/list/0"], {"id": "a", "list": BEFORE["list"][1:]}),
        ("drop", "/list/*", BEFORE | {"list": []}),
        ("add", {"/list/0/n": 5}, BEFORE | {"list": [{"n": 6, "t": "one"}, BEFORE["list"][1]]}),
        ("add", {"/id": "!"}, BEFORE | {"id": "a!"}),
        ("add", {"/list": [3]}, BEFORE | {"list": [*BEFORE["list"], 3]}),
        ("copy", {"/id": "/list/0/t"}, BEFORE | {"id": "one"}),
        ("rename", {"/m": "other"}, {"id": "a", "list": BEFORE["list"], "other": {"k": True}}),
        ("repeat", "/list/0", BEFORE | {"list": [*BEFORE["list"], BEFORE["list"][0]]}),
        ("reverse", "/list", BEFORE | {"list": BEFORE["list"][::-1]}),
        ("keep", {"/list": 1, "/list/0/t": 2}, BEFORE | {"list": [{"n": 1, "t": "on"}]}),
        ("wrap", {"/id": "[]"}, BEFORE | {"id": ["a"]}),
        ("wrap", {"/id": "text"}, BEFORE | {"id": {"text": "a"}}),
        ("replace", {"/id": ["a", "bb"]}, BEFORE | {"id": "bb"}),
    ],
)
def test_a_verb_changes_its_place(verb: str, what: Any, after: Any) -> None:
    assert json.loads(changed(json.dumps(BEFORE).encode(), verb, what)) == after


@pytest.mark.parametrize(
    ("verb", "what"),
    [
        ("set", {"/nowhere/deep": 1}),
        ("set", {"/list/9": 1}),
        ("drop", "/nowhere"),
        ("add", {"/nowhere": 1}),
        ("copy", {"/id": "/nowhere"}),
        ("copy", {"/list/9": "/id"}),
        ("rename", {"/nowhere": "x"}),
        ("repeat", "/nowhere/0"),
        ("reverse", "/nowhere"),
        ("keep", {"/nowhere": 1}),
        ("wrap", {"/nowhere": "x"}),
        ("replace", {"/nowhere": ["a", "b"]}),
        ("replace", {"/list": ["a", "b"]}),
    ],
)
def test_what_is_not_there_is_left_as_it_is(verb: str, what: Any) -> None:
    assert json.loads(changed(json.dumps(BEFORE).encode(), verb, what)) == BEFORE


@pytest.mark.parametrize("data", [b"", b"[DONE]", b"{", b"\xff"])
def test_what_is_no_json_is_left_as_it_is(data: bytes) -> None:
    assert changed(data, "set", {"/a": 1}) == data
