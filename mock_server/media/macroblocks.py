"""Macroblocks of H.264: those of a still picture, and those of the same picture moved.

A macroblock is written as its samples are (I_PCM), or, where all of its rows or all of its columns
go on as they were beside it, in some ten bits (Intra_16x16 without residual).
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from mock_server.media.h264 import padded, signed, unsigned

if TYPE_CHECKING:
    from PIL.Image import Image

SIDE: Final = 16
# From RGB to Y, Cb and Cr with their offsets: BT.709 in limited range.
_MATRIX: Final = (
    *(0.18259, 0.61423, 0.06201, 16.0),
    *(-0.10064, -0.33857, 0.43922, 128.0),
    *(0.43922, -0.39894, -0.04027, 128.0),
)
_DIFFERENT: Final = (0, *[255] * 255)  # of samples that differ by so much
_PCM: Final = unsigned(25)
_PCM_AFTER_PCM: Final = padded(_PCM)
# mb_type, intra_chroma_pred_mode, mb_qp_delta: tables 7-11 and 7-16.
_ACROSS, _DOWN = unsigned(2) + unsigned(1) + "1", unsigned(1) + unsigned(2) + "1"
# coeff_token of no coefficients, by how many those beside have on average: table 9-5. A
# macroblock of I_PCM counts as if each of its blocks had 16 (section 9.2.1).
_NO_COEFFICIENTS: Final = {0: "1", 8: "000011", 16: "000011"}
_ALL_COEFFICIENTS: Final = 16


class Field(NamedTuple):
    """How far the macroblocks of a frame are moved, in quarters of a pixel.

    Those of a column go equally far sideways, and those of a row equally far up or down. From left
    to right the former never become more, or never less.
    """

    columns: Sequence[int]
    rows: Sequence[int]


def still(image: "Image", header: str) -> tuple[list[bytes], str]:
    """The macroblocks of an RGB picture after a header: whole bytes, and the bits that are left.

    Its sides are multiples of 16.
    """
    planes, columns = _planes(image), image.width // SIDE
    across, down = (_unlike(planes, step) for step in ((1, 0), (0, 1)))
    above, left = [0] * columns, 0  # how many coefficients those beside count as
    pieces: list[bytes] = []
    bits = header
    for place, samples in enumerate(_samples(planes)):
        row, column = divmod(place, columns)
        kind = _ACROSS if column and not across[place] else ""
        kind = kind or (_DOWN if row and not down[place] else "")
        if kind:
            beside = [left] * (column > 0) + [above[column]] * (row > 0)
            bits += kind + _NO_COEFFICIENTS[sum(beside) // len(beside)]
        else:
            pieces += (padded(bits + _PCM) if bits else _PCM_AFTER_PCM, *samples)
            bits = ""
        left = above[column] = 0 if kind else _ALL_COEFFICIENTS
    return pieces, bits


def moved(field: Field) -> str:
    """The macroblocks of a frame that are taken from elsewhere in the key frame.

    A vector is written as what it differs by from the median of those at the left, above, and above
    at the right (section 8.4.1.3): between the edges, by as much as this row from the one above. A
    macroblock that differs by nothing is skipped; but at the left edge, or beside one that has not
    moved, to skip it would mean that it has not moved either (section 8.4.1.1).
    """
    xs, above = field.columns, field.rows[0]
    is_across = any(xs)
    bits, skipped = ("", len(xs)) if not (is_across or above) else (_top(xs, above), 0)
    edges = (xs[0] - sorted((0, *xs[:2]))[1], xs[-1] - xs[-2]) if len(xs) > 1 else (0,)
    for y in field.rows[1:]:
        if y == above == 0 and not is_across:
            skipped += len(xs)
            continue
        written, following = _row(edges, y - above, len(xs) - 2, is_skipping=y == above != 0)
        bits += unsigned(skipped) + written
        skipped, above = following, y
    return bits + (unsigned(skipped) if skipped else "")


def _top(xs: Sequence[int], y: int) -> str:
    """The uppermost row, where only what is at the left counts."""
    steps = [_from(x - before, 0) for before, x in pairwise(xs)]
    return unsigned(0) + unsigned(0).join([_from(xs[0], y), *steps])


def _row(
    edges: tuple[int, ...], change: int, between: int, *, is_skipping: bool
) -> tuple[str, int]:
    """Any other row after the count of those skipped, and how many at its end are skipped.

    The edges are what its first and its last vector differ by sideways.
    """
    first, *others = (_from(edge, change) for edge in edges)
    if not is_skipping:
        return first + (unsigned(0) + _from(0, change)) * between + "".join(
            unsigned(0) + last for last in others
        ), 0
    if not any(edges[1:]):
        return first, max(0, between + 1)
    return first + unsigned(between) + others[0], 0


def _from(x: int, y: int) -> str:
    """A P_L0_16x16 macroblock: mb_type, mvd_l0, coded_block_pattern (0 in table 9-4)."""
    return unsigned(0) + signed(x) + signed(y) + unsigned(0)


def _planes(image: "Image") -> list["Image"]:
    luma, *chroma = image.convert("RGB", _MATRIX).split()
    return [luma, *(plane.reduce(2) for plane in chroma)]


def _samples(planes: Sequence["Image"]) -> Iterator[tuple[bytes, ...]]:
    """The samples of each macroblock, row by row: those of Y, of Cb and of Cr."""
    sides = (SIDE, SIDE // 2, SIDE // 2)
    towers = [_towers(plane, side) for plane, side in zip(planes, sides, strict=True)]
    for row in range(planes[0].height // SIDE):
        parts = [slice(row * side**2, (row + 1) * side**2) for side in sides]
        for luma, blue, red in zip(*towers, strict=True):
            yield luma[parts[0]], blue[parts[1]], red[parts[2]]


def _towers(plane: "Image", side: int) -> list[bytes]:
    """A plane cut into columns, in each of which the samples of one square follow each other."""
    lefts = range(0, plane.width, side)
    return [plane.crop((left, 0, left + side, plane.height)).tobytes() for left in lefts]


def _unlike(planes: Sequence["Image"], step: tuple[int, int]) -> bytes:
    """For each macroblock, 0 if its every sample is the one a step to the left or up of it."""
    from PIL import ImageChops

    marks = []
    for plane, side in zip(planes, (SIDE, SIDE // 2, SIDE // 2), strict=True):
        change = ImageChops.difference(plane, ImageChops.offset(plane, *step))
        marks.append(change.point(_DIFFERENT).reduce(side))
    return ImageChops.lighter(ImageChops.lighter(*marks[:2]), marks[2]).tobytes()
