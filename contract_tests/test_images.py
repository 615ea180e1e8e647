"""Pictures: of the size and format asked for, inline or by address, refused by field."""

from base64 import b64decode
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest

from contract_tests import laws
from contract_tests.conftest import FreshKey
from contract_tests.target import Target

PATH = "/v1/images/generations"
MODEL = "black-forest-labs/FLUX.1-schnell"
PROMPT = "A red fox in the snow"
Json = Any

# A change to a good request, and the field and words that its refusal has to have.
WRONG: dict[str, tuple[dict[str, Json], str, str]] = {
    "no prompt": ({"prompt": ...}, "prompt", "is required"),
    "no model": ({"model": ...}, "model", "is required"),
    "too narrow": ({"width": 255, "height": 512}, "width", "less than the minimum of 256"),
    "too high": ({"width": 512, "height": 2049}, "height", "greater than the maximum of 2048"),
    "a width alone": ({"width": 512}, "height", "is required"),
    "a height alone": ({"height": 512}, "width", "is required"),
    "too small a size": ({"size": "128x512"}, "size", "not from 256 to 2048"),
    "two sizes": ({"size": "512x512", "width": 256, "height": 256}, "size", "is not the 256 x 256"),
    "another shape": (
        {"size": "512x512", "aspect_ratio": "16:9"},
        "aspect_ratio",
        "is not that of 512 x 512",
    ),
    "too long a shape": ({"aspect_ratio": "50:1"}, "aspect_ratio", "allows no sides"),
    "too many steps": ({"num_inference_steps": 101}, "num_inference_steps", "maximum of 100"),
    "no picture": ({"n": 0}, "n", "less than the minimum of 1"),
    "too many": ({"n": 11}, "n", "greater than the maximum of 10"),
    "a strange form": ({"response_format": "hex"}, "response_format", "not one of url, b64_json"),
    "a strange file": ({"output_format": "gif"}, "output_format", "not one of png, jpeg, webp"),
}


@pytest.fixture
def headers(target: Target, key: FreshKey) -> dict[str, str]:
    """The credentials of the provider of pictures."""
    if "runcrate" not in target.keys:
        pytest.skip("runcrate is not asked for")
    return {"Authorization": f"Bearer {key('runcrate')}"}


def _draw(client: httpx2.Client, headers: dict[str, str], **more: Json) -> Json:
    body = {"model": MODEL, "prompt": PROMPT, **more}
    response = client.post(PATH, json=body, headers=headers)
    assert response.status_code == 200, response.text
    return response.json()


def _at_home(url: str, client: httpx2.Client, target: Target) -> str:
    """The URL as the client of this target reaches it."""
    return urlsplit(url).path if target.url is None else url


def test_a_picture_inline_has_the_sides_asked_for(
    client: httpx2.Client, headers: dict[str, str]
) -> None:
    sides = {"width": 512, "height": 256}
    answer = _draw(client, headers, **sides, response_format="b64_json")
    laws.pictures_come_in_the_form_asked_for(answer, "b64_json", 1)
    data = b64decode(answer["data"][0]["b64_json"], validate=True)
    laws.a_picture_decodes_to(data, "PNG", (512, 256))


@pytest.mark.mock_only
@pytest.mark.parametrize("form", ["png", "jpeg", "webp"])
def test_a_picture_by_address_needs_no_key(
    form: str, client: httpx2.Client, headers: dict[str, str], target: Target
) -> None:
    answer = _draw(client, headers, size="320x256", output_format=form, n=2)
    laws.pictures_come_in_the_form_asked_for(answer, "url", 2)
    files = []
    for entry in answer["data"]:
        file = client.get(_at_home(entry["url"], client, target))
        assert file.status_code == 200
        assert file.headers["content-type"] == f"image/{form}"
        assert int(file.headers["content-length"]) == len(file.content)
        name = {"png": "PNG", "jpeg": "JPEG", "webp": "WEBP"}[form]
        laws.a_picture_decodes_to(file.content, name, (320, 256))
        files.append(file.content)
    assert files[0] != files[1]


@pytest.mark.mock_only
def test_the_same_request_gives_the_same_picture_to_everybody(
    client: httpx2.Client, headers: dict[str, str], key: FreshKey, target: Target
) -> None:
    inline = _draw(client, headers, seed=7, response_format="b64_json")["data"][0]["b64_json"]
    other = {"Authorization": f"Bearer {key('runcrate')}"}
    url = _draw(client, other, seed=7)["data"][0]["url"]
    assert client.get(_at_home(url, client, target)).content == b64decode(inline)
    assert _draw(client, headers, seed=7)["data"][0]["url"] != url, "the key is in the address"
    another = _draw(client, headers, seed=8, response_format="b64_json")["data"][0]["b64_json"]
    assert another != inline


@pytest.mark.mock_only
@pytest.mark.parametrize("name", ["img_abc123.png", "..%2Fopenapi.yaml", "%2e%2e", "img_.png", " "])
def test_an_address_that_was_never_given_leads_nowhere(name: str, client: httpx2.Client) -> None:
    answer = client.get(f"/generations/{name}")
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


@pytest.mark.parametrize(("change", "param", "rule"), WRONG.values(), ids=WRONG)
def test_the_error_names_field_and_rule(
    change: dict[str, Json],
    param: str,
    rule: str,
    client: httpx2.Client,
    headers: dict[str, str],
    target: Target,
) -> None:
    if target.paid and change != {param: ...}:
        pytest.skip("what a live server would take might be painted, and paid for")
    body = {"model": MODEL, "prompt": PROMPT, **change}
    sent = {name: value for name, value in body.items() if value is not ...}
    response = client.post(PATH, json=sent, headers=headers)
    assert response.status_code in ((400, 422) if target.paid else (400,))
    error = response.json()["error"]
    assert error["message"]
    if not target.paid:
        laws.a_refusal_names_field_and_rule(error, param, rule)


@pytest.mark.mock_only
def test_a_chat_model_makes_none(client: httpx2.Client, headers: dict[str, str]) -> None:
    body = {"model": "deepseek-ai/DeepSeek-V3", "prompt": PROMPT}
    response = client.post(PATH, json=body, headers=headers)
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "model_not_found"
