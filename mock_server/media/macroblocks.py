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
    xs, ys = field
    kinds = [(y - above, y != 0) for above, y in pairwise(ys)]
    known = {(change, moves): _row(xs, change, moves=moves) for change, moves in set(kinds)}
    pieces: list[str] = []
    skipped = 0
    for written, following in (_top(xs, ys[0]), *(known[kind] for kind in kinds)):
        if written:
            pieces += (unsigned(skipped), written)
            skipped = 0
        skipped += following
    return "".join(pieces) + (unsigned(skipped) if skipped else "")


def _top(xs: Sequence[int], y: int) -> tuple[str, int]:
    """The uppermost row after the count of those skipped before, and how many its end skips.

    Of what is beside, only what is at the left counts here.
    """
    if not (any(xs) or y):
        return "", len(xs)
    steps = [x - before for before, x in pairwise(xs)]
    known = {step: unsigned(0) + _from(step, 0) for step in set(steps)}
    return _from(xs[0], y) + "".join([known[step] for step in steps]), 0


def _row(xs: Sequence[int], change: int, *, moves: bool) -> tuple[str, int]:
    """Any other row likewise; it `moves` up or down, by so much more than the row above."""
    if not (moves or change or any(xs)):
        return "", len(xs)
    if len(xs) == 1:
        return _from(0, change), 0
    # What is missing at the left counts as no motion; above at the right, as what is at the left.
    first, last = _from(xs[0] - sorted((0, *xs[:2]))[1], change), _from(xs[-1] - xs[-2], change)
    between = len(xs) - 2
    if change or not moves:
        return first + (unsigned(0) + _from(0, change)) * between + unsigned(0) + last, 0
    if xs[-1] != xs[-2]:
        return first + unsigned(between) + last, 0
    return first, between + 1


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
