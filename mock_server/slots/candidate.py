"""A value that a text offers for a slot."""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from mock_server.slots.kinds import Slot
from mock_server.slots.mentions import Mentions
from mock_server.slots.spans import Span
from mock_server.wire import Json


class Candidate(NamedTuple):
    """A value that a text offers, how sure that is (3 and more: it was meant), and from where.

    What has no spans, such as a whole sentence, may be used for several slots.
    """

    value: Json
    strength: float
    spans: tuple[Span, ...] = ()


SURE: Final = 3.0

Reader = Callable[[Slot, Mentions], Iterator[Candidate]]
