"""What a user of `runware-sdk` does, told as one line of JSON."""

import asyncio
import json
import sys
from typing import Any

from runware import Runware

MODEL = "runware:152@1"
Json = Any


async def main(origin: str, key: str, transport: str, image: str) -> Json:
    """Captions at once and polled, one and several, an upload, and what goes wrong."""
    urls = {"http_base_url": f"{origin}/v1", "ws_base_url": f"ws{origin[4:]}/v1"}
    caption = {"model": MODEL, "prompt": "Say it in 2-3 sentences.", "inputs": {"image": image}}
    at_once = {**caption, "deliveryMethod": "sync", "includeCost": True}
    told: dict[str, Json] = {}
    async with Runware(api_key=key, transport=transport, **urls) as sdk:
        told["sync"] = await sdk.run(at_once)
        told["polled"] = await sdk.run(caption)
        told["several"] = await asyncio.gather(*[sdk.run(at_once) for _ in range(5)])
        (kept,) = await sdk.image_upload({"image": image})
        told["uploaded"] = await sdk.run({**at_once, "inputs": {"image": kept["imageUUID"]}})
        task = {"taskUUID": told["sync"][0]["taskUUID"]}
        told["response"] = await sdk.get_response(task)
        told["details"] = await sdk.get_task_details(task)
        lost = {**at_once, "inputs": {"image": "https://images.example.invalid/a.jpg"}}
        told["lost"] = await failure(sdk, lost)
        told["blind"] = await failure(sdk, {**at_once, "inputs": {}})
        other = {**at_once, "model": "runware:0@0", "taskType": "caption"}
        told["unknown"] = await failure(sdk, other)
    try:
        async with Runware(api_key="runware_invalid", transport=transport, **urls) as sdk:
            await sdk.run(at_once)
    except Exception as error:
        told["stranger"] = understood(error)
    return told


async def failure(sdk: Runware, task: Json) -> Json:
    """What becomes of a task that has to fail."""
    try:
        return await sdk.run(task)
    except Exception as error:
        return understood(error)


def understood(error: Exception) -> Json:
    """An error as the client has it."""
    found = {name: getattr(error, name, None) for name in ("code", "parameter")}
    return {**found, "message": str(error)}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(*sys.argv[1:]))))
