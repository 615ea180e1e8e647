"""What is heard in recordings, in every format."""

from collections.abc import Callable, Sequence
from typing import Final

from contract_tests import transcript_laws
from contract_tests.exchange import Exchange
from contract_tests.law import Law
from contract_tests.transcript_laws import Cue

_READERS: Final[dict[str, Callable[[str], list[Cue]]]] = {
    "application/x-subrip": transcript_laws.subrip_is_well_formed,
    "text/vtt": transcript_laws.webvtt_is_well_formed,
}

_TYPES: Final = {"text": "text/plain", "srt": "application/x-subrip", "vtt": "text/vtt"}


def _form(exchange: Exchange) -> str:
    return str(exchange.fields.get("response_format", "json"))


def _format(exchange: Exchange) -> bool | None:
    return transcript_laws.a_transcript_is_of_the_format_asked_for(
        exchange.media_type, _form(exchange)
    )


def _type(exchange: Exchange) -> bool | None:
    wanted = _TYPES.get(_form(exchange))
    if wanted is None or exchange.media_type == "application/json":
        return False
    assert exchange.media_type == wanted, f"{_form(exchange)} is called {exchange.media_type}"
    return None


def _subrip(exchange: Exchange) -> bool | None:
    if exchange.media_type != "application/x-subrip":
        return False
    transcript_laws.subrip_is_well_formed(exchange.body.decode())
    return None


def _webvtt(exchange: Exchange) -> bool | None:
    if exchange.media_type != "text/vtt":
        return False
    transcript_laws.webvtt_is_well_formed(exchange.body.decode())
    return None


def _times(exchange: Exchange) -> bool | None:
    if exchange.media_type == "application/json":
        return transcript_laws.times_are_in_order(exchange.told)
    cues = _cues(exchange)
    transcript_laws.cues_follow_each_other(cues)
    return None if cues else False


def _cues(exchange: Exchange) -> Sequence[Cue]:
    """Those that can be read: how they are written down is what other laws are about."""
    read = _READERS.get(exchange.media_type)
    try:
        return read(exchange.body.decode()) if read else ()
    except AssertionError:
        return ()


def _parts(exchange: Exchange) -> bool | None:
    if exchange.media_type != "application/json":
        return False
    return transcript_laws.parts_join_to_the_text(exchange.told)


def _language(exchange: Exchange) -> bool | None:
    # In `verbose_json`, OpenAI tells it by name.
    if exchange.media_type != "application/json" or _form(exchange) != "json":
        return False
    return transcript_laws.a_language_is_a_code(exchange.told)


LAWS: Final = (
    Law("transcript-is-of-the-format", _format, "transcriptions"),
    Law("transcript-types", _type, "transcriptions"),
    Law("transcript-srt-is-well-formed", _subrip, "transcriptions"),
    Law("transcript-vtt-is-well-formed", _webvtt, "transcriptions"),
    Law("transcript-times-are-in-order", _times, "transcriptions"),
    Law("transcript-parts-join", _parts, "transcriptions"),
    Law("transcript-language", _language, "transcriptions"),
)
