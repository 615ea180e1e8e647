"""Texts read aloud, sent piece by piece (RC-170 to RC-178)."""

from collections.abc import Iterator
from functools import partial
from itertools import repeat
from typing import Final

from mock_server.documented import choose_media
from mock_server.errors import Invalid
from mock_server.mock import Mock, Request
from mock_server.scripted import medium
from mock_server.timing import pauses_for
from mock_server.wire import Errand, Event, Reply
from mock_server.wishes import wishes_of
from mock_server.works import Recording

_PIECE: Final = 8_192  # bytes


def speech(request: Request, mock: Mock) -> Errand:
    """The text as sound, in the format asked for.

    Raises ApiError (`model_not_found`) for a model that is known to do something else. The errand
    raises Invalid where the format needs what is not installed.
    """
    provider, model = request.caller.provider, request.body["model"]
    mock.catalogue.check_kind(provider, model, request.operation.behaviour)
    return Errand(partial(_read_aloud, _recording(request, mock), request, mock))


def _recording(request: Request, mock: Mock) -> Recording:
    body, model, wishes = request.body, request.body["model"], wishes_of(request, mock)
    scripted = medium(request, "audio", wishes.of("response_format"))
    return Recording(
        text=scripted.words or body["input"],
        voice=body.get("voice") or mock.catalogue.voice(request.caller.provider, model),
        manner=f"{request.seed}/{model}/{body.get('language', '')}",
        speed=float(wishes.of("speed")),
        form=wishes.of("response_format"),
        copy_of=str(scripted.file or ""),
    )


def _read_aloud(recording: Recording, request: Request, mock: Mock) -> Reply:
    try:
        sound = mock.studio.made(recording)
    except ImportError:
        message = (
            f"response_format: '{recording.form}' needs PyAV, the extra `codecs` of this server: "
            "pip install av"
        )
        raise Invalid("invalid_value", message, param="response_format") from None
    answer = request.operation.answer(request.operation.success)
    media = choose_media(answer, request.body) if answer else None
    assert media is not None, "the contract has a media type for each format"
    pauses = pauses_for(request, mock, request.body["model"], (recording.text,))
    return Reply(
        request.operation.success,
        [(b"content-type", media.type.encode())],
        _pieces(sound, repeat(0.0) if pauses is None else pauses),
        framed=False,
    )


def _pieces(sound: bytes, pauses: Iterator[float]) -> Iterator[Event]:
    for start in range(0, len(sound), _PIECE):
        yield Event(sound[start : start + _PIECE], after=next(pauses))
