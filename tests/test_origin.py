"""Under which address a client called: its own word for it, as far as that is an address."""

import pytest

from mock_server import Settings
from mock_server.errors import Invalid
from mock_server.origin import origin
from mock_server.wire import Call


def call(*hosts: str, scheme: str = "http") -> Call:
    headers = [(b"host", host.encode("latin-1")) for host in hosts]
    return Call("GET", "/", b"", headers, b"", 0.0, scheme)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1:8000", "localhost", "mock.internal:80", "my_mock", "[::1]:8000", "[::1]", "MOCK"],
)
def test_the_host_is_the_one_that_was_called(host: str) -> None:
    assert origin(call(host), Settings()) == f"http://{host}"
    assert origin(call(host, scheme="https"), Settings()) == f"https://{host}"


def test_without_a_host_it_is_where_the_server_listens() -> None:
    assert origin(call(), Settings(port=9000)) == "http://127.0.0.1:9000"


@pytest.mark.parametrize(
    "hosts",
    [
        ("",),
        ("a", "b"),
        ("a", "a"),
        ("a/b",),
        ("user@a",),
        ("a?b",),
        ("a#b",),
        ("a b",),
        ("a\r\nx: y",),
        ("a:",),
        ("a:port",),
        ("a:123456",),
        ("a:80:80",),
        ('"><script>',),
        ("a%2f",),
        ("é",),
        ("[::1",),
        ("[evil]",),
        ("x" * 300,),
    ],
)
def test_what_is_no_address_is_refused(hosts: tuple[str, ...]) -> None:
    with pytest.raises(Invalid, match="Host"):
        origin(call(*hosts), Settings())
