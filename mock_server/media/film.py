"""Films made from a prompt: its painted picture, swaying."""

from random import Random
from typing import TYPE_CHECKING, Final

from mock_server.media.h264 import (
    RATE,
    Format,
    key_frame,
    key_header,
    other_frame,
    picture,
    sequence,
)
from mock_server.media.levels import level_of
from mock_server.media.macroblocks import moved, still
from mock_server.media.mp4 import TICKS, Track, movie
from mock_server.media.painting import paint
from mock_server.media.sway import rows_at, sway_of
from mock_server.provenance import MAKER

if TYPE_CHECKING:
    from PIL.Image import Image

PROMPT_TAG, MAKER_TAG = b"desc", b"\xa9too"
_TAKE: Final = 480  # frames at most from one key frame to the next
# Of width and height, beyond the right edge and the foot: the words of a picture are further inside.
_MARGINS: Final = (0.045, 0.025)
_LEAST_MARGIN: Final = 2


def film(prompt: str, seed: int | str, width: int, height: int, seconds: float) -> bytes:
    """An MP4 file of so many seconds and even sides, the same for the same arguments.

    It begins with the picture that `paint` makes of them.
    """
    margin = (_margin(width, _MARGINS[0]), _margin(height, _MARGINS[1]))
    stage = _extended(paint(prompt, seed, width, height), margin)
    ticks = max(1, round(seconds * TICKS))
    count = max(1, round(ticks * RATE / TICKS))
    takes = -(-count // _TAKE)
    take = _take(stage, margin, -(-count // takes), Random(f"film/{seed}/{prompt}"))
    frames = (take * takes)[:count]
    columns, rows = stage.width // 16, stage.height // 16
    level = level_of(columns, rows, [len(frame) for frame in frames])
    parameters = sequence(Format(columns, rows, width, height, level)), picture()
    durations = [TICKS // RATE] * (count - 1)
    durations.append(ticks - sum(durations))
    track = Track(width, height, level, parameters, frames, durations, range(0, count, len(take)))
    return movie(track, {PROMPT_TAG: prompt.replace("\0", " "), MAKER_TAG: MAKER})


def _take(stage: "Image", margin: tuple[int, int], count: int, random: Random) -> list[bytes]:
    """A key frame, and frames that show the same from elsewhere, until it is back home."""
    columns, rows = stage.width // 16, stage.height // 16
    sway = sway_of(random, margin, count / RATE)
    frames = [key_frame(*still(stage, key_header()))]
    for number in range(1, count):
        seen = rows_at(sway, number / count, rows)
        frames.append(other_frame(number, moved(seen, columns)))
    return frames


def _margin(side: int, share: float) -> int:
    return max(_LEAST_MARGIN, round(side * share))


def _extended(image: "Image", margin: tuple[int, int]) -> "Image":
    """A picture mirrored beyond its right edge and its foot, up to whole macroblocks."""
    from PIL import Image

    size = tuple(-(-sum(sides) // 16) * 16 for sides in zip(image.size, margin, strict=True))
    stage = Image.new("RGB", (size[0], size[1]))
    across = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    for left, top in ((0, 0), (1, 0), (0, 1), (1, 1)):
        tile = across if left else image
        tile = tile.transpose(Image.Transpose.FLIP_TOP_BOTTOM) if top else tile
        stage.paste(tile, (left * image.width, top * image.height))
    return stage
