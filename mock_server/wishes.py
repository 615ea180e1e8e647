"""What a request says of the fields that the contract knows, and what goes without saying."""

import hashlib
from collections.abc import Collection, Mapping

import msgspec

from mock_server import codec
from mock_server.mock import Mock, Request
from mock_server.wire import Json


class Wishes(msgspec.Struct, frozen=True):
    """The known fields of a body: those that were `given`, and the schema of each."""

    given: Mapping[str, Json]
    fields: Mapping[str, Json]

    def of(self, name: str) -> Json:
        """What is given for a field, else its default by the contract."""
        return self.given.get(name, self.fields[name]["default"])

    def mark(self, seed: int, number: int, *, without: Collection[str]) -> str:
        """What is made from these wishes follows from this text, and from nothing else.

        `without` are the fields that say how it is delivered, and not what is in it.
        """
        asked = {name: self.given[name] for name in sorted(self.given) if name not in without}
        if "seed" in asked:
            asked["seed"] = int(asked["seed"])  # to JSON Schema 7.0 is an integer, too
        text = b"%d/%d/" % (seed, number) + codec.encode(asked)
        return hashlib.blake2b(text, digest_size=20).hexdigest()


def wishes_of(request: Request, mock: Mock) -> Wishes:
    """The wishes in the body of a request."""
    resolve = mock.spec.document.resolve
    properties = resolve(request.operation.bodies[0].node["schema"])["properties"]
    fields = {name: resolve(node) | node for name, node in properties.items()}
    given = {name: value for name, value in request.body.items() if name in fields}
    return Wishes(given, fields)
