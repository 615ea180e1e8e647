import contextlib
from dataclasses import FrozenInstanceError, fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.pace import Pace
from mock_server.settings import (
    PREFIX,
    Settings,
    SettingsError,
    flag_of,
    parser,
    read_settings,
    size,
    to_environ,
    variable_of,
)

NAMES = [each.name for each in fields(Settings)]
EXAMPLES: list[tuple[str, str, Any]] = [
    ("host", "::1", "::1"),
    ("port", "0", 0),
    ("port", "65535", 65535),
    ("spec", "api.yaml", Path("api.yaml")),
    ("seed", "-7", -7),
    ("store", "memory", "memory"),
    ("store", "sqlite:state.db", "sqlite:state.db"),
    ("clock", "virtual", "virtual"),
    ("pace", "instant", Pace()),
    ("pace", "typical", "typical"),
    ("pace", "ttft=0.4,itl=0.02,jitter=0.3", Pace(0.4, 0.02, 0.3)),
    ("video_seconds", "0", 0.0),
    ("video_seconds", "2.5", 2.5),
    ("rate_limit", "0", 0),
    ("rate_limit", "5", 5),
    ("keys", "keys.txt", Path("keys.txt")),
    ("scenarios", "s.yaml", Path("s.yaml")),
    ("max_body", "2MB", 2_000_000),
    ("max_body", "0", 0),
    ("journal", "1", 1),
    ("control_token", "correct-horse", "correct-horse"),
    ("strict", "true", True),
    ("strict", "OFF", False),
    ("workers", "4", 4),
    ("log_level", "debug", "debug"),
]
WRONG = [
    ("port", "-1"),
    ("port", "65536"),
    ("port", "http"),
    ("port", "80.5"),
    ("seed", "x"),
    ("seed", "1.5"),
    ("store", "redis"),
    ("store", "sqlite:"),
    ("store", "/tmp/state.db"),
    ("clock", "fake"),
    ("clock", "Real"),
    ("pace", "fast"),
    ("pace", "ttft=-1"),
    ("video_seconds", "-1"),
    ("video_seconds", "nan"),
    ("video_seconds", "long"),
    ("video_seconds", "1000001"),
    ("rate_limit", "-1"),
    ("rate_limit", "many"),
    ("max_body", "25XB"),
    ("max_body", "-1"),
    ("max_body", "1.5MB"),
    ("journal", "0"),
    ("strict", "perhaps"),
    ("workers", "0"),
    ("log_level", "loud"),
]


def flag(name: str) -> str:
    return "--" + name.replace("_", "-")


def variable(name: str) -> str:
    return PREFIX + name.upper()


@pytest.mark.parametrize(("name", "text", "value"), EXAMPLES)
def test_a_setting_is_read_from_its_flag_or_its_variable(name: str, text: str, value: Any) -> None:
    assert getattr(read_settings([flag(name), text], {}), name) == value
    assert getattr(read_settings([f"{flag(name)}={text}"], {}), name) == value
    assert getattr(read_settings([], {variable(name): text}), name) == value


@pytest.mark.parametrize(("name", "text", "value"), EXAMPLES)
def test_a_flag_goes_before_a_variable(name: str, text: str, value: Any) -> None:
    environ = {variable(name): "no such value"}
    assert getattr(read_settings([flag(name), text], environ), name) == value


@pytest.mark.parametrize(("name", "text"), WRONG)
def test_a_setting_that_cannot_be_is_named_with_the_reason(name: str, text: str) -> None:
    with pytest.raises(SettingsError, match="expected") as caught:
        read_settings([f"{flag(name)}={text}"], {})
    assert str(caught.value).startswith(f"{flag(name)} {text}: expected ")
    with pytest.raises(SettingsError, match="expected") as caught:
        read_settings([], {variable(name): text})
    assert str(caught.value).startswith(f"{variable(name)} {text}: expected ")


def test_every_setting_has_a_wrong_value_in_this_table_unless_any_text_will_do() -> None:
    texts = {"host", "spec", "keys", "scenarios"}
    # What is wrong with a token is told without it: tests/test_gate.py.
    assert {name for name, _ in WRONG} == {*NAMES} - texts - {"control_token"}
    assert {name for name, _, _ in EXAMPLES} == {*NAMES}


@pytest.mark.parametrize("text", ["unexpected", "expected"])
def test_the_reason_is_in_the_words_of_the_house_whatever_the_value(text: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings(["--port", text], {})
    assert str(caught.value) == f"--port {text}: expected a whole number"


@pytest.mark.parametrize("name", ["port", "seed", "rate_limit", "journal", "workers", "max_body"])
def test_a_number_of_very_many_digits_is_refused_like_any_other(name: str) -> None:
    with pytest.raises(SettingsError):
        read_settings([f"{flag(name)}={'9' * 5_000}"], {})


@pytest.mark.parametrize("argv", [["--no-such-flag"], ["--port"], ["stray"]], ids=repr)
def test_a_command_line_that_cannot_be_read_is_an_error_of_the_settings(argv: list[str]) -> None:
    with pytest.raises(SettingsError):
        read_settings(argv, {})


def test_without_flags_and_variables_the_defaults_hold() -> None:
    assert read_settings([], {}) == Settings()
    assert read_settings([], {"PORT": "1", "mock_server_port": "2"}) == Settings()


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_variable_is_one_that_is_not_set(name: str) -> None:
    assert read_settings([], {variable(name): ""}) == Settings()


@pytest.mark.parametrize("name", sorted({name for name, _ in WRONG}))
def test_an_empty_flag_is_refused(name: str) -> None:
    with pytest.raises(SettingsError):
        read_settings([f"{flag(name)}="], {})


def test_an_empty_host_does_not_open_the_server_to_the_world() -> None:
    with contextlib.suppress(SettingsError):
        assert read_settings(["--host", ""], {}).host == Settings().host


def test_a_flag_alone_switches_on() -> None:
    assert read_settings(["--strict"], {}).strict
    assert read_settings(["--strict", "--port", "1"], {}).strict
    assert not read_settings(["--strict", "no"], {variable("strict"): "yes"}).strict


def test_the_server_keeps_to_this_machine_unless_told_otherwise() -> None:
    assert Settings().host == "127.0.0.1"


@pytest.mark.parametrize(
    ("text", "octets"),
    [
        ("0", 0),
        ("1000", 1000),
        ("1000b", 1000),
        ("512k", 512_000),
        ("512 kB", 512_000),
        ("25MB", 25_000_000),
        ("25mb", 25_000_000),
        (" 1G ", 1_000_000_000),
    ],
)
def test_a_size_is_a_number_with_a_unit(text: str, octets: int) -> None:
    assert size(text) == octets


@pytest.mark.parametrize(
    "text", ["", "MB", "-1", "1.5MB", "1TB", "1MiB", "1 000", "1e3", "0x10", "1MBx"]
)
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected a size such as 25MB"):
        size(text)


@pytest.mark.parametrize("each", fields(Settings), ids=NAMES)
def test_every_setting_has_a_flag_a_variable_and_a_line_of_help(each: Any) -> None:
    assert (flag_of(each), variable_of(each)) == (flag(each.name), variable(each.name))
    lines = " ".join(parser().format_help().split())
    assert f"{flag(each.name)} " in lines
    assert " ".join(each.metadata["meaning"].split()) in lines


def test_every_default_could_have_been_asked_for() -> None:
    for each in fields(Settings):
        if each.default is not None:
            assert each.metadata["read"](str(each.default)) == each.default


VALUES = st.builds(
    Settings,
    host=st.sampled_from(["127.0.0.1", "::1", "localhost"]),
    port=st.integers(0, 65535),
    spec=st.none() | st.sampled_from([Path("a b.yaml"), Path("/x/é.yaml")]),
    seed=st.integers(),
    store=st.sampled_from(["memory", "sqlite:/x/state.db"]),
    clock=st.sampled_from(["real", "virtual"]),
    pace=st.sampled_from(["typical", Pace(), Pace(0.4, 0.02, 0.3)]),
    video_seconds=st.floats(0, 1_000_000),
    rate_limit=st.none() | st.integers(0),
    keys=st.none() | st.just(Path("keys")),
    scenarios=st.none() | st.just(Path("s.yaml")),
    max_body=st.integers(0),
    journal=st.integers(1),
    control_token=st.none() | st.just("correct-horse"),
    strict=st.booleans(),
    workers=st.integers(1),
    log_level=st.sampled_from(["critical", "debug"]),
)


@given(VALUES)
def test_other_processes_read_the_same_settings_from_the_environment(value: Settings) -> None:
    assert read_settings([], to_environ(value)) == value


def test_settings_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings().port = 1  # type: ignore[misc]


def test_a_settings_error_is_a_value_error() -> None:
    assert issubclass(SettingsError, ValueError)
