"""Pictures are judged by the contract's rule, looked at, priced and remembered; none is fetched."""

import socket
import warnings
import zlib
from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from mock_server.document import load
from mock_server.fixtures import CONTRACT
from mock_server.picture import DETAILS, Picture, picture_tokens
from mock_server.pictures import Gallery, PictureRule
from tests.picture_factory import SIZE, animation, data_uri, noise, plain, saved

INLINE = load(CONTRACT).data["components"]["schemas"]["InlinePicture"]
RULE = msgspec.convert(INLINE["x-picture"], PictureRule)
TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp", "GIF": "image/gif"}


def fault(url: str, rule: PictureRule = RULE) -> str:
    """What is wrong with a picture; empty if nothing is."""
    try:
        Gallery().judge(url, rule)
    except ValueError as error:
        return str(error)
    return ""


def look(data: bytes, media_type: str = "image/png") -> Picture:
    return Gallery().look(data_uri(data, media_type))


@pytest.mark.parametrize("name", TYPES)
def test_a_sound_picture_passes_and_is_seen(name: str) -> None:
    url = data_uri(plain("red", name), TYPES[name])
    assert fault(url) == ""
    picture = Gallery().look(url)
    assert picture.format.upper() == name
    assert (picture.width, picture.height) == SIZE
    assert (picture.colours, picture.is_seen, picture.is_transparent) == (("red",), True, False)


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize("make", [noise, lambda name: plain("blue", name)], ids=["noise", "plain"])
def test_a_truncated_picture_is_refused_wherever_it_is_cut(name: str, make: object) -> None:
    data = make(name)  # type: ignore[operator]
    for end in range(1, len(data), 1 if len(data) < 200 else 7):
        assert fault(data_uri(data[:end], TYPES[name])), f"cut at {end} of {len(data)}"
    assert "truncated" in fault(data_uri(data[: len(data) // 2], TYPES[name]))


@pytest.mark.parametrize("name", TYPES)
def test_what_follows_the_end_of_a_picture_is_let_be(name: str) -> None:
    assert fault(data_uri(noise(name, (90, 70)) + b"junk", TYPES[name])) == ""


def test_a_picture_that_pillow_itself_will_not_open_has_too_many_pixels() -> None:
    data = bytearray(plain())
    data[16:24] = (30_000).to_bytes(4, "big") * 2  # the size in the header of a PNG
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    assert "more than 50,000,000 pixels" in fault(data_uri(bytes(data)))


# JPEG is left out: its decoders get over a hole on purpose.
@pytest.mark.parametrize("name", ["PNG", "WEBP", "GIF"])
def test_a_picture_with_its_middle_taken_out_is_refused(name: str) -> None:
    data = noise(name, (90, 70))
    third = len(data) // 3
    # What is left has its first and its last bytes, and only decoding finds the hole.
    assert fault(data_uri(data[:third] + data[-third:], TYPES[name]))


@pytest.mark.parametrize("name", ["PNG", "WEBP", "GIF"])
def test_an_animation_is_refused_unless_the_rule_allows_it(name: str) -> None:
    url = data_uri(animation(name), TYPES[name])
    assert "is an animated" in fault(url)
    assert fault(url, PictureRule(animated=True)) == ""


@pytest.mark.parametrize(
    ("media_type", "data", "why"),
    [
        ("image/png", plain(name="JPEG"), "says image/png but is a JPEG"),
        ("image/jpeg", plain(name="WEBP"), "says image/jpeg but is a WebP"),
        ("image/webp", plain(), "says image/webp but is a PNG"),
        ("image/jpg", plain(name="JPEG"), "image/jpg, which is no registered type.*image/jpeg"),
        ("image/heic", plain(), "image/heic is not accepted: convert it to PNG, JPEG, WebP or GIF"),
        ("image/svg+xml", b"<svg/>", r"image/svg\+xml is not accepted: convert"),
        ("text/plain", plain(), "text/plain is no type of a picture: send PNG"),
        (
            "image/png",
            b'<?xml version="1.0"?>\n<svg xmlns=""/>',
            "is an SVG, which is not accepted",
        ),
        ("image/png", b"\0\0\0\x18ftypheic" + bytes(99), "is a HEIC, which is not accepted"),
        ("image/png", b"<!DOCTYPE html><p>404", "is an HTML page$"),
        ("image/png", b"hello", "no picture of a known format"),
        ("image/png", b"", "is empty"),
        ("image/png", plain()[:40] + b"IEND\xae\x42\x60\x82", "cannot be decoded"),
    ],
)
def test_what_is_wrong_with_a_picture_is_said(media_type: str, data: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Gallery().judge(data_uri(data, media_type), RULE)


@pytest.mark.parametrize("name", ["TIFF", "BMP", "AVIF", "ICO", "PDF"])
def test_other_formats_are_named_whatever_the_label_says(name: str) -> None:
    assert f"but is a{'n' if name[0] in 'AI' else ''} {name}" in fault(data_uri(plain(name=name)))


def test_a_rule_can_accept_less() -> None:
    only = PictureRule(types=("image/jpeg",))
    assert fault(data_uri(plain()), only) == "image/png is not accepted: convert it to JPEG"
    assert (
        fault(data_uri(noise()), PictureRule(most_bytes=1_000)) == "has more than 0.001 MB of data"
    )
    few = PictureRule(most_pixels=100)
    assert fault(data_uri(plain()), few) == "has 24 x 16 pixels, which is more than 100 in all"


@pytest.mark.parametrize(
    ("side", "said"),
    [
        (8_000, "has 8000 x 8000 pixels, which is more than 50,000,000 in all"),
        (7_000, "is a decompression bomb: 7000 x 7000 pixels in "),
    ],
)
def test_a_decompression_bomb_is_refused_undecoded(
    side: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = data_uri(saved(Image.new("1", (side, side)), "PNG"))
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda self: pytest.fail("decoded"))
    assert fault(url).startswith(said)


def test_pillow_neither_warns_nor_logs(caplog: pytest.LogCaptureFixture) -> None:
    broken = Image.Exif()
    broken[0x010E] = "a" * 40
    data = saved(Image.new("RGB", SIZE), "JPEG", exif=broken).replace(b"a" * 40, b"\xff" * 40)
    cut = data.replace(b"\x01\x0e\x00\x02\x00\x00\x00\x29", b"\x01\x0e\x00\x02\xff\xff\xff\xff")
    assert cut != data
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        fault(data_uri(cut, "image/jpeg"))
        fault(data_uri(plain()[:60]))
    assert (caught, caplog.records) == ([], [])


def test_broken_marks_of_a_sound_picture_do_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(image: object) -> str:
        raise SyntaxError("not a TIFF file")

    monkeypatch.setattr("mock_server.picture_files.prompt_in", stumble)
    assert look(plain()).words == ""


@pytest.mark.parametrize(
    ("image", "colours"),
    [
        (Image.new("1", SIZE, 1), ("white",)),
        (Image.new("L", SIZE, 128), ("grey",)),
        (Image.new("I;16", SIZE, 65_535), ("white",)),
        (Image.new("I;16", SIZE, 30_000), ("grey",)),
        (Image.new("I;16", SIZE, 300), ("black",)),
        (Image.new("RGB", SIZE, "blue").convert("P"), ("blue",)),
        (Image.new("RGBA", SIZE, (0, 128, 0, 255)), ("green",)),
        (Image.new("LA", SIZE, (0, 255)), ("black",)),
        (Image.new("RGB", (1, 1), "yellow"), ("yellow",)),
        (Image.new("RGB", (4_000, 1), "purple"), ("purple",)),
    ],
    ids=lambda value: getattr(value, "mode", ""),
)
def test_every_mode_has_its_colours(image: Image.Image, colours: tuple[str, ...]) -> None:
    assert look(saved(image, "PNG")).colours == colours


def test_a_cmyk_jpeg_has_its_colours() -> None:
    image = Image.new("RGB", SIZE, "red").convert("CMYK")
    assert look(saved(image, "JPEG"), "image/jpeg").colours == ("red",)


def test_colours_come_by_their_share_even_of_fine_patterns() -> None:
    image = Image.new("RGB", (600, 400), "white")
    image.paste("red", (0, 0, 600, 150))
    image.paste("black", (0, 0, 10, 10))  # too little to be named
    assert look(saved(image, "PNG")).colours == ("white", "red")
    checks = Image.new("L", (2, 2), 255)
    checks.putpixel((0, 0), 0)
    checks.putpixel((1, 1), 0)
    board = Image.new("L", (488, 488))
    for x in range(0, 488, 2):
        for y in range(0, 488, 2):
            board.paste(checks, (x, y))
    assert set(look(saved(board, "PNG")).colours) == {"black", "white"}


def test_transparency_is_seen() -> None:
    glass = Image.new("RGBA", SIZE, (255, 0, 0, 0))
    assert look(saved(glass, "PNG")).colours == ()
    assert look(saved(glass, "PNG")).is_transparent
    image = Image.new("P", SIZE)
    image.putpalette([255, 0, 0, 0, 255, 0])
    assert not look(saved(image, "PNG", transparency=1)).is_transparent
    image.putpixel((23, 15), 1)
    assert look(saved(image, "PNG", transparency=1)).is_transparent
    assert look(saved(image, "GIF", transparency=1), "image/gif").is_transparent


def test_a_phone_picture_of_several_frames_is_a_jpeg() -> None:
    frames = [Image.new("RGB", SIZE, "red"), Image.new("RGB", SIZE, "blue")]
    data = saved(frames[0], "MPO", save_all=True, append_images=frames[1:])
    assert fault(data_uri(data, "image/jpeg")) == ""
    assert look(data, "image/jpeg").colours == ("red",)


@pytest.mark.parametrize(
    ("url", "words", "colours"),
    [
        ("https://example.com/harbour.jpg", "a harbour", None),
        ("https://example.com/a/red-bicycles.png?x=1", "red bicycles", ("red",)),
        ("https://example.com/street_2019.jpg", "a street, 2019", None),
        ("https://example.com/orangeCat.webp", "an orange cat", ("orange",)),
        ("https://example.com/%D0%BA%D0%BE%D1%88%D0%BA%D0%B0.jpg", "кошка", None),
        ("https://example.com/IMG_2034.JPG", "", None),
        ("https://example.com/3fa85f64-5717-4562-b3fc.png", "", None),
        ("https://example.com/", "", None),
        ("https://[::1", "", None),
        ("https://example.com/%ff%00.png", "", None),
    ],
)
def test_a_picture_on_the_web_is_told_from_its_url(
    url: str, words: str, colours: tuple[str, ...] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "socket", lambda *_: pytest.fail("fetched"))
    assert fault(url) == ""
    picture = Gallery().look(url)
    assert picture == Gallery().look(url)
    assert (picture.words, picture.is_seen) == (words, False)
    assert (picture.width, picture.height) == (1024, 1024)
    assert picture.colours == colours or (colours is None and len(set(picture.colours)) == 2)


def test_different_urls_show_different_things() -> None:
    pictures = [Gallery().look(f"https://example.com/{number}") for number in range(20)]
    assert len({picture.number for picture in pictures}) == 20
    assert len({picture.colours for picture in pictures}) > 10


def test_a_known_picture_is_not_decoded_again(monkeypatch: pytest.MonkeyPatch) -> None:
    gallery, url = Gallery(), data_uri(noise())
    gallery.judge(url, RULE)
    picture = Gallery().look(url)
    monkeypatch.setattr("mock_server.pictures.look_into", lambda *_, **__: pytest.fail("decoded"))
    gallery.judge(url, RULE)
    assert gallery.look(url) == picture
    assert gallery.tokens(url) == picture_tokens(picture)


def test_a_picture_passes_by_one_rule_and_not_by_another() -> None:
    gallery, url = Gallery(), data_uri(plain())
    gallery.judge(url, RULE)
    with pytest.raises(ValueError, match="more than 9 in all"):
        gallery.judge(url, PictureRule(most_pixels=9))


def test_a_request_brings_no_more_than_so_many_pictures_and_pixels() -> None:
    gallery, urls = Gallery(), [data_uri(plain(colour)) for colour in ("red", "green", "blue")]
    few = PictureRule(most_together=2)
    little = PictureRule(most_pixels_together=2 * SIZE[0] * SIZE[1])
    for rule, why in (
        (few, "at most 2 go inline at once"),
        (little, "more than 768 pixels in all"),
    ):
        for _ in range(2):  # the second time they are known, and count nevertheless
            gallery.begin()
            gallery.judge(urls[0], rule)
            gallery.judge(urls[1], rule)
            gallery.judge("https://example.com/a.png", rule)
            with pytest.raises(ValueError, match=why):
                gallery.judge(urls[2], rule)


def test_the_memory_is_bounded_and_two_galleries_share_nothing() -> None:
    gallery = Gallery(size=2)
    for number in range(5):
        gallery.look(f"https://example.com/{number}.png")
    kept = vars(gallery)["_pictures"]
    assert sum(kept.get(key) is not None for key in list(vars(kept)["_values"])) == 2
    assert not vars(vars(Gallery())["_pictures"])["_values"]


def test_what_cannot_be_decoded_can_still_be_looked_at() -> None:
    picture = Gallery().look("data:image/png;base64,%%%")
    assert (picture.is_seen, picture.words) == (False, "")


@given(
    st.text(max_size=60) | st.text(max_size=60).map(lambda text: f"data:image/png;base64,{text}")
)
def test_no_url_makes_anything_else_than_a_value_error(url: str) -> None:
    fault(url)
    Gallery().look(url)


@settings(max_examples=50)
@given(st.sampled_from(list(TYPES)), st.integers(0, 2**32))
def test_no_damage_makes_anything_else_than_a_value_error(name: str, seed: int) -> None:
    data, random = bytearray(noise(name)), Random(seed)
    for _ in range(5):
        data[random.randrange(len(data))] = random.randrange(256)
    url = data_uri(bytes(data), TYPES[name])
    fault(url)
    Gallery().look(url)


def test_the_price_of_a_picture() -> None:
    assert picture_tokens(Picture(width=1, height=1)) == 85 + 170
    assert picture_tokens(Picture(width=512, height=512)) == 85 + 170
    assert picture_tokens(Picture(width=512, height=513)) == 85 + 2 * 170
    assert picture_tokens(Picture(width=9_999, height=9_999)) == 85 + 16 * 170
    assert picture_tokens(Picture(width=9_999, height=9_999), "low") == 85
    assert Gallery().tokens("https://example.com/a.png") == 85 + 4 * 170


@given(st.integers(1, 9_000), st.integers(1, 9_000), st.integers(0, 999), st.sampled_from(DETAILS))
def test_more_pixels_never_cost_fewer_tokens(w: int, h: int, more: int, detail: str) -> None:
    small = picture_tokens(Picture(width=w, height=h), detail)
    assert small <= picture_tokens(Picture(width=w + more, height=h), detail)
    assert small <= picture_tokens(Picture(width=w, height=h + more), detail)
    assert small >= picture_tokens(Picture(width=w, height=h), "low")


def test_what_is_known_of_an_address_goes_before_what_is_supposed() -> None:
    gallery, url = Gallery(), "https://example.com/kite.png"
    assert gallery.look(url).words == "a kite"
    assert not gallery.has_seen(url)
    gallery.know(url, Picture(width=3, is_seen=True, words="a fox"))
    assert gallery.look(url).words == "a fox"
    assert gallery.has_seen(url)
