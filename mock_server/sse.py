"""Server-sent events as bytes (WHATWG HTML, section 9.2), one data line an event."""

from mock_server.wire import Event

# Runcrate's SDKs read nothing at all from an event whose `data:` has no space behind it (RC-093).
_DATA, _END = b"data: ", b"\n\n"


def encode(event: Event) -> bytes:
    """The bytes of one event; its data must be free of line ends, as JSON is."""
    if event.name is None:
        return _DATA + event.data + _END
    return b"event: " + event.name.encode() + b"\n" + _DATA + event.data + _END
