"""Recordings that requests bring: judged by the contract's rule, looked at, and listened to."""

import hashlib

import msgspec

from mock_server.provenance import MAKER
from mock_server.sounds.looking import look
from mock_server.sounds.pcm import hidden_in
from mock_server.sounds.sound import MEDIA_TYPES, Sound
from mock_server.wire import Buffer


class SoundRule(msgspec.Struct, frozen=True, rename="kebab"):
    """What the contract's `x-sound` says of a file: of which media types it may be."""

    types: tuple[str, ...] = tuple(MEDIA_TYPES.values())


class Recording(msgspec.Struct, frozen=True):
    """A recording: what is known of its file, and a digest of the sound alone, without tags.

    `words` are said in it for certain, because this server made it of them.
    """

    sound: Sound
    digest: bytes
    words: str | None


def listen(data: Buffer, rule: SoundRule) -> Recording:
    """The recording in a file; raises ValueError that says why it is refused: `is empty`."""
    sound = look(data)
    if sound.media_type not in rule.types:
        names = [name for name, media_type in MEDIA_TYPES.items() if media_type in rule.types]
        raise ValueError(f"is of the kind {sound.form}; these are taken: {', '.join(names)}")
    view = memoryview(data)
    start, end = sound.essence
    digest = hashlib.blake2b(view[start:end], digest_size=16).digest()
    return Recording(sound, digest, _words(sound, view))


def _words(sound: Sound, view: memoryview) -> str | None:
    """The words that the tags name, or that are hidden in the samples; None of others' sound."""
    tags = sound.tags
    if MAKER in (tags.get("software"), tags.get("artist")) and tags.get("description"):
        return tags["description"]
    if sound.samples is None:
        return None
    start, end = sound.samples
    return hidden_in(view[start : end - (end - start) % 2], sound.channels)
