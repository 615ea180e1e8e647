"""Runcrate's own package makes films, and pictures whose prompt a chat knows that sees them."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from runcrate import AsyncRuncrate, NotFoundError, Runcrate

from tests.cinema import shown
from tests.conftest import FreshKey

WAN = "wan-ai/Wan2.1-T2V-14B"
SMALL = {"width": 128, "height": 72, "duration": 1}


@pytest.fixture
def sdk(served: str, key: FreshKey) -> Iterator[Any]:
    with Runcrate(api_key=key("runcrate"), inference_url=served, base_url=served) as client:
        yield client


def test_a_film_is_made_and_saved(sdk: Any, tmp_path: Path) -> None:
    path, seen = tmp_path / "kite.mp4", list[str]()
    job = sdk.models.generate_video_and_save(
        str(path),
        model=WAN,
        prompt="A kite over wheat",
        poll_interval=0.01,
        on_status=lambda job: seen.append(job.status),
        **SMALL,
    )
    assert job.status == "completed"
    assert seen[-1] == "completed"
    assert set(seen) <= {"queued", "processing", "completed"}
    film = shown(path.read_bytes())
    assert film.size == (128, 72)
    assert set(film.seconds) == {1}


def test_a_download_before_its_time_is_an_error(sdk: Any) -> None:
    job = sdk.models.generate_video(model=WAN, prompt="A kite", **SMALL)
    assert job.status == "queued"
    with pytest.raises(NotFoundError, match="is not completed yet") as failure:
        sdk.models.download_video(job.id)
    assert failure.value.status_code == 404
    with pytest.raises(NotFoundError):
        sdk.models.get_video_status("vid_nowhere")


def test_films_are_made_side_by_side(served: str, key: FreshKey) -> None:
    async def make(client: Any, number: int) -> bytes:
        job = await client.models.generate_video(model=WAN, prompt=f"Boat {number}", **SMALL)
        while job.status not in ("completed", "failed"):
            await asyncio.sleep(0)
            job = await client.models.get_video_status(job.id)
        data: bytes = await client.models.download_video(job.id)
        return data

    async def make_all() -> list[bytes]:
        mine = key("runcrate")
        httpx2.put(f"{served}/__mock__/keys/{mine}", json={"rate_limit": 0})
        async with AsyncRuncrate(api_key=mine, inference_url=served, base_url=served) as client:
            return await asyncio.gather(*[make(client, number) for number in range(4)])

    assert len(set(asyncio.run(make_all()))) == 4


@pytest.mark.parametrize("form", ["url", "b64_json"])
def test_a_picture_that_was_made_is_described_by_its_prompt(form: str, sdk: Any) -> None:
    [picture] = sdk.models.generate_image(
        model="black-forest-labs/FLUX.1-schnell",
        prompt="A red fox in the snow",
        width=256,
        height=256,
        response_format=form,
    ).data
    url = picture.url or f"data:image/png;base64,{picture.b64_json}"
    shown_to = {"type": "image_url", "image_url": {"url": url}}
    question = {"type": "text", "text": "What is on this picture?"}
    answer = sdk.models.chat_completion(
        model="google/gemini-2.5-flash",
        messages=[{"role": "user", "content": [question, shown_to]}],
    )
    assert "red fox in the snow" in answer.choices[0].message.content.lower()
