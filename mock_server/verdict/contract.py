"""What the contract says of jobs: its links lead from the submission to the polls to the file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mock_server.operation import Operation
from mock_server.spec import Spec


@dataclass(frozen=True)
class Jobs:
    """Ids of operations: `begins` lead to polls, `polls` to themselves, `files` come from polls."""

    begins: frozenset[str]
    polls: frozenset[str]
    files: frozenset[str]


def jobs_of(spec: Spec) -> Jobs:
    """The jobs of a contract, by the links of its answers (OpenAPI 3.1, Link Object)."""
    links: Mapping[str, set[str]] = {each.id: {*_links(each, spec)} for each in spec.operations}
    polls = {name for name, others in links.items() if name in others}
    begins = {name for name, others in links.items() if others & polls} - polls
    files = {other for name in polls for other in links[name]} - polls
    return Jobs(frozenset(begins), frozenset(polls), frozenset(files))


def _links(operation: Operation, spec: Spec) -> Iterator[str]:
    for answer in operation.answers.values():
        for link in answer.node.get("links", {}).values():
            other = spec.document.resolve(link).get("operationId")
            if isinstance(other, str):
                yield other
