"""The whole command against servers that are not ours: what it finds, spends and keeps secret."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as Xml

import pytest

from contract_tests.running import FORMS
from tests.gateway import Gateway, serving

Json = Any
KEY = "sk-very-secret-4711+x"
PRICES = "prices: {input: 1, output: 4}"


def judge(
    report: Path, *options: str, more: Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    """Run the tests of streams for RuAPI, as its users would."""
    program = [sys.executable, "-m", "contract_tests", "--provider", "ruapi", "--tier", "full"]
    program += [*options, "--report", str(report), "--", "-k", "test_streams", *more]
    environ = {**os.environ, "RUAPI_API_KEY": KEY}
    return subprocess.run(program, capture_output=True, text=True, check=False, env=environ)


def verdict_of(report: Path, id: str) -> Json:
    told = json.loads((report / "report.json").read_text("utf-8"))
    return next(each for each in told["clauses"] if (each["id"], each["provider"]) == (id, "ruapi"))


def target_file(folder: Path, url: str, *lines: str, paid: str = "true") -> str:
    path = folder / "target.yaml"
    path.write_text("\n".join([f"url: {url}", f"paid: {paid}", PRICES, *lines]), "utf-8")
    return str(path)


def test_the_author_of_a_broken_server_learns_what_to_mend_and_nobody_its_key(
    tmp_path: Path,
) -> None:
    gateway = Gateway(says=f"<script>alert('{KEY}')</script>", ends=False)
    with serving(gateway) as url:
        done = judge(tmp_path, "--target", url, more=["--tb=long", "-rA", "-s"])
        verdict = verdict_of(tmp_path, "chat-stream-ends-with-done")
        line = verdict["sightings"][0]["exchange"]["curl"]
        environ = {"RUAPI_API_KEY": KEY, "PATH": os.environ["PATH"]}
        again = subprocess.run(
            ["sh", "-c", line], capture_output=True, text=True, check=True, env=environ
        )
    assert done.returncode == 1, done.stderr
    assert "BROKEN ruapi chat-stream-ends-with-done" in done.stdout
    assert verdict["verdict"] == "broken"
    assert "200 OK" in again.stdout
    assert "chat.completion.chunk" in again.stdout
    assert "[DONE]" not in again.stdout
    cases = Xml.parse(tmp_path / "junit.xml").iterfind(".//testcase[failure]")
    assert "chat-stream-ends-with-done" in [case.get("name") for case in cases]
    texts = {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()}
    assert set(texts) == {*FORMS, "state.jsonl"}
    assert "chat-stream-ends-with-done" in texts["report.md"]
    assert "<script" not in texts["report.html"]
    assert "&lt;script&gt;" in texts["report.html"]
    assert gateway.keys[-1] == f"Bearer {KEY}"
    texts |= {"stdout": done.stdout, "stderr": done.stderr}
    assert [name for name, text in texts.items() if "very-secret" in text] == []
    assert "max_tokens" in texts["stdout"]
    assert "&quot;max_tokens&quot;: 64" in texts["report.html"]
    assert "[hidden]" in texts["report.html"]


def test_a_server_that_is_not_there_is_not_judged(tmp_path: Path) -> None:
    done = judge(tmp_path, "--target", "http://127.0.0.1:9")
    assert done.returncode == 2
    assert "no server answers at http://127.0.0.1:9" in done.stderr


def test_what_is_accepted_is_no_failure_until_its_day(tmp_path: Path) -> None:
    with serving(Gateway(ends=False, announces_usage=False)) as url:
        known = (
            "deviations:",
            "- {clause: chat-stream-ends-with-done, reason: known, until: 9999-01-01}",
            "- {clause: chat-stream-usage-is-null-before, reason: soon done, until: 2020-01-01}",
        )
        file = target_file(tmp_path, url, *known, paid="false")
        done = judge(tmp_path, "--target-file", file)
    assert done.returncode == 1
    assert "accepted: ruapi chat-stream-ends-with-done, accepted until 9999-01-01" in done.stdout
    assert "BROKEN ruapi chat-stream-usage-is-null-before" in done.stdout
    assert "was accepted until 2020-01-01, which has passed: soon done" in done.stdout
    assert verdict_of(tmp_path, "chat-stream-ends-with-done")["verdict"] == "accepted"


def test_who_accepts_all_that_is_broken_finds_no_more_of_it(tmp_path: Path) -> None:
    with serving(Gateway(ends=False)) as url:
        assert judge(tmp_path, "--target", url).returncode == 1
        told = json.loads((tmp_path / "report.json").read_text("utf-8"))
        broken = [each["id"] for each in told["clauses"] if each["verdict"] == "broken"]
        assert "chat-stream-calls-are-named-once" in broken
        known = [f"- {{clause: {id}, reason: known, until: 9999-01-01}}" for id in broken]
        file = target_file(tmp_path, url, "deviations:", *known, paid="false")
        done = judge(tmp_path, "--target-file", file)
    assert done.returncode == 0, done.stdout


def test_a_paid_run_says_what_it_does_and_keeps_its_manners(tmp_path: Path) -> None:
    gateway = Gateway(refusals=2)
    with serving(gateway) as url:
        file = target_file(tmp_path, url, "models: {chat-completions: tiny}")
        done = judge(tmp_path, "--target-file", file)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Live: {url} will be asked with the keys of ruapi, tier full." in done.stdout
    assert "At most 300 calls, 5.00 USD, and one video; only a 429 is sent again." in done.stdout
    assert "sent again after a 429: POST /v1/chat/completions, attempt 3" in done.stdout
    assert {each["model"] for each in gateway.asked} == {"tiny"}
    told = json.loads((tmp_path / "report.json").read_text("utf-8"))["spending"]
    assert told["calls"] == len(gateway.asked)
    assert 0 < told["spent"] < 0.1


def test_a_paid_run_ends_before_its_limits_and_is_taken_up_again(tmp_path: Path) -> None:
    gateway = Gateway()
    with serving(gateway) as url:
        options = ("--target-file", target_file(tmp_path, url))
        judge(tmp_path, *options, "--max-calls", "1")
        assert len(gateway.asked) == 1
        first = json.loads((tmp_path / "report.json").read_text("utf-8"))
        assert first["spending"]["said"] == ["budget: 1 calls have been sent"]
        assert first["tests"]["skipped"] > 0
        done = judge(tmp_path, *options, "--max-calls", "50", "--resume")
        assert done.returncode == 0, done.stdout
    second = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert second["spending"]["calls"] == len(gateway.asked)
    _, *lines = (tmp_path / "state.jsonl").read_text("utf-8").splitlines()
    decided = [line for line in lines if not json.loads(line)["found"]["reason"]]
    # None was run twice.
    assert first["tests"]["passed"] + second["tests"]["passed"] == len(decided)
    assert second["summary"]["ruapi"]["kept"] >= first["summary"]["ruapi"]["kept"]


@pytest.mark.parametrize(
    "key", ['rc_live_s"e\\c$r{e}t%41/&<x>256+tail', "rc_live_Zq8-Kx_3vLp.9TtWm2RsYb7Nh"]
)
def test_no_server_that_repeats_a_key_gets_it_into_a_report(key: str, tmp_path: Path) -> None:
    program = [sys.executable, "-m", "contract_tests", "--provider", "runcrate", "--report"]
    more = ["-k", "test_auth or test_streams", "--tb=long", "-rA", "-s"]
    environ = {**os.environ, "RUNCRATE_API_KEY": key}
    gateway = Gateway(ends=False, door=key, repeats=True)
    with serving(gateway) as url:
        command = [*program, str(tmp_path), "--target", url, "--", *more]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environ)
    assert done.returncode == 1, done.stderr
    texts = {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()}
    texts |= {"stdout": done.stdout, "stderr": done.stderr}
    assert f"Bearer {key}" in gateway.keys
    for name, text in texts.items():
        plain = re.sub(r"[\\\"']", "", unescape(text))
        for part in (key[17:25], key[8:20], key[-10:], quote(key[8:20], safe="")):
            assert re.sub(r"[\\\"']", "", part) not in plain, name
    assert "max_tokens" in texts["state.jsonl"]
    assert "[hidden]" in texts["state.jsonl"]
