"""How a stream of events is written down: each function is one law of its bytes."""


def a_stream_is_utf8(body: bytes) -> None:
    """No byte is anything else than UTF-8."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise AssertionError(f"the stream is not UTF-8: {error}") from None


def every_event_is_ended_by_an_empty_line(body: bytes) -> None:
    """The last one too: without it, a reader that follows the standard drops the event."""
    ends = (b"\n\n", b"\r\n\r\n", b"\r\r")
    assert body.endswith(ends), f"the stream ends with {body[-20:]!r}, not with an empty line"


def a_blank_stands_before_the_data(body: bytes) -> None:
    """Clients of Runcrate read nothing from a line without it (RC-093)."""
    for line in body.splitlines():
        is_bare = line.startswith(b"data:") and not line.startswith(b"data: ")
        assert not is_bare, f"no blank stands behind `data:` in {line[:60]!r}"


def every_event_has_one_line_of_data(body: bytes) -> None:
    """Simple clients take each line of data for an event (RC-091, RU-063)."""
    count = 0
    for line in body.splitlines():
        count = count + line.startswith(b"data:") if line else 0
        assert count < 2, f"a second line of data in one event: {line[:60]!r}"


def nothing_stands_in_a_stream_but_events(body: bytes) -> None:
    """Each line is data, a name, a comment, or empty; comments may come (RC-094, OA-047)."""
    for line in body.splitlines():
        is_known = not line or line.startswith((b"data:", b"event:", b":", b"id:", b"retry:"))
        assert is_known, f"a line is none of an event: {line[:60]!r}"
