"""Pictures as clients know them: made, delivered, fetched without a key, gone after their time."""

import re
from base64 import b64decode
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image

from mock_server.auth import identity
from mock_server.mock import Mock
from tests.picture_factory import data_uri
from tests.world import CHAT, NOW, Answered, new_mock, post

PATH = "/v1/images/generations"
MODEL = "black-forest-labs/FLUX.1-schnell"
HOST = (b"host", b"mock.test:8000")
Json = Any


@pytest.fixture
def mock() -> Mock:
    return new_mock(rate_limit=0)


def draw(mock: Mock, prompt: Json = "A red fox in the snow", **more: Json) -> Answered:
    about = {name: more.pop(name) for name in ("key", "now", "headers") if name in more}
    body = {"model": MODEL, "prompt": prompt, "size": "256x256", **more}
    return post(
        mock, PATH, {k: v for k, v in body.items() if v is not ...}, headers=[HOST], **about
    )


def inline(mock: Mock, prompt: str = "A red fox in the snow", **more: Json) -> bytes:
    [entry] = draw(mock, prompt, response_format="b64_json", **more).json["data"]
    return b64decode(entry["b64_json"], validate=True)


def url(mock: Mock, **more: Json) -> str:
    return str(draw(mock, **more).json["data"][0]["url"])


def fetch(mock: Mock, address: str, **more: Any) -> Answered:
    """What stands at an address, asked for without a key."""
    path = urlsplit(address).path
    return post(mock, path, b"", key=None, method=more.pop("method", "GET"), **more)


@pytest.mark.parametrize("field", ["image", "input_image", "control_image", "mask"])
def test_a_picture_that_is_sent_along_is_one(field: str, mock: Mock) -> None:
    good = data_uri(inline(mock))
    assert draw(mock, **{field: good}).status == 200
    assert draw(mock, **{field: "https://example.com/harbour.jpg"}).status == 200
    refused = draw(mock, **{field: "data:image/png;base64,AAAA"})
    assert refused.status == 400
    assert refused.json["error"]["param"] == field


def test_a_picture_comes_by_address_unless_it_is_wanted_inline(mock: Mock) -> None:
    answer = draw(mock)
    assert answer.json["created"] == NOW
    [entry] = answer.json["data"]
    assert entry["b64_json"] is None
    assert re.fullmatch(r"http://mock\.test:8000/generations/img_[0-9a-f]{40}\.png", entry["url"])
    [other] = draw(mock, response_format="b64_json").json["data"]
    assert other["url"] is None
    assert fetch(mock, entry["url"]).body == b64decode(other["b64_json"])


@pytest.mark.parametrize(
    ("more", "sides"),
    [
        ({"size": ...}, (1024, 1024)),
        ({"size": ..., "width": 300, "height": 256}, (300, 256)),
        ({"size": ..., "aspect_ratio": "16:9"}, (1280, 720)),
        ({"size": "256x320"}, (256, 320)),
    ],
)
def test_it_has_the_sides_asked_for(mock: Mock, more: Json, sides: tuple[int, int]) -> None:
    with Image.open(BytesIO(inline(mock, **more))) as image:
        assert image.size == sides


@pytest.mark.parametrize("form", ["png", "jpeg", "webp"])
def test_the_file_is_of_the_format_asked_for(mock: Mock, form: str) -> None:
    answer = fetch(mock, url(mock, output_format=form))
    assert answer.headers["content-type"] == f"image/{form}"
    with Image.open(BytesIO(answer.body)) as image:
        assert image.format == form.upper()


def test_several_pictures_differ_and_the_first_is_that_of_one(mock: Mock) -> None:
    several = draw(mock, n=3, response_format="b64_json").json["data"]
    pictures = [b64decode(entry["b64_json"]) for entry in several]
    assert len(set(pictures)) == 3
    assert pictures[0] == inline(mock)


def test_whoever_asks_gets_the_same_picture(mock: Mock) -> None:
    picture = inline(mock, seed=7)
    assert inline(new_mock(), seed=7, key="rc_live_yours", now=NOW + 5) == picture
    assert inline(mock, seed=7, quality="high") == picture, "unknown fields do not count"


def test_a_seed_is_a_number_however_it_is_written(mock: Mock) -> None:
    assert inline(mock, seed=7.0) == inline(mock, seed=7)


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 8},
        {"prompt": "A red fox in the snow."},
        {"model": "black-forest-labs/flux-1.1-pro"},
        {"negative_prompt": "people"},
        {"num_inference_steps": 4},
        {"guidance": 2.5},
        {"input_image": "https://example.com/harbour.jpg"},
    ],
)
def test_whatever_is_asked_for_otherwise_gives_another_picture(mock: Mock, change: Json) -> None:
    body = {"prompt": "A red fox in the snow", "seed": 7, **change}
    assert inline(mock, **body) != inline(mock, seed=7)


def test_another_seed_of_the_server_gives_other_pictures(mock: Mock) -> None:
    assert inline(new_mock(seed=1)) != inline(mock)


@pytest.mark.parametrize("form", ["png", "jpeg", "webp"])
def test_a_picture_that_was_made_here_is_described_by_its_prompt(mock: Mock, form: str) -> None:
    prompt = "a red bicycle leaning against a wall"
    picture = inline(mock, prompt, output_format=form)
    question: list[Json] = [
        {"type": "text", "text": "What is in this image?"},
        {"type": "image_url", "image_url": {"url": data_uri(picture, f"image/{form}")}},
    ]
    body = {"model": "google/gemini-2.5-flash", "messages": [{"role": "user", "content": question}]}
    said = post(mock, CHAT, body).json["choices"][0]["message"]["content"]
    assert prompt in said
    question[0]["text"] = "What is the main colour of this image?"
    assert "red" in post(mock, CHAT, body).json["choices"][0]["message"]["content"].lower()


def test_an_address_that_was_given_here_is_known_again(mock: Mock) -> None:
    def describe(mock: Mock, address: str, question: str) -> str:
        parts = [
            {"type": "image_url", "image_url": {"url": address}},
            {"type": "text", "text": question},
        ]
        body = {
            "model": "google/gemini-2.5-flash",
            "messages": [{"role": "user", "content": parts}],
        }
        return str(post(mock, CHAT, body).json["choices"][0]["message"]["content"])

    prompt = "a red bicycle leaning against a wall"
    address = url(mock, prompt=prompt, size="320x256", output_format="webp")
    assert prompt in describe(mock, address, "What is in this image?")
    measured = describe(mock, address, "What size is this image?")
    assert all(word in measured for word in ("320", "256", "WebP"))
    assert "red" in describe(mock, address, "What is the main colour of this image?").lower()
    question = "What is in this image?"
    assert prompt not in describe(new_mock(), address, question)
    late = url(mock, prompt="a red kettle")
    mine = identity("rc_live_test", None).id
    mock.clock.advance(3599, mine)
    assert "red kettle" in describe(mock, late, question)
    late = url(mock, prompt="a blue kettle")
    mock.clock.advance(3600, mine)
    assert "blue kettle" not in describe(mock, late, question)
    for strange in ("http://[", "https://mock.test/generations/", f"{address}?size=2#top"):
        assert describe(mock, strange, question)


def test_an_address_is_good_for_its_time_and_no_longer(mock: Mock) -> None:
    address = url(mock)
    assert fetch(mock, address).headers["cache-control"] == "private, max-age=3600"
    late = fetch(mock, address, now=NOW + 3599.5)
    assert (late.status, late.headers["cache-control"]) == (200, "private, max-age=0")
    gone = fetch(mock, address, now=NOW + 3600)
    assert gone.status == 404
    assert gone.json["error"]["code"] == "not_found"
    assert "its time is over" in gone.json["error"]["message"]


def test_whoever_asks_again_gets_the_same_address_and_more_time(mock: Mock) -> None:
    address = url(mock)
    assert url(mock, now=NOW + 3000) == address
    assert fetch(mock, address, now=NOW + 6000).status == 200


def test_time_passes_as_its_maker_sees_it(mock: Mock) -> None:
    mine, yours = url(mock, key="rc_live_mine"), url(mock, key="rc_live_yours")
    mock.clock.advance(3600, identity("rc_live_mine", None).id)
    assert fetch(mock, mine).status == 404
    assert fetch(mock, yours).status == 200


def test_a_reset_of_the_key_takes_its_pictures(mock: Mock) -> None:
    mine, yours = url(mock, key="rc_live_mine"), url(mock, key="rc_live_yours")
    mock.store.reset(identity("rc_live_mine", None).id)
    assert [fetch(mock, each).status for each in (mine, yours)] == [404, 200]


def test_addresses_of_two_keys_differ(mock: Mock) -> None:
    assert url(mock, key="rc_live_mine") != url(mock, key="rc_live_yours")


@pytest.mark.parametrize(
    "name",
    [
        "img_abc123.png",
        "img_" + "0" * 40 + ".png",
        "..",
        "../openapi.yaml",
        ".png",
        "x" * 9_000,
        "é",
    ],
)
def test_other_addresses_lead_nowhere(mock: Mock, name: str) -> None:
    answer = post(mock, f"/generations/{name}", b"", key=None, method="GET")
    assert answer.status == 404
    assert len(answer.body) < 500


def test_a_picture_is_not_there_under_another_ending(mock: Mock) -> None:
    assert fetch(mock, url(mock).replace(".png", ".webp")).status == 404


def test_who_has_the_file_is_not_sent_it_again(mock: Mock) -> None:
    address = url(mock)
    tag = fetch(mock, address).headers["etag"]
    for sent in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        answer = fetch(mock, address, headers=[(b"if-none-match", sent.encode())])
        assert (answer.status, answer.body, answer.headers["etag"]) == (304, b"", tag)
    assert fetch(mock, address, headers=[(b"if-none-match", b'"other"')]).status == 200
    assert fetch(mock, url(mock, seed=1)).headers["etag"] != tag


def test_files_are_not_counted() -> None:
    mock = new_mock(rate_limit=2)
    address = url(mock)
    for _ in range(5):
        answer = fetch(mock, address, method="HEAD")
        assert answer.status == 200
        assert not [name for name in answer.headers if name.startswith("x-ratelimit")]
    assert draw(mock).headers["x-ratelimit-remaining"] == "0"


def test_what_is_kept_of_a_picture_is_little(mock: Mock) -> None:
    prompt = "狐" * 100_000
    name = urlsplit(url(mock, prompt=prompt)).path.rpartition("/")[2]
    recipe = mock.store.recipe(name)
    assert recipe is not None
    assert len(recipe.text) < 10_000
    assert url(mock, prompt=prompt + "!") != url(mock, prompt=prompt), "all of a prompt counts"


def test_another_process_serves_it_from_the_same_store(tmp_path: Path) -> None:
    store = f"sqlite:{tmp_path / 'state.db'}"
    one, other = new_mock(store=store), new_mock(store=store)
    assert fetch(other, url(one)).body == inline(one)
    one.store.close()
    other.store.close()


@pytest.mark.parametrize("host", [b"evil.test/x", b"a@b", b"a\r\nb"])
def test_a_host_that_is_none_is_refused(mock: Mock, host: bytes) -> None:
    body = {"model": MODEL, "prompt": "a fox"}
    answer = post(mock, PATH, body, headers=[(b"host", host)])
    assert answer.status == 400
    assert answer.json["error"]["param"] == "Host"


def test_a_model_of_another_kind_makes_no_pictures(mock: Mock) -> None:
    answer = draw(mock, model="BAAI/bge-large-en-v1.5")
    assert answer.status == 404
    assert answer.json["error"]["message"] == (
        "The model 'BAAI/bge-large-en-v1.5' is of the kind embedding; "
        "this takes a model of the kind image."
    )


def test_failures_can_be_scripted(tmp_path: Path) -> None:
    path = tmp_path / "script.yaml"
    path.write_text(
        "- {when: {operation: createImage, text: dragon}, error: {status: 402}}\n"
        "- {when: {operation: getImage}, error: {status: 500}}\n"
    )
    mock = new_mock(scenarios=path)
    assert draw(mock, "a dragon").status == 402
    assert fetch(mock, url(mock)).status == 500


def test_strange_prompts_are_painted(mock: Mock) -> None:
    for prompt in (" ", "\0", "\n\n", "\u202e\ufeff", "e" + "\u0301" * 50, "🦊" * 30, "%s{}<b>"):
        assert inline(mock, prompt)
