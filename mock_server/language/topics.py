"""What a sentence can name: stretches of prompts and results, trimmed until they fit into it."""

import json
import re
from typing import Final

from mock_server.language.phrases import Language
from mock_server.wire import Json

VIEW: Final = 800  # characters of a text that are looked at, half of them at either end
LONGEST: Final = 60  # characters of a topic
READABLE: Final = 4_000  # characters of a tool's result that are still read as JSON
_UNSAFE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_SENTENCE_END: Final = re.compile(r"(?<=[.!?。])\s+")
_BREAKS: Final = ",;:!?…。，、？！：\n"
_TOKEN: Final = re.compile(rf"[^\s\"“”„«»<>{{}}\[\]()|\\`*_~#^={_BREAKS}]+")
_TOKEN_OR_BREAK: Final = re.compile(rf"{_TOKEN.pattern}|[{_BREAKS}]")


def view(text: str) -> str:
    """Take the part of a text that is looked at, without what would garble an answer."""
    if len(text) > VIEW:
        text = f"{text[: VIEW // 2]}\n{text[-VIEW // 2 :]}"
    return _UNSAFE.sub(" ", text)


def sentences(text: str) -> list[str]:
    """Cut prose into sentences."""
    return _SENTENCE_END.split(text)


def phrase_of(text: str, language: Language) -> str:
    """Trim a stretch of a prompt to a topic that fits into a sentence."""
    text = language.lead.sub("", text.strip(), count=1)
    tail = language.tail.search(text)
    words = _TOKEN.findall(text[: tail.start()] if tail else text)[:8]
    while words and words[-1] in language.stop:  # Go is a language, go is not
        words.pop()
    phrase = " ".join(language.mirror.get(word.lower(), word) for word in words)
    return phrase[:LONGEST].strip(" .-–—/'’&%")


def subject_of(text: str, language: Language) -> str:
    """Trim what follows the verb of a question (`the sky blue`) to its subject (`the sky`)."""
    text = text.strip()
    if predicate := language.predicate.search(text, 1):
        return phrase_of(text[: predicate.start()], language)
    words = phrase_of(text, language).split()
    return " ".join(words[:-1] or words)


def gist_of(text: str, language: Language) -> str:
    """Find the longest run of telling words: the topic of a prompt in no known form."""
    best: list[str] = []
    run: list[str] = []
    before = ""
    for token in [*_TOKEN_OR_BREAK.findall(text[-400:]), "\n"]:
        if token in _BREAKS or token.lower() in language.stop:
            best, run, before = max(best, run, key=len), [], token.lower()
        else:
            run += [token] if run or before not in language.articles else [before, token]
    return phrase_of(" ".join(best[:5]), language)


def bare_of(topic: str, language: Language) -> str:
    """Take the article off a topic."""
    article, _, rest = topic.partition(" ")
    return rest if rest and article.lower() in language.articles else topic


def description_of(image: str, language: Language) -> str:
    """Turn a description into what can follow `The image shows`."""
    text = " ".join(view(image).split())[:240].rstrip(" .")
    is_phrase = text.partition(" ")[0].lower() in language.articles
    return text[:1].lower() + text[1:] if is_phrase else text


def report_of(result: str) -> str:
    """Turn what a tool returned into words: text as it is, the members of an object by name."""
    try:
        value: Json = json.loads(result) if len(result) <= READABLE else None
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict) or not value:
        return " ".join(view(result).split())[:600].rstrip(" .") or "{}"
    members = list(value.items())[:12]
    return view(", ".join(f"{key.replace('_', ' ')}: {_scalar(one)}" for key, one in members))


def _scalar(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)[:200]
