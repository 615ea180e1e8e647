"""How likely the tokens of an answer were, and what else might have stood in their place."""

import math
from collections.abc import Sequence
from random import Random

from mock_server.wire import Json

# What a model might have said instead, where the answer itself has too few other tokens.
_COMMON = (
    *(" the", " a", ",", ".", " of", " and", " to", " in", " is", " that", " it", " for", " on"),
    *(" with", " as", " at", " by", " an", " this", " or", " from", " be", " are", " not", "\n"),
)
_SURE, _UNSURE = 0.999, 0.35  # between these the chance of a token that was said lies


class Likelihoods:
    """Log probabilities for the tokens of one answer, in the order in which they are asked for."""

    def __init__(self, pieces: Sequence[str], tops: int) -> None:
        self._tops = tops
        # Two, so that how sure the model was does not change with how much of it is told.
        self._sureness, self._random = Random("".join(pieces)), Random("".join(pieces))
        self._others = list(dict.fromkeys([*pieces[:100], *_COMMON]))

    def of(self, piece: str) -> Json:
        """The likelihood of the next token, and the `tops` likeliest, itself first."""
        # Most tokens are all but certain, some are not.
        share = _UNSURE + (_SURE - _UNSURE) * self._sureness.random() ** 0.2
        told = _token(piece, share)
        return {**told, "top_logprobs": self._likeliest(piece, told, 1 - share)}

    def _likeliest(self, piece: str, told: Json, left: float) -> list[Json]:
        """The token itself, then others with less and less of the probability that is left."""
        if not self._tops:
            return []
        others = self._random.sample(self._others, min(self._tops, len(self._others)))
        ranked, share = [told], min(left, math.exp(told["logprob"]))
        for other in [each for each in others if each != piece][: self._tops - 1]:
            share *= 0.2 + 0.29 * self._random.random()
            ranked.append(_token(other, share))
        return ranked


def _token(piece: str, share: float) -> dict[str, Json]:
    return {
        "token": piece,
        "logprob": round(math.log(share), 6),
        "bytes": list(piece.encode()),
    }
