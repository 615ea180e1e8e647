"""The command `mock-verdict`."""

import io
import json
from collections.abc import Sequence

import httpx2
import pytest

from mock_server.verdict.command import Unreachable, ask, main
from tests.conftest import FreshKey
from tests.serving import server
from tests.test_verdict import refuse, spoil


def told(argv: Sequence[str], **environ: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    return main(argv, environ, out, err), out.getvalue(), err.getvalue()


def test_a_clean_client_is_0(served: str, key: FreshKey) -> None:
    code, out, err = told([served, "--key", key("runcrate")])
    assert (code, err) == (0, "") and out.startswith("clean: 0 exchanges")


def test_another_is_1(served: str, key: FreshKey) -> None:
    mine = key("runcrate")
    spoil(served, mine)
    code, out, _ = told([served + "/", "--key", mine])
    assert code == 1 and out.startswith("1 thing to mend in 1 exchange")
    code, out, _ = told([served, "--key", mine, "--json"])
    assert code == 1 and json.loads(out)["clean"] is False
    assert told([served, "--key", mine, "--ignore", "unknown-fields"])[0] == 0


def test_what_is_only_risky_is_1_where_that_is_asked_for(served: str, key: FreshKey) -> None:
    mine = key("runcrate")
    assert told([served, "--key", mine, "--strict"])[0] == 0
    refuse(served, mine)
    assert told([served, "--key", mine])[0] == 0
    code, out, _ = told([served, "--key", mine, "--strict"])
    assert code == 1 and "risky: gave-up" in out


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://127.0.0.1:1", "http://127.0.0.1:1 cannot be reached: "),
        ("http://nowhere.invalid", "http://nowhere.invalid cannot be reached: "),
        ("file:///etc/passwd", "is no URL of a mock server"),
        ("127.0.0.1:8000", "is no URL of a mock server"),
    ],
)
def test_what_cannot_be_reached_is_2(url: str, says: str) -> None:
    code, out, err = told([url])
    assert (code, out) == (2, "") and says in err and err.count("\n") == 1


def test_what_is_no_mock_server_of_this_kind_is_2(served: str) -> None:
    code, _, err = told([served + "/v1"])
    assert code == 2 and "There is nothing at /v1/__mock__/verdict" in err


def test_a_rule_that_there_is_not_is_2(served: str) -> None:
    code, _, err = told([served, "--ignore", "typo"])
    assert code == 2 and "'typo' is no rule" in err


def test_the_token_is_shown_where_it_is_needed() -> None:
    with server("--control-token", "open-sesame") as (_, url):
        code, _, err = told([url])
        assert code == 2 and "needs the token" in err
        assert told([url, "--control-token", "open-sesame"])[0] == 0
        assert told([url], MOCK_SERVER_CONTROL_TOKEN="open-sesame")[0] == 0


def test_programs_ask_without_the_command(served: str, key: FreshKey) -> None:
    assert ask(served, key("ruapi")).clean
    with pytest.raises(Unreachable):
        ask("ftp://example.com")
    assert httpx2.get(f"{served}/__mock__/health").status_code == 200
