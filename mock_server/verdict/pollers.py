"""Who asks after a job: several programs may, of which none is another's second poll."""

from collections import Counter
from collections.abc import Sequence

from mock_server.journal import Exchange

_AGENT = b"user-agent"


def by_poller(exchanges: Sequence[Exchange]) -> list[list[Exchange]]:
    """Polls of one job by who makes them, each oldest first.

    A connection that was used again has a poller of its own. Polls on connections of which each
    was used once are those of one that keeps none.
    """
    uses = Counter(each.call.peer for each in exchanges)
    found: dict[tuple[object, str | None], list[Exchange]] = {}
    for each in exchanges:
        peer = each.call.peer
        kept = peer if uses[peer] > 1 else None
        found.setdefault((kept, each.call.header(_AGENT)), []).append(each)
    return [*found.values()]
