"""The collaborators that answers are made with, and an admitted call as behaviours see it."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from mock_server.auth import Door, Identity
from mock_server.clock import Clock
from mock_server.completion import Said
from mock_server.examples import Examples
from mock_server.filling import Filling
from mock_server.journal import Journal
from mock_server.memory import Memory
from mock_server.models import Catalogue
from mock_server.monologues import Monologues
from mock_server.operation import Operation
from mock_server.scenarios.book import Scenarios
from mock_server.scenarios.scripts import Script, ScriptedAnswer, ScriptedJob
from mock_server.settings import Settings
from mock_server.spec import Spec
from mock_server.store import Store
from mock_server.studio import Studio
from mock_server.switchboard import Faults
from mock_server.tallies import Tallies
from mock_server.text import Phrases
from mock_server.validation import Content
from mock_server.wire import Call, Json

# What a body was read under: the operation, the headers that describe it, and its bytes.
Read = tuple[Operation, tuple[tuple[bytes, bytes], ...], bytes]
# Which operation was asked, by whom, with which seed, the body, and the script of the answer.
Asked = tuple[str, str, int, bytes, str]
_REMEMBERED_LENGTH = 10_000  # bytes of a body


@dataclass(frozen=True, repr=False)
class Mock:
    """Everything that one server knows; two of them in one process do not know each other."""

    settings: Settings
    spec: Spec
    door: Door
    store: Store
    clock: Clock
    journal: Journal
    catalogue: Catalogue
    phrases: Phrases
    monologues: Monologues
    scenarios: Scenarios
    examples: Examples
    filling: Filling
    read: Memory[Read, Content]
    said: Memory[Asked, Said]
    studio: Studio
    faults: Faults
    tallies: Tallies

    def seed_of(self, key: str) -> int:
        """What all made-up content for that key follows from."""
        own = self.store.seed(key)
        return self.settings.seed if own is None else own


class Request(msgspec.Struct, frozen=True):
    """A call that was let in, counted and found to keep the contract.

    What is made up for it follows from `seed`: the key's own, else the server's.
    `script` is what a scenario has for it, or for the task of it that is at hand; `scripts` are all
    that were met on the way.
    """

    call: Call
    operation: Operation
    caller: Identity
    parameters: Mapping[str, Json]
    content: Content
    id: str
    seed: int
    scripts: list[Script] = []
    script: Script | None = None

    @property
    def answer(self) -> ScriptedAnswer | None:
        """The answer that is scripted."""
        outcome = self.script.outcome if self.script is not None else None
        return outcome if isinstance(outcome, ScriptedAnswer) else None

    @property
    def job(self) -> ScriptedJob | None:
        """The course of a job that is scripted."""
        outcome = self.script.outcome if self.script is not None else None
        return outcome if isinstance(outcome, ScriptedJob) else None

    @property
    def body(self) -> Json:
        """The decoded body."""
        return self.content.value


def is_short(call: Call) -> bool:
    """Whether a call's body is short enough to be remembered with what came of it."""
    return call.body is not None and len(call.body) <= _REMEMBERED_LENGTH
