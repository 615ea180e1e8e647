"""What goes to the webhook of a task: its result or error, once it is there (RW-160, RW-161)."""

import hashlib
from random import Random

from mock_server import codec
from mock_server.mock import Request
from mock_server.protocols.runware.archive import Course
from mock_server.protocols.runware.envelope import task_failure
from mock_server.wire import Json, Post


def posts(task: Json, result: Json, course: Course, request: Request) -> tuple[Post, ...]:
    """One item as a poll would have it, without a list around it (RW-164); none without a URL."""
    url = task.get("webhookURL")
    if url is None:
        return ()
    item = {**result, "status": "success"}
    if course.error is not None:
        failure = task_failure(course.error, task, request.operation.protocol)
        item = {**failure, "status": "error"}
    terms = request.operation.terms["webhook"]
    first, *others = terms["pauses"]
    digest = hashlib.blake2b(f"{request.caller.id}/{task['taskUUID']}".encode(), digest_size=8)
    chance = Random(digest.digest())
    later = [pause * (1 + chance.random() * terms["jitter"]) for pause in others]
    pauses = (course.takes + first, *later)
    return (Post(url, codec.encode(item), pauses, float(terms["patience"])),)
