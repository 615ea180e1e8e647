"""Values for a client's schema that say what the client's words say."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib import import_module
from random import Random
from typing import TYPE_CHECKING

from mock_server.values.schemas import Schema, Unsatisfiable
from mock_server.values.words import Words
from mock_server.wire import Json

if TYPE_CHECKING:
    from mock_server.slots.filler import Filler
    from mock_server.tool_choice import Asked, Tool

__all__ = ["Filling", "Unsatisfiable"]


class Filling:
    """Fills schemas from texts; what was compiled for a schema is kept for its next use."""

    def __init__(self, words: Words | None = None) -> None:
        self._words = words or Words()

    def fill(
        self,
        schema: Schema,
        text: str,
        random: Random,
        *,
        answer: str = "",
        facts: Mapping[str, Json] | None = None,
    ) -> Json:
        """A value that is valid against a schema, and speaks of what the text speaks of.

        `answer` is what would be said in words: properties called `answer`, `summary` or the like
        have it as their value. `facts` are known beside the text, by words of properties' names.
        Raises Unsatisfiable, with a sentence that says why.
        """
        return self._filler.fill(schema, text, random, answer=answer, facts=facts)

    def fillings(
        self,
        schema: Schema,
        text: str,
        random: Random,
        most: int = 1,
        *,
        now: float | None = None,
    ) -> list[Json]:
        """Arguments for a tool with this schema: several sets where the text asks for several.

        There are `most` at the most. What is optional and not spoken of is left out.
        Raises Unsatisfiable.
        """
        return self._filler.fillings(schema, text, random, most, now)

    def object_about(self, text: str, answer: str, random: Random) -> dict[str, Json]:
        """An object with the keys that a text asks for, else one that holds the answer to it.

        Keys that name the answer, such as `summary`, have the answer as their value.
        """
        return self._filler.object_about(text, answer, random)

    def asked(self, tools: "Sequence[Tool]", text: str, earlier: str = "") -> "list[Asked]":
        """The tools that a text asks for, in its order, each with the words that are for it.

        `earlier` is what the same person said before: `And in Rome?` asks for what that asked for.
        """
        return self._filler.asked(tools, text, earlier)

    @cached_property
    def _filler(self) -> "Filler":
        # Its tables and patterns take a tenth of the server's start, and few requests need them.
        filler: Filler = import_module("mock_server.slots.filler").Filler(self._words)
        return filler
