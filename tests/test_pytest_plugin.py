"""The pytest plugin, in runs of pytest as its users have them."""

import json
import sys
from collections.abc import Mapping
from importlib.metadata import entry_points
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

CLIENT = """
import json, os, time
import pytest
from openai import OpenAI

def ask(text="Hi", **options):
    with OpenAI(**options) as client:
        message = {"role": "user", "content": text}
        return client.chat.completions.create(model="deepseek-ai/DeepSeek-V3", messages=[message])
"""


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY", "CONTRACT_TESTS_TARGET"):
        monkeypatch.delenv(name, raising=False)


def run(pytester: pytest.Pytester, source: str, *options: str) -> pytest.RunResult:
    """What pytest says of a file of tests, in a process of its own."""
    pytester.makepyfile(test_it=CLIENT + source)
    # In this one it would load modules anew, of which the tests that follow have the old ones.
    return pytester.runpytest_subprocess("-p", "no:cacheprovider", "-Werror", *options)


def test_it_is_loaded_because_the_package_is_installed() -> None:
    (plugin,) = entry_points(group="pytest11", name="understudy")
    assert plugin.value == "mock_server.pytest_plugin"


def test_loading_it_imports_nothing_that_pytest_does_not_need(pytester: pytest.Pytester) -> None:
    code = (
        "import sys, pytest; before = set(sys.modules); import mock_server.pytest_plugin;"
        "print(*sorted(set(sys.modules) - before))"
    )
    done = pytester.run(sys.executable, "-c", code)
    assert done.outlines == ["mock_server mock_server.pytest_plugin"]


GOOD = """
import asyncio, unittest
from anthropic import Anthropic
from openai import AsyncOpenAI

REAL = time.sleep
MESSAGE = {"role": "user", "content": "Hi"}

def test_openai(mock_api):
    assert "OPENAI_ORG_ID" not in os.environ
    assert ask().choices[0].message.content
    assert mock_api.journal()[0]["status"] == 200

def test_anthropic(mock_api):
    with Anthropic() as client:
        client.messages.create(model="claude-opus-4-8", max_tokens=9, messages=[MESSAGE])
    (exchange,) = mock_api.journal()
    assert (exchange["path"], exchange["status"]) == ("/v1/messages", 200)

def test_the_environment_is_as_it_was():
    assert (os.environ["OPENAI_ORG_ID"], os.environ["OPENAI_API_KEY"]) == ("org-mine", "sk-my-own")

@pytest.mark.parametrize("number", [1, 2])
def test_others_are_not_seen(mock_api, number):
    assert mock_api.journal() == []
    mock_api.set(rate_limit=1)
    mock_api.advance(100)
    ask()

def test_sleep_is_skipped(mock_api):
    mock_api.set(rate_limit=1)
    mock_api.skip_sleeps()
    ask(), ask()
    first, refused, again = mock_api.journal()
    assert (first["status"], refused["status"], again["status"]) == (200, 429, 200)
    assert again["at"] - refused["at"] > 59

def test_sleep_is_sleep_again():
    assert time.sleep is REAL

@pytest.fixture
def anyio_backend():
    return "asyncio"

@pytest.mark.anyio
async def test_asynchronous(mock_api):
    mock_api.set(rate_limit=1)
    mock_api.skip_sleeps()
    async with AsyncOpenAI() as client:
        for _ in range(2):
            await client.chat.completions.create(
                model="deepseek-ai/DeepSeek-V3", messages=[MESSAGE]
            )
    assert [each["status"] for each in mock_api.journal()] == [200, 429, 200]

@pytest.mark.usefixtures("mock_api")
class TestOfUnittest(unittest.TestCase):
    def test_it(self):
        assert ask().choices[0].message.content
"""


def test_clients_meet_a_mock_of_their_own_in_each_test_and_nothing_is_left_of_it(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "org-mine")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-my-own")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    run(pytester, GOOD).assert_outcomes(passed=9)


TOLD = """
@pytest.mark.parametrize("text", ["user@example.com", "user@example.org", "x" * 300])
def test_bytes(mock_api, text):
    said = ask(text)
    with open(os.environ["TOLD"], "a") as file:
        heard = [text, mock_api.keys, said.id, said.choices[0].message.content]
        print(json.dumps(heard), file=file)
"""


def told(path: Path) -> Mapping[str, object]:
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert len(lines) == 3
    assert len({line[1]["runcrate"] for line in lines}) == 3
    return {line[0]: line[1:] for line in lines}


def test_the_same_test_gets_the_same_bytes_in_every_run_and_in_every_worker(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = []
    for number, options in enumerate([(), ("-n", "2", "--dist", "loadgroup")]):
        path = pytester.path / f"{number}.jsonl"
        monkeypatch.setenv("TOLD", str(path))
        marked = TOLD.replace("def ", '@pytest.mark.xdist_group("one")\ndef ', 1)
        run(pytester, marked, *options).assert_outcomes(passed=3)
        runs.append(told(path))
    assert runs[0] == runs[1]


def test_a_failure_shows_what_happened_and_no_key(pytester: pytest.Pytester) -> None:
    source = """
def test_busy(mock_api):
    with pytest.raises(Exception):
        ask(api_key="rc_live_invalid_one")
    for _ in range(30):
        ask()
    assert False
def test_idle(mock_api):
    assert False
def test_without_a_mock():
    assert False
def test_good(mock_api):
    ask()
"""
    done = run(pytester, source)
    done.assert_outcomes(failed=3, passed=1)
    done.stdout.fnmatch_lines(
        [
            "*- mock api -*",
            "… 10 exchanges before these",
            "+*s  POST /v1/chat/completions  200*",
            "*- mock api -*",
            "The client has asked this server for nothing with these keys.",
        ]
    )
    _, busy, _ = done.stdout.str().split("- mock api -")
    assert busy.count("POST /v1/chat/completions") == 20
    assert "rc_live_" not in busy.partition("test_idle")[0]


def test_settings_come_from_the_ini_file(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nmock_api_settings = seed=7 clock=virtual strict")
    source = "def test_it(mock_api): assert mock_api.now() == 1_767_225_600"
    run(pytester, source).assert_outcomes(passed=1)


def test_settings_that_cannot_be_are_told(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nmock_api_settings = sede=7")
    done = run(pytester, "def test_it(mock_api): pass")
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["*mock_api_settings: unrecognized arguments: --sede=7*"])


def test_a_server_elsewhere_is_used_and_known_tests_begin_anew(
    pytester: pytest.Pytester, served: str
) -> None:
    source = f"""
def test_it(mock_api):
    assert mock_api.url == {served!r}
    assert mock_api.journal() == []
    ask()
"""
    for _ in range(2):
        run(pytester, source, "--mock-url", f"{served}/v1").assert_outcomes(passed=1)


def test_a_server_that_is_not_there_is_an_error_that_says_so(pytester: pytest.Pytester) -> None:
    done = run(pytester, "def test_it(mock_api): pass", "--mock-url", "http://127.0.0.1:9")
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["*no mock server answers at http://127.0.0.1:9: Connection*"])


def test_it_can_be_left_out(pytester: pytest.Pytester) -> None:
    done = run(pytester, "def test_it(mock_api): pass", "-p", "no:understudy")
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["*fixture 'mock_api' not found*"])
