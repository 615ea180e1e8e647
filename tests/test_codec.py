import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.codec import decode, encode
from mock_server.errors import Invalid

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
NUMBERS = (
    st.integers()
    | st.integers(-(10**300), 10**300)
    | st.floats(allow_nan=False).filter(lambda number: abs(number) != float("inf"))
)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS | st.sampled_from(['":', '\\":', '" :', '"a":']),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
BLANKS = st.text(st.sampled_from(" \t\r\n"), max_size=3)


def refusal(body: bytes) -> str:
    with pytest.raises(Invalid) as caught:
        decode(body)
    assert caught.value.kind == "invalid_body"
    assert caught.value.param is None
    return caught.value.message


def spelled(name: str, *, escaped: bool) -> str:
    if not escaped:
        return json.dumps(name, ensure_ascii=False)
    units = name.encode("utf-16-be")
    return '"' + "".join(f"\\u{units[n : n + 2].hex()}" for n in range(0, len(units), 2)) + '"'


@given(
    VALUES, st.booleans(), st.sampled_from([None, 0, 2, "\t"]), st.sampled_from([":", " : ", " :"])
)
def test_every_json_text_is_read_as_the_standard_library_reads_it(
    value: Any, ascii_only: bool, indent: Any, colon: str
) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent, separators=(",", colon))
    # Compared as texts, because 1 == 1.0 == True and 0.0 == -0.0.
    assert json.dumps(decode(text.encode())) == json.dumps(json.loads(text))


@given(VALUES)
def test_what_is_written_is_read_back(value: Any) -> None:
    assert json.dumps(decode(encode(value))) == json.dumps(value)


@given(
    TEXTS,
    st.lists(VALUES, min_size=2, max_size=2),
    st.lists(BLANKS, min_size=6, max_size=6),
    st.tuples(st.booleans(), st.booleans()),
    st.lists(
        st.sampled_from(['{"x": %s}', "[%s]", '[{"":":"}, %s, null]', '{"\\":":%s}']), max_size=3
    ),
)
def test_a_name_given_twice_is_refused_wherever_and_however_it_is_spelled(
    name: str,
    values: list[Any],
    blanks: list[str],
    escaped: tuple[bool, bool],
    around: list[str],
) -> None:
    members = [
        f"{blanks[n]}{spelled(name, escaped=escaped[n])}{blanks[n + 2]}:{blanks[n + 4]}"
        + json.dumps(values[n])
        for n in (0, 1)
    ]
    text = "{" + ",".join(members) + "}"
    for wrapper in around:
        text = wrapper.replace("%s", text)
    assert "twice" in refusal(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        '{"a":{"a":1},"b":{"a":2}}',
        '[{"a":1},{"a":2}]',
        '{"a":"\\":\\":","b" : "\\":"}',
        '{"a":"x","A":"x"}',
        '{"é":1,"e\\u0301":2}',
        '{"":1," ":2}',
        '{"a":"\\"a\\":1,\\"a\\":2"}',
    ],
    ids=[
        "nested",
        "siblings",
        "colons in text",
        "case",
        "unnormalised",
        "blank names",
        "quoted json",
    ],
)
def test_names_that_only_look_alike_are_accepted(text: str) -> None:
    assert decode(text.encode()) == json.loads(text)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"NaN", "not valid JSON"),
        (b"[Infinity]", "not valid JSON"),
        (b"-Infinity", "not valid JSON"),
        (b"1e999", "out of range"),
        (b'{"a" : 1e999}', "out of range"),
        (b"1" * 5000, "out of range"),
        (b'{"a" : ' + b"1" * 5000 + b"}", "out of range"),
        (b"[1,]", "not valid JSON"),
        (b'{"a":1,}', "not valid JSON"),
        (b"{a:1}", "not valid JSON"),
        (b"{'a':1}", "not valid JSON"),
        (b"01", "not valid JSON"),
        (b"+1", "not valid JSON"),
        (b".5", "not valid JSON"),
        (b"1 2", "trailing"),
        (b"{}x", "trailing"),
        (b"// x\n1", "not valid JSON"),
        (b"nul", "not valid JSON"),
        (b'"a\nb"', "not valid JSON"),
        (b'"a\x00b"', "not valid JSON"),
        (b"\x00", "not valid JSON"),
        (b'"\\x41"', "not valid JSON"),
        (b'{"a":', "truncated"),
        (b"{1:2}", "keys must be strings"),
        (b"\xef\xbb\xbf{}", "byte 0"),
        ("{}".encode("utf-16"), "not valid UTF-8 (byte 0)"),
        ('{"a":1}'.encode("utf-16-le"), "not valid JSON"),
        ('{"a":1}'.encode("utf-32-le"), "not valid JSON"),
        (b'"\xff"', "not valid UTF-8 (byte 1)"),
        (b'"\xc0\xaf"', "not valid UTF-8 (byte 1)"),
        (b'"\xed\xa0\x80"', "not valid UTF-8 (byte 1)"),
        (b'"\xf5\x80\x80\x80"', "not valid UTF-8 (byte 1)"),
        (b'"caf\xe9"', "not valid UTF-8 (byte 4)"),
        (b'"\\ud800"', "surrogate"),
        (b'"\\udc00x"', "surrogate"),
        (b'{"\\ud83d" : 1}', "surrogate"),
        (b'"\\ud800\\ud800"', "surrogate"),
    ],
    ids=lambda each: repr(each[:14]) if isinstance(each, bytes) else "",
)
def test_what_is_not_one_value_of_i_json_in_utf8_is_refused(body: bytes, says: str) -> None:
    assert says in refusal(body)


@pytest.mark.parametrize(
    "body",
    [b'{"a":"\\ud83d\\ude00",}', b'{"a":"\\ud83d\\ude00"', b'["\\uD83D\\uDE00", 01]'],
    ids=["trailing comma", "cut off", "leading zero"],
)
def test_sound_surrogate_pairs_are_not_blamed_for_another_mistake(body: bytes) -> None:
    assert "surrogate" not in refusal(body)


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'{"a" :', b'[{"a":'], ids=repr)
@pytest.mark.parametrize("depth", [3_000, 100_000])
def test_a_bottomless_body_is_refused(opening: bytes, depth: int) -> None:
    closing = opening[::-1].translate(bytes.maketrans(b"[{", b"]}"), delete=b' "a:')
    assert "nested too deeply" in refusal(opening * depth + b"1" + closing * depth)
    assert "nested too deeply" in refusal(opening * depth)


@pytest.mark.parametrize(
    "body",
    [
        b'"' + b"a" * 25_000_000 + b'"',
        b'"' + b" " * 24_999_998 + b'"',
        b'["' + b'\\":' * 6_000_000 + b'"]',
        b"[" + b"0," * 1_000_000 + b"0]",
        b'{"a" :"' + b'" : "'.replace(b'"', b'\\"') * 3_000_000 + b'"}',
    ],
    ids=["letters", "blanks", "colons", "items", "hidden colons"],
)
def test_a_large_body_is_read(body: bytes) -> None:
    assert decode(body)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 25_000_000,
        b"1" * 25_000_000,
        b'"' + b"\\ud83d\\ude00" * 2_000_000,
        b'"' + b" " * 25_000_000,
        b" " * 25_000_000,
        b'"' + b"a" * 25_000_000 + b"\xff",
    ],
    ids=["brackets", "digits", "pairs cut off", "blanks cut off", "blanks", "late wrong byte"],
)
def test_a_large_broken_body_is_refused_in_a_short_sentence(body: bytes) -> None:
    assert len(refusal(body)) < 200


def test_a_long_name_given_twice_is_shown_short() -> None:
    name = "n" * 1_000_000
    message = refusal(f'{{"{name}":1,"{name}":2}}'.encode())
    assert len(message) < 100


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"a": [1, 2], "b": None}, b'{"a":[1,2],"b":null}'),
        ("é😀\n", '"é😀\\n"'.encode()),
        ([10**30], b"[1" + b"0" * 30 + b"]"),
        ([0.1, True], b"[0.1,true]"),
        ("</script>", b'"</script>"'),
    ],
    ids=["members", "text", "large number", "scalars", "markup"],
)
def test_json_is_written_compactly(value: Any, text: bytes) -> None:
    assert encode(value) == text
