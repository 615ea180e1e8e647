"""What was said to a request before: the same body of the same caller is answered the same."""

import hashlib
from collections.abc import Callable, Sequence

from mock_server.completion import Completion, Said
from mock_server.mock import Mock, Request, is_short


def said_to(
    request: Request, mock: Mock, say: Callable[[], tuple[int, Sequence[Completion]]]
) -> Said:
    """What is said to a request; `say` gives what asking costs and the answers, and may raise."""
    # One body may be sent to operations that answer in different forms, and be scripted anew.
    body = bytes(request.call.body or b"")
    script = request.script.mark if request.script is not None else ""
    asked = (request.operation.id, request.caller.id, request.seed, body, script)
    said = mock.said.get(asked)
    if said is None:
        cost, completions = say()
        facts = f"{request.seed}/{request.caller.id}/".encode() + body + script.encode()
        mark = hashlib.blake2b(facts, digest_size=12).hexdigest()
        said = Said(mark, cost, tuple(completions))
        if is_short(request.call):
            mock.said.put(asked, said)
    return said
