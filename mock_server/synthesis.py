"""What a language model would say: a prompt in, a completion out."""

import hashlib
from collections.abc import Callable
from functools import partial
from random import Random

import msgspec

from mock_server import codec, text, tokens, tool_use
from mock_server.completion import Completion, Finish, Form, Prompt, ToolCall
from mock_server.errors import Invalid
from mock_server.instances import Unsatisfiable
from mock_server.language.topics import sentences
from mock_server.mock import Mock, Request
from mock_server.models import Traits
from mock_server.picture import facts_of
from mock_server.scenarios.scripts import ScriptedAnswer
from mock_server.scripted import check_answer


def complete(prompt: Prompt, request: Request, mock: Mock, *, index: int = 0) -> Completion:
    """The completion number `index` for a prompt: the same for the same seed, key and prompt.

    Raises Invalid where nothing can satisfy a schema that the request brought, and ApiError where
    what is scripted does not.
    """
    random = _chance(prompt, request.caller.id, request.seed, index)
    traits = mock.catalogue.traits(request.caller.provider, prompt.model)
    thoughts = partial(_chance, prompt, request.caller.id, request.seed, index, b"thoughts")
    writer = _Writer(prompt, mock, traits, random, index, thoughts)
    if request.answer is None:
        return _limited(writer.written(), prompt)
    check_answer(request, prompt)
    return _limited(writer.scripted(request.answer), prompt)


def _chance(prompt: Prompt, caller: str, seed: int, index: int, part: bytes = b"") -> Random:
    """The chance that writes a completion: it follows from these facts alone, not from the form.

    Another `part` of the completion has another one.
    """
    chosen = (None, 0) if prompt.is_steady else (prompt.seed, index)
    pictures = [picture.number for picture in prompt.pictures]
    facts = (seed, caller, prompt.model, *chosen, prompt.turns, pictures)
    digest = hashlib.blake2b(codec.encode(facts), digest_size=16, person=part)
    return Random(int.from_bytes(digest.digest()))


class _Writer(msgspec.Struct, frozen=True):
    """Writes one completion; `thoughts` is the chance of its reasoning.

    That is another one than the answer's: whoever asks to see it gets no other answer.
    """

    prompt: Prompt
    mock: Mock
    traits: Traits
    random: Random
    index: int
    thoughts: Callable[[], Random]

    def written(self) -> Completion:
        """A completion that is made up."""
        reasoning = self._reasoning()
        calls = tool_use.calls(self.prompt, self.mock.filling, self.random, self.index)
        return _completion(reasoning, "" if calls else self._said(), calls)

    def scripted(self, script: ScriptedAnswer) -> Completion:
        """A completion that somebody wrote beforehand; what is left out is made up."""
        calls = tuple(
            tool_use.call(call.name, dict(call.arguments), self.random, self.index)
            for call in script.tool_calls
        )
        said = script.text
        if said is None:
            said = "" if calls else self._said()
        reasoning = script.reasoning if self.prompt.thinks is not False else ""
        reasoning = self._reasoning() if reasoning is None else reasoning
        return _completion(reasoning, said, calls)

    def _reasoning(self) -> str:
        """What the model thinks aloud, if it does: more or less of it as the client asked."""
        effort, thinks = self.prompt.effort, self.prompt.thinks
        if effort == "none" or not (self.traits.reasoning if thinks is None else thinks):
            return ""
        thought = text.reasoning(self.mock.phrases, self.prompt.conversation, self.thoughts())
        return sentences(thought)[0] if effort in ("minimal", "low") else thought

    def _said(self) -> str:
        if self.prompt.form is not None:
            return self._formed(self.prompt.form)
        if self.traits.guard:
            return text.moderation(self.mock.phrases, self.prompt.conversation)
        return text.answer(self.mock.phrases, self.prompt.conversation, self.random)

    def _formed(self, form: Form) -> str:
        """An answer as JSON text; raises Invalid where none fits the schema."""
        prompt, filling = self.prompt, self.mock.filling
        told = text.answer(self.mock.phrases, prompt.conversation, self.random)
        if form.schema is None:
            asked = f"{prompt.orders}\n{prompt.question}"
            return codec.encode(filling.object_about(asked, told, self.random)).decode()
        try:
            seen = facts_of(prompt.pictures[0]) if prompt.pictures else None
            value = filling.fill(form.schema, prompt.question, self.random, answer=told, facts=seen)
        except Unsatisfiable as reason:
            raise Invalid("invalid_value", f"{form.place}: {reason}", param=form.place) from None
        return codec.encode(value).decode()


def _completion(reasoning: str, said: str, calls: tuple[ToolCall, ...]) -> Completion:
    finish: Finish = "tool_calls" if calls else "stop"
    return Completion(tokens.pieces(reasoning), tokens.pieces(said), calls, finish)


def _limited(whole: Completion, prompt: Prompt) -> Completion:
    """Cut at the first stop text, then at the token limit, which counts all that is written."""
    done = _stopped(whole, prompt.stops) if prompt.stops else whole
    limit = prompt.max_tokens
    if limit is None or done.tokens <= limit:
        return done
    reasoning = whole.reasoning[:limit]
    pieces = done.pieces[: limit - len(reasoning)]
    left = limit - len(reasoning) - len(pieces)
    calls: list[ToolCall] = []
    for call in done.tool_calls if left else ():
        if left > 0:
            calls.append(ToolCall(call.id, call.name, call.arguments[: left - 1]))
        left -= 1 + len(call.arguments)
    return Completion(reasoning, pieces, tuple(calls), "length")


def _stopped(whole: Completion, stops: tuple[str, ...]) -> Completion:
    """The completion up to the first of the stop texts, which are looked for in words alone."""
    said = "".join(whole.pieces)
    found = [(said.find(stop), stop) for stop in stops if stop and stop in said]
    if not found:
        return whole
    end, stop = min(found, key=lambda each: each[0])
    return Completion(whole.reasoning, tokens.pieces(said[:end]), (), "stop", stop)
