"""Jobs as rows and a clock: how far one is, is worked out when somebody asks."""

import hashlib
from collections.abc import Mapping
from typing import Literal

import msgspec

from mock_server.mock import Mock, Request
from mock_server.store import Job
from mock_server.wire import Json
from mock_server.works import Film

Status = Literal["queued", "processing", "completed", "failed"]
_QUEUED = 0.1  # the share of its time that a job waits for its turn


class Order(msgspec.Struct, frozen=True):
    """What a job is to make, how many seconds that takes, and the error that it ends with."""

    film: Film
    takes: float
    error: Mapping[str, Json] | None = None


class Progress(msgspec.Struct, frozen=True):
    """A job, and where it stands."""

    order: Order
    status: Status


def submit(order: Order, request: Request, mock: Mock) -> str:
    """Begin a job of the caller; its name, which no other job has or had."""
    caller = request.caller.id
    job = Job(caller, request.call.now, msgspec.json.encode(order))
    name = _name(mock.store.count(caller), caller, mock)
    while not mock.store.submit(name, job):  # jobs outlive the count of a key of long ago
        name = _name(mock.store.count(caller), caller, mock)
    return name


def look(name: str, request: Request, mock: Mock) -> Progress | None:
    """The caller's job of that name as it stands now: never less far than it was seen before."""
    job = mock.store.job(name)
    if job is None or job.key != request.caller.id:
        return None
    order, now = msgspec.json.decode(job.text, type=Order), request.call.now
    # Time may have been set back, by a restart for one: the job goes on from where it was.
    begun = min(job.at, now - job.seen)
    status = _status(order, now - begun)
    if status != _status(order, job.seen) or begun != job.at:
        mock.store.see(name, begun, now - begun)
    return Progress(order, status)


def _name(number: int, caller: str, mock: Mock) -> str:
    facts = f"{mock.settings.seed}/{caller}/{number}".encode()
    return f"vid_{hashlib.blake2b(facts, digest_size=12, person=b'video').hexdigest()}"


def _status(order: Order, age: float) -> Status:
    if age < order.takes:
        return "queued" if age < order.takes * _QUEUED else "processing"
    return "failed" if order.error is not None else "completed"
