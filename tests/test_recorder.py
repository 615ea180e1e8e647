"""What a run is expected to cost, before it begins."""

import pytest

from contract_tests.budget import Prices
from contract_tests.clauses import Clause
from contract_tests.recorder import expected


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
