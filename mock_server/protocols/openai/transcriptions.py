"""Transcriptions: what a recording says, as JSON, plain text or subtitles (RC-180 to RC-190)."""

from collections.abc import Callable
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Final

import msgspec

from mock_server.documented import choose_media
from mock_server.errors import Invalid
from mock_server.language.tongues import language_of
from mock_server.mock import Mock, Request
from mock_server.wire import Buffer, Errand, Reply
from mock_server.wishes import Wishes, wishes_of

if TYPE_CHECKING:
    from mock_server.forms import Part
    from mock_server.protocols.openai.transcripts import Heard
    from mock_server.recordings import Recording

_FIELD: Final = "file"
_SHORT: Final = 1_000_000  # bytes of a recording that is listened to in no time


def transcriptions(request: Request, mock: Mock) -> Errand:
    """The words of a recording: those that it is known to say, else made up and always the same.

    Raises ApiError (`model_not_found`) for a model that is known to do something else, and Invalid
    for what is no recording.
    """
    model, provider = request.body["model"], request.caller.provider
    mock.catalogue.check_kind(provider, model, request.operation.behaviour)
    wishes = wishes_of(request, mock)
    part, said = _file(request, wishes), request.answer.text if request.answer else None
    return Errand(partial(_answered, request, mock, part, said), "listening")


def _file(request: Request, wishes: Wishes) -> "Part":
    files = request.content.files or {}
    for name in sorted(wishes.fields.keys() - {_FIELD}):
        if name in files:
            message = f"{name}: is a file, not a plain field: leave out the filename of that part"
            raise Invalid("invalid_type", message, param=name)
    if _FIELD not in files:
        message = f"{_FIELD}: is a plain field, not a file: name the file in the part's filename"
        raise Invalid("invalid_type", message, param=_FIELD)
    part: Part = files[_FIELD][0]
    return part


def _answered(request: Request, mock: Mock, part: "Part", said: str | None) -> Reply:
    # Only few clients bring recordings; the server starts without what reads them.
    from mock_server.protocols.openai.transcripts import written
    from mock_server.recordings import SoundRule, listen

    wishes = wishes_of(request, mock)
    rule = msgspec.convert(wishes.fields[_FIELD].get("x-sound", {}), SoundRule)
    try:
        recording = _heard_by(partial(listen, rule=rule), part.data, mock)
    except ValueError as error:
        raise Invalid("invalid_value", f"{_FIELD}: {error}", param=_FIELD) from None
    heard = _heard(recording, wishes.given.get("language"), said, request.seed, mock)
    media = choose_media(request.operation.answers[200], request.body)
    assert media is not None
    charset = "; charset=utf-8" if media.type.startswith("text/") else ""
    headers = [(b"content-type", f"{media.type}{charset}".encode())]
    return Reply(200, headers, written(heard, wishes.of("response_format"), wishes.given))


def _heard_by(listen: Callable[[Buffer], "Recording"], data: Buffer, mock: Mock) -> "Recording":
    """What is heard in a recording; a long one is listened to where it holds up no stream."""
    if len(data) <= _SHORT:
        return listen(data)
    heard: Recording = mock.studio.elsewhere(partial(listen, bytes(data)))
    return heard


def _heard(
    recording: "Recording", hint: str | None, said: str | None, seed: int, mock: Mock
) -> "Heard":
    from mock_server.protocols.openai.transcripts import Heard

    text = recording.words if said is None else said
    seconds = recording.sound.seconds
    if text is None:
        language = hint or mock.phrases.languages[0].code
        chance = Random(b"%d/%b/%b" % (seed, language.encode(), recording.digest))
        text = mock.monologues.told(language, seconds, chance)
    else:
        language = hint or language_of(mock.phrases, text)
    name = mock.monologues.name(language)
    return Heard(text.strip(), language, name, max(1, round(seconds * 1000)))
