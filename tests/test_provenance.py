"""A picture that this server made says so, and from what prompt; nobody else's does."""

from io import BytesIO

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from mock_server.pictures import Gallery
from mock_server.provenance import EXIF_PROMPT, exif_marks, png_marks, prompt_in
from tests.picture_factory import SIZE, data_uri, saved

PROMPTS = ["A red fox in the snow", "Ein Füchslein, лиса, 狐 🦊", "two\nlines", "x" * 1_000]
BLANK = Image.new("RGB", SIZE)


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize("prompt", PROMPTS, ids=["plain", "letters", "lines", "long"])
def test_a_prompt_comes_back(prompt: str) -> None:
    assert prompt_in(opened(saved(BLANK, "PNG", pnginfo=png_marks(prompt)))) == prompt
    for name in ("JPEG", "WEBP"):
        assert prompt_in(opened(saved(BLANK, name, exif=exif_marks(prompt)))) == prompt


@pytest.mark.parametrize("name", ["PNG", "JPEG", "WEBP", "GIF"])
def test_pictures_without_marks_have_no_prompt(name: str) -> None:
    assert prompt_in(opened(saved(BLANK, name))) == ""


def test_marks_of_others_are_not_believed() -> None:
    marks = PngInfo()
    marks.add_text("Description", "a cat")
    marks.add_text("Software", "somebody else")
    assert prompt_in(opened(saved(BLANK, "PNG", pnginfo=marks))) == ""
    exif = Image.Exif()
    exif[EXIF_PROMPT] = "a cat"
    assert prompt_in(opened(saved(BLANK, "JPEG", exif=exif))) == ""


def test_the_gallery_reads_the_prompt_and_bounds_it() -> None:
    url = data_uri(saved(BLANK, "PNG", pnginfo=png_marks("A red fox " * 1_000)))
    words = Gallery().look(url).words
    assert words.startswith("A red fox")
    assert len(words) == 2_000
