from mock_server.trimming import trimmed


def test_what_is_short_stays_as_it_is() -> None:
    value = {"a": [1, 2.5, None, True, "text"], "b": {"c": []}}
    assert trimmed(value) == value


def test_long_texts_are_cut_and_say_how_long_they_were() -> None:
    assert trimmed(["x" * 5000]) == ["x" * 200 + "… (5000)"]


def test_of_many_values_the_first_are_kept() -> None:
    assert trimmed([*range(10_000)])[:3] == [0, 1, 2]
    assert len(trimmed([*range(10_000)])) < 1001
    assert len(trimmed({str(number): number for number in range(10_000)})) < 1001


def test_what_is_no_json_is_named() -> None:
    assert trimmed({"file": b"abc"}) == {"file": "(bytes)"}
