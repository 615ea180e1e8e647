"""What a rule has happen: answers, errors, examples, the course of jobs, or the usual."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from mock_server.operation import Operation
from mock_server.wire import Json

_WORDS: Final = frozenset({"text", "reasoning", "tool_calls", "json", "body", "status"})
_PLAIN: Final = frozenset({"body", "status"})
WORDED_TASK: Final = frozenset({"text", "json", "job"})
"""What can be scripted of a task that is answered in words."""
_OFFERS: Final[Mapping[str, frozenset[str]]] = {
    "chat-completions": _WORDS,
    "messages": _WORDS,
    "tasks": WORDED_TASK,
    "transcriptions": frozenset({"text", "body", "status"}),
    "images": frozenset({"image", "body", "status"}),
    "speech": frozenset({"audio", "status"}),
    "video": frozenset({"job", "body", "status"}),
    "image-file": frozenset({"status"}),
    "video-file": frozenset({"status"}),
}


def offers(operation: Operation) -> frozenset[str]:
    """What of an answer can be scripted for an operation; errors can be for any."""
    return _OFFERS.get(operation.behaviour or "", _PLAIN)


FORMS: Final[Mapping[str, str]] = {
    ".png": "png",
    ".jpg": "jpeg",
    ".jpeg": "jpeg",
    ".webp": "webp",
    ".mp3": "mp3",
    ".wav": "wav",
    ".flac": "flac",
    ".aac": "aac",
    ".opus": "opus",
    ".ogg": "opus",
    ".pcm": "pcm",
}
"""The format of a file by the end of its name."""


@dataclass(frozen=True)
class ScriptedCall:
    """A tool call to be made, its arguments as an object."""

    name: str
    arguments: Mapping[str, Json]


@dataclass(frozen=True)
class Medium:
    """A picture or a sound: of some `words`, or a `file` that is there already."""

    words: str = ""
    file: Path | None = None

    @property
    def form(self) -> str | None:
        """The format of the file, by its name as requests have it."""
        return FORMS.get(self.file.suffix.lower()) if self.file is not None else None


@dataclass(frozen=True)
class ScriptedAnswer:
    """What to answer; what is left out is made up as usual, unless tools are called."""

    text: str | None = None
    reasoning: str | None = None
    tool_calls: tuple[ScriptedCall, ...] = ()
    image: Medium | None = None
    audio: Medium | None = None


@dataclass(frozen=True)
class ScriptedBody:
    """The whole JSON body of an answer; without a status, of success."""

    body: Json
    status: int | None = None


@dataclass(frozen=True)
class ScriptedExample:
    """What the contract documents for a status."""

    status: int


@dataclass(frozen=True)
class ScriptedError:
    """A failure to answer with; `retry_after` in seconds."""

    status: int
    message: str
    type: str | None
    code: str | None
    retry_after: int | None


@dataclass(frozen=True)
class ScriptedJob:
    """How a job goes on that was taken: `seconds` it takes, and the `error` that it ends with.

    Without an error it succeeds; without seconds it takes as long as any other.
    """

    seconds: float | None
    error: Mapping[str, Json] | None


@dataclass(frozen=True)
class Usual:
    """Whatever would be answered without any script."""


Outcome = ScriptedAnswer | ScriptedBody | ScriptedExample | ScriptedError | ScriptedJob | Usual


@dataclass(frozen=True)
class Script:
    """An outcome and what goes with it: `headers`, a wait `after` which it comes, the state `then`.

    It is what `rule` says at `place`; it `needs` to be told in what not every operation offers, and
    may break the contract where it `violates` it on purpose. Another answer has another `mark`.
    """

    outcome: Outcome
    needs: frozenset[str] = frozenset()
    headers: tuple[tuple[bytes, bytes], ...] = ()
    after: float = 0.0
    then: str | None = None
    rule: str = ""
    place: str = ""
    violates: bool = False
    mark: str = ""

    @cached_property
    def is_worded(self) -> bool:
        """Whether a person wrote what might break the contract: a status, a body, a header."""
        return bool(self.headers) or isinstance(self.outcome, ScriptedBody | ScriptedError)


def named(scripts: Sequence[Script]) -> str | None:
    """The rules that were used, for the journal."""
    if len(scripts) == 1:
        return scripts[0].rule
    return ", ".join(dict.fromkeys(script.rule for script in scripts)) or None
