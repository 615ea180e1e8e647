"""Whether a request keeps the contract: what does not is refused, or its answer means nothing."""

from http import HTTPStatus

from contract_tests.clauses import contract
from contract_tests.exchange import Exchange


def is_sound(exchange: Exchange) -> bool:
    """Whether the JSON that was asked keeps the contract; true of what is no JSON."""
    bodies = exchange.operation.bodies if exchange.operation else ()
    pointers = [each.pointer for each in bodies if each.type.endswith("json") and each.pointer]
    if exchange.asked is None or not pointers:
        return True
    return any(contract().validator(each).is_valid(exchange.asked) for each in pointers)


def is_answered_nonsense(exchange: Exchange) -> bool:
    """Whether something was answered that had to be refused; such an answer need not make sense.

    Of several tasks some may be wrong, and then the answer tells of the others too.
    """
    is_answered = exchange.status < HTTPStatus.BAD_REQUEST
    return is_answered and not isinstance(exchange.asked, list) and not is_sound(exchange)
