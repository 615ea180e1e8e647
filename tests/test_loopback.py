"""Nothing is ever sent to another machine, however its address is written."""

import pytest

from mock_server.loopback import is_loopback


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/hook",
        "http://127.9.8.7:9000/hook?token=a",
        "https://localhost:9000",
        "http://LOCALHOST/",
        "http://[::1]:80/a",
        "http://user@127.0.0.1/",
    ],
)
def test_it_is_this_machine(url: str) -> None:
    assert is_loopback(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://",
        "http://hooks.example.com/a",
        "http://127.0.0.1.example.com/",
        "http://127.0.0.1@example.com/",
        "http://localhost.example.com/",
        "http://0.0.0.0/",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest",
        "http://2130706433/",
        "http://127.1/",
        "http://[::1/",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:x/",
    ],
)
def test_it_is_not(url: str) -> None:
    assert not is_loopback(url)
