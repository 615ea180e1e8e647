"""Films made from a prompt: its painted picture, which a camera wanders over."""

from random import Random
from typing import TYPE_CHECKING, Final

from mock_server.media.camera import field_at, way_of
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
from mock_server.media.macroblocks import SIDE, moved, still
from mock_server.media.mp4 import TICKS, Track, movie
from mock_server.media.painting import paint
from mock_server.provenance import MAKER

if TYPE_CHECKING:
    from PIL.Image import Image

PROMPT_TAG, MAKER_TAG = b"desc", b"\xa9too"
_TAKE: Final = 480  # frames at most from one key frame to the next


def film(prompt: str, seed: int | str, width: int, height: int, seconds: float) -> bytes:
    """An MP4 file of so many seconds and even sides, the same for the same arguments.

    It begins with the picture that `paint` makes of them.
    """
    stage = _whole(paint(prompt, seed, width, height))
    ticks = max(1, round(seconds * TICKS))
    count = max(1, round(ticks * RATE / TICKS))
    takes = -(-count // _TAKE)
    take = _take(stage, -(-count // takes), Random(f"film/{seed}/{prompt}"))
    frames = (take * takes)[:count]
    columns, rows = stage.width // SIDE, stage.height // SIDE
    level = level_of(columns, rows, [len(frame) for frame in frames])
    parameters = sequence(Format(columns, rows, width, height, level)), picture()
    durations = [TICKS // RATE] * (count - 1)
    durations.append(ticks - sum(durations))
    keys = range(0, count, len(take))
    track = Track(width, height, level, parameters, frames, durations, keys)
    return movie(track, {PROMPT_TAG: prompt.replace("\0", " "), MAKER_TAG: MAKER})


def _take(stage: "Image", count: int, random: Random) -> list[bytes]:
    """A key frame, and frames that show the same from nearer, until the camera is home again."""
    size = (stage.width // SIDE, stage.height // SIDE)
    way = way_of(random, count / RATE)
    seen = (field_at(way, number / count, size) for number in range(1, count))
    others = [other_frame(number, moved(field)) for number, field in enumerate(seen, 1)]
    return [key_frame(*still(stage, key_header())), *others]


def _whole(image: "Image") -> "Image":
    """A picture whose last column and row go on, up to whole macroblocks."""
    from PIL import Image

    width, height = image.size
    size = (-(-width // SIDE) * SIDE, -(-height // SIDE) * SIDE)
    if size == image.size:
        return image
    stage = Image.new("RGB", size)
    stage.paste(image)
    for place in range(width, size[0]):
        stage.paste(image.crop((width - 1, 0, width, height)), (place, 0))
    for place in range(height, size[1]):
        stage.paste(stage.crop((0, height - 1, size[0], height)), (0, place))
    return stage
