"""Speech, of every format."""

from typing import Final

from contract_tests import sound_laws
from contract_tests.exchange import Exchange
from contract_tests.law import Law


def _whole(exchange: Exchange) -> bool | None:
    form = sound_laws.FORMS.get(exchange.media_type)
    if form is None:
        return False
    sound_laws.a_sound_is_whole(exchange.body, form)
    return None


def _default(exchange: Exchange) -> bool | None:
    if exchange.fields.get("response_format", "mp3") != "mp3":
        return False
    assert exchange.media_type == "audio/mpeg", f"an MP3 is called {exchange.media_type}"
    return None


def _type(exchange: Exchange) -> bool | None:
    form = exchange.fields.get("response_format")
    if form not in ("wav", "flac", "opus", "aac"):
        return False
    assert exchange.media_type == f"audio/{form}", f"{form} is called {exchange.media_type}"
    return None


def _time(exchange: Exchange) -> bool | None:
    text, speed = str(exchange.fields.get("input", "")), exchange.fields.get("speed", 1)
    seconds = sound_laws.length_of(exchange.body, exchange.media_type)
    is_pace = isinstance(speed, int | float) and 0.25 <= speed <= 4
    if not sound_laws.can_be_timed(text) or not is_pace or seconds is None:
        return False
    sound_laws.a_sound_takes_the_time_of_its_text(seconds, text, speed)
    return None


LAWS: Final = (
    Law("speech-is-a-whole-file", _whole, "speech"),
    Law("speech-is-mp3-by-default", _default, "speech"),
    Law("speech-types-of-openai", _type, "speech"),
    Law("speech-takes-its-time", _time, "speech"),
)
