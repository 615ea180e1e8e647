"""Sums written in a prompt, worked out exactly and within bounds."""

import ast
import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Final

LONGEST: Final = 120  # characters of a sum
LARGEST: Final = Fraction(10**30)  # of any number on the way to the result
HIGHEST: Final = 100  # exponent


def result_of(terms: str) -> str:
    """Work out a sum in Python's signs; ValueError if it is none, or too large."""
    if len(terms) > LONGEST:
        raise ValueError("too long")
    try:
        value = _value(ast.parse(terms.strip(), mode="eval").body)
    except (SyntaxError, RecursionError, MemoryError, OverflowError) as error:
        raise ValueError(str(error)) from error
    if value.denominator == 1:
        return str(value.numerator)
    return f"{float(value):.6f}".rstrip("0")


def _value(node: ast.expr) -> Fraction:
    match node:
        case ast.Constant(value=int() | float() as number):
            return _bounded(Fraction(str(number)))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand)
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _SIGNS:
            return _bounded(_SIGNS[type(sign)](_value(left), _value(right)))
    raise ValueError("not a sum")


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator != 1 or abs(exponent) > HIGHEST:
        raise ValueError("not a bounded power")
    return Fraction(base**exponent.numerator)


def _bounded(value: Fraction) -> Fraction:
    if abs(value) > LARGEST or value.denominator > LARGEST:
        raise ValueError("too large")
    return value


_SIGNS: Final[Mapping[type[ast.operator], Callable[[Fraction, Fraction], Fraction]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Mod: operator.mod,
    ast.Pow: _power,
}
