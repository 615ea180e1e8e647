"""What can be set from outside: one table, read from flags, then environment, then defaults."""

import argparse
import re
from collections.abc import Mapping, Sequence
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any, NoReturn

from mock_server import __version__
from mock_server.clock import Mode
from mock_server.pace import INSTANT, Wish, read_pace

PREFIX = "MOCK_SERVER_"
_SIZE = re.compile(r"(\d+)\s*([kmg]?)b?", re.IGNORECASE)
_LONGEST = 1_000_000
_SHORTEST_SECRET = 8
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9}


class SettingsError(ValueError):
    """A setting that cannot be; the sentence says which and why."""


def size(text: str) -> int:
    """A number of bytes: `25MB`, `512k` or plain `1000`."""
    match = _SIZE.fullmatch(text.strip())
    if not match:
        raise ValueError("expected a size such as 25MB")
    return int(match[1]) * _UNITS[match[2].lower()]


def _whole(text: str) -> int:
    if int(text) < 0:
        raise ValueError("expected 0 or more")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= _LONGEST:  # which NaN is not, either
        raise ValueError(f"expected seconds from 0 to {_LONGEST:,}")
    return seconds


def _port(text: str) -> int:
    if not 0 <= int(text) <= 65535:
        raise ValueError("expected a port from 0 to 65535")
    return int(text)


def _count(text: str) -> int:
    if int(text) < 1:
        raise ValueError("expected 1 or more")
    return int(text)


def _flag(text: str) -> bool:
    if text.lower() not in ("1", "true", "yes", "on", "0", "false", "no", "off"):
        raise ValueError("expected true or false")
    return text.lower() in ("1", "true", "yes", "on")


def _store(text: str) -> str:
    if text == "memory" or (text.startswith("sqlite:") and text != "sqlite:"):
        return text
    raise ValueError("expected memory or sqlite:PATH")


def _name(text: str) -> str:
    if not text.strip():
        raise ValueError("expected an address")
    return text


def _secret(text: str) -> str:
    if len(text) < _SHORTEST_SECRET or not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError(f"expected {_SHORTEST_SECRET} or more letters, digits or signs")
    return text


def _choice(*names: str) -> Any:
    def read(text: str) -> str:
        if text not in names:
            raise ValueError(f"expected one of {', '.join(names)}")
        return text

    return read


def _setting(default: Any, read: Any, meaning: str, *, value: str) -> Any:
    return field(default=default, metadata={"read": read, "meaning": meaning, "value": value})


@dataclass(frozen=True)
class Settings:
    """How one mock server is to behave."""

    host: str = _setting("127.0.0.1", _name, "address to listen on", value="ADDRESS")
    port: int = _setting(8000, _port, "port to listen on; 0 takes a free one", value="N")
    spec: Path | None = _setting(
        None,
        Path,
        "OpenAPI 3.0 or 3.1 file to serve instead of its own contract",
        value="FILE",
    )
    seed: int = _setting(0, int, "what all made-up content follows from", value="N")
    store: str = _setting(
        "memory", _store, "where state is kept: memory or sqlite:PATH", value="STORE"
    )
    clock: Mode = _setting(
        "real",
        _choice("real", "virtual"),
        "real, or virtual: moved only through the control API",
        value="MODE",
    )
    pace: Wish = _setting(
        INSTANT,
        read_pace,
        "how fast answers come: instant, typical (as the model), or ttft=0.4,itl=0.02,jitter=0.3",
        value="PACE",
    )
    video_seconds: float = _setting(
        30.0, _seconds, "how long a video job takes; 0 completes it at once", value="N"
    )
    rate_limit: int | None = _setting(
        None, _whole, "requests a minute for every key; 0 = off; unset = as documented", value="N"
    )
    keys: Path | None = _setting(
        None,
        Path,
        "file with the API keys to accept beside the ready-made ones, one a line",
        value="FILE",
    )
    scenarios: Path | None = _setting(
        None, Path, "YAML file, or folder of them, with scripted answers", value="FILE"
    )
    max_body: int = _setting(
        25_000_000, size, "largest request body that is read, such as 25MB", value="SIZE"
    )
    journal: int = _setting(
        1000,
        _count,
        "how many exchanges of a key the journal keeps, and ten times as many in all",
        value="N",
    )
    control_token: str | None = _setting(
        None,
        _secret,
        "what /__mock__/ is to be asked with; without one it is for this machine alone",
        value="TOKEN",
    )
    strict: bool = _setting(
        False, _flag, "check every answer against the contract before it is sent", value="BOOL"
    )
    workers: int = _setting(1, _count, "processes that serve together", value="N")
    log_level: str = _setting(
        "warning",
        _choice("critical", "error", "warning", "info", "debug"),
        "how much is logged",
        value="LEVEL",
    )


def read_settings(argv: Sequence[str], environ: Mapping[str, str]) -> Settings:
    """The settings that flags and environment ask for; raises SettingsError."""
    flags = vars(parser().parse_args(argv))
    values = {}
    for each in fields(Settings):
        text, source = flags[each.name], flag_of(each)
        if text is None:
            text, source = environ.get(variable_of(each)) or None, variable_of(each)
        if text is not None:
            values[each.name] = _read(each, text, source)
    return Settings(**values)


def parser() -> argparse.ArgumentParser:
    """The command line of `mock-server`."""
    made = _Parser(
        prog="mock-server",
        description="A mock of the AI inference APIs that its OpenAPI contract describes.",
        epilog=f"Every option can also be set in the environment: --max-body as {PREFIX}MAX_BODY.",
    )
    made.add_argument("--version", action="version", version=f"understudy {__version__}")
    for each in fields(Settings):
        known = {} if each.type is not bool else {"nargs": "?", "const": "true"}
        shown = "" if each.default is None else f" (default: {each.default})"
        made.add_argument(
            flag_of(each),
            dest=each.name,
            metavar=each.metadata["value"],
            help=each.metadata["meaning"] + shown,
            **known,  # type: ignore[arg-type]
        )
    return made


class _Parser(argparse.ArgumentParser):
    """A parser that says what is wrong and leaves it to `main` to end the program."""

    def error(self, message: str) -> NoReturn:
        raise SettingsError(message)


def flag_of(setting: "Field[Any]") -> str:
    """The flag of a setting: `--max-body`."""
    return "--" + setting.name.replace("_", "-")


def variable_of(setting: "Field[Any]") -> str:
    """The environment variable of a setting: `MOCK_SERVER_MAX_BODY`."""
    return PREFIX + setting.name.upper()


def to_environ(settings: Settings) -> dict[str, str]:
    """The environment from which other processes read the same settings."""
    values = {each: getattr(settings, each.name) for each in fields(Settings)}
    return {variable_of(each): str(value) for each, value in values.items() if value is not None}


def _read(setting: "Field[Any]", text: str, source: str) -> Any:
    try:
        return setting.metadata["read"](text)
    except ValueError as error:
        is_ours = str(error).startswith("expected ")
        reason = str(error) if is_ours else "expected a whole number"
        shown = "…" if setting.metadata["read"] is _secret else text
        raise SettingsError(f"{source} {shown}: {reason}") from None
