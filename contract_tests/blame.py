"""Which clause an answer breaks that one of Schemathesis's own checks has found wrong."""

from collections.abc import Iterator, Mapping
from typing import Final

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
    elif type(error).__name__ in CLAUSES:
        yield CLAUSES[type(error).__name__], str(error)


def is_blamed(error: BaseException) -> bool:
    """Whether any of its failures is of a known kind."""
    return any(True for _ in blamed(error))
