"""One condition of a rule: a SQL expression over the vocabulary, and nothing else; and can some ever hold together?

The text is read word by word against a short list of what is allowed, and parsed here. Files, subqueries, windows,
aggregates and every function that isn't listed are refused by construction.

A condition that only compares columns, with constants and with one another, changes its value only where a column
passes a constant or another column. It is evaluated on every such case. Where columns are computed with, or the cases
are too many to be tried, nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import islice, pairwise
from math import inf, isfinite, prod
from typing import Final

import polars as pl

from prai_match._words import hint
from prai_match.errors import Problem, nearest
from prai_match.policy._parser import Parser, UnreadableError, kind_name, tokens_of, unknown_words, unreadable
from prai_match.policy._tree import CHAINS, MAX_STEPS, Call, Constant, Name, Node, TooLongError, comparisons, expr, walk
from prai_match.policy._vocabulary import DTYPES, PACKAGE, Column

MAX_LENGTH: Final = 2_000
_MOST_UNKNOWN: Final = 20  # words are told from what is known one by one
_COMPUTING: Final = CHAINS.keys() | {"COALESCE", "NULLIF"}
_MOST_SITUATIONS: Final = 2_000_000
"""Tried for a whole policy."""
_MOST_AT_ONCE: Final = 200_000
_SAMPLE: Final = 2_000
_SCALE: Final = (0.0, 0.5, 1.0, 3.0, 10.0, 30.0, 100.0, 365.0, 1_000.0, 10_000.0, 1_000_000.0)


@dataclass(frozen=True, slots=True)
class Expression:
    """A condition as written in a policy, with the columns that it reads and the constants in it, sorted."""

    sql: str
    columns: tuple[str, ...]
    numbers: tuple[float, ...]
    texts: tuple[str, ...]
    compared: tuple[tuple[str, str], ...]
    """Each column compared with a text, and the text."""
    direct: bool
    """Whether columns are only compared, never computed with."""
    steps: int
    """Operators and values that are evaluated for it."""
    expr: pl.Expr = field(compare=False)
    """Its numbers are 64-bit floats, finite or unknown."""


def parse(sql: str, columns: dict[str, Column], where: str, *, boolean: bool) -> Expression | list[Problem]:
    """Parse ``sql``, which must be ``boolean`` in a requirement, or return everything that is wrong with it."""
    if len(sql) > MAX_LENGTH:
        return [Problem.of(PACKAGE, "characters", where, count=len(sql), most=MAX_LENGTH)]
    tokens = tokens_of(sql)
    problems = list(unreadable(sql, tokens, where))
    if not problems:
        steps = sum(token.text not in {"(", ")", ",", ""} for token in tokens)
        problems += [_steps_beyond(where, steps)] if steps > MAX_STEPS else []
        problems += islice(unknown_words(tokens, columns, where), _MOST_UNKNOWN)
    if problems:
        return problems
    try:
        tree = Parser(tokens, columns).expression()
    except UnreadableError as error:
        return [Problem.of(PACKAGE, "unreadable", where, repr(sql), why=error.why)]
    except TooLongError as error:
        return [_steps_beyond(where, error.args[0])]
    problems = list(_faults(sql, tree, columns, where, boolean=boolean))
    if problems:
        return problems
    nodes = list(walk(tree))
    values = [node.value for node in nodes if isinstance(node, Constant)]
    return Expression(
        sql=sql,
        columns=tuple(sorted({node.name for node in nodes if isinstance(node, Name)})),
        numbers=tuple(sorted({value for value in values if isinstance(value, float)})),
        texts=tuple(sorted({value for value in values if isinstance(value, str)})),
        compared=tuple(comparisons(tree)),
        direct=not any(isinstance(node, Call) and node.name in _COMPUTING for node in nodes),
        steps=tree.cost,
        expr=expr(tree),
    )


def _faults(sql: str, tree: Node, columns: dict[str, Column], where: str, *, boolean: bool) -> Iterator[Problem]:
    """Report texts that a column can never have, and an expression that is of no use to its rule."""
    for name, text in islice([(name, text) for name, text in comparisons(tree) if columns[name].values], _MOST_UNKNOWN):
        yield from unknown_value(name, text, columns[name].values, where)
    if tree.kind == "text" or (tree.kind == "number" and boolean):
        yield Problem.of(PACKAGE, "condition" if boolean else "share", where, sql=sql, kind=kind_name(tree.kind))


def _steps_beyond(where: str, steps: int) -> Problem:
    return Problem.of(PACKAGE, "steps", where, count=steps, most=MAX_STEPS)


def unknown_value(column: str, value: str, possible: Collection[str], where: str) -> Iterator[Problem]:
    """Report a text that ``column`` can never have."""
    if value not in possible:
        near = hint(nearest(value, possible), sorted(possible))
        yield Problem.of(PACKAGE, "unknown_value", where, column=column, value=value, near=near)


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
    return pl.DataFrame([axis.sample(_SAMPLE, with_replacement=True, seed=place) for place, axis in axes]).select(
        _true(expression).alias(sql) for sql, expression in expressions.items()
    )


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
        yield points(columns[name], numbers, texts, sum(columns[other].type == columns[name].type for other in names))


def points(column: Column, numbers: Iterable[float], texts: Iterable[str], between: int = 1) -> pl.Series:
    """Return the values that constants tell apart, some ``between`` two of them, and null where it can be unknown."""
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
        values = (low + (top - low) * (each + 1) / (between + 1) for each in range(between))
        yield from (value for value in values if low < value < top)
    if not isfinite(high):
        yield from (inside[-1] * 2 + each + 1 for each in range(between))
    if not isfinite(column.low):
        yield from (inside[0] * 2 - each - 1 for each in range(between))
