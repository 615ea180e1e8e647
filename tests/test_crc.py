"""Checksums agree with their definition, and with the numbers that catalogues give."""

from random import Random

import pytest

from mock_server.media.crc import crc_8, crc_16, crc_16_lowest_first


def by_definition(data: bytes, polynomial: int, width: int) -> int:
    rest = 0
    for byte in data:
        rest ^= byte << (width - 8)
        for _ in range(8):
            is_over = rest >> (width - 1) & 1
            rest = (rest << 1 ^ (polynomial if is_over else 0)) & ((1 << width) - 1)
    return rest


def test_the_numbers_of_catalogues() -> None:
    # CRC-8/SMBUS, CRC-16/UMTS and CRC-16/ARC of these nine digits.
    assert crc_8(b"123456789") == 0xF4
    assert crc_16(b"123456789") == 0xFEE8
    assert crc_16_lowest_first(b"123456789") == 0xBB3D


@pytest.mark.parametrize("length", [*range(40), 255, 4_099])
def test_any_bytes(length: int) -> None:
    data = Random(length).randbytes(length)
    assert crc_8(data) == by_definition(data, 0x07, 8)
    assert crc_16(data) == by_definition(data, 0x8005, 16)
    assert crc_16(b"\0\0" + data) == crc_16(data)
