"""Where pictures, sounds and films are made: each once, for all who want it at the same time."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from operator import methodcaller
from threading import Lock
from typing import Any, Final, Protocol

MOST_BYTES: Final = 64_000_000


class Work(Hashable, Protocol):
    """All that a file follows from, and how it is made."""

    def file(self) -> bytes:
        """The bytes of the file, always the same."""


class Studio:
    """The files of works; those used last are kept, up to so many bytes. Threads may share it.

    `make` calls what makes a file, here or in a workshop.
    """

    def __init__(
        self,
        make: Callable[[Callable[[], Any]], Any] = methodcaller("__call__"),
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._call = make
        self._most = most_bytes
        self._lock = Lock()
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self._size = 0
        self._under_way: dict[Hashable, Future[bytes]] = {}

    def kept(self, work: Work) -> bytes | None:
        """The file of a work, if it is there already."""
        with self._lock:
            return self._kept.get(work)

    def elsewhere(self, call: Callable[[], Any]) -> Any:
        """What a call gives that should be made where works are; raises what it raises."""
        return self._call(call)

    def made(self, work: Work) -> bytes:
        """The file of a work: kept, or waited for, or made now. Raises what making it raises."""
        with self._lock:
            kept = self._kept.get(work)
            if kept is not None:
                self._kept.move_to_end(work)
                return kept
            others = self._under_way.get(work)
            own = self._under_way.setdefault(work, Future())
        return others.result() if others else self._make(work, own)

    def _make(self, work: Work, waited_for: "Future[bytes]") -> bytes:
        try:
            data: bytes = self._call(work.file)
        except BaseException as error:
            with self._lock:
                del self._under_way[work]
            waited_for.set_exception(error)
            raise
        with self._lock:
            del self._under_way[work]
            self._keep(work, data)
        waited_for.set_result(data)
        return data

    def _keep(self, work: Hashable, data: bytes) -> None:
        if len(data) > self._most:
            return
        self._kept[work] = data
        self._size += len(data)
        while self._size > self._most:
            self._size -= len(self._kept.popitem(last=False)[1])
