"""The contract's own keywords are checked with the rest of a schema, and say what is wrong."""

from typing import Any

import jsonschema_rs
import msgspec
import pytest

from mock_server.errors import Invalid
from mock_server.fixtures import CONTRACT
from mock_server.keywords import KEYWORDS, BrokenInside, Judges, keywords
from mock_server.pictures import PictureRule
from mock_server.validation import Content, check_body
from mock_server.violations import first_violation
from tests.picture_factory import data_uri, plain
from tests.world import new_mock

RULE: dict[str, Any] = {"types": ["image/png"], "most-bytes": 1_000, "x-facts": ["RU-047"]}
SCHEMA: dict[str, Any] = {
    "properties": {"url": {"$ref": "#/$defs/url"}, "either": {"anyOf": [{"$ref": "#/$defs/url"}]}},
    "$defs": {"url": {"type": "string", "x-picture": RULE}},
}


def fault(
    value: Any, schema: dict[str, Any] = SCHEMA, **options: Any
) -> tuple[str | None, str] | None:
    """Where a value breaks a schema, and the message."""
    validator = jsonschema_rs.validator_for(schema, keywords=keywords(Judges()))
    violation = first_violation(validator, value, **options)
    return None if violation is None else (violation.param, violation.message)


def test_a_sound_picture_and_anything_that_is_none_pass() -> None:
    assert fault({"url": data_uri(plain())}) is None
    assert fault({"url": "https://example.com/a.tiff"}) is None
    assert fault(7, {"x-picture": RULE}) is None


def test_the_field_is_named_and_what_is_wrong_without_the_data() -> None:
    place, message = fault({"url": data_uri(plain(name="JPEG"))}) or ("", "")
    assert place == "url"
    assert message == "url: says image/png but is a JPEG, which is not accepted: convert it to PNG"
    assert fault(data_uri(plain())[:-9], SCHEMA["$defs"]["url"]) == (
        None,
        "The request body is not valid base64: its length is no multiple of 4, so it is cut off or "
        "lacks padding",
    )


def test_a_picture_whose_type_stands_beside_its_data_is_judged_the_same() -> None:
    schema = {"properties": {"source": {"x-picture": RULE}}}
    media_type, _, data = data_uri(plain()).removeprefix("data:").partition(";base64,")
    assert fault({"source": {"media_type": media_type, "data": data}}, schema) is None
    assert fault({"source": {"media_type": media_type}}, schema) is None
    for wrong, why in ((data[:-9], "no multiple of 4"), (data_uri(plain()), "is a data URI")):
        place, message = fault({"source": {"media_type": media_type, "data": wrong}}, schema) or (
            "",
            "",
        )
        assert place == "source.data"
        assert why in message


def test_a_branch_of_a_choice_says_it_too() -> None:
    place, message = fault({"either": "data:image/png;base64,"}) or ("", "")
    assert (place, message) == ("either", "either: is empty: no data follow the comma")


def test_in_the_document_of_somebody_else_the_name_may_mean_anything() -> None:
    for value in ("https://example.com/logo.png", True, {"types": 7}):
        assert fault("data:,", {"x-picture": value}) is None


def test_a_keyword_may_point_further_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(value: Any, judges: Judges) -> Any:
        def check(instance: Any) -> None:
            raise BrokenInside("is odd", ["a", 1])

        return check

    monkeypatch.setitem(KEYWORDS, "x-odd", refuse)
    schema = {"properties": {"deep": {"x-odd": True}}}
    assert fault({"deep": {"a": [0, 1]}}, schema) == ("deep.a[1]", "deep.a[1]: is odd")


def test_the_contract_s_own_rules_are_rules() -> None:
    spec, found = new_mock().spec, 0
    nodes = [spec.document.data]
    while nodes:
        node = nodes.pop()
        inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        nodes += inner
        if isinstance(node, dict) and "x-picture" in node:
            written = {name for name in node["x-picture"] if name != "x-facts"}
            found += 1
            assert msgspec.convert(node["x-picture"], PictureRule)
            assert written == set(PictureRule.__struct_encode_fields__), CONTRACT
    assert found


def test_what_a_contract_judged_it_has_seen() -> None:
    spec, url = new_mock().spec, data_uri(plain())
    validator = spec.validator("/components/schemas/ImageUrl")
    assert first_violation(validator, {"url": url}) is None
    assert spec.judges.gallery.look(url).is_seen
    assert "heic" in str(first_violation(validator, {"url": "data:image/heic;base64,AAAA"}))


def test_each_body_has_all_of_the_limits_to_itself() -> None:
    spec = new_mock().spec
    media = next(each for each in spec.operations if each.id == "createChatCompletion").bodies[0]
    part = {"type": "image_url", "image_url": {"url": data_uri(plain())}}
    body: Any = {"model": "m", "messages": [{"role": "user", "content": [part] * 300}]}
    for _ in range(3):
        check_body(spec, Content(body), media)
    body["messages"] *= 2
    with pytest.raises(Invalid, match=r"messages\[1\].*\[200\].*at most 500 go inline at once"):
        check_body(spec, Content(body), media)


@pytest.mark.parametrize(
    ("schema", "field"),
    [
        ({"type": "strin"}, "either.type"),
        (
            {"properties": {"a": {"items": {"minLength": -1}}}},
            "either.properties.a.items.minLength",
        ),
        ({"allOf": [{}, {"pattern": "("}]}, "either.allOf[1].pattern"),
        ({"$ref": "#/$defs/none"}, "either.$ref"),
    ],
)
def test_what_is_no_schema_is_named_at_its_place(schema: Any, field: str) -> None:
    asked = {"properties": {"either": {"type": "object", "x-json-schema": True}}}
    assert fault({"either": {"type": "object"}}, asked) is None
    found = fault({"either": schema}, asked)
    assert found is not None
    assert found[0] == field
    assert found[1].startswith(f"{field}: ")


def test_a_keyword_of_the_same_name_that_means_something_else_is_let_be() -> None:
    asked = {"properties": {"either": {"x-json-schema": "yes"}}}
    assert fault({"either": {"type": "strin"}}, asked) is None


def test_what_may_only_be_null_says_beside_what_it_may_be_more() -> None:
    lone = {"type": "null", "x-only-beside": "stream: true"}
    asked = {"required": ["b"], "properties": {"either": lone}}
    assert fault({"either": None, "b": 1}, asked) is None
    found = ("either", "either: is allowed only beside `stream: true`")
    assert fault({"either": {}, "b": 1}, asked) == found
    assert fault({"either": 1}, {"properties": {"either": {"type": "null"}}}) == (
        "either",
        "either: 1 is not of type null",
    )
