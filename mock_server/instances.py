"""One value for any JSON Schema: valid, repeatable from its seed, and close to what people send."""

from collections.abc import Callable, Sequence
from random import Random

import jsonschema_rs

from mock_server.document import Document, pointer
from mock_server.values.conjunction import Conflict
from mock_server.values.maker import Budget, Effort, Maker
from mock_server.values.schemas import Schema, Schemas, Unsatisfiable
from mock_server.values.telling import Hints
from mock_server.values.words import Words
from mock_server.wire import Json

__all__ = ["Instances", "Unsatisfiable", "instance"]

# First as people would fill it in, then sparser, then with anything that fits.
_EFFORTS = (
    *(Effort(0.95), Effort(0.95), Effort(0.5), Effort(0.95, wild=True), Effort(0.5, wild=True)),
    *(Effort(0.15, wild=True), Effort(0.0, wild=True), Effort(0.5, wild=True)),
)
_WORK = 40_000
_HINTED = 2  # attempts that take hints


def instance(
    schema: Schema, document: Document, random: Random, words: Words | None = None
) -> Json:
    """A value that is valid against a schema whose references lead into the document.

    Raises Unsatisfiable. Use `Instances` where more than one is made for the same document.
    """
    return Instances(document, words).make(schema, random)


class Instances:
    """Makes values for the schemas of one document, and keeps what it compiled for them.

    `words` may be shared by any number of documents.
    """

    def __init__(self, document: Document, words: Words | None = None) -> None:
        self.schemas = Schemas(document)
        self._words = words or Words()

    def make(
        self,
        schema: Schema,
        random: Random,
        hints: Callable[[], Hints] | None = None,
        *,
        sparing: bool = False,
    ) -> Json:
        """A value that is valid against the schema; raises Unsatisfiable.

        Values of properties are taken from the hints where these fit (`hints` makes new ones for
        each attempt); `sparing` leaves out the optional properties that they do not speak of.
        """
        efforts = list(_EFFORTS)
        if hints or sparing:
            efforts[:0] = [Effort(0.95, sparing=sparing)] * _HINTED
        try:
            return self._made(schema, random, efforts, hints)
        except RecursionError:
            raise Unsatisfiable("The schema cannot be used: it is nested too deeply.") from None

    def fits(self, schema: Schema, value: Json) -> bool:
        """Whether a value is valid against the schema; raises Unsatisfiable if it is no schema."""
        return self.schemas.fits([self.schemas.closed(schema)], value)

    def _made(
        self,
        schema: Schema,
        random: Random,
        efforts: Sequence[Effort],
        hints: Callable[[], Hints] | None,
    ) -> Json:
        goal = [self.schemas.closed(schema)]
        validator = self.schemas.validator(goal)
        left, complaint = _WORK, ""
        for number, effort in enumerate(efforts):
            # Half of what is left, so that one attempt that gets lost does not cost all others.
            budget = Budget(left // 2)
            maker = Maker(self.schemas, self._words, random, effort, budget)
            maker.hints = hints() if hints and number < _HINTED else None
            try:
                return _checked(maker.value(goal), goal, maker, validator)
            except Conflict as conflict:
                where = pointer(*conflict.at)
                complaint = f"`{conflict.keyword}` at {where} stood in the way ({conflict.reason})"
                left -= budget.spent
        raise Unsatisfiable(f"No value was found: {complaint}.")


def _checked(
    value: Json, goal: Sequence[Schema], maker: Maker, validator: jsonschema_rs.Validator
) -> Json:
    """The value, if it is valid as a whole; raises Conflict otherwise."""
    maker.weigh(goal, value)
    for error in validator.iter_errors(value):
        conflict = Conflict(error.kind.name, error.message[:200])
        conflict.at = [str(step) for step in error.instance_path]
        raise conflict
    return value
