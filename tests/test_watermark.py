"""A text goes into the lowest bits of samples and comes out again, of a piece of them, too."""

import math
import sys
import zlib
from array import array
from random import Random

import pytest

from mock_server.media.watermark import find, mark

TEXTS = ["A tide turns.", "", "Ein Füchslein, лиса, 狐 🦊\0", "x" * 4096, "七" * 4096]
IDS = ["plain", "empty", "letters", "long", "Chinese"]


def tone(length: int, seed: int = 0) -> "array[int]":
    random = Random(seed)
    return array(
        "h", (round(9000 * math.sin(i / 9)) + random.randrange(-99, 99) for i in range(length))
    )


def lowest(samples: "array[int]") -> str:
    return "".join(str(each & 1) for each in samples)


def with_bits(data: bytes) -> "array[int]":
    return array("h", (int(digit) for byte in data for digit in f"{byte:08b}"))


def frame(kind: int, packed: bytes, crc: int | None = None) -> bytes:
    """A frame by the description of the format, and not by the code that writes it."""
    sync = bits_of(mark(array("h"), ""))[:10]
    rest = bytes((kind,)) + len(packed).to_bytes(2, "big") + packed
    return sync + rest + (zlib.crc32(rest) if crc is None else crc).to_bytes(4, "big")


def bits_of(samples: "array[int]") -> bytes:
    digits = lowest(samples)
    return bytes(int(digits[i : i + 8], 2) for i in range(0, len(digits), 8))


@pytest.mark.parametrize("text", TEXTS, ids=IDS)
def test_a_text_comes_back(text: str) -> None:
    assert find(mark(tone(60_000), text)) == text


@pytest.mark.parametrize("text", TEXTS, ids=IDS)
def test_too_few_samples_become_enough(text: str) -> None:
    for length in (0, 1, 100):
        marked = mark(tone(length), text)
        assert find(marked) == text
        assert {each >> 1 for each in marked[length:]} == {0}, "what was added is silent"


def test_nothing_but_the_lowest_bit_changes() -> None:
    samples = array("h", [-32768, 32767, 0, -1, 1, *tone(4_000)])
    marked = mark(samples, "A tide turns.")
    assert len(marked) == len(samples)
    assert [each >> 1 for each in marked] == [each >> 1 for each in samples]
    assert samples[:5] == array("h", [-32768, 32767, 0, -1, 1]), "the samples handed in are not"


def test_the_format_is_the_documented_one() -> None:
    assert bits_of(mark(array("h"), "A tide")) == frame(0, b"A tide")
    assert find(with_bits(frame(1, zlib.compress(b"A tide")))) == "A tide"


def test_a_piece_cut_out_of_the_sound_is_enough() -> None:
    marked = mark(tone(40_000), "A tide turns at noon.")
    assert find(marked[12_345:14_000]) == "A tide turns at noon."
    assert find(marked[12_345:12_400]) is None
    assert find(memoryview(marked)[777:]) == "A tide turns at noon."


def test_a_frame_over_the_edge_of_a_window_is_found() -> None:
    size = 1 << 21
    marked = array("h", bytes(2 * (size - 50))) + mark(array("h"), "at the edge")
    assert find(marked) == "at the edge"


def test_a_broken_frame_is_passed_over_for_the_next() -> None:
    marked = mark(tone(4_000), "A tide turns.")
    marked[120] ^= 1
    assert find(marked) == "A tide turns."


@pytest.mark.parametrize(
    "data",
    [
        frame(0, b"A tide", crc=7),
        frame(1, b"not deflated"),
        frame(2, b"A tide"),
        frame(0, b"A tide")[:-1],
        frame(0, b"A tide")[:11],
        b"",
    ],
    ids=["sum", "packed", "kind", "cut", "cut early", "nothing"],
)
def test_what_only_looks_like_a_frame_says_nothing(data: bytes) -> None:
    assert find(with_bits(data)) is None


def test_a_frame_of_others_cannot_swell_when_it_is_unpacked() -> None:
    swollen = frame(1, zlib.compress(b"x" * 10_000_000, 9)[:60_000])
    assert len(find(with_bits(swollen)) or "") <= 65_535


def test_the_search_is_given_up_when_nothing_fits() -> None:
    false = with_bits(frame(0, b"", crc=7))
    assert find(false * 63 + with_bits(frame(0, b"A tide"))) == "A tide"
    assert find(false * 64 + with_bits(frame(0, b"A tide"))) is None


def test_sounds_of_others_say_nothing() -> None:
    random = Random(1)
    noise = array("h", (random.randrange(-32768, 32768) for _ in range(50_000)))
    assert find(noise) is None
    assert find(array("h", bytes(50_000))) is None


def test_a_text_that_is_too_long_keeps_its_beginning() -> None:
    text = "".join(map(str, range(20_000)))
    found = find(mark(array("h"), text))
    assert found is not None
    assert text.startswith(found)
    assert len(found) == 65_535


def test_samples_are_of_this_machine() -> None:
    # What is written to a file is another matter: there the low byte stands first.
    marked = mark(array("h"), "A tide turns.")
    if sys.byteorder == "big":
        marked.byteswap()
    assert {each & 0xFE for each in marked.tobytes()[::2]} == {0}
