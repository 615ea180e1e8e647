"""How a guest behaves: it keeps to the pace that a server sets, and waits where it is told to.

Only what was refused with a 429 is sent again, since only that was certainly not charged for.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Final

MINUTE: Final = 60.0


class TooLong(Exception):
    """A wait that is longer than a run puts up with."""


@dataclass
class Manners:
    """The pace of a run: so many requests a minute of its own accord, no wait beyond a bound."""

    a_minute: int | None = None
    longest_wait: float = 120.0
    most_attempts: int = 3
    _sent: deque[float] = field(default_factory=deque)
    _until: float = 0.0

    def before(self, now: float) -> float:
        """The seconds to wait before the next request; raises TooLong."""
        while self._sent and self._sent[0] <= now - MINUTE:
            self._sent.popleft()
        wait = max(0.0, self._until - now)
        if self.a_minute and len(self._sent) >= self.a_minute:
            wait = max(wait, self._sent[-self.a_minute] + MINUTE - now)
        return self._bearable(wait)

    def sent(self, now: float) -> None:
        """Remember that a request was sent."""
        self._sent.append(now)

    def after(self, headers: Mapping[str, str], now: float) -> None:
        """Remember what an answer tells of the window: none remains until it ends."""
        if headers.get("x-ratelimit-remaining", "").strip() == "0":
            reset = _seconds(headers.get("x-ratelimit-reset"))
            if reset is not None:
                # RC-233: unix seconds. Others tell how many are left.
                self._until = reset if reset > 1e9 else now + reset

    def again(self, status: int, headers: Mapping[str, str], attempt: int, now: float) -> bool:
        """Whether a request is sent again, after the wait that `before` then gives."""
        if status != 429 or attempt >= self.most_attempts:
            return False
        told = _retry_after(headers.get("retry-after"), now)
        wait = told if told is not None else 2.0**attempt
        if wait > self.longest_wait:
            return False
        self._until = max(self._until, now + wait)
        return True

    def _bearable(self, wait: float) -> float:
        if wait > self.longest_wait:
            raise TooLong(f"the server asks to wait for {wait:.0f} seconds")
        return wait


def _retry_after(value: str | None, now: float) -> float | None:
    """Seconds, or a date: RFC 9110, 10.2.3."""
    seconds = _seconds(value)
    if seconds is not None or not value:
        return seconds
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - now)
    except ValueError:
        return None


def _seconds(value: str | None) -> float | None:
    try:
        seconds = float(value or "")
    except ValueError:
        return None
    return seconds if 0 <= seconds < float("inf") else None
