"""What a run is expected to cost, before it begins."""

import pytest

from contract_tests.budget import Prices
from contract_tests.clauses import Clause
from contract_tests.hooks import FINDINGS
from contract_tests.recorder import Recorder, expected


@pytest.mark.parametrize(
    ("kinds", "usd"),
    [
        ([], 0),
        (["nothing", "nothing"], 0),
        (["image", "image", "nothing"], 0.2),
        (["video", "video", "video"], 4),
    ],
)
def test_each_clause_is_paid_for_once_and_one_video_for_all(kinds: list[str], usd: float) -> None:
    clauses = [Clause(str(at), "It is.", (), (), "any", kind) for at, kind in enumerate(kinds)]
    assert expected(clauses, Prices(picture=0.1, video_second=0.5)) == pytest.approx(usd)


def test_exchanges_that_no_report_shows_are_left_out() -> None:
    note = {"clause": "a", "provider": "ruapi", "verdict": "broken", "exchange": {"body": "x"}}
    recorder = Recorder()
    for says in "aabcdefg":
        report = pytest.TestReport("t", ("t", 1, "t"), {}, "passed", None, "call")
        report.user_properties.append((FINDINGS, {"notes": [note | {"says": says}]}))
        recorder.pytest_runtest_logreport(report)
    notes = [each["notes"][0] for each in recorder.found]
    assert [each["says"] for each in notes if each["exchange"]] == list("abcde")
    assert len(notes) == 8
