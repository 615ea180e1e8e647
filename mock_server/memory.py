"""A bounded memory: what follows from its key alone need not be worked out twice."""

from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Memory(Generic[Key, Value]):
    """Keeps the last `size` values that were put in; the oldest go first."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: dict[Key, Value] = {}

    def get(self, key: Key) -> Value | None:
        """The value of a key, if it is still there."""
        return self._values.get(key)

    def put(self, key: Key, value: Value) -> None:
        """Keep a value."""
        if len(self._values) >= self._size:
            del self._values[next(iter(self._values))]
        self._values[key] = value
