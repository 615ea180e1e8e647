"""The words of chats and messages alike, whole and streamed, and how they are counted."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

from contract_tests.exchange import Exchange
from contract_tests.law import Law
from contract_tests.wording import deltas_of, opening_of, wording_of

_MOST_OF_A_TOKEN: Final = 64  # the longest words of known vocabularies are shorter
_FEW: Final = 3
_LOST: Final = "\N{REPLACEMENT CHARACTER}"


def the_text_is_counted(exchange: Exchange) -> bool | None:
    """At least one token where anything is written, and none is longer than a token can be."""
    said = wording_of(exchange)
    if said is None or not isinstance(said.written, int):
        return False
    length = sum(not each.isspace() for each in said.text)
    if not length:
        return False
    told = f"{length} characters were written, and {said.written} tokens are counted"
    assert said.written >= 1, told
    assert length <= _MOST_OF_A_TOKEN * said.written, told
    return None


def the_prompt_is_counted(exchange: Exchange) -> bool | None:
    """No question is so short that it has no tokens."""
    said = wording_of(exchange)
    if said is None or not isinstance(said.read, int):
        return False
    assert said.read >= 1, f"{said.read} tokens of the prompt are counted"
    return None


def the_opening_counts_the_prompt(exchange: Exchange) -> bool | None:
    """What was read is known before anything is written (AN-033)."""
    opening = opening_of(exchange)
    if opening is None:
        return False
    usage = opening.get("usage") or {}
    cached = usage.get("cache_creation_input_tokens"), usage.get("cache_read_input_tokens")
    read = usage.get("input_tokens", 0) + sum(each or 0 for each in cached)
    assert read >= 1, f"the message opens with {read} tokens of the prompt"
    return None


def deltas_are_new(exchange: Exchange) -> bool | None:
    """Whoever adds them up would say everything many times."""
    found = [pieces for pieces in deltas_of(exchange) if len(pieces) >= _FEW]
    for pieces in found:
        pairs = list(pairwise(pieces))
        grows = all(after.startswith(before) for before, after in pairs)
        assert not (grows and len(pieces[-1]) > len(pieces[0])), (
            f"every delta begins with the text before it: {pieces[1][:40]!r}, {pieces[2][:40]!r}"
        )
    return None if found else False


def the_text_survives(exchange: Exchange) -> bool | None:
    """No letter is lost on the way; what cuts an answer off may halve its last one."""
    said = wording_of(exchange)
    if said is None or not said.text or _LOST in str(exchange.asked):
        return False
    for text in said.texts:
        kept = text.removesuffix(_LOST) if said.is_cut else text
        assert _LOST not in kept, f"a letter is lost in {_around(kept, kept.find(_LOST))!r}"
        assert _is_unicode(kept), f"half a letter stands in {kept[:60]!a}"
    return None


def _around(text: str, at: int) -> str:
    return text[max(0, at - 20) : at + 20]


def _is_unicode(text: str) -> bool:
    """Whether halves of letters, as JSON may escape them, come in pairs."""
    try:
        text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        return False
    return True


def _of_both(
    clause: str, holds: Callable[[Exchange], bool | None], *, stream: bool | None = None
) -> Iterator[Law]:
    for behaviour in ("chat-completions", "messages"):
        yield Law(clause, holds, behaviour, stream=stream)


LAWS: Final = (
    *_of_both("text-is-counted", the_text_is_counted, stream=False),
    *_of_both("text-stream-counts-all", the_text_is_counted, stream=True),
    *_of_both("text-prompt-is-counted", the_prompt_is_counted),
    Law(
        "text-stream-opens-with-the-prompt", the_opening_counts_the_prompt, "messages", stream=True
    ),
    *_of_both("text-deltas-are-new", deltas_are_new, stream=True),
    *_of_both("text-survives", the_text_survives),
)
