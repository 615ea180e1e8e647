"""Exchanges and runs to compare, made of plain data or of what a mock answers."""

import json
from typing import Any

from starlette.testclient import TestClient

from contract_tests.exchange import Exchange, make, of_httpx
from contract_tests.observations import Observations
from contract_tests.target import PROVIDERS
from mock_server import Settings, create_app
from mock_server.fixtures import key_of

Json = Any
KEY = key_of("runcrate", "observing")


def exchange_of(
    told: Json,
    *,
    status: int = 200,
    asked: Json = None,
    headers: dict[str, str] | None = None,
    url: str = "http://server/v1/chat/completions",
    method: str = "POST",
) -> Exchange:
    """An exchange of Runcrate; `told` is the JSON of the answer, or the bytes of a stream."""
    is_stream = isinstance(told, bytes)
    body = told if is_stream else json.dumps(told).encode()
    media_type = "text/event-stream" if is_stream else "application/json"
    sent = [("authorization", f"Bearer {KEY}"), ("content-type", "application/json")]
    question = json.dumps(asked or {"model": "m"}).encode()
    shown = {"content-type": media_type, **(headers or {})}
    return make((method, url, sent, question), (status, shown, body), PROVIDERS)


def seen_of(*exchanges: Exchange) -> Observations:
    """What is to be seen in exchanges."""
    seen = Observations()
    for each in exchanges:
        seen.take(each)
    return seen


def seen_of_mock(*faults: str, **more: Json) -> Observations:
    """What a mock lets see that was asked for one chat, with faults switched on."""
    with TestClient(create_app(Settings())) as client:
        client.put("/__mock__/faults", json={"faults": list(faults)}).raise_for_status()
        body = {
            "model": "deepseek-ai/DeepSeek-V3",
            "messages": [{"role": "user", "content": "Say hello."}],
            **more,
        }
        headers = {"Authorization": f"Bearer {KEY}"}
        response = client.post("/v1/chat/completions", json=body, headers=headers)
    return seen_of(of_httpx(response, PROVIDERS))
