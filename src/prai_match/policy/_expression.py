"""Conditions of rules: SQL expressions over the vocabulary, and a check whether some can ever hold together.

The text is checked word by word against a short list of what is allowed, and parsed here. Files, subqueries, windows,
aggregates and unlisted functions are thus refused by construction.

The value of a condition that only compares columns, with constants and each other, changes only where a column passes a
constant or another column. It is evaluated on every such case. If columns are used in computations, or there are too
many cases, nothing is claimed.
"""

import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import islice
from math import prod
from random import Random
from typing import Final

import numpy as np
from numpy.typing import NDArray

from prai_match import _arguments as given
from prai_match._words import hint
from prai_match.errors import Problem, nearest
from prai_match.policy._parser import Parser, UnreadableError, kind_name, tokens_of, unknown_words, unreadable
from prai_match.policy._tree import CHAINS, Call, Constant, Evaluation, Name, Node, comparisons, evaluation, walk
from prai_match.policy._values import NEUTRAL, Columns, Values
from prai_match.policy._vocabulary import PACKAGE, Column

MAX_LENGTH: Final = 2_000
_MOST_STEPS: Final = 400
_MOST_UNKNOWN: Final = 20  # unknown words are compared with known ones one by one
_COMPUTING: Final = CHAINS | {"COALESCE", "NULLIF"}
_MOST_SITUATIONS: Final = 2_000_000  # tried for a whole policy
_MOST_AT_ONCE: Final = 200_000
_SAMPLE: Final = 2_000
_SCALE: Final = (0.0, 0.5, 1.0, 3.0, 10.0, 30.0, 100.0, 365.0, 1_000.0, 10_000.0, 1_000_000.0)


@dataclass(frozen=True, slots=True)
class Expression:
    """A condition as written in a policy, with its columns and constants, sorted."""

    sql: str
    columns: tuple[str, ...]
    numbers: tuple[float, ...]
    texts: tuple[str, ...]
    compared: tuple[tuple[str, str], ...]  # each column compared with a text, and the text
    is_condition: bool  # true for a condition, false for a number
    direct: bool  # whether columns are only compared, never computed with
    steps: int  # number of words and signs, without brackets and commas
    compute: Evaluation = field(compare=False, repr=False)
    tree: Node = field(compare=False, repr=False)

    def evaluate(self, columns: Mapping[str, Values]) -> Values:
        """Return its values for the rows of ``columns``; numbers that aren't finite are unknown too."""
        if not isinstance(columns, Columns):
            given.instance(columns, Mapping, "columns")
        try:
            with np.errstate(all="ignore"):
                value, known = self.compute(columns)
        except KeyError:
            given.all_known("column", self.columns, columns)
            raise
        value = np.asarray(value)
        if known is not None and np.shape(known) != value.shape:
            value, known = np.broadcast_arrays(value, known)
        return Values(value, known)


def parse(sql: str, columns: dict[str, Column], where: str, *, boolean: bool) -> Expression | list[Problem]:
    """Parse ``sql``, which must be ``boolean`` in a requirement, or return everything that is wrong with it."""
    if len(sql) > MAX_LENGTH:
        return [Problem.of(PACKAGE, "characters", where, count=len(sql), most=MAX_LENGTH)]
    tokens = tokens_of(sql)
    steps = sum(token.text not in {"(", ")", ",", ""} for token in tokens)
    if problems := list(unreadable(sql, tokens, where)):
        return problems
    if steps > _MOST_STEPS:
        problems.append(Problem.of(PACKAGE, "steps", where, count=steps, most=_MOST_STEPS))
    if problems := [*problems, *islice(unknown_words(tokens, columns, where), _MOST_UNKNOWN)]:
        return problems
    try:
        tree = Parser(tokens, columns).expression()
    except UnreadableError as error:
        return [Problem.of(PACKAGE, "unreadable", where, repr(sql), why=error.why)]
    if problems := list(_faults(sql, tree, columns, where, boolean=boolean)):
        return problems
    nodes = list(walk(tree))
    values = [node.value for node in nodes if isinstance(node, Constant)]
    return Expression(
        sql=sql,
        columns=tuple(sorted({node.name for node in nodes if isinstance(node, Name)})),
        numbers=tuple(sorted({value for value in values if isinstance(value, float)})),
        texts=tuple(sorted({value for value in values if isinstance(value, str)})),
        compared=tuple(comparisons(tree)),
        is_condition=tree.kind == "boolean",
        direct=not any(isinstance(node, Call) and node.name in _COMPUTING for node in nodes),
        steps=steps,
        compute=evaluation(tree),
        tree=tree,
    )


def _faults(sql: str, tree: Node, columns: dict[str, Column], where: str, *, boolean: bool) -> Iterator[Problem]:
    """Report texts that a column can never have, and an expression that its rule can't use."""
    for name, text in islice([(name, text) for name, text in comparisons(tree) if columns[name].values], _MOST_UNKNOWN):
        yield from unknown_value(name, text, columns[name].values, where)
    if tree.kind == "text" or (tree.kind == "number" and boolean):
        yield Problem.of(PACKAGE, "condition" if boolean else "share", where, sql=sql, kind=kind_name(tree.kind))


def unknown_value(column: str, value: str, possible: Collection[str], where: str) -> Iterator[Problem]:
    if value not in possible:
        near = hint(nearest(value, possible), sorted(possible))
        yield Problem.of(PACKAGE, "unknown_value", where, column=column, value=value, near=near)


def impossible(groups: Sequence[Sequence[Expression]], columns: dict[str, Column]) -> list[bool]:
    """Return, for each group of conditions, whether they are certainly never true (for numbers: above 0) together."""
    expressions = {expression.sql: expression for group in groups for expression in group}
    # A single situation that meets several conditions decides most groups.
    drawn = situations(_axes(list(expressions.values()), columns), _SAMPLE)
    sample = {sql: _true(expression, drawn) for sql, expression in expressions.items()}
    left = _MOST_SITUATIONS
    results: list[bool] = []
    for group in groups:
        is_met = reduce(np.logical_and, [sample[expression.sql] for expression in group]).any()
        axes = {} if is_met else _axes(group, columns)
        size = prod(len(each.value) for each in axes.values())
        sure = bool(axes) and size <= min(left, _MOST_AT_ONCE) and all(expression.direct for expression in group)
        results.append(sure and not _meet(group, axes))
        left -= size if sure else 0
    return results


def situations(axes: Mapping[str, Values], size: int) -> dict[str, Values]:
    """Return situations that combine the values of columns freely; the result is deterministic."""
    drawn = (np.frombuffer(Random(place).randbytes(4 * size), "<u4") for place in range(len(axes)))  # noqa: S311
    return {name: axis.take(each % len(axis.value)) for (name, axis), each in zip(axes.items(), drawn, strict=True)}


def _meet(group: Sequence[Expression], axes: Mapping[str, Values]) -> bool:
    """Whether the conditions hold together in some case; each column is one dimension of the cases."""
    places = np.ix_(*(range(len(axis.value)) for axis in axes.values()))
    cases = {name: axis.take(place) for (name, axis), place in zip(axes.items(), places, strict=True)}
    return bool(reduce(np.logical_and, [_true(expression, cases) for expression in group]).any())


def _true(expression: Expression, columns: Mapping[str, Values]) -> NDArray[np.bool_]:
    is_true: NDArray[np.bool_] = expression.evaluate(columns).value > 0  # what is unknown is 0
    return is_true


def _axes(group: Sequence[Expression], columns: dict[str, Column]) -> dict[str, Values]:
    names = sorted({name for expression in group for name in expression.columns})
    numbers = {number for expression in group for number in expression.numbers}
    texts = {text for expression in group for text in expression.texts}
    # As many values between two constants as columns of the type, so that columns can have any order.
    alike = Counter(columns[name].type for name in names)
    return {name: points(columns[name], numbers, texts, alike[columns[name].type]) for name in names}


def points(column: Column, numbers: Iterable[float], texts: Iterable[str], between: int = 1) -> Values:
    """Return values that constants distinguish, with some ``between`` each two, and an unknown one if possible."""
    neutral = NEUTRAL[column.type]
    values: Iterable[object] = (False, True)
    if column.type == "text":
        # Each text and those that sort right after it; the empty text sorts before all others.
        after = {text + "\x00" * count for text in {"", *texts} for count in range(between + 1)}
        values = column.values or sorted(after | {"…"})
    elif column.type == "number":
        values = _numbers(column, numbers, between)
    value = np.array([*values, neutral.item()] if column.nullable else [*values], neutral.dtype)
    return Values(value, np.arange(len(value)) < len(value) - 1 if column.nullable else None)


def _numbers(column: Column, numbers: Iterable[float], between: int) -> NDArray[np.float64]:
    """Return the numbers of a column's range: constants, bounds, and some between each two of them."""
    high = sys.float_info.max if column.high is None else column.high
    scale = {each for each in (*numbers, *_SCALE, column.low, column.high or 0.0) if column.low <= each <= high}
    above = min(2 * max(scale) + between + 1, high)
    inside = np.array(sorted(scale | {above}))
    parts = np.arange(1, between + 1) / (between + 1)
    values = np.unique(np.append(inside, inside[:-1] + np.multiply.outer(parts, np.diff(inside))))
    return values if above in scale else values[:-1]
