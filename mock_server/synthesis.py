"""What a language model would say: a prompt in, a completion out."""

import hashlib
from random import Random

from mock_server import codec, scenarios, text, tokens
from mock_server.completion import Completion, Prompt, ToolCall
from mock_server.errors import KINDS, ApiError, Kind
from mock_server.mock import Mock, Request
from mock_server.scenarios import ScriptedAnswer, ScriptedError, Situation
from mock_server.text import Conversation, Phrases


def complete(prompt: Prompt, request: Request, mock: Mock, *, index: int = 0) -> Completion:
    """The completion number `index` for a prompt: the same for the same seed, key and prompt.

    Raises ApiError where a scenario scripts a failure.
    """
    situation = Situation(request.operation.id, prompt.model, prompt.question, request.caller.key)
    script = scenarios.find(mock.rules, situation)
    if isinstance(script, ScriptedError):
        raise scripted_failure(script, request)
    random = _chance(prompt, request.caller.id, mock.settings.seed, index)
    return _limited(_written(prompt, script, mock, request, random), prompt)


def _chance(prompt: Prompt, caller: str, seed: int, index: int) -> Random:
    """The chance that writes a completion: it follows from these facts alone, not from the form."""
    facts = (seed, caller, prompt.model, prompt.seed, index, prompt.turns, prompt.pictures)
    digest = hashlib.blake2b(codec.encode(facts), digest_size=16)
    return Random(int.from_bytes(digest.digest()))


def _written(
    prompt: Prompt, script: ScriptedAnswer | None, mock: Mock, request: Request, random: Random
) -> Completion:
    traits = mock.catalogue.traits(request.caller.provider, prompt.model)
    phrases, conversation = mock.phrases, prompt.conversation
    reasoning, said = (script.reasoning, script.text) if script else (None, None)
    if reasoning is None and traits.reasoning:
        reasoning = text.reasoning(phrases, conversation, random)
    calls = _calls(script, random) if script else ()
    if said is None and not calls:
        said = _said(phrases, conversation, random, guard=traits.guard)
    return Completion(
        reasoning=tokens.pieces(reasoning or ""),
        pieces=tokens.pieces(said or ""),
        tool_calls=calls,
        finish="tool_calls" if calls else "stop",
    )


def _said(phrases: Phrases, conversation: Conversation, random: Random, *, guard: bool) -> str:
    if guard:
        return text.moderation(phrases, conversation)
    return text.answer(phrases, conversation, random)


def _calls(script: ScriptedAnswer, random: Random) -> tuple[ToolCall, ...]:
    return tuple(
        ToolCall(
            f"call_{random.getrandbits(96):024x}", call.name, codec.encode(call.arguments).decode()
        )
        for call in script.tool_calls
    )


def _limited(whole: Completion, prompt: Prompt) -> Completion:
    """Cut at the first stop text, then at the token limit, which reasoning counts towards."""
    reasoning, pieces = whole.reasoning, whole.pieces
    if prompt.stops:
        pieces = _stopped(pieces, prompt.stops)
    limit = prompt.max_tokens
    if limit is not None and not whole.tool_calls and len(reasoning) + len(pieces) > limit:
        reasoning = reasoning[:limit]
        return Completion(reasoning, pieces[: limit - len(reasoning)], (), "length")
    return Completion(reasoning, pieces, whole.tool_calls, whole.finish)


def _stopped(pieces: list[str], stops: tuple[str, ...]) -> list[str]:
    """The pieces of the text before the first of the stop texts."""
    said = "".join(pieces)
    ends = [said.find(stop) for stop in stops if stop and stop in said]
    return tokens.pieces(said[: min(ends)]) if ends else pieces


def scripted_failure(script: ScriptedError, request: Request) -> ApiError:
    """A scripted error as the protocol words its status, but for what the script words itself."""
    # The last kind of a status is the most telling one: `invalid_value` for 400.
    errors = request.operation.protocol.errors
    kinds = [kind for kind in KINDS if errors[kind]["status"] == script.status]
    other: Kind = "overloaded" if script.status >= 500 else "invalid_value"
    facts = {"status": script.status, "type": script.type, "code": script.code}
    return ApiError(
        kinds[-1] if kinds else other,
        script.message,
        headers={"Retry-After": str(script.retry_after)} if script.retry_after else None,
        facts={name: value for name, value in facts.items() if value is not None},
    )
