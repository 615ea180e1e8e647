"""What can go wrong with a call, said once; how each protocol words it stands in the contract.

ApiError                 any failure, by kind
`-- Invalid              the request breaks a rule: names the field and the rule
"""

from collections.abc import Mapping
from typing import Literal, get_args

from mock_server.wire import Json

Kind = Literal[
    "missing_key",
    "invalid_key",
    "insufficient_balance",
    "forbidden",
    "not_found",
    "model_not_found",
    "method_not_allowed",
    "body_too_large",
    "unsupported_media_type",
    "bad_range",
    "rate_limited",
    "invalid_body",
    "missing_field",
    "invalid_type",
    "invalid_value",
    "internal_error",
    "overloaded",
    "timed_out",
]
KINDS: tuple[Kind, ...] = get_args(Kind)

# For documents that say nothing of their own about a kind: plain HTTP semantics (RFC 9110, 6585).
PLAIN: Mapping[Kind, Json] = {
    "missing_key": {"status": 401},
    "invalid_key": {"status": 401},
    "insufficient_balance": {"status": 402},
    "forbidden": {"status": 403},
    "not_found": {"status": 404},
    "model_not_found": {"status": 404},
    "method_not_allowed": {"status": 405},
    "body_too_large": {"status": 413},
    "unsupported_media_type": {"status": 415},
    "bad_range": {"status": 416},
    "rate_limited": {"status": 429},
    "internal_error": {"status": 500},
    "overloaded": {"status": 503},
    "timed_out": {"status": 504},
    **{
        kind: {"status": 400} for kind in KINDS if kind.startswith("invalid_") and "key" not in kind
    },
    "missing_field": {"status": 400},
}


def kind_of(status: int, errors: Mapping[Kind, Json]) -> Kind:
    """The kind of failure that has this status there, or else the one that is nearest to it.

    The last kind of a status is the most telling one: `invalid_value` for 400.
    """
    kinds = [kind for kind in KINDS if errors[kind]["status"] == status]
    if kinds:
        return kinds[-1]
    if status < 500:
        return "invalid_value"
    return "overloaded" if status in (503, 529) else "internal_error"


class ApiError(Exception):
    """A failure that its provider has words for; `param` is the field at fault, `headers` go along.

    `facts` overrides what the contract says of the kind (status, type, code), for scripted errors.
    `flaw` names what was sent as something that it is not.
    """

    flaw: str | None = None

    def __init__(
        self,
        kind: Kind,
        message: str,
        *,
        param: str | None = None,
        headers: Mapping[str, str] | None = None,
        facts: Mapping[str, Json] | None = None,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.param = param
        self.headers = dict(headers or {})
        self.facts = dict(facts or {})


class Invalid(ApiError):
    """A request that breaks a rule of the contract, at the field `param`."""
