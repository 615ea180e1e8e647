"""Opus and AAC of 16-bit mono samples, which FFmpeg makes (PyAV, the extra `codecs`)."""

from array import array
from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Final, Literal

from mock_server.media.sound_tags import id3, vorbis_comments

if TYPE_CHECKING:
    from av import AudioFrame, AudioResampler

_Codec = Literal["libopus", "aac"]
_BIT_RATES: Final[Mapping[_Codec, int]] = {"libopus": 32_000, "aac": 64_000}
_BITEXACT: Final = 1 << 23  # AV_CODEC_FLAG_BITEXACT: no version of a library in the file
# The fastest that both have: half the time, or less, of what they do unasked.
_OPTIONS: Final[Mapping[_Codec, dict[str, str]]] = {
    "libopus": {"application": "voip", "compression_level": "0"},
    "aac": {"aac_coder": "fast"},
}
_AT_A_TIME: Final = 1 << 16  # samples


def opus(samples: "array[int]", rate: int, text: str) -> bytes:
    """An Ogg file, with the text in its comments (RFC 7845, section 5.2)."""
    return _encoded(samples, rate, "libopus", "ogg", vorbis_comments(text))


def aac(samples: "array[int]", rate: int, text: str) -> bytes:
    """An ADTS stream, with the text in a tag before it."""
    return id3(text) + _encoded(samples, rate, "aac", "adts", {})


def _encoded(
    samples: "array[int]", rate: int, codec: _Codec, container: str, tags: Mapping[str, str]
) -> bytes:
    import av

    file = BytesIO()
    # Without it an Ogg stream has a serial number by chance.
    with av.open(file, "w", format=container, options={"fflags": "+bitexact"}) as output:
        output.metadata.update(tags)
        stream = output.add_stream(codec, rate=rate, options=_OPTIONS[codec])
        stream.bit_rate = _BIT_RATES[codec]
        stream.layout = "mono"
        stream.codec_context.flags |= _BITEXACT
        resampler = av.AudioResampler(stream.format, "mono", rate)
        for start in range(0, len(samples), _AT_A_TIME):
            for frame in _resampled(resampler, samples[start : start + _AT_A_TIME], rate, start):
                output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return file.getvalue()


def _resampled(
    resampler: "AudioResampler", samples: "array[int]", rate: int, start: int
) -> "list[AudioFrame]":
    from av import AudioFrame

    frame = AudioFrame("s16", "mono", len(samples))
    frame.planes[0].update(samples.tobytes())
    frame.sample_rate, frame.pts = rate, start
    return resampler.resample(frame)
