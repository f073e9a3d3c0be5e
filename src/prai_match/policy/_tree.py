"""An expression as a tree: what its parts are, of which type, how much work they make, and what they are for polars.

They are three-valued for polars, and no number that is none: a division by zero, a logarithm or a root out of range and
an overflow are unknown, as the value of a column can be. A sum, product, quotient or root of what is no finite number
is none either: one look at the end of such a chain is enough. A divisor, an exponential or a power can make a finite
number of it again: their parts are looked at too.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import isfinite
from typing import Final, Literal

import polars as pl

Kind = Literal["number", "boolean", "text", "null"]
"""The type of a part; ``null``: NULL alone, which may stand for any."""
ORDER: Final = frozenset(["<", "<=", ">", ">="])
EQUALITY: Final = frozenset(["=", "<>"])
CHAINS: Final[dict[str, Callable[..., pl.Expr]]] = {
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
"""What computes: its value may be no finite number, which is then unknown."""
FINITE: Final[dict[str, frozenset[int]]] = {"/": frozenset([1]), "EXP": frozenset([0]), "POW": frozenset([0, 1])}
"""The parts that must be finite by themselves, since what takes them can make a finite number of one that isn't."""
_TWICE: Final = frozenset(["BETWEEN", "NULLIF"])
"""Those whose first part stands twice in what is evaluated."""
MAX_STEPS: Final = 400
"""Operators and values that are evaluated for an expression, at most."""


class TooLongError(Exception):
    """An expression would make too much work; its argument is how much was counted before it was given up."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, a text, true, false, or what is unknown."""

    value: float | str | bool | None
    kind: Kind
    parts: tuple[Node, ...] = ()
    steps: int = 1
    cost: int = 1


@dataclass(frozen=True, slots=True)
class Name:
    name: str
    kind: Kind
    parts: tuple[Node, ...] = ()
    steps: int = 1
    cost: int = 1


@dataclass(frozen=True, slots=True)
class Call:
    """An operator or a function, with what it takes.

    Its name is a sign, ``NOT``, ``AND``, ``OR``, ``NEGATE``, ``BETWEEN``, ``IN``, ``IS NULL``, ``IS TRUE``,
    ``IS FALSE``, ``CASE`` (conditions and values in turn, then what stands for all others) or a function. Its steps are
    the operators and values that are evaluated for it, what stands twice there counting twice; its cost is the same
    where its value must be finite.
    """

    name: str
    parts: tuple[Node, ...]
    kind: Kind
    steps: int
    cost: int


Node = Constant | Name | Call


def call(name: str, parts: tuple[Node, ...], kind: Kind) -> Call:
    """Return a call, and count its work."""
    finite = FINITE.get(name, frozenset()) if name in CHAINS else frozenset(range(len(parts)))
    works = [part.cost if place in finite else part.steps for place, part in enumerate(parts)]
    steps = 1 + sum(works) + (works[0] if name in _TWICE else 0)
    if steps > MAX_STEPS:
        raise TooLongError(steps)
    return Call(name, parts, kind, steps, 2 * steps + 2 if name in CHAINS else steps)


def walk(node: Node) -> Iterator[Node]:
    yield node
    for part in node.parts:
        yield from walk(part)


def comparisons(node: Node) -> Iterator[tuple[str, str]]:
    """Return each column that is compared with a text, and the text."""
    for each in walk(node):
        if isinstance(each, Call) and each.name in ORDER | EQUALITY | {"IN"}:
            columns = [part.name for part in each.parts if isinstance(part, Name)]
            texts = [part.value for part in each.parts if isinstance(part, Constant)]
            yield from ((column, text) for column in columns for text in texts if isinstance(text, str))


_DTYPES: Final = {"number": pl.Float64(), "boolean": pl.Boolean(), "text": pl.String(), "null": pl.Boolean()}
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
    value = _link(node)
    is_chain = isinstance(node, Call) and node.name in CHAINS and not _is_constant(node)
    return pl.when(value.is_finite()).then(value) if is_chain else value


def _link(node: Node) -> pl.Expr:
    """Return the expression of a part of a chain, which may be no finite number."""
    if isinstance(node, Name):
        return pl.col(node.name)
    if isinstance(node, Constant):
        return pl.lit(node.value, dtype=_DTYPES[node.kind])
    if _is_constant(node):
        # Computed here: polars takes the length of what is compared from a constant that it computes.
        value = pl.select(_call(node)).item()
        is_number = node.name not in CHAINS or value is None or isfinite(value)
        return pl.lit(value if is_number else None, dtype=_DTYPES[node.kind])
    return _call(node)


def _is_constant(node: Node) -> bool:
    return not any(isinstance(part, Name) for part in walk(node))


def _call(node: Call) -> pl.Expr:
    if node.name in CHAINS:
        finite = FINITE.get(node.name, frozenset())
        parts = [expr(part) if place in finite else _link(part) for place, part in enumerate(node.parts)]
        return CHAINS[node.name](*parts)
    if node.name in _SIGNS:
        return _comparison(node.name, *node.parts)
    special = _SPECIAL.get(node.name)
    return special(*node.parts) if special else _OTHERS[node.name](*map(expr, node.parts))


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
    *pairs, value = map(expr, parts)
    for condition, consequence in zip(pairs[-2::-2], pairs[::-2], strict=True):
        value = pl.when(condition).then(consequence).otherwise(value)
    return value


_SPECIAL: Final[dict[str, Callable[..., pl.Expr]]] = {
    "BETWEEN": lambda value, low, high: _comparison(">=", value, low) & _comparison("<=", value, high),
    "CASE": _case,
    "IN": _membership,
    "NULLIF": lambda value, other: (
        pl.when(_comparison("=", value, other).fill_null(value=False)).then(None).otherwise(expr(value))
    ),
}
