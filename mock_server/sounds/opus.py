"""Opus packets: how long each sounds, from its first byte (RFC 6716, section 3.1)."""

from typing import Final

# Samples at 48 kHz of a frame, by the configuration in the upper five bits.
_SILK: Final = (480, 960, 1_920, 2_880)
_HYBRID: Final = (480, 960)
_CELT: Final = (120, 240, 480, 960)


def samples_of(packet: bytes | memoryview) -> int:
    """The samples at 48 kHz that a packet sounds for; 0 of an empty one."""
    if not len(packet):
        return 0
    config, code = packet[0] >> 3, packet[0] & 3
    if config < 12:
        samples = _SILK[config & 3]
    elif config < 16:
        samples = _HYBRID[config & 1]
    else:
        samples = _CELT[config & 3]
    if code == 3:
        return samples * (packet[1] & 0x3F) if len(packet) > 1 else 0
    return samples * (1 if code == 0 else 2)
