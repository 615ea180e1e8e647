"""The catalogue of models."""

from typing import Final

from contract_tests.exchange import Exchange
from contract_tests.law import Law


def no_model_is_listed_twice(exchange: Exchange) -> bool | None:
    """Ids are looked up, and so each is that of one entry (OA-029)."""
    ids = [model["id"] for model in exchange.told["data"]]
    twice = sorted({id for id in ids if ids.count(id) > 1})
    assert not twice, f"listed more than once: {', '.join(twice[:5])}"
    return None if ids else False


LAWS: Final = (Law("models-are-listed-once", no_model_is_listed_twice, "model-list"),)
