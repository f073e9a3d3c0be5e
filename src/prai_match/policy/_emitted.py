"""An expression for polars: three-valued, and no number that is none.

A division by zero, a logarithm or a root out of range and an overflow are unknown, as the value of a column can be.
A sum, product, quotient or root of what is no finite number is none either: one look at the end of such a chain is
enough. A divisor, an exponential or a power can make a finite number of it again: their parts are looked at too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl

from prai_match.policy._tree import FINITE, Call, Constant, Name

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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
_OTHERS: Final[dict[str, Callable[..., pl.Expr]]] = {
    "AND": lambda left, right: left & right,
    "OR": lambda left, right: left | right,
    "NOT": lambda value: ~value,
    "=": lambda left, right: left == right,
    "<>": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
    "BETWEEN": lambda value, low, high: (value >= low) & (value <= high),
    "IS NULL": lambda value: value.is_null(),
    "IS TRUE": lambda value: value.fill_null(value=False),
    "IS FALSE": lambda value: ~value.fill_null(value=True),
    "NULLIF": lambda value, other: pl.when((value == other).fill_null(value=False)).then(None).otherwise(value),
    "COALESCE": pl.coalesce,
}


def expr(node: Node) -> pl.Expr:
    """Return the polars expression of a tree: its value, or null where it is unknown."""
    value = _chained(node)
    return _finite(value) if isinstance(node, Call) and node.name in _CHAINS else value


def _finite(value: pl.Expr) -> pl.Expr:
    return pl.when(value.is_finite()).then(value)


def _chained(node: Node) -> pl.Expr:
    """Return the expression of a part of a chain, which may be no finite number."""
    if isinstance(node, Constant):
        return pl.lit(node.value, dtype=_DTYPES[node.kind])
    if isinstance(node, Name):
        return pl.col(node.name)
    if node.name in _CHAINS:
        finite = FINITE.get(node.name, frozenset())
        parts = [expr(part) if place in finite else _chained(part) for place, part in enumerate(node.parts)]
        return _CHAINS[node.name](*parts)
    if node.name == "IN":
        return _listed(expr(node.parts[0]), [part.value for part in node.parts[1:] if isinstance(part, Constant)])
    parts = [expr(part) for part in node.parts]
    return _case(parts) if node.name == "CASE" else _OTHERS[node.name](*parts)


def _listed(value: pl.Expr, listed: Sequence[object]) -> pl.Expr:
    """Whether a value is in a list; where it isn't and the list has an unknown, it may be."""
    known = value.is_in([each for each in listed if each is not None])
    return known | pl.lit(None, dtype=pl.Boolean()) if None in listed else known


def _case(parts: list[pl.Expr]) -> pl.Expr:
    *pairs, otherwise = parts
    chosen: Any = pl
    for condition, value in zip(pairs[::2], pairs[1::2], strict=True):
        chosen = chosen.when(condition).then(value)
    result: pl.Expr = chosen.otherwise(otherwise)
    return result
