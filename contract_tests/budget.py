"""What a run may cost: every call is estimated, and counted, before it is sent.

An estimate is the most that a call can cost, as far as its request tells: what turns out shorter
costs less, and what is refused nothing. Prices are those of the target file; where it has none,
those assumed here, which are our own and rather high: no document that the contract rests on gives
any, but for the captions (RW-063, RW-064).
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

Json = Any
_MINUTES_A_MEGABYTE: Final = 8.0  # of sound at 16 kbit/s, which is little
_BYTES_A_TOKEN: Final = 3  # of text; it is more in most tongues
_PICTURE_TOKENS: Final = 2_000  # that a picture counts as, at most
_USUAL_ANSWER: Final = 1_000  # tokens, where a request sets no limit
_USUAL_FILM: Final = 8.0  # seconds
_CENTS: Final = 2  # digits


class OverBudget(Exception):
    """A call that would pass a limit; it is not sent. The sentence says which limit."""


@dataclass(frozen=True)
class Prices:
    """USD: for a million tokens read and written, and for each of what is made."""

    input: float = 5.0
    output: float = 25.0
    embedding: float = 0.2
    picture: float = 0.1
    video_second: float = 0.5
    speech: float = 0.1
    minute: float = 0.05
    caption: float = 0.005


@dataclass(frozen=True)
class Charge:
    """What a call may cost, and how many videos it submits."""

    cost: float
    videos: int = 0


@dataclass
class Budget:
    """How many calls may still be sent, and for how much; None is no limit."""

    most_calls: int | None = None
    most_spent: float | None = None
    most_videos: int | None = 1
    prices: Prices = field(default_factory=Prices)
    calls: int = 0
    spent: float = 0.0
    videos: int = 0

    def take(self, behaviour: str | None, method: str, body: Json, size: int) -> Charge:
        """Count a call and what it may cost; raises OverBudget, and counts nothing."""
        cost = estimate(behaviour, method, body, size, self.prices)
        charge = Charge(cost, int(behaviour == "video" and method == "POST"))
        if self.most_spent is not None and self.spent + cost > self.most_spent:
            raise OverBudget(f"budget: more than {usd(self.most_spent)} USD might be spent")
        if self.most_videos is not None and self.videos + charge.videos > self.most_videos:
            raise OverBudget("budget: one video has been submitted in this run, which is the most")
        self.count_call()
        self.count(charge)
        return charge

    def count(self, charge: Charge) -> None:
        """Count what a call may cost."""
        self.spent += charge.cost
        self.videos += charge.videos

    def give_back(self, charge: Charge) -> None:
        """Count a call as one that cost nothing: it was refused."""
        self.spent -= charge.cost
        self.videos -= charge.videos

    def count_call(self) -> None:
        """Count a call that costs nothing; raises OverBudget."""
        if self.most_calls is not None and self.calls >= self.most_calls:
            raise OverBudget(f"budget: {self.most_calls} calls have been sent")
        self.calls += 1


def estimate(behaviour: str | None, method: str, body: Json, size: int, prices: Prices) -> float:
    """The most that a call may cost, in USD; `size` is that of the request's body in bytes."""
    rule = _ESTIMATES.get(behaviour or "") if method == "POST" else None
    if rule is None:
        return 0.0
    asked = {"tasks": body} if isinstance(body, list) else body
    return rule(asked if isinstance(asked, dict) else {}, size, prices)


def usd(amount: float) -> str:
    """An amount in cents, or in as many digits as it has."""
    exact = f"{Decimal(str(amount)):f}"
    return exact if len(exact.partition(".")[2]) > _CENTS else f"{amount:.{_CENTS}f}"


def typical(kind: str, prices: Prices) -> float:
    """What a check of a clause costs about, in USD, by what the ledger says that it pays for."""
    words = (500 * prices.input + 200 * prices.output) / 1e6
    return {
        "chat": words,
        "message": words,
        "embedding": 100 * prices.embedding / 1e6,
        "image": prices.picture,
        "video": _USUAL_FILM * prices.video_second,
        "speech": 0.1 * prices.speech,
        "transcript": prices.minute,
        "caption": prices.caption,
    }.get(kind, 0.0)


def _of_chat(asked: Mapping[str, Json], size: int, prices: Prices) -> float:
    most = asked.get("max_tokens", asked.get("max_completion_tokens"))
    written = _number(most, _USUAL_ANSWER) * _number(asked.get("n"), 1)
    pictures = list(_pictures(asked.get("messages")))
    text = max(0, size - sum(map(len, pictures)))
    read = text / _BYTES_A_TOKEN + _PICTURE_TOKENS * len(pictures)
    return (read * prices.input + written * prices.output) / 1e6


def _of_video(asked: Mapping[str, Json], size: int, prices: Prices) -> float:
    length = asked.get("duration", asked.get("duration_seconds", asked.get("seconds")))
    return prices.video_second * _number(length, _USUAL_FILM)


def _of_tasks(asked: Mapping[str, Json], size: int, prices: Prices) -> float:
    return prices.caption * sum("aption" in str(task) for task in asked.get("tasks", ()))


_Estimate = Callable[[Mapping[str, Json], int, Prices], float]
_ESTIMATES: Final[Mapping[str, _Estimate]] = {
    "chat-completions": _of_chat,
    "messages": _of_chat,
    "video": _of_video,
    "tasks": _of_tasks,
    "embeddings": lambda asked, size, prices: size / _BYTES_A_TOKEN * prices.embedding / 1e6,
    "images": lambda asked, size, prices: prices.picture * _number(asked.get("n"), 1),
    "speech": lambda asked, size, prices: prices.speech * len(str(asked.get("input"))) / 1e3,
    "transcriptions": lambda asked, size, prices: (
        prices.minute * math.ceil(size / 1e6 * _MINUTES_A_MEGABYTE)
    ),
}


def _pictures(node: Json) -> list[str]:
    """The pictures in messages, which are not counted by their bytes."""
    if isinstance(node, Mapping):
        if isinstance(node.get("url"), str):
            return [node["url"]]
        if node.get("type") == "base64":
            return [str(node.get("data"))]
        return [each for value in node.values() for each in _pictures(value)]
    return [each for value in node for each in _pictures(value)] if isinstance(node, list) else []


def _number(value: Json, usual: float) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and value > 0
    return float(value) if is_number else usual
