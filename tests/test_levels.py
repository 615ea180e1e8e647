"""The level of frames is the least whose every bound they keep."""

import pytest

from mock_server.media.levels import level_of

# Columns, rows and sizes in bytes of frames, at 24 a second.
CASES = {
    "least": (1, 1, [400], 10),
    "QCIF is within level 1 by area, and beyond it by pace": (11, 9, [1_000, 10], 11),
    "CIF": (22, 18, [30_000, 100], 13),
    "SD": (45, 30, [200_000, 500], 30),
    "720p": (80, 45, [400_000, 3_000], 31),
    "720p of samples alone": (80, 45, [1_400_000, 3_000], 31),
    "a buffer too small for the key frame": (80, 45, [1_800_000, 3_000], 32),
    "1080p": (120, 68, [700_000, 6_000], 40),
    "1080p of samples alone": (120, 68, [3_140_000, 6_000], 41),
    "a second key frame that decodes in a frame's time": (
        120,
        68,
        [980_000, 9, 980_000] + [9] * 99,
        40,
    ),
    "one that does not": (120, 68, [990_000, 9, 990_000] + [9] * 99, 41),
    "frames at a rate of 15 Mbit/s": (80, 45, [1_000, *[78_125] * 24], 32),
    "largest": (128, 128, [6_330_000, 6_000], 50),
    "wide": (128, 1, [1_000, 10], 31),
    "nothing like it": (200, 200, [1_000], 52),
}


@pytest.mark.parametrize("name", CASES)
def test_the_least_level_that_all_frames_keep(name: str) -> None:
    columns, rows, sizes, level = CASES[name]
    assert level_of(columns, rows, sizes) == level
