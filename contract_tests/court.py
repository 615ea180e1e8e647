"""The judge that sits over every exchange, with all laws before it."""

from functools import cache

from contract_tests.clauses import ledger
from contract_tests.judge import Judge
from contract_tests.lawbook import (
    auth,
    chat,
    embeddings,
    errors,
    general,
    images,
    limits,
    messages,
    models,
    sockets,
    speech,
    streams,
    tasks,
    texts,
    transcriptions,
    videos,
)


@cache
def judge() -> Judge:
    """The judge of the whole contract."""
    gates = (general, auth, errors, limits, models)
    words = (streams, texts, chat, messages, embeddings, tasks, sockets)
    books = (*gates, *words, images, videos, speech, transcriptions)
    return Judge(ledger(), tuple(law for book in books for law in book.LAWS))


@cache
def socket_judge() -> Judge:
    """The judge of what comes over a WebSocket: there are no headers, and no statuses."""
    return Judge(ledger(), (*tasks.LAWS, *sockets.LAWS))
