"""A client whose every exchange is judged as it happens."""

from collections.abc import Sequence

import httpx2

from contract_tests.court import judge
from contract_tests.exchange import of_httpx
from contract_tests.notes import Broken, notebook, told

_CONTROL = "/__mock__"


def watched(client: httpx2.Client, providers: Sequence[str]) -> httpx2.Client:
    """The client, which from now on raises Broken where an answer breaks what the test is about.

    What else an answer breaks fails the test when it is over, lest one promise that is broken
    everywhere hide whatever else is.
    """

    base = client.base_url.path.rstrip("/")

    def look(response: httpx2.Response) -> None:
        if response.request.url.path.startswith(_CONTROL):
            return
        response.read()
        exchange = of_httpx(response, providers, base=base)
        broken = notebook().take(exchange, judge().findings(exchange))
        meant = [note for note in broken if note.clause in notebook().declared]
        if meant:
            raise Broken(told(meant))

    client.event_hooks = {**client.event_hooks, "response": [look]}
    return client
