"""An expression for polars: three-valued, and no number that is none.

A division by zero, a logarithm or a root out of range and an overflow are unknown, as the value of a column can be.
A sum, product, quotient or root of what is no finite number is none either: one look at the end of such a chain is
enough. A divisor, an exponential or a power can make a finite number of it again: their parts are looked at too.
"""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from prai_match.policy._tree import FINITE, Call, Constant, Name, walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from prai_match.policy._tree import Node

_DTYPES: Final = {"number": pl.Float64(), "boolean": pl.Boolean(), "text": pl.String(), "null": pl.Boolean()}
_CHAINS: Final[dict[str, Callable[..., pl.Expr]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "NEGATE": operator.neg,
    "ABS": pl.Expr.abs,
    "LN": pl.Expr.log,
    "SQRT": pl.Expr.sqrt,
    "EXP": pl.Expr.exp,
    "POW": pl.Expr.pow,
}
_SIGNS: Final[dict[str, tuple[Callable[..., pl.Expr], Callable[..., pl.Expr]]]] = {
    "=": (operator.eq, operator.eq),
    "<>": (operator.ne, operator.ne),
    "<": (operator.lt, operator.gt),
    "<=": (operator.le, operator.ge),
    ">": (operator.gt, operator.lt),
    ">=": (operator.ge, operator.le),
}
"""Each comparison, and what it is with its sides exchanged."""
_OTHERS: Final[dict[str, Callable[..., pl.Expr]]] = {
    "AND": operator.and_,
    "OR": operator.or_,
    "NOT": operator.invert,
    "IS NULL": pl.Expr.is_null,
    "IS TRUE": lambda value: value.fill_null(value=False),
    "IS FALSE": lambda value: ~value.fill_null(value=True),
    "COALESCE": pl.coalesce,
}


def expr(node: Node) -> pl.Expr:
    """Return the polars expression of a tree: its value, or null where it is unknown."""
    is_chain = isinstance(node, Call) and node.name in _CHAINS and not _is_constant(node)
    return _finite(_link(node)) if is_chain else _link(node)


def _finite(value: pl.Expr) -> pl.Expr:
    return pl.when(value.is_finite()).then(value)


def _link(node: Node) -> pl.Expr:
    """Return the expression of a part of a chain, which may be no finite number."""
    if isinstance(node, Name):
        return pl.col(node.name)
    if isinstance(node, Constant):
        return pl.lit(node.value, dtype=_DTYPES[node.kind])
    if _is_constant(node):
        # Computed here: polars takes the length of what is compared from a constant that it computes.
        value = pl.select(_finite(_call(node)) if node.name in _CHAINS else _call(node)).item()
        return pl.lit(value, dtype=_DTYPES[node.kind])
    return _call(node)


def _is_constant(node: Node) -> bool:
    return not any(isinstance(part, Name) for part in walk(node))


def _call(node: Call) -> pl.Expr:
    if node.name in _CHAINS:
        finite = FINITE.get(node.name, frozenset())
        parts = [expr(part) if place in finite else _link(part) for place, part in enumerate(node.parts)]
        return _CHAINS[node.name](*parts)
    if node.name in _SIGNS:
        return _comparison(node.name, *node.parts)
    special = _SPECIAL.get(node.name)
    return special(*node.parts) if special else _OTHERS[node.name](*map(expr, node.parts))


def _null_if(value: Node, other: Node) -> pl.Expr:
    return pl.when(_comparison("=", value, other).fill_null(value=False)).then(None).otherwise(expr(value))


def _comparison(sign: str, left: Node, right: Node) -> pl.Expr:
    """Compare; polars can't with a constant on the left and a choice between constants on the right."""
    compare, mirror = _SIGNS[sign]
    return mirror(expr(right), expr(left)) if _is_constant(left) else compare(expr(left), expr(right))


def _membership(value: Node, *values: Node) -> pl.Expr:
    """Whether a value is in a list; where it isn't and the list has an unknown, it may be."""
    constants = [part.value for part in values if isinstance(part, Constant)]
    is_in = expr(value).is_in([each for each in constants if each is not None])
    return is_in | pl.lit(None, dtype=pl.Boolean()) if None in constants else is_in


def _case(*parts: Node) -> pl.Expr:
    *pairs, otherwise = map(expr, parts)
    choice: Any = pl
    for condition, value in zip(pairs[::2], pairs[1::2], strict=True):
        choice = choice.when(condition).then(value)
    result: pl.Expr = choice.otherwise(otherwise)
    return result


_SPECIAL: Final[dict[str, Callable[..., pl.Expr]]] = {
    "BETWEEN": lambda value, low, high: _comparison(">=", value, low) & _comparison("<=", value, high),
    "CASE": _case,
    "IN": _membership,
    "NULLIF": _null_if,
}
