"""Where pictures, sounds and films are made: each once, for all who want it at the same time."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Final

MOST_BYTES: Final = 64_000_000


class Studio:
    """Files by their recipes; those used last are kept, up to so many bytes. Threads may share it.

    A recipe is everything that the file follows from.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._lock = Lock()
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self._size = 0
        self._under_way: dict[Hashable, Future[bytes]] = {}

    def made(self, recipe: Hashable, make: Callable[[], bytes]) -> bytes:
        """The file of a recipe: kept, or waited for, or made now. Raises what `make` raises."""
        with self._lock:
            kept = self._kept.get(recipe)
            if kept is not None:
                self._kept.move_to_end(recipe)
                return kept
            others = self._under_way.get(recipe)
            own = self._under_way.setdefault(recipe, Future())
        return others.result() if others else self._make(recipe, make, own)

    def _make(
        self, recipe: Hashable, make: Callable[[], bytes], waited_for: "Future[bytes]"
    ) -> bytes:
        try:
            data = make()
        except BaseException as error:
            with self._lock:
                del self._under_way[recipe]
            waited_for.set_exception(error)
            raise
        with self._lock:
            del self._under_way[recipe]
            self._keep(recipe, data)
        waited_for.set_result(data)
        return data

    def _keep(self, recipe: Hashable, data: bytes) -> None:
        if len(data) > self._most:
            return
        self._kept[recipe] = data
        self._size += len(data)
        while self._size > self._most:
            self._size -= len(self._kept.popitem(last=False)[1])
