"""Files are read as YAML 1.2 and JSON mean them, and what cannot be read is said plainly."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from mock_server.source import DocumentError, escape, node_at, pointer, read, yaml_loader

YAML: list[tuple[str, Any]] = [
    ("{on: yes, off: 2024-01-02, n: no}", {"on": "yes", "off": "2024-01-02", "n": "no"}),
    ("[true, False, TRUE]", [True, False, True]),
    ("[~, null, '', ]", [None, None, ""]),
    ("a:", {"a": None}),
    ("[1, -2, 0o17, 0x1F, 010, 1_000, 1:30]", [1, -2, 15, 31, 10, "1_000", "1:30"]),
    ("[1.5, 1e3, -.5, 1., .inf, .nan]", [1.5, 1000.0, -0.5, 1.0, ".inf", ".nan"]),
    (
        "{200: a, 4XX: b, 1.0: c, null: d, true: e}",
        dict(zip(("200", "4XX", "1.0", "null", "true"), "abcde", strict=True)),
    ),
    ("a: &x {k: 1}\nb: {<<: *x, l: 2}", {"a": {"k": 1}, "b": {"k": 1, "l": 2}}),
    ("a: =", {"a": "="}),
    ("!!str 1", "1"),
]


@pytest.mark.parametrize(("text", "value"), YAML)
def test_yaml_is_read_as_1_2(text: str, value: Any) -> None:
    assert yaml.load(text, yaml_loader()) == value


REFUSED = [
    ("a.yaml", "a: 1\nb: c: d", r"not YAML: .*line 2, column 5"),
    ("a.yaml", "? [1]\n: 2", r"not YAML: the name of a member must be plain text \(line 1"),
    ("a.yaml", "a: !unknown 1", "not YAML"),
    ("a.yaml", "a: \x01", "not YAML"),
    ("a.yaml", "a: &x [*x]", "holds what JSON cannot"),
    ("a.yaml", "a: !!set {b}", "holds what JSON cannot"),
    ("a.json", '{"a": 1,}', r"not JSON: .*line 1, column"),
    ("a.json", "[" * 100_000, "holds what JSON cannot"),
]


@pytest.mark.parametrize(("name", "text", "complaint"), REFUSED)
def test_what_cannot_be_read_is_said(name: str, text: str, complaint: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    with pytest.raises(DocumentError, match=complaint):
        read(path)


def test_files_that_are_not_there_or_not_text_are_named(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"no file .*none\.yaml"):
        read(tmp_path / "none.yaml")
    with pytest.raises(DocumentError, match="cannot be read"):
        read(tmp_path)
    (tmp_path / "latin.yaml").write_bytes(b"a: \xe9")
    with pytest.raises(DocumentError, match=r"not UTF-8 text \(byte 3\)"):
        read(tmp_path / "latin.yaml")


def test_a_byte_order_mark_is_no_content(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b'\xef\xbb\xbf{"a": 1}')
    assert read(tmp_path / "a.json") == {"a": 1}


def test_pointers_lead_back_to_what_they_were_made_for() -> None:
    names = ("paths", "/v1/{id}~x", "%41 ü", "a'b")
    data: Any = 1
    for name in reversed(names):
        data = {name: data}
    assert node_at(data, pointer(*names)[1:]) == 1
    assert pointer("paths", "/v1/{id}") == "#/paths/~1v1~1%7Bid%7D"
    assert escape("/a~b") == "~1a~0b"


def test_pointers_lead_into_lists_and_to_nothing() -> None:
    assert node_at({"a": [1, 2]}, "/a/1") == 2
    for nowhere in ("/a/2", "/a/x", "/b", "/a/0/c"):
        with pytest.raises(DocumentError, match="points to nothing"):
            node_at({"a": [1, 2]}, nowhere)
