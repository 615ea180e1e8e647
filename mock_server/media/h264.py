"""H.264 as a byte stream has it: numbers as bits, parameter sets, slice headers, NAL units.

The numbers of sections, tables and annexes are those of ITU-T Rec. H.264. Bits are strings of 0 and
1 until they become bytes: Python joins, repeats and turns them into numbers at the speed of C.
"""

import re
from typing import Final, NamedTuple

PROFILE, COMPATIBILITY = 66, 0xC0  # constrained baseline: A.2.1 with constraint_set0 and 1
RATE: Final = 24  # frames a second
ORDER_BITS: Final = 12  # of pic_order_cnt_lsb: half their range, by twos, is for 1,024 frames
VECTOR_BITS: Final = 9
BT709: Final = 1  # primaries, transfer and matrix alike: tables E-3, E-4 and E-5
_FRAME_NUMBER_BITS: Final = 4
_SPS, _PPS, _KEY, _OTHER = 0x67, 0x68, 0x65, 0x01  # nal_ref_idc 3 or 0, and nal_unit_type
_ALL_I, _ALL_P = 7, 5
# Three bytes that would look like a start code or an escape, as far as they end: section 7.4.1.
_START_CODE: Final = re.compile(rb"\0\0(?=[\0-\3])")


class Format(NamedTuple):
    """What a decoder is told of all frames: their size as coded and as shown, and the level."""

    columns: int  # in macroblocks
    rows: int
    width: int  # in pixels; what is coded more is at the right and at the foot
    height: int
    level: int


def unsigned(number: int) -> str:
    """ue(v), an Exp-Golomb code: section 9.1."""
    return f"{number + 1:0{2 * (number + 1).bit_length() - 1}b}"


def signed(number: int) -> str:
    """se(v): section 9.1.1."""
    return unsigned(2 * number - 1 if number > 0 else -2 * number)


def padded(bits: str) -> bytes:
    """Bits as bytes, the last of them filled with zeros."""
    size = -(-len(bits) // 8)
    return int(bits.ljust(size * 8, "0"), 2).to_bytes(size, "big")


def sequence(form: Format) -> bytes:
    """The sequence parameter set: section 7.3.2.1."""
    # Cropping at the left and at the top is what few encoders do, and some decoders round.
    right, bottom = form.columns * 16 - form.width, form.rows * 16 - form.height
    fields = [
        f"{PROFILE:08b}{COMPATIBILITY:08b}{form.level:08b}",
        unsigned(0),  # seq_parameter_set_id
        unsigned(_FRAME_NUMBER_BITS - 4),
        unsigned(0),  # pic_order_cnt_type: 2 would forbid two frames in a row that none refers to
        unsigned(ORDER_BITS - 4),
        unsigned(1),  # max_num_ref_frames
        "0",  # gaps_in_frame_num_value_allowed_flag
        unsigned(form.columns - 1),
        unsigned(form.rows - 1),
        "1",  # frame_mbs_only_flag
        "1",  # direct_8x8_inference_flag
        "1",  # frame_cropping_flag; the offsets are in units of two pixels
        *(unsigned(offset // 2) for offset in (0, right, 0, bottom)),
        "1",  # vui_parameters_present_flag
        _usability(),
    ]
    return _unit(_SPS, _ended("".join(fields)))


def _usability() -> str:
    """The VUI parameters: section E.1.1."""
    fields = [
        f"1{1:08b}",  # square pixels
        "0",  # overscan_info_present_flag
        f"1{5:03b}0",  # video format unspecified, limited range
        f"1{BT709:08b}{BT709:08b}{BT709:08b}",
        "1" + unsigned(1) * 2,  # chroma is sampled between the pixels, as an average is
        f"1{1:032b}{2 * RATE:032b}1",  # a tick is half a frame; the frame rate is fixed
        "000",  # no buffering parameters but those of the level, no pic_struct
        "11",  # bitstream_restriction_flag, motion_vectors_over_pic_boundaries_flag
        unsigned(0) * 2,  # no bound to the bytes of a picture nor the bits of a macroblock
        unsigned(VECTOR_BITS) * 2,
        unsigned(0),  # max_num_reorder_frames
        unsigned(1),  # max_dec_frame_buffering
    ]
    return "".join(fields)


def picture() -> bytes:
    """The picture parameter set: section 7.3.2.2."""
    fields = [
        unsigned(0) * 2,  # pic_parameter_set_id, seq_parameter_set_id
        "00",  # CAVLC, no order of the bottom field
        unsigned(0) * 3,  # one slice group, one reference picture in either list
        "000",  # no weighted prediction
        signed(0) * 3,  # pic_init_qp_minus26, pic_init_qs_minus26, chroma_qp_index_offset
        "100",  # deblocking_filter_control_present_flag
    ]
    return _unit(_PPS, _ended("".join(fields)))


def key_frame(pieces: list[bytes], bits: str) -> bytes:
    """An IDR picture of one slice: its header and macroblocks as whole bytes, and the bits left."""
    return _unit(_KEY, b"".join([*pieces, _ended(bits)]))


def key_header() -> str:
    """The head of the slice of a key frame: section 7.3.3."""
    return "".join(
        [
            unsigned(0) + unsigned(_ALL_I) + unsigned(0),
            f"{0:0{_FRAME_NUMBER_BITS}b}",
            unsigned(0),  # idr_pic_id: no two key frames follow each other
            f"{0:0{ORDER_BITS}b}",
            "00",  # dec_ref_pic_marking
            _unfiltered(),
        ]
    )


def other_frame(number: int, macroblocks: str) -> bytes:
    """A frame that refers to the key frame before it, and that none refers to.

    `number` counts from the key frame, which is 0, to 1,023.
    """
    header = [
        unsigned(0) + unsigned(_ALL_P) + unsigned(0),
        f"{1:0{_FRAME_NUMBER_BITS}b}",  # the same for all: section 7.4.3
        f"{2 * number:0{ORDER_BITS}b}",
        "00",  # the number of reference pictures and their order are as said
        _unfiltered(),
    ]
    return _unit(_OTHER, _ended("".join([*header, macroblocks])))


def _unfiltered() -> str:
    return signed(0) + unsigned(1)  # slice_qp_delta, disable_deblocking_filter_idc


def _ended(bits: str) -> bytes:
    return padded(bits + "1")  # rbsp_trailing_bits


def _unit(head: int, payload: bytes) -> bytes:
    if b"\0\0" in payload:
        payload = _START_CODE.sub(b"\0\0\3", payload)
    return bytes((head,)) + payload
