"""Can a condition ever hold? Tried on every situation that its constants tell apart.

A condition that compares columns with constants changes its value only where a column crosses one of them. It is
evaluated on the product of such points. Where columns are computed with, or the product is too large to be tried whole,
nothing is claimed.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

import polars as pl

from prai_match.policy._vocabulary import DTYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from prai_match.policy._expression import Expression
    from prai_match.policy._vocabulary import Column

MOST_SITUATIONS = 20_000_000
"""Tried for a whole policy."""
_MOST_AT_ONCE = 200_000

_SCALE = (0.0, 0.5, 1.0, 3.0, 10.0, 30.0, 100.0, 365.0, 1_000.0, 10_000.0, 1_000_000.0)


def can_hold(expressions: Sequence[Expression], columns: dict[str, Column], most: int = MOST_SITUATIONS) -> bool:
    """Return whether all ``expressions`` can be true (a number: above 0) together; True when it can't be told.

    Args:
        expressions: Conditions or numbers to be met together.
        columns: The vocabulary, by name.
        most: How many situations may be tried.
    """
    names = sorted({name for expression in expressions for name in expression.columns})
    numbers = {number for expression in expressions for number in expression.numbers}
    texts = {text for expression in expressions for text in expression.texts}
    axes = [points(columns[name], numbers, texts) for name in names]
    size = reduce(lambda product, axis: product * len(axis), axes, 1)
    if size > min(most, _MOST_AT_ONCE) or not all(expression.direct for expression in expressions):
        return True
    situations = reduce(
        lambda left, right: left.join(right, how="cross"),
        [axis.to_frame() for axis in axes],
        pl.DataFrame({"": [0]}),
    )
    met = pl.all_horizontal(expression.expr.cast(pl.Float64) > 0 for expression in expressions)
    return bool(situations.select(met.any())[0, 0])


def points(column: Column, numbers: Iterable[float], texts: Iterable[str]) -> pl.Series:
    """Return the values of a column that constants tell apart, with null where it can be unknown."""
    values: set[object]
    if column.type == "boolean":
        values = {True, False}
    elif column.type == "text":
        # Two texts that no constant names, so that columns can also differ from one another.
        values = set(column.values) or {*texts, "…", "……"}
    else:
        high = float("inf") if column.high is None else column.high
        near = (point for number in numbers for point in (number - 1, number - 1e-6, number, number + 1e-6, number + 1))
        inside = {point for point in (*near, *_SCALE) if column.low <= point <= high}
        values = inside | {float(column.low)} | (set() if column.high is None else {float(column.high)})
    ordered = sorted(values, key=repr)
    return pl.Series(column.name, [*ordered, None] if column.nullable else ordered, dtype=DTYPES[column.type])
