"""Pictures, speech, transcripts and embeddings."""

from typing import Final

from contract_tests import laws, sound_laws, transcript_laws
from contract_tests.exchange import Exchange
from contract_tests.law import Law


def _vectors(exchange: Exchange) -> bool | None:
    if "input" not in exchange.asked:
        return False
    laws.embeddings_answer_each_input(exchange.told, exchange.asked["input"])
    return None


def _form_of_vectors(exchange: Exchange) -> None:
    form = str(exchange.asked.get("encoding_format", "float"))
    laws.embeddings_come_in_the_form_asked_for(exchange.told, form)


def _sound(exchange: Exchange) -> bool | None:
    form = sound_laws.FORMS.get(exchange.media_type)
    if form is None:
        return False
    sound_laws.a_sound_is_whole(exchange.body, form)
    return None


def _transcript(exchange: Exchange) -> bool | None:
    text = exchange.body.decode()
    if exchange.media_type == "application/x-subrip":
        transcript_laws.cues_follow_each_other(transcript_laws.subrip_is_well_formed(text))
    elif exchange.media_type == "text/vtt":
        transcript_laws.cues_follow_each_other(transcript_laws.webvtt_is_well_formed(text))
    elif exchange.media_type == "application/json":
        transcript_laws.an_answer_is_in_order(exchange.told)
    else:
        return False
    return None


LAWS: Final = (
    Law("embeddings-answer-each-input", _vectors, "embeddings"),
    Law("embeddings-come-as-asked", _form_of_vectors, "embeddings"),
    Law("speech-is-a-whole-file", _sound, "speech"),
    Law("transcripts-are-in-order", _transcript, "transcriptions"),
)
