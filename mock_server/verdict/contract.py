"""What the rules need of the contract, worked out once for all keys."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from mock_server.operation import Operation
from mock_server.spec import Spec
from mock_server.verdict.fields import Fields


@dataclass(frozen=True)
class Jobs:
    """Ids of operations: `begins` lead to polls, `polls` to themselves, `files` come from polls."""

    begins: frozenset[str]
    polls: frozenset[str]
    files: frozenset[str]


@dataclass(frozen=True)
class Contract:
    """A contract, and what the verdict asks of it; `effects` say what each fault does, if known."""

    spec: Spec
    effects: Mapping[str, str | None]

    @cached_property
    def operations(self) -> Mapping[str, Operation]:
        """Its operations by id."""
        return {operation.id: operation for operation in self.spec.operations}

    @cached_property
    def fields(self) -> Fields:
        """The fields of its requests."""
        return Fields(self.spec)

    @cached_property
    def jobs(self) -> Jobs:
        """Its jobs: links lead from the submission to the polls to the file (OpenAPI 3.1)."""
        links = {name: {*self._links(each)} for name, each in self.operations.items()}
        polls = {name for name, others in links.items() if name in others}
        begins = {name for name, others in links.items() if others & polls} - polls
        files = {other for name in polls for other in links[name]} - polls
        return Jobs(frozenset(begins), frozenset(polls), frozenset(files))

    def _links(self, operation: Operation) -> Iterator[str]:
        for answer in operation.answers.values():
            for link in answer.node.get("links", {}).values():
                other = self.spec.document.resolve(link).get("operationId")
                if isinstance(other, str):
                    yield other
