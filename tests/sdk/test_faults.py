"""What the official SDKs make of each fault: the table of the README, kept true."""

from collections.abc import Callable, Iterator
from functools import partial
from json import JSONDecodeError

import anthropic
import httpx2
import openai
import pytest

from mock_server.faults import Catalogue
from tests.conftest import FreshKey

pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
HELLO = "hi"
PATIENCE = 20  # seconds
Outcome = type[Exception] | None
LOST, GONE = openai.APIConnectionError, anthropic.APIConnectionError
FAILED, DOWN = openai.InternalServerError, anthropic.InternalServerError
TORN, RESET = httpx2.RemoteProtocolError, httpx2.ReadError
# fault: openai whole and streamed, anthropic whole and streamed; None where nothing is raised.
TABLE: dict[str, tuple[Outcome, Outcome, Outcome, Outcome]] = {
    "disconnect-before-headers": (LOST, LOST, GONE, GONE),
    "disconnect-mid-stream": (LOST, LOST, GONE, TORN),
    "disconnect-mid-stream; clean=1": (JSONDecodeError, None, JSONDecodeError, None),
    "disconnect-before-done": (None, LOST, None, TORN),
    "disconnect-before-done; clean=1": (None, None, None, None),
    "connection-reset": (LOST, LOST, GONE, GONE),
    "connection-reset; after=2": (LOST, LOST, GONE, RESET),
    "truncated-chunk": (LOST, LOST, GONE, TORN),
    "malformed-chunk": (JSONDecodeError, JSONDecodeError, JSONDecodeError, JSONDecodeError),
    "content-length-too-long": (LOST, None, GONE, TORN),
    "content-length-too-short": (JSONDecodeError, None, JSONDecodeError, None),
    "error-after-200": (TypeError, openai.APIError, None, anthropic.APIStatusError),
    "wrong-content-type": (None, None, None, None),
    "split-utf8": (None, None, None, None),
    "crlf": (None, None, None, None),
    "comments": (None, None, None, None),
    "heartbeats; seconds=0": (None, None, None, None),
    "oversized-chunk": (None, None, None, None),
    "slow-drip; seconds=0": (None, None, None, None),
    "latency; seconds=0": (None, None, None, None),
    "slow-first-token; seconds=0": (None, None, None, None),
    "stall; seconds=0": (None, None, None, None),
    "status-500": (FAILED, FAILED, DOWN, DOWN),
    "status-502": (FAILED, FAILED, DOWN, DOWN),
    "status-503": (FAILED, FAILED, DOWN, DOWN),
    "status-504": (FAILED, FAILED, DOWN, DOWN),
    "status-529": (FAILED, FAILED, DOWN, DOWN),
    "rate-limited": (
        *(openai.RateLimitError, openai.RateLimitError),
        *(anthropic.RateLimitError, anthropic.RateLimitError),
    ),
}


@pytest.fixture
def by_openai(served: str, key: FreshKey) -> Iterator[openai.OpenAI]:
    mine, url = key("ruapi"), f"{served}/v1"
    with openai.OpenAI(api_key=mine, base_url=url, timeout=PATIENCE, max_retries=0) as client:
        yield client


@pytest.fixture
def by_anthropic(served: str, key: FreshKey) -> Iterator[anthropic.Anthropic]:
    client = anthropic.Anthropic(
        api_key=key("ruapi"), base_url=served, timeout=PATIENCE, max_retries=0
    )
    with client:
        yield client


def _asked_openai(client: openai.OpenAI, fault: str, stream: bool) -> None:
    answer = client.chat.completions.create(
        model="gpt-5",
        messages=[{"role": "user", "content": HELLO}],
        stream=stream,
        extra_headers={"Prefer": f"fault={fault}"},
    )
    if isinstance(answer, openai.Stream):
        list(answer)
    else:
        assert answer.choices[0].message.content


def _asked_anthropic(client: anthropic.Anthropic, fault: str, stream: bool) -> None:
    answer = client.messages.create(
        model="claude-opus-4-8",
        max_tokens=50,
        messages=[{"role": "user", "content": HELLO}],
        stream=stream,
        extra_headers={"Prefer": f"fault={fault}"},
    )
    if isinstance(answer, anthropic.Stream):
        list(answer)


def _raised(ask: Callable[[], None]) -> Outcome:
    try:
        ask()
    except Exception as error:
        return type(error)
    return None


def test_every_fault_of_networks_and_servers_is_in_the_table() -> None:
    known = Catalogue().faults.values()
    assert {name.partition(";")[0] for name in TABLE} == {f.name for f in known if f.effect}


# Each with a connection of its own: what is left on it by one fault would meet the next request.
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("fault", TABLE)
def test_what_the_openai_package_does(by_openai: openai.OpenAI, fault: str, stream: bool) -> None:
    raised = _raised(partial(_asked_openai, by_openai, fault, stream))
    assert _is(raised, TABLE[fault][:2][stream]), raised


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("fault", TABLE)
def test_what_the_anthropic_package_does(
    by_anthropic: anthropic.Anthropic, fault: str, stream: bool
) -> None:
    raised = _raised(partial(_asked_anthropic, by_anthropic, fault, stream))
    assert _is(raised, TABLE[fault][2:][stream]), raised


def _is(raised: Outcome, outcome: Outcome) -> bool:
    """Newer versions of the packages tell some of these apart by classes of their own."""
    if raised is None or outcome is None:
        return raised is outcome
    return issubclass(raised, outcome)
