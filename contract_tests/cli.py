"""The command `contract-tests`: runs the suite against the mock, or against a server at a URL."""

import argparse
import os
import sys
from collections.abc import MutableMapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from contract_tests.proofs import PROVE
from contract_tests.target import (
    ONLY,
    PROVIDERS,
    TIER,
    TIERS,
    URL,
    Target,
    TargetError,
    read_target,
)

_NEEDED = ("pytest", "schemathesis", "httpx2", "xdist")
_HERE = Path(__file__).parent
KEPT, BROKEN, NOT_RUN = 0, 1, 2


def run() -> int:
    """The entry point of the installed command."""
    return main(sys.argv[1:], os.environ)


def main(argv: Sequence[str], environ: MutableMapping[str, str]) -> int:
    """0 where every promise was kept, 1 where one was broken, 2 where the tests could not run."""
    own, more = _split(argv)
    asked = _parser().parse_args(own)
    wishes = {URL: asked.target, ONLY: " ".join(asked.provider or ()), TIER: asked.tier}
    wishes[PROVE] = "1" if asked.prove else None
    environ.update({name: wish for name, wish in wishes.items() if wish})
    try:
        target = read_target(environ)
    except TargetError as error:
        print(f"contract-tests: {error}", file=sys.stderr)
        return NOT_RUN
    if missing := [name for name in _NEEDED if find_spec(name) is None]:
        print(
            f"contract-tests: {', '.join(missing)} not found; pip install 'understudy[contract]'",
            file=sys.stderr,
        )
        return NOT_RUN
    from contract_tests import running

    return running.run(target, asked, [*_options(target, asked), *more])


def _options(target: Target, asked: argparse.Namespace) -> list[str]:
    """What pytest is told: our report tells of failures, so that it need not."""
    options = [str(_HERE), "-q", "--tb=no", "--no-header", "-rN"]
    if asked.prove or (target.url is None and target.tier != "smoke"):
        options += ["-n", str(os.cpu_count() or 1), "--dist", "loadgroup"]
    return options


def _split(argv: Sequence[str]) -> tuple[list[str], list[str]]:
    """What stands before `--`, and what stands after it."""
    at = argv.index("--") if "--" in argv else len(argv)
    return list(argv[:at]), list(argv[at + 1 :])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="contract-tests",
        description="Hold a server to the contract. What follows `--` goes to pytest.",
    )
    parser.add_argument(
        "--target", metavar="URL", help="origin of the server (default: the mock, in this process)"
    )
    parser.add_argument(
        "--provider", action="append", choices=PROVIDERS, help="only this provider; repeatable"
    )
    parser.add_argument(
        "--tier", choices=TIERS, help="how much is asked (default: full, live: smoke)"
    )
    parser.add_argument(
        "--report", metavar="DIR", type=Path, help="write report.json there, and other forms of it"
    )
    parser.add_argument(
        "--prove",
        action="store_true",
        help="switch on every fault of the mock, and see that its clause is found broken",
    )
    return parser
