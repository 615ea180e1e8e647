"""Numbers, parameter sets, headers and units of H.264, byte by byte and as a decoder reads them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.media.h264 import (
    Format,
    key_frame,
    key_header,
    other_frame,
    padded,
    picture,
    sequence,
    signed,
    unsigned,
)


class Bits:
    """The fields of a unit, read as the specification reads them."""

    def __init__(self, unit: bytes) -> None:
        self.head = unit[0]
        payload = re.sub(b"\0\0\3", b"\0\0", unit[1:])
        self.bits = "".join(f"{byte:08b}" for byte in payload)
        self.place = 0

    def u(self, size: int) -> int:
        self.place += size
        return int(self.bits[self.place - size : self.place], 2)

    def ue(self) -> int:
        zeros = self.bits.index("1", self.place) - self.place
        self.place += zeros
        return self.u(zeros + 1) - 1

    def se(self) -> int:
        number = self.ue()
        return (number + 1) // 2 * (1 if number % 2 else -1)

    @property
    def rest(self) -> str:
        return self.bits[self.place :]


# Table 9-2, and table 9-3.
@pytest.mark.parametrize(
    ("number", "bits"),
    [(0, "1"), (1, "010"), (2, "011"), (3, "00100"), (6, "00111"), (7, "0001000"), (9, "0001010")],
)
def test_a_number_is_as_long_as_it_is_large(number: int, bits: str) -> None:
    assert unsigned(number) == bits


@pytest.mark.parametrize(
    ("number", "code"), [(0, 0), (1, 1), (-1, 2), (2, 3), (-2, 4), (3, 5), (-3, 6)]
)
def test_a_signed_number_is_between_those_of_its_size(number: int, code: int) -> None:
    assert signed(number) == unsigned(code)


@given(st.integers(0, 2**20), st.integers(-(2**20), 2**20))
def test_numbers_are_read_back(number: int, other: int) -> None:
    bits = Bits(b"\0" + padded(unsigned(number) + signed(other)))
    assert (bits.ue(), bits.se()) == (number, other)


@pytest.mark.parametrize(
    ("bits", "data"), [("1", b"\x80"), ("00000001", b"\1"), ("111111111", b"\xff\x80")]
)
def test_bits_are_filled_up_with_zeros(bits: str, data: bytes) -> None:
    assert padded(bits) == data


@pytest.mark.parametrize(
    ("width", "height"), [(16, 16), (18, 34), (1280, 720), (1920, 1080), (2048, 2048), (854, 480)]
)
def test_a_sequence_says_what_all_frames_are(width: int, height: int) -> None:
    columns, rows = -(-width // 16), -(-height // 16)
    bits = Bits(sequence(Format(columns, rows, width, height, 31)))
    assert bits.head == 0x67
    assert [bits.u(8) for _ in range(3)] == [66, 0xC0, 31]
    assert [bits.ue() for _ in range(5)] == [0, 0, 0, 8, 1]
    assert bits.u(1) == 0
    assert (bits.ue() + 1, bits.ue() + 1) == (columns, rows)
    assert bits.u(3) == 0b111
    left, right, top, bottom = (bits.ue() * 2 for _ in range(4))
    assert (left, top) == (0, 0)
    assert (columns * 16 - right, rows * 16 - bottom) == (width, height)
    assert bits.u(1) == 1
    assert (bits.u(1), bits.u(8)) == (1, 1)  # square pixels
    assert bits.u(1) == 0
    assert (bits.u(1), bits.u(3), bits.u(1)) == (1, 5, 0)  # limited range
    assert (bits.u(1), bits.u(8), bits.u(8), bits.u(8)) == (1, 1, 1, 1)  # BT.709
    assert (bits.u(1), bits.ue(), bits.ue()) == (1, 1, 1)
    assert (bits.u(1), bits.u(32), bits.u(32), bits.u(1)) == (1, 1, 48, 1)  # 24 frames a second
    assert bits.u(3) == 0
    assert (bits.u(1), bits.u(1)) == (1, 1)
    assert [bits.ue() for _ in range(6)] == [0, 0, 9, 9, 0, 1]
    assert re.fullmatch("10{0,7}", bits.rest)


def test_a_picture_has_one_slice_group_and_its_own_filter() -> None:
    bits = Bits(picture())
    assert bits.head == 0x68
    assert (bits.ue(), bits.ue(), bits.u(2), bits.ue()) == (0, 0, 0, 0)
    assert (bits.ue(), bits.ue(), bits.u(3)) == (0, 0, 0)
    assert (bits.se(), bits.se(), bits.se(), bits.u(3)) == (0, 0, 0, 0b100)
    assert re.fullmatch("10{0,7}", bits.rest)


def test_a_key_frame_can_be_begun_at() -> None:
    bits = Bits(key_frame([], key_header()))
    assert (bits.head & 31, bits.head >> 5) == (5, 3)
    assert (bits.ue(), bits.ue(), bits.ue()) == (0, 7, 0)
    assert (bits.u(4), bits.ue(), bits.u(12), bits.u(2)) == (0, 0, 0, 0)
    assert (bits.se(), bits.ue()) == (0, 1)
    assert re.fullmatch("10{0,7}", bits.rest)


@pytest.mark.parametrize("number", [1, 2, 479, 1_023])
def test_any_other_frame_refers_to_the_key_frame_alone(number: int) -> None:
    bits = Bits(other_frame(number, "1010"))
    assert (bits.head & 31, bits.head >> 5) == (1, 0)
    assert (bits.ue(), bits.ue(), bits.ue()) == (0, 5, 0)
    assert (bits.u(4), bits.u(12), bits.u(2)) == (1, 2 * number, 0)
    assert (bits.se(), bits.ue()) == (0, 1)
    assert re.fullmatch("101010{0,7}", bits.rest)


@pytest.mark.parametrize(
    ("payload", "escaped"),
    [
        (b"\0\0\0\0\0\0\0", b"\0\0\3\0\0\3\0\0\3\0"),
        (b"\0\0\1\0\0\2\0\0\3", b"\0\0\3\1\0\0\3\2\0\0\3\3"),
        (b"\1\0\0\4\0\5\0", b"\1\0\0\4\0\5\0"),
    ],
)
def test_nothing_in_a_unit_looks_like_a_start_code(payload: bytes, escaped: bytes) -> None:
    assert key_frame([payload], "1") == b"\x65" + escaped + b"\xc0"


@given(st.lists(st.sampled_from([b"\0", b"\1", b"\3", b"\x80"]), max_size=40))
def test_what_is_escaped_is_read_back(parts: list[bytes]) -> None:
    unit = key_frame(parts, "")
    assert not re.search(rb"\0\0[\0-\2]", unit)
    assert re.sub(b"\0\0\3", b"\0\0", unit[1:]) == b"".join(parts) + b"\x80"
