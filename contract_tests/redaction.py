"""What hides keys from the outside: the output of a terminal, and what Schemathesis shows."""

from io import TextIOBase
from typing import Final, TextIO

from mock_server.redaction import Redactor

SANITIZATION: Final = {"sensitive-markers": ["authorization", "api-key", "api_key", "apikey"]}
"""What Schemathesis hides by name; of its own accord it would hide `max_tokens` too."""


class Hiding(TextIOBase):
    """What is written goes on to a terminal without keys."""

    def __init__(self, inner: TextIO, redactor: Redactor) -> None:
        self._inner, self._redactor = inner, redactor

    def write(self, text: str) -> int:
        """Write without keys."""
        self._inner.write(self._redactor.values(text))
        return len(text)

    def flush(self) -> None:
        """Send on what was written."""
        self._inner.flush()

    def fileno(self) -> int:
        """The number of the terminal."""
        return self._inner.fileno()

    def isatty(self) -> bool:
        """Whether it is one."""
        return self._inner.isatty()

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """In what it writes."""
        return self._inner.encoding
