"""A memory is bounded, and the oldest goes first."""

from mock_server.memory import Memory


def test_the_oldest_goes_first() -> None:
    memory = Memory[int, str](2)
    for number in range(3):
        memory.put(number, str(number))
    assert [memory.get(number) for number in range(3)] == [None, "1", "2"]
