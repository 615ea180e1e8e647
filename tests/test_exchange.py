"""What was asked is read from JSON and from forms."""

import httpx2
import pytest

from contract_tests.exchange import Exchange, of_httpx


def _exchange(request: httpx2.Request) -> Exchange:
    return of_httpx(httpx2.Response(200, request=request), ["runcrate"])


def test_the_plain_fields_of_a_form_are_what_was_asked() -> None:
    url = "https://api.runcrate.ai/v1/audio/transcriptions"
    files = {"file": ("a.wav", b"RIFF", "audio/wav")}
    request = httpx2.Request("POST", url, data={"response_format": "srt"}, files=files)
    exchange = _exchange(request)
    assert exchange.asked == {"response_format": "srt"}
    assert (exchange.behaviour, exchange.provider) == ("transcriptions", "runcrate")


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=b"])
def test_a_broken_form_asks_for_nothing(kind: str) -> None:
    headers = {"Content-Type": kind}
    request = httpx2.Request("POST", "https://a.example/v1", content=b"--x", headers=headers)
    assert _exchange(request).asked is None


def test_json_is_what_was_asked() -> None:
    request = httpx2.Request("POST", "https://a.example/v1", json={"n": 1})
    assert _exchange(request).asked == _exchange(request).fields == {"n": 1}


def test_a_list_has_no_fields() -> None:
    request = httpx2.Request("POST", "https://a.example/v1", json=[1])
    assert _exchange(request).fields == {}
