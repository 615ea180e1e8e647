"""A client whose every exchange is judged as it happens."""

from collections.abc import Sequence

import httpx2

from contract_tests.control import PREFIX, token_headers
from contract_tests.court import judge
from contract_tests.exchange import of_httpx
from contract_tests.notes import Broken, notebook, told


def watched(client: httpx2.Client, providers: Sequence[str]) -> httpx2.Client:
    """The client, which from now on raises Broken where an answer breaks what the test is about.

    What else an answer breaks fails the test when it is over, lest one promise that is broken
    everywhere hide whatever else is.
    """

    token = token_headers()

    def show_token(request: httpx2.Request) -> None:
        if request.url.path.startswith(PREFIX):
            request.headers.update(token)

    base = client.base_url.path.rstrip("/")

    def look(response: httpx2.Response) -> None:
        if response.request.url.path.startswith(PREFIX):
            return
        response.read()
        exchange = of_httpx(response, providers, base=base)
        broken = notebook().take(exchange, judge().findings(exchange))
        meant = [note for note in broken if note.clause in notebook().declared]
        if meant:
            raise Broken(told(meant))

    client.event_hooks = {**client.event_hooks, "request": [show_token], "response": [look]}
    return client
