"""A bounded memory: what follows from its key alone need not be worked out twice."""

from collections import OrderedDict
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Memory(Generic[Key, Value]):
    """Keeps the last `size` values that were put in; the oldest go first."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: OrderedDict[Key, Value] = OrderedDict()

    def get(self, key: Key) -> Value | None:
        """The value of a key, if it is still there."""
        return self._values.get(key)

    def values(self) -> list[Value]:
        """All values, the oldest first."""
        return list(self._values.values())

    def put(self, key: Key, value: Value) -> None:
        """Keep a value."""
        if len(self._values) >= self._size:
            self._values.popitem(last=False)
        self._values[key] = value
