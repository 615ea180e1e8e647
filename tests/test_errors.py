import pytest

from mock_server.errors import KINDS, PLAIN, ApiError, Invalid, Kind


def test_every_kind_has_a_plain_wording_and_nothing_else_has() -> None:
    assert set(PLAIN) == set(KINDS)
    assert len(KINDS) == len(set(KINDS)) == 18


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("missing_key", 401),
        ("invalid_key", 401),
        ("insufficient_balance", 402),
        ("forbidden", 403),
        ("not_found", 404),
        ("model_not_found", 404),
        ("method_not_allowed", 405),
        ("body_too_large", 413),
        ("unsupported_media_type", 415),
        ("rate_limited", 429),
        ("invalid_body", 400),
        ("missing_field", 400),
        ("invalid_type", 400),
        ("invalid_value", 400),
        ("internal_error", 500),
        ("overloaded", 503),
    ],
)
def test_plain_statuses_are_those_of_http(kind: Kind, status: int) -> None:
    assert PLAIN[kind] == {"status": status}


def test_a_failure_carries_what_it_was_told() -> None:
    error = ApiError(
        "forbidden", "No.", param="model", headers={"Allow": "GET"}, facts={"status": 418}
    )
    assert (error.kind, error.message, str(error)) == ("forbidden", "No.", "No.")
    assert (error.param, error.headers, error.facts) == ("model", {"Allow": "GET"}, {"status": 418})


def test_a_failure_told_nothing_more_has_nothing_more() -> None:
    error = Invalid("invalid_value", "Wrong.")
    assert (error.param, error.headers, error.facts) == (None, {}, {})


def test_failures_share_nothing_with_their_makers_or_each_other() -> None:
    given = {"Allow": "GET"}
    first, second = ApiError("forbidden", "a", headers=given), ApiError("forbidden", "b")
    first.headers["X"] = "1"
    first.facts["status"] = 1
    assert given == {"Allow": "GET"}
    assert (second.headers, second.facts) == ({}, {})


def test_an_invalid_request_is_caught_as_any_failure() -> None:
    with pytest.raises(ApiError, match="Wrong"):
        raise Invalid("invalid_type", "Wrong.")
