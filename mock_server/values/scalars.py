"""Numbers and strings that keep to the parts of a schema."""

import base64
import math
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from random import Random

from mock_server.values import formats
from mock_server.values.conjunction import Conflict, Part, arguments, least, most
from mock_server.values.patterns import LONGEST, UnsupportedPattern
from mock_server.values.schemas import Schemas
from mock_server.values.words import Words, size
from mock_server.wire import Json

_WINDOW = 1000
_FAR = 10**6
_EXACT = 10**12
_FREE_WITHIN = 100
_DRAWS = 40
_SPLICES = 3
_DRAW_IN_VAIN = 20
_CHARACTERS = 10  # that cost as much as one value


@dataclass(frozen=True, slots=True)
class Manner:
    """How a value is drawn: the name it goes by, and whether anything goes as long as it fits."""

    name: str
    wild: bool


class Numbers:
    """The numbers that keep to the parts of a schema: the multiples of a step in a range."""

    def __init__(self, parts: Sequence[Part], *, whole: bool) -> None:
        steps = [_exact(step) for step in arguments(parts, "multipleOf") if step > 0]
        low, high = _bounds(parts)
        self._step = _common([*steps, Fraction(1)] if whole else steps) or _fine(low, high)
        self._first = None if low is None else math.ceil(low / self._step)
        self._last = None if high is None else math.floor(high / self._step)
        self._exclude(most(parts, "exclusiveMinimum"), least(parts, "exclusiveMaximum"))
        if self._first is not None and self._last is not None and self._first > self._last:
            keyword = "multipleOf" if steps else "minimum"
            raise Conflict(keyword, "no number lies between the bounds")

    def make(self, manner: Manner, random: Random, refused: Collection[Json]) -> int | float:
        """A number of a usual size for its name, and the next free one if that is refused."""
        index = self._pick(self._window(manner, random), random)
        far = min(len(refused), _FREE_WITHIN)
        for free in chain(range(index, index + far + 1), range(index - 1, index - far - 1, -1)):
            if self._is_inside(free) and self._plain(free) not in refused:
                return self._plain(free)
        return self._plain(index)

    def _plain(self, index: int) -> int | float:
        if self._step.denominator == 1:
            return index * self._step.numerator
        value = index * self._step
        return value.numerator if value.denominator == 1 else float(value)

    def _exclude(self, low: Json, high: Json) -> None:
        if low is not None and self._first is not None and self._first * self._step <= _exact(low):
            self._first += 1
        if high is not None and self._last is not None and self._last * self._step >= _exact(high):
            self._last -= 1

    def _is_inside(self, index: int) -> bool:
        above = self._first is None or index >= self._first
        return above and (self._last is None or index <= self._last)

    def _window(self, manner: Manner, random: Random) -> tuple[int, int]:
        if manner.wild:
            far = random.choice([_WINDOW, _FAR])
            return -far, far
        low, high = size(manner.name) or (0, _WINDOW)
        return math.ceil(low / self._step), math.floor(high / self._step)

    def _pick(self, window: tuple[int, int], random: Random) -> int:
        """A number of the range and the window, else one of the range that is close to it."""
        first, last = self._first, self._last
        low = window[0] if first is None else max(first, window[0])
        high = window[1] if last is None else min(last, window[1])
        if low > high and first is not None and first > window[1]:
            low, high = first, first + _WINDOW if last is None else min(last, first + _WINDOW)
        elif low > high and last is not None:
            low, high = last - _WINDOW if first is None else max(first, last - _WINDOW), last
        return random.randint(low, max(low, high))


def _exact(number: Json) -> Fraction:
    return Fraction(str(number))


def _bounds(parts: Sequence[Part]) -> tuple[Fraction | None, Fraction | None]:
    lows = [*arguments(parts, "minimum"), *arguments(parts, "exclusiveMinimum")]
    highs = [*arguments(parts, "maximum"), *arguments(parts, "exclusiveMaximum")]
    for name in arguments(parts, "format"):
        if name in formats.INTEGERS:
            lows.append(formats.INTEGERS[name][0])
            highs.append(formats.INTEGERS[name][1])
    return max(map(_exact, lows), default=None), min(map(_exact, highs), default=None)


def _common(steps: Sequence[Fraction]) -> Fraction | None:
    """The smallest number that is a multiple of each."""
    if not steps:
        return None
    numerator = math.lcm(*(step.numerator for step in steps))
    denominator = math.gcd(*(step.denominator for step in steps))
    return Fraction(numerator, denominator)


def _fine(low: Fraction | None, high: Fraction | None) -> Fraction:
    """Steps of a hundredth: larger where floats are coarse, smaller where the range is narrow."""
    step = Fraction(1, 100)
    while max(abs(bound or Fraction(0)) for bound in (low, high)) > step * _EXACT:
        step *= 10
    if low is None or high is None:
        return step
    if low >= high:
        return abs(low) or Fraction(1)
    while step * 10 > high - low:
        step /= 10
    return step


class Strings:
    """Strings that keep to the parts of a schema: by pattern, format, name, or of plain words.

    `spend` is told what the draws cost, and may put an end to them.
    """

    def __init__(
        self, schemas: Schemas, words: Words, random: Random, spend: Callable[[int], None]
    ) -> None:
        self._schemas = schemas
        self._words = words
        self._random = random
        self._spend = spend

    def make(self, parts: Sequence[Part], manner: Manner) -> str:
        """A string; raises Conflict with a keyword that no draw kept to."""
        low, high = int(most(parts, "minLength", 0)), int(least(parts, "maxLength", LONGEST))
        if low > LONGEST:
            raise Conflict("minLength", f"more than {LONGEST} characters are not made")
        if low > high:
            raise Conflict("maxLength", f"{high} characters are too few for {low}")
        broken = "pattern"
        for made in self._draws(parts, manner, (low, high)):
            self._spend(len(made) // _CHARACTERS)
            found = self._broken(parts, made) if low <= len(made) <= high else "maxLength"
            if found is None:
                return made
            broken = found
            self._spend(_DRAW_IN_VAIN)
        raise Conflict(broken, "none of the strings that were drawn kept to it")

    def _broken(self, parts: Sequence[Part], made: str) -> str | None:
        for keyword in ("pattern", "format"):
            for argument in arguments(parts, keyword):
                if not self._schemas.keeps(keyword, argument, made):
                    return keyword
        return None

    def _draws(
        self, parts: Sequence[Part], manner: Manner, bounds: tuple[int, int]
    ) -> Iterator[str]:
        patterns, named = arguments(parts, "pattern"), arguments(parts, "format")
        if not manner.wild:
            yield from self._by_name(parts, [*named, manner.name])
        for draw in range(_DRAWS):
            for pattern in patterns:
                yield self._matching(pattern, bounds)
            for name in named:
                yield from self._formatted(name, bounds, draw)
                for pattern in patterns if draw < _SPLICES else ():
                    yield from self._spliced(name, pattern, bounds)
            if not patterns and not set(named) & formats.KNOWN:
                yield self._filled(bounds, wild=manner.wild)
        yield self._filled(bounds, wild=manner.wild)

    def _by_name(self, parts: Sequence[Part], names: Sequence[str]) -> Iterator[str]:
        if "base64" in arguments(parts, "contentEncoding"):
            yield base64.b64encode(self._words.some(self._random).encode()).decode()
        for name in names:
            if said := self._words.about(name, self._random):
                yield said

    def _matching(self, pattern: str, bounds: tuple[int, int]) -> str:
        try:
            return self._schemas.pattern(pattern).text(self._random, *bounds)
        except UnsupportedPattern as error:
            raise Conflict("pattern", str(error)) from None

    def _formatted(self, name: str, bounds: tuple[int, int], draw: int) -> Iterator[str]:
        if draw % 2 == 0 and (usual := formats.text(name, self._random)):
            yield usual
        length = self._random.randint(bounds[0], min(bounds[1], bounds[0] + _DRAWS))
        if draw % 2 == 1 and (fitted := formats.sized(name, length)):
            yield fitted

    def _spliced(self, name: str, pattern: str, bounds: tuple[int, int]) -> Iterator[str]:
        """What a pattern matches in place of the beginning, or the end, of a usual string."""
        usual, match = formats.text(name, self._random) or "", self._matching(pattern, bounds)
        for cut in range(len(usual)):
            yield match + usual[cut:]
            yield usual[:cut] + match

    def _filled(self, bounds: tuple[int, int], *, wild: bool) -> str:
        """Words, cut or repeated to the length that is asked for."""
        low, high = bounds
        if wild:
            return formats.token(self._random, min(high, low + self._random.randint(0, 8)))
        text = self._words.some(self._random)
        text = text if len(text) <= high else text.replace(" ", "")[:high]
        if len(text) < low:
            text = (f"{text or 'a'} " * (low // max(len(text), 1) + 1))[:low]
        return text[:-1] + "." if text.endswith(" ") else text
