"""A strict reader of server-sent events: it accepts only the framing that the contract promises."""

from dataclasses import dataclass


class FramingError(AssertionError):
    """Bytes that are not events in the promised form."""


@dataclass(frozen=True)
class Received:
    """One event as it came: the text of its data line, and its name if it had one."""

    data: str
    name: str | None = None


def read_events(body: bytes) -> list[Received]:
    """The events of a whole stream: UTF-8, LF line ends, one `data: ` line an event."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FramingError(f"the stream is not UTF-8: {error}") from None
    if "\r" in text:
        raise FramingError("the stream has carriage returns")
    if not text.endswith("\n\n"):
        raise FramingError("the last event is not ended by an empty line")
    return [_event(block) for block in text[:-2].split("\n\n")]


def _event(block: str) -> Received:
    name, data = None, []
    for line in block.split("\n"):
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            data.append(line.removeprefix("data: "))
        elif not line.startswith(":"):
            raise FramingError(f"a line is neither data, event nor comment: {line[:80]!r}")
    if len(data) != 1:
        raise FramingError(f"an event has {len(data)} data lines: {block[:80]!r}")
    return Received(data[0], name)
