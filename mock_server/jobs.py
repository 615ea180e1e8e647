"""Jobs as rows and a clock: how far one is, is worked out when somebody asks."""

import hashlib
from collections.abc import Mapping
from typing import Generic, Literal, TypeVar

import msgspec

from mock_server.mock import Mock, Request
from mock_server.store import Job
from mock_server.wire import Json

Work = TypeVar("Work")
Status = Literal["queued", "processing", "completed", "failed"]
_QUEUED = 0.1  # the share of its time that a job waits for its turn


class Order(msgspec.Struct, Generic[Work], frozen=True):
    """What a job is to make, how many seconds that takes, and the error that it ends with."""

    work: Work
    takes: float
    error: Mapping[str, Json] | None = None


class Progress(msgspec.Struct, Generic[Work], frozen=True):
    """A job, and where it stands; `share` is how much of its time has passed, from 0 to 1."""

    order: Order[Work]
    status: Status
    share: float


def submit(order: Order[Work], request: Request, mock: Mock) -> str:
    """Begin a job of the caller; its name, which no other job has or had."""
    caller = request.caller.id
    name = _name(mock.store.count(caller), request)
    while not begin(name, order, request, mock):  # jobs outlive the count of a key of long ago
        name = _name(mock.store.count(caller), request)
    return name


def begin(name: str, order: Order[Work], request: Request, mock: Mock) -> bool:
    """Begin a job of the caller under a name; False where there is a job of that name."""
    text = msgspec.json.encode(order)
    return mock.store.submit(name, Job(request.caller.id, request.call.now, text))


def look(name: str, kind: type[Work], request: Request, mock: Mock) -> Progress[Work] | None:
    """The caller's job of that name as it stands now: never less far than it was seen before.

    `kind` is that of its work.
    """
    job = mock.store.job(name)
    if job is None or job.key != request.caller.id:
        return None
    progress, now = stand(job, kind, request.call.now), request.call.now
    begun = _begun(job, now)
    if progress.status != _status(progress.order, job.seen) or begun != job.at:
        mock.store.see(name, begun, now - begun)
    return progress


def stand(job: Job, kind: type[Work], now: float) -> Progress[Work]:
    """A job as it stands at that time of its key; nobody is held to have seen it."""
    order = msgspec.json.decode(job.text, type=Order[kind])  # type: ignore[valid-type]
    age = now - _begun(job, now)
    share = min(1.0, age / order.takes) if order.takes else 1.0
    return Progress(order, _status(order, age), share)


def _name(number: int, request: Request) -> str:
    facts = f"{request.seed}/{request.caller.id}/{number}".encode()
    return f"vid_{hashlib.blake2b(facts, digest_size=12, person=b'video').hexdigest()}"


def _begun(job: Job, now: float) -> float:
    """Time may have been set back, by a restart for one: the job goes on from where it was."""
    return min(job.at, now - job.seen)


def _status(order: Order[Work], age: float) -> Status:
    if age < order.takes:
        return "queued" if age < order.takes * _QUEUED else "processing"
    return "failed" if order.error is not None else "completed"
