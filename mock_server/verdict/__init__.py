"""The verdict on a client: what it did wrong, by its exchanges, and what it has met."""

from mock_server.verdict.finding import Finding
from mock_server.verdict.judging import RULES, judge
from mock_server.verdict.verdict import Verdict

__all__ = ["RULES", "Finding", "Verdict", "judge"]
