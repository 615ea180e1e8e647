"""The command `contract-tests`: its exit codes, and when it refuses to run."""

import subprocess
import sys

import pytest

from contract_tests.cli import NOT_RUN, main
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


def test_a_paid_target_is_not_fuzzed() -> None:
    environ = {"CONTRACT_TESTS_TARGET": "https://api.runcrate.ai", "RUNCRATE_API_KEY": "rc_live_x"}
    assert read_target(environ).tier == "smoke"
    with pytest.raises(TargetError, match="may charge"):
        read_target({**environ, "CONTRACT_TESTS_TIER": "fuzz"})


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
