"""WebM and Matroska: as long as the blocks of the sound track."""

import struct

import pytest

from mock_server.sounds.looking import look
from mock_server.sounds.sound import Unreadable
from tests.sound_factory import decoded_seconds, film, sound

LIVE = (("live", "1"), ("cluster_time_limit", "300"))
SEGMENT, INFO, TRACKS, CLUSTER = (
    b"\x18\x53\x80\x67",
    b"\x15\x49\xa9\x66",
    b"\x16\x54\xae\x6b",
    b"\x1f\x43\xb6\x75",
)
UNKNOWN = b"\x01" + b"\xff" * 7
HEAD = b"\x1a\x45\xdf\xa3\x80"


def element(mark: bytes, content: bytes) -> bytes:
    return mark + (len(content) | 1 << 56).to_bytes(8) + content


def track(codec: bytes, *more: bytes) -> bytes:
    audio = element(b"\xe1", element(b"\xb5", struct.pack(">f", 48_000.0)) + b"\x9f\x81\x01")
    named = element(b"\x86", codec)
    return element(
        TRACKS, element(b"\xae", b"\xd7\x81\x01\x83\x81\x02" + named + audio + b"".join(more))
    )


def block(time: int, data: bytes, *, number: int = 1, flags: int = 0) -> bytes:
    return element(b"\xa3", bytes([0x80 | number]) + struct.pack(">hB", time, flags) + data)


def cluster(time: int, *blocks: bytes, size: bytes | None = None) -> bytes:
    content = element(b"\xe7", time.to_bytes(4)) + b"".join(blocks)
    return CLUSTER + size + content if size else element(CLUSTER, content)


def webm(*parts: bytes) -> bytes:
    return HEAD + SEGMENT + UNKNOWN + b"".join(parts)


OPUS = b"\x08" + bytes(9)  # 20 ms


@pytest.mark.parametrize(
    ("container", "codec", "rate"),
    [
        *(("webm", "libopus", 8_000), ("webm", "libopus", 48_000), ("webm", "vorbis", 44_100)),
        *(("matroska", "aac", 44_100), ("matroska", "pcm_s16le", 24_000)),
        *(("matroska", "flac", 24_000), ("matroska", "libmp3lame", 44_100)),
        ("matroska", "ac3", 48_000),
    ],
)
@pytest.mark.parametrize("options", [(), LIVE], ids=["whole", "live"])
def test_every_codec_is_as_long_as_it_decodes(
    container: str, codec: str, rate: int, options: tuple[tuple[str, str], ...]
) -> None:
    data = sound(container, codec, rate=rate, channels=2, seconds=1.337, options=options)
    found = look(data)
    assert found.seconds == pytest.approx(decoded_seconds(data), abs=1_152 / rate)
    assert (found.form, found.media_type, found.channels) == ("WebM", "audio/webm", 2)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
@pytest.mark.parametrize("options", [(), LIVE], ids=["whole", "live"])
def test_what_is_cut_off_lasts_as_long_as_what_is_left(
    share: float, options: tuple[tuple[str, str], ...]
) -> None:
    data = sound("webm", "libopus", rate=48_000, seconds=3.0, options=options)
    cut = data[: int(len(data) * share)]
    assert look(cut).seconds == pytest.approx(decoded_seconds(cut), abs=0.02)


def test_of_a_film_the_sound_track_counts() -> None:
    data = film("webm", audio="libopus", seconds=1.0)
    assert look(data).seconds == pytest.approx(decoded_seconds(data), abs=0.02)


def test_a_film_without_sound_is_refused() -> None:
    with pytest.raises(Unreadable, match=r"^has no sound track$"):
        look(film("webm"))


def test_what_a_browser_records_has_no_sizes_and_no_length() -> None:
    first = cluster(0, block(0, OPUS), block(20, OPUS), size=UNKNOWN)
    second = cluster(1_000, block(0, OPUS), block(0, bytes(9), number=2), size=UNKNOWN)
    found = look(webm(track(b"A_OPUS"), first, second))
    assert found.seconds == pytest.approx(1.02)
    assert (found.rate, found.channels) == (48_000, 1)


def test_what_joined_later_began_then() -> None:
    data = webm(track(b"A_OPUS"), cluster(5_000, block(0, OPUS)), cluster(6_000, block(0, OPUS)))
    assert look(data).seconds == pytest.approx(1.02)


def test_clusters_without_the_track_do_not_count() -> None:
    other = cluster(90_000, block(0, bytes(9), number=2))
    data = webm(track(b"A_OPUS"), cluster(0, block(0, OPUS)), other)
    assert look(data).seconds == pytest.approx(0.02)


def test_a_block_may_say_how_long_it_is_and_what_is_cut_off() -> None:
    inner = b"\xa1\x8e\x81\0\x64\0" + OPUS
    group = element(b"\xa0", inner + b"\x9b\x81\x32")  # at 100 ms, for 50 ms
    data = webm(track(b"A_TRUEHD"), cluster(0, block(0, OPUS), group))
    assert look(data).seconds == pytest.approx(0.15)
    cut = element(b"\xa0", inner + b"\x75\xa2\x84" + (10_000_000).to_bytes(4))
    data = webm(track(b"A_OPUS"), cluster(0, block(0, OPUS), cut))
    assert look(data).seconds == pytest.approx(0.11)


def test_frames_that_are_laced_are_counted() -> None:
    laced = block(0, b"\x02" + OPUS * 3, flags=0x04)
    assert look(webm(track(b"A_OPUS"), cluster(0, laced))).seconds == pytest.approx(0.06)


def test_of_a_codec_that_tells_nothing_the_usual_length_counts() -> None:
    usual = b"\x23\xe3\x83\x84" + (30_000_000).to_bytes(4)
    data = webm(track(b"A_TRUEHD", usual), cluster(0, block(0, OPUS), block(100, OPUS)))
    assert look(data).seconds == pytest.approx(0.13)
    data = webm(track(b"A_TRUEHD"), cluster(0, block(0, OPUS), block(100, OPUS)))
    assert look(data).seconds == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (HEAD, "no sound track"),
        (webm(track(b"A_OPUS")), "holds no sound"),
        (webm(track(b"A_OPUS"), cluster(0)), "holds no sound"),
        (webm(track(b"A_OPUS"), cluster(0, block(0, b""))), "holds no sound"),
        (webm(track(b"A_OPUS"), CLUSTER + b"\x80" + b"\xec\x80" * 400_001), "400,000 elements"),
        (webm(track(b"A_OPUS"), (CLUSTER + b"\x80") * 50_001), "50,000 clusters"),
        (
            webm(element(TRACKS, element(b"\xae", b"\x83\x81\x02\xe1\x86\xb5\x84\x7f\xc0\0\0"))),
            "plausible",
        ),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_is_no_recording_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        look(data)
