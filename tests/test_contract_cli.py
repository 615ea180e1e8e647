"""The command `contract-tests`: its exit codes, and when it refuses to run."""

import subprocess
import sys

import pytest

from contract_tests.clauses import ledger
from contract_tests.cli import KEPT, NOT_RUN, main
from contract_tests.target import TargetError, read_target


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
