"""An expression's tree for polars: a second opinion on what the library computes with arrays.

It is three-valued, and no number that is none: one look at the end of a chain of computations is enough, but for a
divisor, an exponential or a power, which can make a finite number of one that isn't.
"""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING

import polars as pl

from prai_match.policy import DTYPES
from prai_match.policy._tree import CHAINS, FINITE, Call, Constant, Name, Node

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def _case(*parts: pl.Expr) -> pl.Expr:
    *pairs, value = parts
    for condition, consequence in zip(pairs[-2::-2], pairs[::-2], strict=True):
        value = pl.when(condition).then(consequence).otherwise(value)
    return value


def _column(parts: Sequence[pl.Series]) -> pl.Series:
    return pl.Series(parts[0].to_list(), dtype=pl.Float64)


def _choice(subject: pl.Expr, *parts: pl.Expr) -> pl.Expr:
    *pairs, value = parts
    return _case(*(part if place % 2 else subject == part for place, part in enumerate(pairs)), value)


OPERATORS: dict[str, Callable[..., pl.Expr]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": lambda value, divisor: value / pl.map_batches([divisor], _column, pl.Float64()),
    "NEGATE": operator.neg,
    "ABS": pl.Expr.abs,
    "LN": pl.Expr.log,
    "SQRT": pl.Expr.sqrt,
    "EXP": pl.Expr.exp,
    "POW": pl.Expr.pow,
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "AND": operator.and_,
    "OR": operator.or_,
    "NOT": operator.invert,
    "BETWEEN": lambda value, low, high: (value >= low) & (value <= high),
    "CASE": _case,
    "CHOICE": _choice,
    "COALESCE": pl.coalesce,
    "IS NULL": pl.Expr.is_null,
    "IS TRUE": lambda value: value.fill_null(value=False),
    "IS FALSE": lambda value: ~value.fill_null(value=True),
    "NULLIF": lambda value, other: pl.when((value == other).fill_null(value=False)).then(None).otherwise(value),
}
"""What each operator is for polars; `IN` takes what it takes in another way.

By what is the same in every row polars divides as if it multiplied by its reciprocal, which has other last digits: a
divisor is made a column of its own.
"""


def expr(node: Node) -> pl.Expr:
    """Return the polars expression of a tree: its value, or null where it is unknown."""
    value = _link(node)
    is_chain = isinstance(node, Call) and node.name in CHAINS
    return pl.when(value.is_finite()).then(value) if is_chain else value


def _link(node: Node) -> pl.Expr:
    """Return the expression of a part of a chain, which may be no finite number."""
    if isinstance(node, Name):
        return pl.col(node.name)
    if isinstance(node, Constant):
        return pl.repeat(node.value, pl.len(), dtype=pl.Boolean() if node.kind == "null" else DTYPES[node.kind])
    if node.name == "IN":
        return _membership(*node.parts)
    if node.name not in CHAINS:
        parts = [expr(part) for part in node.parts]
        return OPERATORS[node.name](*parts)
    finite = FINITE.get(node.name, frozenset())
    return OPERATORS[node.name](*(expr(p) if place in finite else _link(p) for place, p in enumerate(node.parts)))


def _membership(value: Node, *values: Node) -> pl.Expr:
    """Whether a value is in a list; where it isn't and the list has an unknown, it may be."""
    constants = [part.value for part in values if isinstance(part, Constant)]
    is_in = expr(value).is_in([each for each in constants if each is not None])
    return is_in | pl.lit(None, dtype=pl.Boolean()) if None in constants else is_in
