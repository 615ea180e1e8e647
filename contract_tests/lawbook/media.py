"""Embeddings."""

from typing import Final

from contract_tests import laws
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


LAWS: Final = (
    Law("embeddings-answer-each-input", _vectors, "embeddings"),
    Law("embeddings-come-as-asked", _form_of_vectors, "embeddings"),
)
