"""The command `mock-verdict`: asks a mock server for its verdict on a client."""

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from http.client import HTTPException
from typing import Any, Final, TextIO
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import ProxyHandler, Request, build_opener

from mock_server.settings import PREFIX
from mock_server.verdict.judging import RULES
from mock_server.verdict.verdict import Verdict

_USUAL: Final = "http://127.0.0.1:8000"
_PATIENCE: Final = 30.0  # seconds
_TOKEN: Final = f"{PREFIX}CONTROL_TOKEN"


class Unreachable(Exception):
    """No verdict could be had; the sentence says why."""


def run() -> int:
    """The entry point of the installed command."""
    return main(sys.argv[1:], os.environ, sys.stdout, sys.stderr)


def main(argv: Sequence[str], environ: Mapping[str, str], out: TextIO, err: TextIO) -> int:
    """Tell the verdict: 0 where the client is clean, 1 where it is not, 2 where there is none."""
    wish = _parser().parse_args(argv)
    try:
        token = wish.control_token or environ.get(_TOKEN)
        verdict = ask(wish.url, wish.key, wish.ignore, token)
    except Unreachable as error:
        err.write(f"mock-verdict: {error}\n")
        return 2
    out.write(json.dumps(verdict.json(), indent=2) + "\n" if wish.json else str(verdict))
    return 0 if (verdict.spotless if wish.strict else verdict.clean) else 1


def ask(
    url: str, key: str | None = None, ignore: Sequence[str] = (), token: str | None = None
) -> Verdict:
    """The verdict of the mock server at a URL; raises Unreachable."""
    if urlsplit(url).scheme not in ("http", "https"):
        raise Unreachable(f"{url} is no URL of a mock server, which begins with http://")
    wish = [("key", key), *(("ignore", name) for name in ignore)]
    query = urlencode([(name, value) for name, value in wish if value is not None])
    # The server is on this machine or near it; what stands between here and the web is not asked.
    opener = build_opener(ProxyHandler({}))
    request = Request(f"{url.rstrip('/')}/__mock__/verdict?{query}")
    if token is not None:
        request.add_unredirected_header("Authorization", f"Bearer {token}")
    try:
        with opener.open(request, timeout=_PATIENCE) as told:
            return Verdict.from_json(json.load(told))
    except HTTPError as error:
        with error:
            raise Unreachable(_refusal(url, error)) from None
    except URLError as error:
        raise Unreachable(f"{url} cannot be reached: {error.reason}") from None
    except (OSError, HTTPException) as error:
        raise Unreachable(f"{url} cannot be reached: {error}") from None
    except (ValueError, KeyError, TypeError):
        raise Unreachable(f"what answers at {url} is no mock server of this kind") from None


def _refusal(url: str, error: HTTPError) -> str:
    try:
        told: Any = json.load(error)
        return str(told["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return f"{url} answered {error.code}: it is no mock server of this kind"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mock-verdict",
        description="Say what a client did wrong, as a mock server saw it.",
        epilog="Ends with 0 where it is clean, 1 where it is not, 2 where there is no verdict. "
        "Clean is who has done nothing that is certainly wrong; never more than risky are "
        f"{', '.join(name for name, rule in RULES.items() if rule.worst == 'risky')}.",
    )
    parser.add_argument(
        "url", nargs="?", default=_USUAL, help="the mock server (default: %(default)s)"
    )
    parser.add_argument("--key", help="judge the client with this API key; without it, all")
    parser.add_argument("--json", action="store_true", help="print the verdict as JSON")
    parser.add_argument("--strict", action="store_true", help="take what is only risky for wrong")
    parser.add_argument(
        "--ignore",
        action="append",
        default=[],
        metavar="RULE",
        help="leave this rule out; may be given several times",
    )
    parser.add_argument(
        "--control-token", metavar="TOKEN", help=f"the server's own (default: ${_TOKEN})"
    )
    return parser
