"""Base64 with nothing around it is known by its first bytes."""

from base64 import b64encode

import pytest

from mock_server.bare_pictures import inline, is_uuid
from mock_server.fixtures import FIXTURES

UUID = "9162f37d-52f6-469b-bce4-bb12fa21af82"


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("png", "image/png"), ("jpg", "image/jpeg"), ("webp", "image/webp"), ("gif", "image/gif")],
)
def test_a_picture_becomes_a_data_uri(name: str, media_type: str) -> None:
    text = b64encode((FIXTURES / "media" / f"picture.{name}").read_bytes()).decode()
    assert inline(text) == f"data:{media_type};base64,{text}"


@pytest.mark.parametrize(
    "text", [UUID, UUID.upper(), "http://a/b", "HTTPS://a/b", "data:image/png;base64,A", "DATA:,"]
)
def test_everything_else_stays_as_it_is(text: str) -> None:
    assert inline(text) == text


@pytest.mark.parametrize("text", ["", "A", "QUJD", "====", "é", "\ud800", "-_-_", "A" * 5_000])
def test_what_is_nothing_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no picture in base64"):
        inline(text)


def test_uuids_of_any_version_are_uuids() -> None:
    assert is_uuid("d6e8f9a0-3c5d-7e9f-a2d4-0123456789ab")
    assert not is_uuid(UUID + "0")
    assert not is_uuid(UUID.replace("-", ""))
