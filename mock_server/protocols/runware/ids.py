"""UUIDs that follow from facts, in the form of version 4 (RFC 9562, section 5.4)."""

import hashlib
from uuid import UUID


def uuid_of(kind: str, *facts: object) -> str:
    """The UUID that belongs to these facts, and to no others of the same kind."""
    text = "/".join([kind, *map(str, facts)])
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16)
    return str(UUID(bytes=digest.digest(), version=4))
