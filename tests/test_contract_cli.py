"""The command `contract-tests`: its exit codes, and when it refuses to run."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from contract_tests import running
from contract_tests.clauses import ledger
from contract_tests.cli import KEPT, NOT_RUN, main
from contract_tests.proofs import proof
from contract_tests.target import TargetError, meet, read_target
from mock_server.faults import Catalogue
from tests.gateway import serving


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["--target", "https://api.runcrate.ai"], "RUNCRATE_API_KEY"),
        (["--target", "https://api.runcrate.ai", "--provider", "ruapi"], "RUAPI_API_KEY"),
    ],
)
def test_a_paid_target_needs_a_key(
    argv: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(argv, {}) == NOT_RUN
    assert words in capsys.readouterr().err


LIVE = {"CONTRACT_TESTS_TARGET": "https://api.runcrate.ai", "RUNCRATE_API_KEY": "rc_live_x"}


@pytest.mark.parametrize(
    ("tier", "calls", "usd"), [("smoke", 30, 0.5), ("full", 300, 5.0), ("fuzz", 300, 5.0)]
)
def test_a_paid_target_has_limits(tier: str, calls: int, usd: float) -> None:
    assert read_target(LIVE).tier == "smoke"
    target = read_target({**LIVE, "CONTRACT_TESTS_TIER": tier})
    assert (target.most_calls, target.most_spent) == (calls, usd)


def test_limits_can_be_set() -> None:
    wishes = {"CONTRACT_TESTS_MAX_CALLS": "5", "CONTRACT_TESTS_MAX_SPEND": "0.01"}
    target = read_target(LIVE | wishes)
    assert (target.most_calls, target.most_spent) == (5, 0.01)
    with pytest.raises(TargetError, match="no number"):
        read_target({**LIVE, "CONTRACT_TESTS_MAX_CALLS": "few"})


def test_a_provider_is_sent_no_key_of_another() -> None:
    assert list(read_target({**LIVE, "RUAPI_API_KEY": "sk-x"}).keys) == ["runcrate"]
    elsewhere = {**LIVE, "RUAPI_API_KEY": "sk-x", "CONTRACT_TESTS_TARGET": "https://example.com"}
    with pytest.raises(TargetError, match="whose keys"):
        read_target(elsewhere)
    assert list(read_target({**elsewhere, "CONTRACT_TESTS_PROVIDERS": "ruapi"}).keys) == ["ruapi"]


def test_live_allows_a_server_without_a_key() -> None:
    target = read_target(
        {
            "CONTRACT_TESTS_TARGET": "https://example.com",
            "CONTRACT_TESTS_PROVIDERS": "ruapi",
            "CONTRACT_TESTS_LIVE": "1",
        }
    )
    assert (dict(target.keys), dict(target.secrets)) == ({"ruapi": "sk-test"}, {})


def test_a_target_file_names_url_and_provider() -> None:
    target = read_target(
        {"CONTRACT_TESTS_TARGET_FILE": "runcrate", "RUNCRATE_API_KEY": "rc_live_x"}
    )
    assert (target.url, target.paid, target.binds) == ("https://api.runcrate.ai", True, "live")
    with pytest.raises(TargetError, match="cannot be read"):
        read_target({"CONTRACT_TESTS_TARGET_FILE": "nowhere.yaml"})


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["--prove", "--target", "http://127.0.0.1:9"], "takes no target"),
        (["--live"], "--live needs a target"),
        (["--resume"], "--resume needs a target"),
        (["--target", "http://127.0.0.1:9", "--resume"], "--resume needs a target"),
    ],
)
def test_options_that_make_no_sense_together_are_refused(
    argv: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(argv, {}) == NOT_RUN
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "is_all"),
    [
        ([], True),
        (["contract_tests/test_models.py"], False),
        (["contract_tests/test_models.py::test_slashes_may_be_escaped"], False),
        (["-k", "models"], True),
        (["--deselect", "contract_tests/test_models.py"], True),
        (["--ignore=contract_tests/test_models.py"], True),
    ],
)
def test_all_tests_are_run_where_none_are_named(
    more: list[str], is_all: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def take(target: object, asked: object, options: list[str]) -> int:
        seen.extend(options)
        return KEPT

    monkeypatch.setattr(running, "run", take)
    assert main(["--", *more], {}) == KEPT
    assert (str(Path(running.__file__).parent) in seen) == is_all
    assert seen[len(seen) - len(more) :] == more


def test_the_clauses_can_be_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list"], {}) == KEPT
    told = capsys.readouterr().out
    assert all(f"{id}  [" in told for id in ledger().clauses)


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000", "127.8.8.8"])
def test_a_server_on_this_machine_costs_nothing(host: str) -> None:
    assert not read_target({"CONTRACT_TESTS_TARGET": f"http://{host}"}).paid


@pytest.mark.parametrize("host", ["localhost.example.com", "127.evil.example", "example.com"])
def test_a_name_that_only_looks_local_may_charge(host: str) -> None:
    environ = {"CONTRACT_TESTS_TARGET": f"http://{host}", "RUAPI_API_KEY": "sk-x"}
    assert read_target(environ).paid


def test_a_server_that_keeps_the_contract_gets_0_and_one_that_does_not_1(served: str) -> None:
    for target, code in ((served, 0), (f"{served}/none", 1)):
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "contract_tests",
                "--target",
                target,
                "--",
                "-k",
                "test_streams",
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stdout[-2000:]


@pytest.mark.parametrize(
    "url",
    ["127.0.0.1:8000", "http://", "ftp://a", "http://a?x=1", "http://a/#b", "notaurl"],
)
def test_what_is_no_url_of_a_server_is_refused(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--target", url], {}) == NOT_RUN
    assert "is no http or https URL" in capsys.readouterr().err


@pytest.mark.parametrize("end", ["", "/", "/v1", "/v1/"])
def test_the_v1_of_a_base_url_is_the_contracts_own(end: str) -> None:
    target = read_target({"CONTRACT_TESTS_TARGET": f"http://127.0.0.1:8000/gateway{end}"})
    assert target.url == "http://127.0.0.1:8000/gateway"


@pytest.mark.parametrize("option", ["--report", "--save", "--state"])
def test_what_cannot_be_written_is_told_before_anything_is_asked(
    option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "file"
    file.write_text("")
    place = file if option == "--report" else tmp_path / "nowhere" / "file"
    assert main([option, str(place)], {}) == NOT_RUN
    assert str(place) in capsys.readouterr().err


@pytest.mark.parametrize("page", ["<html></html>", "{}", '{"status": "ok"}', "[1]"])
def test_a_server_that_answers_everything_is_no_mock(page: str) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": page.encode()})

    with serving(app) as url:
        target = meet(read_target({"CONTRACT_TESTS_TARGET": url}))
    assert not target.is_mock
    assert target.keys["runcrate"] == "rc_live_test"


@pytest.mark.parametrize("codecs", [True, False])
def test_a_mock_says_whether_it_speaks_every_format(codecs: bool) -> None:
    told = {"status": "ok", "version": "1", "mode": "real", "now": 0, "codecs": codecs}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": json.dumps(told).encode()})

    with serving(app) as url:
        target = meet(read_target({"CONTRACT_TESTS_TARGET": url}))
    assert target.is_mock
    assert target.lacks_codecs != codecs


def test_of_a_selection_a_fault_is_missed_only_where_all_its_tests_ran() -> None:
    name = next(iter(Catalogue().breaches))
    met = {"fault": name, "caught": False, "also": [], "of": 2}
    part = proof([met], is_selection=True)
    assert not part.missed
    whole = proof([met, met], is_selection=True)
    assert [each.fault for each in whole.missed] == [name]
    assert not whole.is_whole
    assert proof([{**met, "caught": True}], is_selection=True).is_whole
    assert not proof([{**met, "caught": True}]).is_whole


def test_without_the_extra_it_says_what_is_missing() -> None:
    """As after `make serve`: nothing is there but what the mock itself needs."""
    blocked = ["httpx2", "pytest", "schemathesis", "websockets", "xdist"]
    code = f"""
import sys
class Nothing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {blocked}:
            raise ModuleNotFoundError(name)
import importlib.util
real = importlib.util.find_spec
importlib.util.find_spec = lambda name, *more: None if name in {blocked} else real(name, *more)
sys.meta_path.insert(0, Nothing())
from contract_tests.cli import run
sys.argv = ["contract-tests"]
sys.exit(run())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1 and "understudy[contract]" in done.stderr
