"""Pictures: of the size, shape and format asked for, inline or by address."""

from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest

from contract_tests.conftest import FreshKey
from contract_tests.lacking import expect_status
from contract_tests.target import Target

PATH = "/v1/images/generations"
MODEL = "black-forest-labs/FLUX.1-schnell"
PROMPT = "A red fox in the snow"
SMALL = {"width": 256, "height": 256}
Json = Any


@pytest.fixture
def mine(target: Target, key: FreshKey) -> str:
    """A key of the provider of pictures."""
    if "runcrate" not in target.keys:
        pytest.skip("runcrate is not asked for")
    return key("runcrate")


@pytest.fixture
def headers(mine: str) -> dict[str, str]:
    """The credentials that go with it."""
    return {"Authorization": f"Bearer {mine}"}


def _asked(client: httpx2.Client, headers: dict[str, str], **more: Json) -> httpx2.Response:
    body = {"model": MODEL, "prompt": PROMPT, **more}
    return client.post(PATH, json=body, headers=headers)


def _drawn(client: httpx2.Client, headers: dict[str, str], **more: Json) -> Json:
    response = _asked(client, headers, **more)
    expect_status(response, 200)
    return response.json()["data"]


def _inline(client: httpx2.Client, headers: dict[str, str], **more: Json) -> str:
    return str(_drawn(client, headers, response_format="b64_json", **more)[0]["b64_json"])


def _at_home(url: str, client: httpx2.Client, target: Target) -> str:
    """The URL as the client of this target reaches it."""
    return urlsplit(url).path if target.url is None else url


@pytest.mark.smoke
@pytest.mark.clauses("image-comes-as-asked", "image-in-one-form", "image-sides", "image-is-whole")
def test_a_picture_inline_has_the_sides_asked_for(
    client: httpx2.Client, headers: dict[str, str]
) -> None:
    assert _inline(client, headers, width=512, height=256)


@pytest.mark.clauses("image-sides")
def test_a_size_in_one_word_gives_both_sides(
    client: httpx2.Client, headers: dict[str, str]
) -> None:
    assert _inline(client, headers, size="256x320")


@pytest.mark.clauses("image-shape")
def test_a_picture_has_the_shape_asked_for(client: httpx2.Client, headers: dict[str, str]) -> None:
    assert _inline(client, headers, aspect_ratio="16:9")


@pytest.mark.clauses("image-format", "image-is-whole")
@pytest.mark.parametrize("form", ["png", "jpeg", "webp"])
def test_a_picture_inline_is_of_the_format_asked_for(
    form: str, client: httpx2.Client, headers: dict[str, str]
) -> None:
    assert _inline(client, headers, output_format=form)


@pytest.mark.clauses("image-address-is-enough")
def test_a_picture_by_address_needs_no_key(
    client: httpx2.Client, headers: dict[str, str], target: Target
) -> None:
    [entry] = _drawn(client, headers, **SMALL)
    file = client.get(_at_home(entry["url"], client, target))
    assert file.status_code == 200, f"without a key it is a {file.status_code}"


@pytest.mark.mock_only
@pytest.mark.clauses("image-format", "image-is-whole")
@pytest.mark.parametrize("form", ["png", "jpeg", "webp"])
def test_a_picture_by_address_is_a_file_of_the_format_asked_for(
    form: str, client: httpx2.Client, headers: dict[str, str], target: Target
) -> None:
    [entry] = _drawn(client, headers, **SMALL, output_format=form)
    file = client.get(_at_home(entry["url"], client, target))
    assert file.headers["content-type"].partition(";")[0] == f"image/{form}"


@pytest.mark.mock_only
@pytest.mark.clauses("image-count")
def test_there_are_as_many_pictures_as_asked_for(
    client: httpx2.Client, headers: dict[str, str]
) -> None:
    assert _drawn(client, headers, **SMALL, n=2)


@pytest.mark.mock_only
@pytest.mark.clauses("image-several-differ")
def test_the_pictures_of_one_request_differ(
    client: httpx2.Client, headers: dict[str, str], target: Target
) -> None:
    data = _drawn(client, headers, **SMALL, n=2)
    first, second = (client.get(_at_home(entry["url"], client, target)) for entry in data)
    assert first.content != second.content, "the pictures are the same"


@pytest.mark.mock_only
@pytest.mark.clauses("image-seed-repeats")
def test_the_same_seed_gives_the_same_picture_to_everybody(
    client: httpx2.Client, headers: dict[str, str], key: FreshKey
) -> None:
    other = {"Authorization": f"Bearer {key('runcrate')}"}
    pictures = {_inline(client, each, seed=7) for each in (headers, headers, other)}
    assert len(pictures) == 1, "the same seed gives another picture"


@pytest.mark.mock_only
@pytest.mark.clauses("image-seed-decides")
def test_another_seed_gives_another_picture(client: httpx2.Client, headers: dict[str, str]) -> None:
    first, second = (_inline(client, headers, seed=seed) for seed in (7, 8))
    assert first != second, "another seed gives the same picture"


@pytest.mark.mock_only
@pytest.mark.clauses("image-address-is-secret")
def test_each_key_gets_addresses_of_its_own(
    client: httpx2.Client, headers: dict[str, str], key: FreshKey
) -> None:
    other = {"Authorization": f"Bearer {key('runcrate')}"}
    first, second = (_drawn(client, each, seed=7)[0]["url"] for each in (headers, other))
    assert first != second, "two keys have one address"


@pytest.mark.mock_only
@pytest.mark.clauses("image-address-ends")
def test_an_address_is_good_for_a_limited_time(
    client: httpx2.Client, headers: dict[str, str], mine: str, target: Target
) -> None:
    [entry] = _drawn(client, headers, **SMALL)
    client.post("/__mock__/clock", json={"advance": 7200, "key": mine}).raise_for_status()
    file = client.get(_at_home(entry["url"], client, target))
    assert file.status_code == 404, "it is there two hours later"


@pytest.mark.mock_only
@pytest.mark.clauses("image-unknown-address")
@pytest.mark.parametrize("name", ["img_abc123.png", "..%2Fopenapi.yaml", "%2e%2e", "img_.png", " "])
def test_an_address_that_was_never_given_leads_nowhere(name: str, client: httpx2.Client) -> None:
    answer = client.get(f"/generations/{name}")
    expect_status(answer, 404)
    assert answer.json()["error"]["code"] == "not_found"


@pytest.mark.mock_only
@pytest.mark.clauses("image-sides-in-pairs")
@pytest.mark.parametrize(("side", "other"), [("width", "height"), ("height", "width")])
def test_a_side_alone_is_refused(
    side: str, other: str, client: httpx2.Client, headers: dict[str, str]
) -> None:
    _is_refused(_asked(client, headers, **{side: 512}), other)


@pytest.mark.mock_only
@pytest.mark.clauses("image-sizes-agree")
@pytest.mark.parametrize(
    ("more", "field"),
    [({"width": 256, "height": 256}, "size"), ({"aspect_ratio": "16:9"}, "aspect_ratio")],
)
def test_sizes_that_do_not_agree_are_refused(
    more: dict[str, Json], field: str, client: httpx2.Client, headers: dict[str, str]
) -> None:
    response = _asked(client, headers, size="512x512", **more)
    _is_refused(response, field)


@pytest.mark.mock_only
@pytest.mark.clauses("image-shape-is-possible")
def test_a_shape_that_no_sides_have_is_refused(
    client: httpx2.Client, headers: dict[str, str]
) -> None:
    _is_refused(_asked(client, headers, aspect_ratio="50:1"), "aspect_ratio")


@pytest.mark.mock_only
@pytest.mark.clauses("image-model-paints")
def test_a_chat_model_makes_none(client: httpx2.Client, headers: dict[str, str]) -> None:
    response = _asked(client, headers, model="deepseek-ai/DeepSeek-V3")
    expect_status(response, 404)
    assert response.json()["error"]["code"] == "model_not_found"


def _is_refused(response: httpx2.Response, field: str) -> None:
    expect_status(response, 400)
    param = response.json()["error"]["param"]
    assert param == field, f"the error names {param!r}, not {field}"
