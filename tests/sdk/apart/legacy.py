"""What a user of the older package, `runware`, does, told as one line of JSON."""

import asyncio
import json
import sys
from typing import Any

from runware import IImageCaption, Runware

Json = Any


async def main(origin: str, key: str, image: str, file: str) -> Json:
    """A caption, several at once, one of a file that the client uploads itself, a failure."""
    sdk = Runware(api_key=key, url=f"ws{origin[4:]}/v1")
    await sdk.connect()
    wishes: dict[str, Json] = {"model": "runware:152@1", "includeCost": True}
    caption = IImageCaption(inputImage=image, **wishes)
    told: dict[str, Json] = {"caption": vars(await sdk.imageCaption(requestImageToText=caption))}
    several = [sdk.imageCaption(requestImageToText=caption) for _ in range(5)]
    told["several"] = [vars(each) for each in await asyncio.gather(*several)]
    told["upload"] = vars(await sdk.uploadImage(file))
    mine = IImageCaption(inputImage=told["upload"]["imageUUID"], **wishes)
    told["uploaded"] = vars(await sdk.imageCaption(requestImageToText=mine))
    lost = IImageCaption(inputImage="https://images.example.invalid/a.jpg", **wishes)
    try:
        await sdk.imageCaption(requestImageToText=lost)
    except Exception as error:
        told["lost"] = str(error)
    await sdk.disconnect()
    return told


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(*sys.argv[1:])), default=str))
