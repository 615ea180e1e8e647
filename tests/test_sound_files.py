"""Every file decodes, by FFmpeg and without complaint, to the sound that went in."""

import math
import wave
from array import array
from collections.abc import Sequence
from io import BytesIO
from random import Random
from typing import NamedTuple

import av
import pytest

from mock_server.media.sound_files import ENCODERS
from mock_server.media.watermark import find, mark
from mock_server.provenance import MAKER

RATE = 24_000
TEXT = "Ein Füchslein, лиса, 狐 🦊: the tide turns."
LENGTHS = [1, 2, 3, 17, 4_095, 4_096, 4_097, 24_000, 100_000]
TAGGED = [name for name in ENCODERS if name != "pcm"]


class Decoded(NamedTuple):
    """What FFmpeg makes of a file."""

    samples: "array[float]"
    rate: int
    tags: dict[str, str]
    complaints: Sequence[str]


def tone(length: int) -> "array[int]":
    random = Random(length)
    return array(
        "h", (round(9_000 * math.sin(n / 9)) + random.randrange(-60, 60) for n in range(length))
    )


def decoded(data: bytes) -> Decoded:
    av.logging.set_level(av.logging.WARNING)
    with av.logging.Capture() as logs, av.open(BytesIO(data), "r") as file:
        stream = file.streams.audio[0]
        samples, rate = array("f"), 0
        resampler = av.AudioResampler("flt", "mono")
        for frame in file.decode(stream):
            rate = frame.sample_rate
            for part in resampler.resample(frame):
                samples.frombytes(bytes(part.planes[0])[: 4 * part.samples])
        tags = {name.lower(): value for name, value in {**stream.metadata, **file.metadata}.items()}
    av.logging.set_level(None)
    complaints = [text.strip() for level, _, text in logs if level <= av.logging.WARNING]
    return Decoded(samples, rate, tags, complaints)


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("form", ["wav", "flac"])
def test_lossless_files_lose_nothing(form: str, length: int) -> None:
    samples = tone(length)
    found = decoded(ENCODERS[form](samples, RATE, TEXT))
    assert found.rate == RATE
    assert [round(each * 32_768) for each in found.samples] == samples.tolist()
    assert not found.complaints


@pytest.mark.parametrize(
    "samples",
    [
        array("h", [32_767, -32_768] * 5_000),
        array("h", [-32_768, -32_768, 32_767, 32_767] * 3_000),
        array("h", [0] * 9_000),
        array("h", [-32_768] * 4_096),
        array("h", [0, 1] * 4_000),
        array("h", Random(1).randbytes(20_000)),
        array("h", [0] * 4_000 + [30_000] + [0] * 9_000),
    ],
    ids=["largest steps", "largest bends", "silence", "lowest", "mark", "noise", "click"],
)
def test_flac_takes_any_samples(samples: "array[int]") -> None:
    found = decoded(ENCODERS["flac"](samples, RATE, TEXT))
    assert [round(each * 32_768) for each in found.samples] == samples.tolist()
    assert not found.complaints


def test_flac_makes_smaller_what_is_smooth() -> None:
    samples = array("h", (round(9_000 * math.sin(n / 30)) for n in range(100_000)))
    assert len(ENCODERS["flac"](samples, RATE, "")) < len(samples)
    assert len(ENCODERS["flac"](array("h", [0] * 100_000), RATE, "")) < len(samples) // 4


def test_flac_numbers_its_frames_beyond_one_byte() -> None:
    samples = array("h", [0] * 4_096 * 2_100)
    found = decoded(ENCODERS["flac"](samples, RATE, ""))
    assert len(found.samples) == len(samples)
    assert not found.complaints


def test_wav_is_a_wav_to_the_standard_library() -> None:
    samples = tone(1_000)
    with wave.open(BytesIO(ENCODERS["wav"](samples, RATE, TEXT))) as file:
        assert file.getparams()[:4] == (1, 2, RATE, 1_000)
        assert file.readframes(1_000) == samples.tobytes()


@pytest.mark.parametrize("length", [2_900, *LENGTHS[4:]])
@pytest.mark.parametrize("form", ["mp3", "opus", "aac"])
def test_lossy_files_keep_length_and_shape(form: str, length: int) -> None:
    samples = tone(length)
    found = decoded(ENCODERS[form](samples, RATE, TEXT))
    late = {"mp3": 0, "opus": 0, "aac": 1_024}[form]  # samples; ADTS cannot say what was added
    heard = len(found.samples) * RATE / found.rate - late
    assert length <= heard < length + (1_024 if form == "aac" else 1)
    # The length of a stream without an index is a guess, which FFmpeg says aloud.
    assert [each for each in found.complaints if "Estimating duration" not in each] == []
    assert form == "aac" or not found.complaints
    if length > 20_000:
        assert _likeness(samples, found.samples[late :: found.rate // RATE]) > 0.9


@pytest.mark.parametrize("form", TAGGED)
def test_tags_say_the_text_and_the_maker(form: str) -> None:
    tags = decoded(ENCODERS[form](tone(24_000), RATE, TEXT)).tags
    assert TEXT in tags.values()
    assert MAKER in tags.values()


@pytest.mark.parametrize("form", ENCODERS)
@pytest.mark.parametrize("length", [0, 24_000])
def test_the_same_sound_gives_the_same_bytes(form: str, length: int) -> None:
    samples = tone(length)
    assert ENCODERS[form](samples, RATE, TEXT) == ENCODERS[form](samples, RATE, TEXT)


@pytest.mark.parametrize("form", ["wav", "flac", "pcm"])
def test_the_mark_survives_in_what_loses_nothing(form: str) -> None:
    data = ENCODERS[form](mark(tone(24_000), TEXT), RATE, "")
    if form == "pcm":
        samples = array("h", data)
    else:
        samples = array("h", (round(each * 32_768) for each in decoded(data).samples))
    assert find(samples[5_000:]) == TEXT


def _likeness(one: "array[int]", other: "array[float]") -> float:
    """The correlation of two sounds in their middle."""
    a, b = one[5_000:15_000], other[5_000:15_000]
    products = (x * y for x, y in zip(a, b, strict=True))
    return abs(sum(products)) / math.hypot(*a) / math.hypot(*b)
