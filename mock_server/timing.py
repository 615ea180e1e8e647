"""Which pace an answer takes: of the key, else of the settings, else of the model."""

import hashlib
from collections.abc import Iterable, Iterator
from random import Random

from mock_server.mock import Mock, Request
from mock_server.pace import INSTANT, pace_of, pauses, read_pace


def pauses_for(
    request: Request, mock: Mock, model: str, said: Iterable[str]
) -> Iterator[float] | None:
    """Seconds to wait before each token of what a model said; None where none is waited for.

    They follow from the seed, the caller and what was said, and never end.
    """
    caller = request.caller
    own = mock.store.pace(caller.id)
    general = mock.settings.pace
    if own is None and general is INSTANT:
        return None
    wish = None if own is None else read_pace(own)
    pace = pace_of(wish, general, mock.catalogue.pace(caller.provider, model))
    if pace.is_instant:
        return None
    facts = f"{request.seed}/{caller.id}/{model}/{''.join(said)}".encode()
    seed = hashlib.blake2b(facts, digest_size=16, person=b"pace").digest()
    return pauses(pace, Random(int.from_bytes(seed)))
