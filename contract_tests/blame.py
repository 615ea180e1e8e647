"""Which clause an answer breaks that one of Schemathesis's own checks has found wrong."""

from collections.abc import Iterator, Mapping
from typing import Final

from contract_tests.clauses import ledger

CLAUSES: Final[Mapping[str, str]] = {
    "UndefinedStatusCode": "statuses-are-documented",
    "MissingHeaders": "headers-keep-their-schema",
    "MissingContentType": "types-are-documented",
    "MalformedMediaType": "types-are-documented",
    "UndefinedContentType": "types-are-documented",
    "JsonSchemaError": "answers-keep-their-schema",
    "MalformedJson": "answers-keep-their-schema",
    "ContentDeserializationError": "answers-keep-their-schema",
    "DiscriminatorMismatch": "answers-keep-their-schema",
    "ServerError": "nothing-fails-inside",
    "ContentTypeServerError": "nothing-fails-inside",
    "AcceptedNegativeData": "bad-requests-are-refused",
    "RejectedPositiveData": "good-requests-are-taken",
    "IgnoredAuth": "auth-a-key-is-needed",
    "MissingHeaderNotRejected": "auth-a-key-is-needed",
    "UnsupportedMethodResponse": "other-methods-are-a-405",
    "AllowHeaderMismatch": "a-405-names-the-methods",
}
"""By the name of the failure: Schemathesis itself need not be there."""


def blamed(error: BaseException) -> Iterator[tuple[str, str]]:
    """The clauses that are broken by the failures in an error, each with what it says of them."""
    if isinstance(error, BaseExceptionGroup):
        for each in error.exceptions:
            yield from blamed(each)
    elif type(error).__name__ == "MissingHeaders":
        names = getattr(error, "missing_headers", ())
        for clause in dict.fromkeys(_owner(name.lower()) for name in names):
            yield clause, str(error)
    elif type(error).__name__ in CLAUSES:
        yield CLAUSES[type(error).__name__], str(error)


def _owner(header: str) -> str:
    """The clause of a header: its own one, where there is one for every answer."""
    places = ((each.id, each.place) for each in ledger().clauses.values() if each.place)
    own = (id for id, place in places if place.status == 0 and place.header == header)
    return next(own, CLAUSES["MissingHeaders"])


def is_blamed(error: BaseException) -> bool:
    """Whether any of its failures is of a known kind."""
    return any(True for _ in blamed(error))


def is_wholly_blamed(error: BaseException | None) -> bool:
    """Whether all of its failures are."""
    if isinstance(error, BaseExceptionGroup):
        return all(map(is_wholly_blamed, error.exceptions))
    return type(error).__name__ in CLAUSES
