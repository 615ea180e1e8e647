"""The rules, and the judging of a client by all of them."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Final

import msgspec

from mock_server.errors import Invalid
from mock_server.journal import Exchange
from mock_server.mock import Mock
from mock_server.verdict.bodies import (
    body_type_lies,
    deprecated_fields,
    picture_type_lies,
    unknown_fields,
)
from mock_server.verdict.connections import connection_not_reused, key_in_address
from mock_server.verdict.contract import Contract
from mock_server.verdict.coverage import coverage
from mock_server.verdict.finding import Fault, Severity, gathered
from mock_server.verdict.polls import downloaded_too_soon, polled_forever, polled_too_fast
from mock_server.verdict.record import Record
from mock_server.verdict.retries import (
    gave_up,
    no_backoff,
    retried_in_vain,
    retried_too_early,
    retry_storm,
)
from mock_server.verdict.streams import ignored_truncation, no_timeout
from mock_server.verdict.verdict import Verdict


class Rule(msgspec.Struct, frozen=True):
    """What finds a client's faults of one kind, what to do `instead`, and the `worst` they are."""

    find: Callable[[Record], Iterator[Fault]]
    instead: str
    worst: Severity = "wrong"


RULES: Final[Mapping[str, Rule]] = {
    "retried-too-early": Rule(
        retried_too_early,
        "Wait as long as the answer says before the next try; a date counts, too.",
    ),
    "retried-what-must-not-be": Rule(
        retried_in_vain,
        "Raise the error: what was sent, or whose key it is, has to change first.",
    ),
    "no-backoff": Rule(
        no_backoff,
        "Double the pause with each try, and add some chance to it.",
    ),
    "retry-storm": Rule(
        retry_storm,
        "Stop after a few tries, and tell whoever asked.",
    ),
    "gave-up": Rule(
        gave_up,
        "Try again after a pause: 429, 5xx and broken connections pass.",
        worst="risky",
    ),
    "ignored-truncation": Rule(
        ignored_truncation,
        "Take an answer for whole only at its end mark or its full length; else ask again or fail.",
    ),
    "no-timeout": Rule(
        no_timeout,
        "Set a read timeout, so that silence becomes an error.",
    ),
    "polled-too-fast": Rule(
        polled_too_fast,
        "Ask after a job every few seconds, and never more than once a second.",
    ),
    "polled-forever": Rule(
        polled_forever,
        "Stop at `completed` and at `failed`, and at a time of your own.",
    ),
    "downloaded-before-completion": Rule(
        downloaded_too_soon,
        "Poll until the job is `completed`, and only then ask for its file.",
    ),
    "image-mime-lies": Rule(
        picture_type_lies,
        "Read the type from the file's first bytes, not from its name.",
    ),
    "body-type-lies": Rule(
        body_type_lies,
        "Send the Content-Type that the body has: JSON is application/json.",
    ),
    "unknown-fields": Rule(
        unknown_fields,
        "Look the name up in the contract; what it does not have is ignored.",
    ),
    "deprecated-fields": Rule(
        deprecated_fields,
        "Leave it out, or send what has taken its place.",
        worst="risky",
    ),
    "key-in-the-url": Rule(
        key_in_address,
        "Send the key in a header, and replace the one that has been shown.",
    ),
    "connection-not-reused": Rule(
        connection_not_reused,
        "Keep one client object for all calls: it keeps the connection, and its TLS handshake.",
        worst="risky",
    ),
}


def judge(
    mock: Mock, caller_ids: Collection[str] | None = None, ignore: Collection[str] = ()
) -> Verdict:
    """The verdict on the client with these keys (by their digests), or on those of all keys.

    Raises Invalid for rules to ignore that there are not.
    """
    for name in ignore:
        if name not in RULES:
            message = f"ignore: '{name[:60]}' is no rule; there are {', '.join(RULES)}"
            raise Invalid("invalid_value", message, param="ignore")
    contract = Contract(mock.spec, _effects(mock))
    records = [
        Record(each, contract, mock.clock.now(key), mock.clock.real())
        for key, each in _by_key(mock, caller_ids).items()
    ]
    found = [
        finding
        for name, rule in RULES.items()
        if name not in ignore
        for finding in gathered(
            name,
            rule.instead,
            (fault for record in records for fault in rule.find(record)),
            rule.worst,
        )
    ]
    count = sum(len(record.every) for record in records)
    return Verdict(tuple(found), count, coverage(records, contract))


def _by_key(mock: Mock, caller_ids: Collection[str] | None) -> dict[str | None, list[Exchange]]:
    if caller_ids is not None:
        return {each: [*mock.journal.entries(each)] for each in caller_ids}
    found: dict[str | None, list[Exchange]] = {}
    for exchange in mock.journal.entries():
        found.setdefault(exchange.caller_id, []).append(exchange)
    return found


def _effects(mock: Mock) -> dict[str, str | None]:
    """What each fault does to an answer; None for those that only break the contract."""
    faults = mock.faults.catalogue.faults
    return {name: fault.effect for name, fault in faults.items()}
