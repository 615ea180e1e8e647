"""Bodies as they come in: short ones in memory, large uploads in a file that ends with them."""

import mmap
import tempfile
from typing import IO, Final

from mock_server.wire import Buffer, Headers

# What Starlette takes for large, too.
MOST_IN_MEMORY: Final = 1_000_000


class Spool:
    """The pieces of one body, in the order in which they came."""

    def __init__(self, headers: Headers) -> None:
        self._pieces: list[bytes] = []
        self._file: IO[bytes] | None = None
        self._length = 0
        # Only uploads are worth it: other bodies are decoded whole, in memory.
        self._may_go_to_disk = any(
            name == b"content-type" and value.lower().startswith(b"multipart/")
            for name, value in headers
        )

    def add(self, piece: bytes) -> None:
        """Take one more piece."""
        self._length += len(piece)
        if self._file is not None:
            self._file.write(piece)
            return
        self._pieces.append(piece)
        if self._may_go_to_disk and self._length > MOST_IN_MEMORY:
            self._file = tempfile.TemporaryFile(prefix="mock-server-")  # noqa: SIM115 - `whole` closes it
            self._file.writelines(self._pieces)
            self._pieces.clear()

    def whole(self) -> Buffer:
        """The whole body; a file is gone when nobody looks at it any more."""
        if self._file is None:
            return b"".join(self._pieces)
        with self._file as file:
            file.flush()
            return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))

    def close(self) -> None:
        """Let go of what came."""
        self._pieces.clear()
        if self._file is not None:
            self._file.close()
            self._file = None
