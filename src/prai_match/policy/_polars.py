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
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
    "NEGATE": lambda value: -value,
    "ABS": lambda value: value.abs(),
    "LN": lambda value: value.log(),
    "SQRT": lambda value: value.sqrt(),
    "EXP": lambda value: value.exp(),
    "POW": lambda base, power: base.pow(power),
}
_SIGNS: Final[dict[str, tuple[Callable[[pl.Expr, pl.Expr], pl.Expr], str]]] = {
    "=": (operator.eq, "="),
    "<>": (operator.ne, "<>"),
    "<": (operator.lt, ">"),
    "<=": (operator.le, ">="),
    ">": (operator.gt, "<"),
    ">=": (operator.ge, "<="),
}
"""Each comparison, and what it is with its sides exchanged."""

_OTHERS: Final[dict[str, Callable[..., pl.Expr]]] = {
    "AND": lambda left, right: left & right,
    "OR": lambda left, right: left | right,
    "NOT": lambda value: ~value,
    "IS NULL": lambda value: value.is_null(),
    "IS TRUE": lambda value: value.fill_null(value=False),
    "IS FALSE": lambda value: ~value.fill_null(value=True),
    "COALESCE": pl.coalesce,
}


def expr(node: Node) -> pl.Expr:
    """Return the polars expression of a tree: its value, or null where it is unknown."""
    computed = isinstance(node, Call) and node.name in _CHAINS and not _is_constant(node)
    return _finite(_chained(node)) if computed else _chained(node)


def _finite(value: pl.Expr) -> pl.Expr:
    return pl.when(value.is_finite()).then(value)


def _chained(node: Node) -> pl.Expr:
    """Return the expression of a part of a chain, which may be no finite number."""
    if isinstance(node, Name):
        return pl.col(node.name)
    if isinstance(node, Constant):
        return pl.lit(node.value, dtype=_DTYPES[node.kind])
    if _is_constant(node):
        # Computed here: polars takes the length of what is compared from a constant that it computes.
        value = pl.select(_finite(_called(node)) if node.name in _CHAINS else _called(node)).item()
        return pl.lit(value, dtype=_DTYPES[node.kind])
    return _called(node)


def _is_constant(node: Node) -> bool:
    return not any(isinstance(part, Name) for part in walk(node))


def _called(node: Call) -> pl.Expr:
    if node.name in _CHAINS:
        finite = FINITE.get(node.name, frozenset())
        parts = [expr(part) if place in finite else _chained(part) for place, part in enumerate(node.parts)]
        return _CHAINS[node.name](*parts)
    if node.name in _SIGNS:
        return _compared(node.name, *node.parts)
    special = _SPECIAL.get(node.name)
    return special(*node.parts) if special else _OTHERS[node.name](*map(expr, node.parts))


def _between(value: Node, low: Node, high: Node) -> pl.Expr:
    return _compared(">=", value, low) & _compared("<=", value, high)


def _null_if(value: Node, other: Node) -> pl.Expr:
    return pl.when(_compared("=", value, other).fill_null(value=False)).then(None).otherwise(expr(value))


def _compared(sign: str, left: Node, right: Node) -> pl.Expr:
    """Compare; polars can't with a constant on the left and a choice between constants on the right."""
    compare, exchanged = _SIGNS[sign]
    if _is_constant(left):
        compare, left, right = _SIGNS[exchanged][0], right, left
    return compare(expr(left), expr(right))


def _listed(value: Node, *listed: Node) -> pl.Expr:
    """Whether a value is in a list; where it isn't and the list has an unknown, it may be."""
    constants = [part.value for part in listed if isinstance(part, Constant)]
    known = expr(value).is_in([each for each in constants if each is not None])
    return known | pl.lit(None, dtype=pl.Boolean()) if None in constants else known


def _case(*parts: Node) -> pl.Expr:
    *pairs, otherwise = map(expr, parts)
    chosen: Any = pl
    for condition, value in zip(pairs[::2], pairs[1::2], strict=True):
        chosen = chosen.when(condition).then(value)
    result: pl.Expr = chosen.otherwise(otherwise)
    return result


_SPECIAL: Final[dict[str, Callable[..., pl.Expr]]] = {
    "BETWEEN": _between,
    "CASE": _case,
    "IN": _listed,
    "NULLIF": _null_if,
}
