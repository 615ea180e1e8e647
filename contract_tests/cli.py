"""The command `contract-tests`: runs the suite against the mock, or against a server at a URL."""

import argparse
import os
import sys
from collections.abc import MutableMapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from contract_tests.clauses import ledger
from contract_tests.target import (
    FILE,
    LIVE,
    MAX_CALLS,
    MAX_SPEND,
    OBSERVES,
    ONLY,
    PROVE,
    PROVIDERS,
    TIER,
    TIERS,
    URL,
    Target,
    TargetError,
    read_target,
)

_NEEDED = {"pytest": "pytest", "schemathesis": "schemathesis", "httpx2": "httpx2"}
_NEEDED |= {"websockets": "websockets", "xdist": "pytest-xdist"}
_HERE = Path(__file__).parent
KEPT, BROKEN, NOT_RUN = 0, 1, 2


def run() -> int:
    """The entry point of the installed command."""
    try:
        return main(sys.argv[1:], os.environ)
    except BrokenPipeError:  # whoever reads has read enough; Python would complain at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOT_RUN


def main(argv: Sequence[str], environ: MutableMapping[str, str]) -> int:
    """0 where every promise was kept, 1 where one was broken, 2 where the tests could not run.

    3 where all was kept, and yet something has changed since the baseline that breaks clients.
    """
    own, more = _split(argv)
    asked = _parser().parse_args(own)
    if asked.list:
        return _list()
    environ.update({name: wish for name, wish in _wishes(asked).items() if wish})
    try:
        target = read_target(environ)
        _check(asked, target)
    except TargetError as error:
        return _refuse(str(error))
    from contract_tests import running
    from contract_tests.snapshots import SnapshotError
    from contract_tests.state import StateError

    try:
        return running.run(target, asked, [*_options(target, asked, more), *more])
    except (SnapshotError, StateError) as error:
        return _refuse(str(error))


def _check(asked: argparse.Namespace, target: Target) -> None:
    """Raises TargetError where the tests could not run, before anything is asked."""
    missing = [name for module, name in _NEEDED.items() if find_spec(module) is None]
    if missing:
        raise TargetError(f"{', '.join(missing)} not found; pip install 'understudy[contract]'")
    if problem := _problem(asked, target) or _unwritable(asked):
        raise TargetError(problem)


def _refuse(says: str) -> int:
    print(f"contract-tests: {says}", file=sys.stderr)
    return NOT_RUN


def _list() -> int:
    for clause in ledger().clauses.values():
        print(f"{clause.id}  [{clause.asserted}; {', '.join(clause.providers)}; {clause.costs}]")
        print(f"    {clause.promise}")
    return KEPT


def _wishes(asked: argparse.Namespace) -> dict[str, str | None]:
    """The environment of the tests, which may run in other processes."""
    return {
        URL: asked.target,
        FILE: asked.target_file,
        ONLY: " ".join(asked.provider or ()),
        TIER: asked.tier,
        LIVE: "1" if asked.live else None,
        MAX_CALLS: asked.max_calls,
        MAX_SPEND: asked.max_spend,
        PROVE: "1" if asked.prove else None,
        OBSERVES: "1" if asked.save or asked.baseline else None,
    }


def _problem(asked: argparse.Namespace, target: Target) -> str | None:
    if asked.prove and target.url is not None:
        return "--prove switches on the faults of the mock: it takes no target"
    if asked.live and target.url is None:
        return "--live needs a target: --target or --target-file"
    if asked.resume and (target.url is None or not (asked.state or asked.report)):
        return "--resume needs a target, and the --report or --state of the run before"
    if asked.resume and (asked.save or asked.baseline):
        return "--resume asks only for the rest: that is too little to --save, or to compare"
    if asked.drift and not asked.baseline:
        return "--drift needs a --baseline to compare with"
    return None


def _unwritable(asked: argparse.Namespace) -> str | None:
    """Why what is to be written cannot be, found out before anything is asked."""
    try:
        if asked.report:
            asked.report.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return f"--report {asked.report}: {error.strerror}"
    for path in filter(None, (asked.state, asked.save, asked.drift)):
        if path.is_dir() or not os.access(path.absolute().parent, os.W_OK):
            return f"{path} cannot be written"
    return None


def _options(target: Target, asked: argparse.Namespace, more: Sequence[str]) -> list[str]:
    """What pytest is told: our report tells of failures, so that it need not."""
    tests = [] if any(map(_names_tests, ["", *more], more)) else [str(_HERE)]
    options = [*tests, "-q", "--tb=no", "--no-header", "-rN"]
    if asked.prove or (target.url is None and target.tier != "smoke"):
        options += ["-n", str(os.cpu_count() or 1), "--dist", "loadgroup"]
    return options


def _names_tests(before: str, word: str) -> bool:
    """Whether a word to pytest is a file of tests, or something in one, and no option's value."""
    is_value = before in ("--ignore", "--deselect") or word.startswith("-")
    return word.partition("::")[0].endswith(".py") and not is_value


def _split(argv: Sequence[str]) -> tuple[list[str], list[str]]:
    """What stands before `--`, and what stands after it."""
    at = argv.index("--") if "--" in argv else len(argv)
    return list(argv[:at]), list(argv[at + 1 :])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="contract-tests",
        description="Hold a server to the contract. What follows `--` goes to pytest.",
        epilog="Exit codes: 0 every promise was kept, 1 one was broken, 2 the tests could not run, "
        "3 what has changed since the baseline breaks clients.",
    )
    _add_target(parser)
    _add_limits(parser)
    add = parser.add_argument
    add("--report", metavar="DIR", type=Path, help="write report.html there, and other forms of it")
    add("--state", metavar="FILE", type=Path, help="where a run is written down as it goes on")
    add("--resume", action="store_true", help="leave out what the run before has decided")
    add(
        "--prove",
        action="store_true",
        help="switch on every fault of the mock, and see that its clause is found broken",
    )
    _add_drift(parser)
    add("--list", action="store_true", help="print the clauses of the contract, and run nothing")
    return parser


def _add_target(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("what is asked").add_argument
    add("--target", metavar="URL", help="origin of the server (default: the mock, in this process)")
    add(
        "--target-file",
        metavar="FILE",
        help="YAML with the URL, models, prices, limits and accepted deviations of a target;"
        f" there are {', '.join(PROVIDERS)}",
    )
    add("--provider", action="append", choices=PROVIDERS, help="only this provider; repeatable")
    add(
        "--tier",
        choices=TIERS,
        help="smoke: the few cheapest tests; full: all; fuzz: and thousands of made-up requests"
        " (default: full, live: smoke)",
    )


def _add_limits(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("what it may cost").add_argument
    add(
        "--live",
        action="store_true",
        help="ask a server elsewhere than on this machine although no key of it is set",
    )
    add("--max-spend", metavar="USD", help="live: most to spend (default: smoke 0.50, else 5)")
    add("--max-calls", metavar="N", help="live: most calls to send (default: smoke 30, else 300)")


def _add_drift(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("what changes from run to run").add_argument
    add("--save", metavar="FILE", type=Path, help="write down what was seen of the server")
    add(
        "--baseline",
        metavar="FILE",
        type=Path,
        help="tell what has changed since a run that was saved; 3 where that breaks clients",
    )
    add("--drift", metavar="FILE", type=Path, help="write what has changed as JSON")
