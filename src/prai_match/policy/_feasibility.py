"""Can conditions ever hold together? Tried on situations that their constants tell apart.

A condition that only compares columns, with constants and with one another, changes its value only where a column
passes a constant or another column. It is evaluated on every such case. Where columns are computed with, or the cases
are too many to be tried, nothing is claimed.
"""

from __future__ import annotations

from functools import reduce
from itertools import pairwise
from math import inf, isfinite, prod
from typing import TYPE_CHECKING, Final

import polars as pl

from prai_match.policy._vocabulary import DTYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from prai_match.policy._expression import Expression
    from prai_match.policy._vocabulary import Column

_MOST_SITUATIONS: Final = 2_000_000
"""Tried for a whole policy."""
_MOST_AT_ONCE: Final = 200_000
_SAMPLE: Final = 2_000
_SCALE: Final = (0.0, 0.5, 1.0, 3.0, 10.0, 30.0, 100.0, 365.0, 1_000.0, 10_000.0, 1_000_000.0)


def impossible(groups: Sequence[Sequence[Expression]], columns: dict[str, Column]) -> list[bool]:
    """Return, for each group of conditions, whether they surely are never true (a number: above 0) together."""
    sample = _sample({expression.sql: expression for group in groups for expression in group}, columns)
    left = _MOST_SITUATIONS
    results: list[bool] = []
    for group in groups:
        is_met = bool(sample.select(pl.all_horizontal({each.sql for each in group}).any()).item())
        axes = [] if is_met else list(_axes(group, columns))
        size = prod(map(len, axes))
        sure = bool(axes) and size <= min(left, _MOST_AT_ONCE) and all(expression.direct for expression in group)
        results.append(sure and not _meet(group, axes))
        left -= size if sure else 0
    return results


def _sample(expressions: dict[str, Expression], columns: dict[str, Column]) -> pl.DataFrame:
    """Return which conditions are met in some situations: one that meets several is all that most groups need."""
    axes = enumerate(_axes(list(expressions.values()), columns))
    situations = pl.DataFrame([axis.sample(_SAMPLE, with_replacement=True, seed=place) for place, axis in axes])
    return situations.select(_true(expression).alias(sql) for sql, expression in expressions.items())


def _meet(group: Sequence[Expression], axes: Iterable[pl.Series]) -> bool:
    situations = reduce(lambda left, right: left.join(right.to_frame(), how="cross"), axes, pl.DataFrame({"": [0]}))
    return bool(situations.select(pl.all_horizontal(map(_true, group)).any()).item())


def _true(expression: Expression) -> pl.Expr:
    return (expression.expr.cast(pl.Float64) > 0).fill_null(value=False)


def _axes(group: Sequence[Expression], columns: dict[str, Column]) -> Iterator[pl.Series]:
    names = sorted({name for expression in group for name in expression.columns})
    numbers = {number for expression in group for number in expression.numbers}
    texts = {text for expression in group for text in expression.texts}
    for name in names:
        # As many between two constants as there are columns of the type, so that they can stand in any order.
        alike = sum(columns[other].type == columns[name].type for other in names)
        yield points(columns[name], numbers, texts, alike)


def points(column: Column, numbers: Iterable[float], texts: Iterable[str], between: int = 1) -> pl.Series:
    """Return the values of a column that constants tell apart, with null where it can be unknown.

    At least as many as ``between`` lie between two constants.
    """
    values: Iterable[object]
    if column.type == "boolean":
        values = (True, False)
    elif column.type == "text":
        values = column.values or _texts(texts, between)
    else:
        values = _numbers(column, numbers, between)
    rows = sorted(set(values), key=repr)
    return pl.Series(column.name, [*rows, None] if column.nullable else rows, dtype=DTYPES[column.type])


def _texts(texts: Iterable[str], between: int) -> Iterator[str]:
    """Yield each text, and those that come right after it; before all others stands the empty one."""
    for text in {"", *texts}:
        yield from (text + "\x00" * count for count in range(between + 1))
    yield "…"


def _numbers(column: Column, numbers: Iterable[float], between: int) -> Iterator[float]:
    """Yield the numbers of a column's range: constants, bounds, and some between each two of them."""
    high = inf if column.high is None else column.high
    scale = sorted({*numbers, *_SCALE} | ({column.low, high} - {inf, -inf}))
    inside = [value for value in scale if column.low <= value <= high]
    yield from inside
    for low, top in pairwise(inside):
        yield from (
            value for each in range(between) if low < (value := low + (top - low) * (each + 1) / (between + 1)) < top
        )
    if not isfinite(high):
        yield from (inside[-1] * 2 + each + 1 for each in range(between))
    if not isfinite(column.low):
        yield from (inside[0] * 2 - each - 1 for each in range(between))
