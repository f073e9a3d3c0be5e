"""What the expression of a rule gives for one candidate; None is unknown, and so is a number that is none."""

import math
import operator as op
from collections.abc import Callable
from typing import Any, Final

from prai_match.policy import Constant, Name, Node
from prai_match.testing._attributes import all_of, any_of


def value_of(node: Node, column: Callable[[str], Any]) -> Any:  # noqa: ANN401 - a number, a truth, a text or None
    """Return what a tree gives where columns have the values that ``column`` gives by name."""
    if isinstance(node, Constant | Name):
        return node.value if isinstance(node, Constant) else column(node.name)
    values = [value_of(part, column) for part in node.parts]
    return _OF_UNKNOWN[node.name](*values) if node.name in _OF_UNKNOWN else _known(node.name, *values)


def _known(name: str, *values: Any) -> Any:  # noqa: ANN401
    try:
        value = None if None in values else _OF_KNOWN[name](*values)
    except (ArithmeticError, ValueError):
        return None
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _case(*values: Any, met: Callable[[Any], Any] = bool) -> Any:  # noqa: ANN401
    return next((then for when, then in zip(values[:-1:2], values[1::2], strict=True) if met(when)), values[-1])


_OF_UNKNOWN: Final[dict[str, Callable[..., Any]]] = {
    "AND": lambda *values: all_of(values), "OR": lambda *values: any_of(values), "CASE": _case,
    "IN": lambda value, *listed: any_of(_known("=", value, each) for each in listed),
    "BETWEEN": lambda value, low, high: all_of([_known(">=", value, low), _known("<=", value, high)]),
    "CHOICE": lambda value, *rest: _case(*rest, met=lambda each: _known("=", value, each)),
    "IS NULL": lambda value: value is None, "IS TRUE": lambda value: value is True,
    "IS FALSE": lambda value: value is False,
    "COALESCE": lambda *values: next((value for value in values if value is not None), None),
    "NULLIF": lambda one, other: None if _known("=", one, other) else one,
}  # fmt: skip
_OF_KNOWN: Final[dict[str, Callable[..., Any]]] = {
    "+": op.add, "-": op.sub, "*": op.mul, "/": op.truediv, "NEGATE": op.neg, "ABS": abs, "SQRT": math.sqrt,
    "LN": math.log, "EXP": math.exp, "POW": math.pow, "NOT": op.not_,
    "=": op.eq, "<>": op.ne, "<": op.lt, "<=": op.le, ">": op.gt, ">=": op.ge,
}  # fmt: skip
