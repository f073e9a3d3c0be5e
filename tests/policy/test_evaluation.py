"""What an expression is for arrays, for polars by an emitter of the tests' own, and in plain Python: the same."""

from __future__ import annotations

import math
from contextlib import contextmanager
from random import Random
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, reject, strategies as st

import strict_polars
from conditions import BOOLEANS, EXTREMES, NUMBERS, TEXTS, conditions, deep, finite, numbers, some_rows
from prai_match.policy import DTYPES, Column, Expression, Values, columns_of
from prai_match.policy._expression import parse
from prai_match.policy._parser import Parser, tokens_of
from prai_match.policy._tree import OPERATORS
from prai_match.testing._oracle._oracle import value_of
from thorough import examples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from conditions import Condition
    from prai_match.model import ColumnType

TYPES: dict[str, ColumnType] = {
    **dict.fromkeys(NUMBERS, "number"),
    **dict.fromkeys(TEXTS, "text"),
    **dict.fromkeys(BOOLEANS, "boolean"),
}
COLUMNS = {name: Column(name, kind, "session", frozenset(), "e", "f", nullable=True) for name, kind in TYPES.items()}
SCHEMA = {name: DTYPES[kind] for name, kind in TYPES.items()}
LIBRARIES: dict[str, Callable[..., float]] = {"LN": math.log, "EXP": math.exp, "POW": math.pow}
"""What is computed by a library, of which each rounds the last digits in its own way."""


def evaluated(sql: str, frame: pl.DataFrame) -> tuple[Expression, Values]:
    expression = parse(sql, COLUMNS, "rule", boolean=False)
    if not isinstance(expression, Expression):
        assert all("an expression of at most" in problem.expected for problem in expression)
        reject()
    return expression, expression.evaluate(columns_of(frame))


def by_polars(sql: str, frame: pl.DataFrame) -> pl.Series:
    return frame.select(value=strict_polars.expr(Parser(tokens_of(sql), COLUMNS).expression()))["value"]


@contextmanager
def one_library() -> Iterator[None]:
    """All compute logarithms, exponentials and powers as Python does."""
    with pytest.MonkeyPatch.context() as patch, np.errstate(all="ignore"):
        for name, compute in LIBRARIES.items():
            _share(patch, name, lambda *values, compute=compute: finite(lambda: compute(*values)))
        yield


def _share(patch: pytest.MonkeyPatch, name: str, compute: Callable[..., float | None]) -> None:
    of_arrays, own = np.vectorize(compute, otypes=[float]), OPERATORS[name]
    patch.setitem(OPERATORS, name, lambda *pairs: (of_arrays(*(value for value, _ in pairs)), own(*pairs)[1]))

    def of_columns(*parts: pl.Expr) -> pl.Expr:
        value = pl.map_batches(
            parts, lambda columns: pl.Series(of_arrays(*(column.to_numpy() for column in columns))), pl.Float64()
        )
        return pl.when(pl.all_horizontal(part.is_not_null() for part in parts)).then(value)

    patch.setitem(strict_polars.OPERATORS, name, of_columns)


@given(conditions | numbers | deep, st.integers(0, 999), st.integers(1, 40))
@examples(180, suppress_health_check=[HealthCheck.too_slow])
def test_arrays_polars_and_plain_python_agree_to_the_bit(condition: Condition, seed: int, count: int) -> None:
    table = some_rows(Random(seed), count)  # noqa: S311 - data
    frame = pl.DataFrame(table, schema=SCHEMA)
    with one_library():
        expression, values = evaluated(condition.sql, frame)
        of_polars = by_polars(condition.sql, frame)
    found = values.series("value", None if expression.columns else count).to_list()
    for row, one, other in zip(table, found, of_polars, strict=True):
        assert repr(one) == repr(condition.of(row)), row
        assert repr(one) == repr(other), row
        assert value_of(expression.tree, row.__getitem__) == one
    if values.known is not None:
        assert values.known.shape == values.value.shape
        assert not values.value[~values.known].any(), "what is unknown has a value that changes nothing"


@pytest.mark.parametrize("chosen", ["TRUE", "FALSE", "NULL", "1 < 2", "asked IS NULL AND FALSE"])
@pytest.mark.parametrize(("one", "other"), [("rural", "asked"), ("area", "2"), ("2", "area"), ("1", "2")])
def test_a_condition_that_is_the_same_of_all_rows_has_the_rows_of_what_it_chooses(
    chosen: str, one: str, other: str
) -> None:
    frame = pl.DataFrame(some_rows(Random(0), 7), schema=SCHEMA)  # noqa: S311 - data
    sql = f"CASE WHEN {chosen} THEN {one} ELSE {other} END"
    expression, values = evaluated(sql, frame)
    found = values.series("value", None if expression.columns else 7)
    assert found.to_list() == by_polars(sql, frame).to_list()


def _ends(seed: int) -> NDArray[np.float64]:
    dice = np.random.default_rng(seed)
    usual = dice.normal(0, 10, 500), dice.uniform(0, 1e6, 500)
    return np.concatenate([dice.permutation([*EXTREMES, 1.0, 2.0, 0.5, 700.0, -700.0]), *usual])


POWERS: dict[str, Callable[[float, float], float]] = {
    "LN(area)": lambda area, _: math.log(area),
    "EXP(area)": lambda area, _: math.exp(area),
    "POW(area, income)": math.pow,
    "POW(area, 2)": lambda area, _: math.pow(area, 2),
    "POW(area, 0.5)": lambda area, _: math.pow(area, 0.5),
    "POW(2, area)": lambda area, _: math.pow(2, area),
}


@pytest.mark.parametrize("sql", POWERS)
def test_libraries_differ_in_the_last_two_digits_alone(sql: str) -> None:
    frame = pl.DataFrame({name: _ends(place) for place, name in enumerate(NUMBERS)})
    values = evaluated(sql, frame)[1].series("value")
    plain = [_finite(POWERS[sql], area, income) for area, income, _ in frame.rows()]
    for other in (pl.Series(plain, dtype=pl.Float64), by_polars(sql, frame)):
        assert values.is_null().equals(other.is_null())
        one, two = values.drop_nulls().to_numpy(), other.drop_nulls().to_numpy()
        assert (np.abs(one - two) <= 2 * np.spacing(np.abs(two))).all()
        assert len(one) > 200


def _finite(compute: Callable[[float, float], float], *values: float) -> float | None:
    return finite(lambda: compute(*values))
