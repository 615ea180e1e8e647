"""The judge that sits over every exchange, with all laws before it."""

from functools import cache

from contract_tests.clauses import ledger
from contract_tests.judge import Judge
from contract_tests.lawbook import (
    chat,
    general,
    images,
    media,
    messages,
    speech,
    tasks,
    transcriptions,
    videos,
)


@cache
def judge() -> Judge:
    """The judge of the whole contract."""
    books = (general, chat, messages, images, videos, speech, transcriptions, media, tasks)
    return Judge(ledger(), tuple(law for book in books for law in book.LAWS))
