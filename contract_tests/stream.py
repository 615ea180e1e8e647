"""A reader of server-sent events that takes whatever can be understood.

How they are to be written down is for laws to say (`stream_laws`), so that what a stream tells can
be judged where its form is wrong.
"""

import re
from dataclasses import dataclass
from typing import Final

_LINE_ENDS: Final = re.compile("\r\n|\r|\n")


@dataclass(frozen=True)
class Received:
    """One event as it came: the text of its data, and its name if it had one."""

    data: str
    name: str | None = None


def read_events(body: bytes) -> list[Received]:
    """The events of a whole stream, the last one too where no empty line ends it."""
    lines = _LINE_ENDS.split(body.decode("utf-8", "replace"))
    events, name, data = [], None, list[str]()
    for line in [*lines, ""]:
        field, _, value = line.partition(":")
        if field == "data":
            data.append(value.removeprefix(" "))
        elif field == "event":
            name = value.removeprefix(" ")
        elif not line:
            events += [Received("\n".join(data), name)] if data else []
            name, data = None, []
    return events
