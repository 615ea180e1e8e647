"""Form bodies, multipart (RFC 7578) and urlencoded, as the fields and files that were sent."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from mock_server.errors import Invalid
from mock_server.wire import Buffer

_MOST_PARTS = 1_000
_WINDOW = 65_536  # bytes of a body that are looked at together


@dataclass
class Part:
    """One part of a form; `filename` is None for a plain field."""

    name: str = ""
    filename: str | None = None
    media_type: str = ""
    data: Buffer = b""


@dataclass
class _Collector:
    """What the parser of a body finds; `at` is where the data of the part begin in the body.

    That is not known before a piece of them comes that is not held back by the parser, because it
    might have been the boundary.
    """

    body: Buffer
    parts: list[Part] = field(default_factory=list)
    header: bytes = b""
    value: bytes = b""
    nameless: int = 0
    ended: bool = False
    window: bytes = b""
    base: int = 0
    at: int | None = None
    length: int = 0
    held_back: bytes = b""

    def feed(self, parser: MultipartParser) -> None:
        while self.base < len(self.body):
            self.window = bytes(self.body[self.base : self.base + _WINDOW])
            parser.write(self.window)
            self.base += _WINDOW
        parser.finalize()

    def on_part_begin(self) -> None:
        if len(self.parts) >= _MOST_PARTS:
            raise Invalid("invalid_body", f"The form has more than {_MOST_PARTS} parts.")
        self.parts.append(Part())
        self.nameless += 1
        self.at, self.length, self.held_back = None, 0, b""

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        if data is self.window and self.at is None:
            self.at = self.base + start - self.length
        elif self.at is None:
            self.held_back += data[start:end]
        self.length += end - start

    def on_part_end(self) -> None:
        at = self.at
        self.parts[-1].data = self.held_back if at is None else self.body[at : at + self.length]

    def on_header_begin(self) -> None:
        self.header = self.value = b""

    def on_header_field(self, data: bytes, start: int, end: int) -> None:
        self.header += data[start:end]

    def on_header_value(self, data: bytes, start: int, end: int) -> None:
        self.value += data[start:end]

    def on_header_end(self) -> None:
        part, header = self.parts[-1], self.header.lower()
        if header == b"content-disposition":
            kind, options = parse_options_header(self.value)
            if kind != b"form-data" or b"name" not in options:
                return
            self.nameless -= 1
            part.name = options.get(b"name", b"").decode("utf-8", "replace")
            # Not allowed here, and sent all the same (RFC 7578, section 4.2; RFC 8187).
            name = options.get(b"filename", options.get(b"filename*"))
            part.filename = None if name is None else name.decode("utf-8", "replace")
        elif header == b"content-type":
            part.media_type = self.value.decode("latin-1").strip()

    def on_end(self) -> None:
        self.ended = True


def parse_multipart(content_type: str, body: Buffer) -> list[Part]:
    """The parts of a multipart/form-data body; raises Invalid where it is broken."""
    _, options = parse_options_header(content_type)
    boundary = options.get(b"boundary")
    if not boundary:
        raise Invalid("invalid_body", "The multipart Content-Type names no boundary.")
    found = _Collector(body)
    callbacks = {name: getattr(found, name) for name in dir(found) if name.startswith("on_")}
    try:
        parser = MultipartParser(boundary, callbacks)  # type: ignore[arg-type]
        found.feed(parser)
    except FormParserError as error:
        raise Invalid("invalid_body", f"The multipart body is malformed: {error}.") from None
    if not found.ended:
        raise Invalid("invalid_body", "The multipart body is cut off before its closing boundary.")
    if found.nameless:  # RFC 7578, section 4.2
        raise Invalid("invalid_body", "A part of the multipart body has no name.")
    return found.parts


def parse_urlencoded(body: bytes) -> Iterator[Part]:
    """The fields of an application/x-www-form-urlencoded body; raises Invalid."""
    try:
        text = body.decode("utf-8")
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARTS)
    except UnicodeDecodeError:
        raise Invalid("invalid_body", "The form is not valid UTF-8.") from None
    except ValueError:
        raise Invalid("invalid_body", f"The form has more than {_MOST_PARTS} fields.") from None
    for name, value in pairs:
        yield Part(name=name, data=value.encode())
