"""Checksums of sound files, worked out on one long number instead of byte by byte."""

from typing import Final

_POLYNOMIAL_8: Final = 0b1_0000_0111
_REVERSED: Final = bytes(int(f"{each:08b}"[::-1], 2) for each in range(256))


def crc_8(data: bytes) -> int:
    """The remainder by x^8 + x^2 + x + 1, of a few bytes (RFC 9639, section 9.1.8)."""
    rest = int.from_bytes(data) << 8
    while (shift := rest.bit_length() - 9) >= 0:
        rest ^= _POLYNOMIAL_8 << shift
    return rest


def crc_16(data: bytes) -> int:
    """The remainder by x^16 + x^15 + x^2 + 1 (RFC 9639, section 9.3).

    That is (x + 1)(x^15 + x + 1). Modulo the second factor x^15 = x + 1, and squaring it again and
    again x^(15n) = x^n + 1 for n = 2^k: so a number of any length folds to half of it with two
    shifts. Modulo the first factor only the parity counts.
    """
    whole = rest = int.from_bytes(data) << 16
    fold = 1 << max((rest.bit_length() // 15).bit_length(), 1)
    while rest.bit_length() > 15:
        if rest.bit_length() <= 15 * fold and fold > 1:
            fold >>= 1
            continue
        high, low = rest >> 15 * fold, rest & ((1 << 15 * fold) - 1)
        rest = (high << fold) ^ high ^ low
    is_odd = (rest.bit_count() ^ whole.bit_count()) & 1
    return rest ^ 0b1000_0000_0000_0011 if is_odd else rest


def crc_16_lowest_first(data: bytes) -> int:
    """The same of bytes whose lowest bit comes first, as LAME counts."""
    return int(f"{crc_16(data.translate(_REVERSED)):016b}"[::-1], 2)
