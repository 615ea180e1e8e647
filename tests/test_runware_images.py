"""Uploaded images: found again by the key that brought them, and by nobody else."""

from base64 import b64encode

import pytest

from mock_server.mock import Mock
from tests.picture_factory import plain
from tests.runware import PIXEL, Json, caption, error, new_uuid, result, send
from tests.world import new_mock


@pytest.fixture(scope="module")
def mock() -> Mock:
    return new_mock()


def upload(image: str = PIXEL) -> Json:
    return {"taskType": "imageUpload", "taskUUID": new_uuid(), "image": image}


def test_an_upload_gets_a_uuid_and_a_url(mock: Mock) -> None:
    task = upload()
    told = result(mock, task)
    assert list(told) == ["taskType", "taskUUID", "imageUUID", "imageURL"]
    assert told["imageURL"].endswith(f"/{told['imageUUID']}.png")
    assert told["imageUUID"] != task["taskUUID"]
    assert result(mock, upload())["imageUUID"] != told["imageUUID"]


@pytest.mark.parametrize(
    "image", [PIXEL, f"data:image/png;base64,{PIXEL}", "https://a.example/blue-boats.png"]
)
def test_it_is_found_by_both(mock: Mock, image: str) -> None:
    told = result(mock, upload(image))
    for name in (told["imageUUID"], told["imageUUID"].upper(), told["imageURL"]):
        assert "blue" in result(mock, caption(inputs={"image": name}))["text"]


def test_another_key_does_not_find_it(mock: Mock) -> None:
    told = result(mock, upload())
    task = caption(inputs={"image": told["imageUUID"]})
    assert error(mock, task, key="runware_other")["code"] == "mediaNotFound"
    by_url = caption(inputs={"image": told["imageURL"]})
    assert "blue" not in result(mock, by_url, key="runware_other")["text"]


def test_an_upload_can_be_uploaded_again(mock: Mock) -> None:
    told = result(mock, upload())
    again = result(mock, upload(told["imageURL"]))
    assert "blue" in result(mock, caption(inputs={"image": again["imageUUID"]}))["text"]


@pytest.mark.parametrize(
    ("image", "code"),
    [
        ("https://a.invalid/b.png", "failedToTransferImage"),
        ("QUJD", "invalidParameter"),
        (PIXEL[:-40], "invalidParameter"),
        ("", "invalidParameter"),
    ],
)
def test_what_is_no_image_is_refused(mock: Mock, image: str, code: str) -> None:
    told = error(mock, upload(image))
    assert (told["code"], told["parameter"]) == (code, "image")


def test_a_uuid_is_used_once(mock: Mock) -> None:
    task = upload()
    assert result(mock, task)
    assert error(mock, task)["code"] == "conflictTaskUUID"
    assert error(mock, caption(taskUUID=task["taskUUID"]))["code"] == "conflictTaskUUID"


def test_a_reset_forgets_images_and_uuids() -> None:
    mock = new_mock()
    task = upload()
    told = result(mock, task)
    mock.store.reset()
    assert error(mock, caption(inputs={"image": told["imageUUID"]}))["code"] == "mediaNotFound"
    assert send(mock, task).status == 200


@pytest.mark.parametrize("url", ["http://[", "http://a b/c", "https://a.example/%zz/", "http://?"])
def test_addresses_that_are_none_harm_nothing(mock: Mock, url: str) -> None:
    assert send(mock, caption(inputs={"image": url})).status in (200, 400)


def test_a_bmp_may_be_uploaded_but_not_sent_along(mock: Mock) -> None:
    image = b64encode(plain("blue", "BMP")).decode()
    told = result(mock, upload(image))
    assert told["imageURL"].endswith(".bmp")
    assert "blue" in result(mock, caption(inputs={"image": told["imageUUID"]}))["text"]
    assert "image/bmp is not accepted" in error(mock, caption(inputs={"image": image}))["message"]
    assert "truncated BMP" in error(mock, upload(image[:-40]))["message"]
