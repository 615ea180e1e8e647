"""Files of pictures: of the format asked for, with the prompt inside."""

from io import BytesIO

import pytest
from PIL import Image

from mock_server.media.encoding import encode
from mock_server.picture_files import format_of
from mock_server.provenance import prompt_in

PROMPTS = ["A red fox", "Füchslein, лиса, 狐 🦊", "two\nlines", "x" * 2_000, "🦊" * 2_000, ""]


@pytest.mark.parametrize(("form", "name"), [("png", "PNG"), ("jpeg", "JPEG"), ("webp", "WebP")])
@pytest.mark.parametrize("prompt", PROMPTS, ids=["plain", "letters", "lines", "long", "wide", "no"])
def test_a_file_is_what_was_asked_for_and_has_its_prompt(form: str, name: str, prompt: str) -> None:
    data = encode(Image.new("RGB", (40, 30), "red"), form, prompt)
    assert format_of(data) == name
    with Image.open(BytesIO(data)) as image:
        image.load()
        assert image.size == (40, 30)
        assert prompt_in(image) == prompt


@pytest.mark.parametrize("form", ["png", "jpeg", "webp"])
def test_a_nul_does_not_end_the_prompt(form: str) -> None:
    with Image.open(BytesIO(encode(Image.new("RGB", (4, 4)), form, "a\0b"))) as image:
        image.load()
        assert prompt_in(image) == "a b"
