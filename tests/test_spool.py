from collections.abc import Iterator
from contextlib import closing

import pytest

from mock_server.spool import MOST_IN_MEMORY, Spool

FORM = [(b"content-type", b"multipart/form-data; boundary=b")]
JSON = [(b"content-type", b"application/json")]


def pieces(data: bytes, size: int) -> Iterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


@pytest.mark.parametrize("length", [0, 1, MOST_IN_MEMORY, MOST_IN_MEMORY + 1, 3_000_000])
@pytest.mark.parametrize("headers", [FORM, JSON, []], ids=["form", "json", "none"])
def test_a_body_is_what_came(length: int, headers: list[tuple[bytes, bytes]]) -> None:
    data = bytes(number * 7 % 251 for number in range(1000)) * (length // 1000 + 1)
    with closing(Spool(headers)) as spool:
        for piece in pieces(data[:length], 65_536):
            spool.add(piece)
        whole = spool.whole()
    assert bytes(whole) == data[:length]
    is_on_disk = headers is FORM and length > MOST_IN_MEMORY
    assert isinstance(whole, memoryview) == is_on_disk
    if isinstance(whole, memoryview):
        assert whole.readonly


def test_what_was_closed_is_gone() -> None:
    spool = Spool(FORM)
    spool.add(b"x" * (MOST_IN_MEMORY + 1))
    spool.close()
    spool.close()
    assert spool.whole() == b""
