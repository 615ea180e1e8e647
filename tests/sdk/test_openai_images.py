"""Pictures by the official `openai` package, and their files by plain HTTP."""

from base64 import b64decode
from collections.abc import Iterator
from io import BytesIO

import httpx
import openai
import pytest
from openai import OpenAI
from PIL import Image

from tests.conftest import FreshKey

pytestmark = [
    # openai 3.52 leaves the closing of its default HTTP client to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
MODEL = "black-forest-labs/FLUX.1-schnell"
PROMPT = "A red fox in the snow"


@pytest.fixture
def sdk(served: str, key: FreshKey) -> Iterator[OpenAI]:
    with OpenAI(base_url=f"{served}/v1", api_key=key("runcrate")) as client:
        yield client


def test_pictures_by_address(sdk: OpenAI, served: str) -> None:
    answer = sdk.images.generate(
        model=MODEL, prompt=PROMPT, n=2, size="512x512", output_format="webp"
    )
    assert answer.data is not None
    urls = [each.url for each in answer.data]
    assert len(set(urls)) == 2
    for url in urls:
        assert url is not None
        assert url.startswith(f"{served}/generations/")
        file = httpx.get(url)
        assert file.headers["content-type"] == "image/webp"
        with Image.open(BytesIO(file.content)) as image:
            assert (image.format, image.size) == ("WEBP", (512, 512))


def test_a_picture_inline(sdk: OpenAI) -> None:
    answer = sdk.images.generate(
        model=MODEL, prompt=PROMPT, size="1024x1792", response_format="b64_json"
    )
    assert answer.data is not None
    [entry] = answer.data
    assert entry.url is None
    assert entry.b64_json is not None
    with Image.open(BytesIO(b64decode(entry.b64_json))) as image:
        assert (image.format, image.size) == ("PNG", (1024, 1792))


def test_a_picture_by_address_can_be_looked_up_before_it_is_fetched(
    sdk: OpenAI,
) -> None:
    answer = sdk.images.generate(model=MODEL, prompt=PROMPT, extra_body={"aspect_ratio": "16:9"})
    assert answer.data is not None
    url = str(answer.data[0].url)
    head, whole = httpx.head(url), httpx.get(url)
    assert head.content == b""
    assert int(head.headers["content-length"]) == len(whole.content)
    assert head.headers["etag"] == whole.headers["etag"]
    again = httpx.get(url, headers={"If-None-Match": whole.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "content-length" not in again.headers


def test_refusals_name_the_field(sdk: OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        sdk.images.generate(model=MODEL, prompt=PROMPT, size="auto", n=11)
    assert refused.value.param == "n"
    with pytest.raises(openai.BadRequestError) as refused:
        sdk.images.generate(
            model=MODEL, prompt=PROMPT, size="512x512", extra_body={"aspect_ratio": "16:9"}
        )
    assert refused.value.param == "aspect_ratio"


def test_a_time_that_is_over_is_a_404(sdk: OpenAI, served: str) -> None:
    answer = sdk.images.generate(model=MODEL, prompt=PROMPT, size="256x256")
    assert answer.data is not None
    url = str(answer.data[0].url)
    assert httpx.get(url).status_code == 200
    httpx.post(f"{served}/__mock__/clock", json={"key": sdk.api_key, "advance": 3600})
    gone = httpx.get(url)
    assert gone.status_code == 404
    assert gone.json()["error"]["code"] == "not_found"
