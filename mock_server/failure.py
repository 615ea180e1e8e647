"""A failure on its way out: what happened, and how the protocol at hand words it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mock_server.wire import Json


@dataclass(frozen=True)
class Failure:
    """`facts` are the status, type and code that the contract has for this kind of failure.

    `body` is the decoded request, where it came that far.
    """

    facts: Mapping[str, Json]
    message: str
    param: str | None
    request_id: str
    body: Json = None


Envelope = Callable[[Failure], Json]
