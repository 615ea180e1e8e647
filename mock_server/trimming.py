"""Long questions in brief: what is kept of a body that is too long to be kept whole."""

from typing import Final

from mock_server.wire import Json

_LONGEST: Final = 200  # characters of a text
_MOST: Final = 1_000  # values


def trimmed(value: Json) -> Json:
    """The value with long texts cut and what comes after the first thousand values left out."""
    return _Trimmer().of(value)


class _Trimmer:
    def __init__(self) -> None:
        self._left = _MOST

    def of(self, value: Json) -> Json:
        self._left -= 1
        if isinstance(value, str):
            return value if len(value) <= _LONGEST else f"{value[:_LONGEST]}… ({len(value)})"
        if isinstance(value, list):
            return [self.of(each) for each in value if self._left > 0]
        if isinstance(value, dict):
            members = ((str(name)[:_LONGEST], each) for name, each in value.items())
            return {name: self.of(each) for name, each in members if self._left > 0}
        return value if isinstance(value, int | float | None) else f"({type(value).__name__})"
