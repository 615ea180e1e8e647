"""UUIDs that follow from facts are version 4 in form, and differ with each fact."""

from uuid import UUID

from mock_server.protocols.runware.ids import uuid_of


def test_they_have_the_form_of_version_4() -> None:
    assert {UUID(uuid_of("task", number)).version for number in range(99)} == {4}


def test_the_same_facts_give_the_same() -> None:
    assert uuid_of("a", 1, "b") == uuid_of("a", 1, "b")
    assert len({uuid_of("a", 1), uuid_of("b", 1), uuid_of("a", 2), uuid_of("a", "\ud800")}) == 4
