"""Recordings that requests bring: known again, told apart, judged by the contract's rule."""

from array import array
from io import BytesIO
from random import Random

import av
import pytest

from mock_server.document import load
from mock_server.fixtures import CONTRACT
from mock_server.media.watermark import mark
from mock_server.recordings import SoundRule, listen
from mock_server.sounds.sound import MEDIA_TYPES
from mock_server.works import Recording as Reading
from tests.sound_factory import id3_tag, sound, wav

MP3 = sound("mp3", "libmp3lame", options=(("write_xing", "0"), ("id3v2_version", "0")))
RULE = SoundRule()


def _noise(count: int) -> "array[int]":
    chance = Random(3)
    return array("h", (chance.randint(-900, 900) for _ in range(count)))


def test_the_words_of_our_own_tags_are_believed() -> None:
    tag = id3_tag({"COMM": "The tide turns.", "TSSE": "understudy"})
    assert listen(tag + MP3, RULE).words == "The tide turns."


def test_the_words_of_other_tags_are_not() -> None:
    assert listen(id3_tag({"COMM": "La la la", "TSSE": "Lavf61"}) + MP3, RULE).words is None
    assert listen(id3_tag({"TSSE": "understudy"}) + MP3, RULE).words is None


def test_the_maker_may_be_the_artist_alone() -> None:
    """Whatever makes another file of a sound puts its own name where the software stands."""
    tags = {"TSSE": "Lavf61", "TPE1": "understudy", "COMM": "The tide turns."}
    assert listen(id3_tag(tags) + MP3, RULE).words == "The tide turns."
    tags["TPE1"] = "Somebody"
    assert listen(id3_tag(tags) + MP3, RULE).words is None


@pytest.mark.parametrize("made", ["mp3", "wav", "flac"])
@pytest.mark.parametrize(
    ("form", "codec"),
    [
        ("mp3", "libmp3lame"),
        ("ipod", "aac"),
        ("flac", "flac"),
        ("ogg", "libopus"),
        ("wav", "pcm_u8"),
    ],
)
def test_words_outlive_another_encoding(made: str, form: str, codec: str) -> None:
    said = "Grüße: the tide turns."
    data = Reading(said, "alloy", "", 1.0, made).file()
    with av.open(BytesIO(data)) as opened:
        tags = tuple(each for each in opened.metadata.items() if each[0] != "encoder")
    again = sound(form, codec, rate=48_000, tags=tags)
    assert listen(again, RULE).words == said


def test_words_that_are_hidden_in_samples_are_found() -> None:
    samples = mark(_noise(24_000), "The tide turns.")
    assert listen(wav(samples.tobytes()), RULE).words == "The tide turns."
    assert listen(wav(samples.tobytes()[5_000:] + b"\0"), RULE).words == "The tide turns."
    assert listen(wav(_noise(24_000).tobytes()), RULE).words is None


def test_they_are_found_in_the_first_of_two_channels() -> None:
    samples = mark(_noise(24_000), "The tide turns.")
    both = array("h", bytes(4 * len(samples)))
    both[0::2], both[1::2] = samples, _noise(24_000)
    form = b"\1\0\2\0\xc0\x5d\0\0\0\x77\1\0\4\0\x10\0"
    assert listen(wav(both.tobytes(), form=form), RULE).words == "The tide turns."


def test_a_digest_is_that_of_the_sound_alone() -> None:
    digest = listen(MP3, RULE).digest
    assert listen(id3_tag({"TIT2": "a title"}) + MP3, RULE).digest == digest
    assert listen(MP3 + b"TAG" + bytes(125), RULE).digest == digest
    assert listen(MP3[:-100], RULE).digest != digest


def test_the_rule_says_what_is_taken() -> None:
    with pytest.raises(ValueError, match=r"^is of the kind MP3; these are taken: WAV, FLAC$"):
        listen(MP3, SoundRule(("audio/wav", "audio/flac")))
    with pytest.raises(ValueError, match=r"^is empty$"):
        listen(b"", RULE)


def test_the_contract_names_kinds_that_are_known() -> None:
    schema = load(CONTRACT).data["components"]["schemas"]["TranscriptionForm"]
    types = schema["properties"]["file"]["x-sound"]["types"]
    assert sorted(types) == sorted(MEDIA_TYPES.values())


def test_a_view_is_as_good_as_bytes() -> None:
    assert listen(memoryview(MP3), RULE) == listen(MP3, RULE)
