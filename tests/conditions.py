"""Conditions that are drawn with what they mean: a text for a policy, and the same in plain Python.

Nothing of the library is used. A text has only the brackets that it income, so that the order of operators is tried too.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from hypothesis import strategies as st

Value = float | str | bool | None
Row = Mapping[str, Value]

NUMBERS = ("area", "income", "height")
TEXTS = ("zone", "label")
BOOLEANS = ("rural", "asked")
WORDS = ("", "09", "31", "a", "sig", "\N{LATIN SMALL LETTER E WITH ACUTE}")
EXTREMES = (0.0, -0.0, 5e-324, -5e-324, 2.2250738585072014e-308, 1e308, -1e308, 1.7976931348623157e308)
"""Numbers at the ends of what a float can be, beside those that are usual."""
LONG = ("\x00", "2", "sig" * 10_000, "\uffff", "\U0001f600")
"""Texts of a table that no rule names: a long one, and two whose order isn't that of every encoding."""

_OR, _AND, _NOT, _IS, _COMPARISON, _RANGE, _SUM, _PRODUCT, _SIGN, _ATOM = range(10)


@dataclass(frozen=True)
class Condition:
    """A text, how strongly its last operator binds, and its value for a row."""

    sql: str
    level: int
    of: Callable[[Row], Value]

    def at(self, level: int) -> str:
        """The text as a part of an operator that binds at a level."""
        return self.sql if self.level >= level else f"({self.sql})"

    def __repr__(self) -> str:
        return f"Condition({self.sql!r})"


def finite(compute: Callable[[], float]) -> float | None:
    """A number, or None where there is none."""
    try:
        value = compute()
    except (ArithmeticError, ValueError):
        return None
    return value if isinstance(value, float) and math.isfinite(value) else None


def known(compute: Callable[..., Value]) -> Callable[..., Value]:
    """What is unknown where one of its parts is."""
    return lambda *values: None if None in values else compute(*values)


def both(one: Value, other: Value) -> Value:
    return False if one is False or other is False else None if None in {one, other} else True


def negated(value: Value) -> Value:
    return None if value is None else not value


def either(one: Value, other: Value) -> Value:
    return negated(both(negated(one), negated(other)))


ARITHMETIC = {
    "+": (_SUM, operator.add), "-": (_SUM, operator.sub), "*": (_PRODUCT, operator.mul), "/": (_PRODUCT, operator.truediv),
}  # fmt: skip
COMPARED = {
    "=": operator.eq, "<>": operator.ne, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt,
    ">=": operator.ge,
}  # fmt: skip
FUNCTIONS: dict[str, Callable[..., float]] = {"ABS": abs, "EXP": math.exp, "LN": math.log, "SQRT": math.sqrt}


def _column(name: str) -> Condition:
    return Condition(name, _ATOM, lambda row: row[name])


def _arithmetic(sign: str, left: Condition, right: Condition) -> Condition:
    level, compute = ARITHMETIC[sign]
    value = known(lambda one, other: finite(lambda: compute(one, other)))
    return Condition(
        f"{left.at(level)} {sign} {right.at(level + 1)}", level, lambda row: value(left.of(row), right.of(row))
    )


def _minus(part: Condition) -> Condition:
    value = known(operator.neg)
    return Condition(f"- {part.at(_SIGN)}", _SIGN, lambda row: value(part.of(row)))


def _function(name: str, part: Condition) -> Condition:
    value = known(lambda number: finite(lambda: FUNCTIONS[name](number)))
    return Condition(f"{name}({part.sql})", _ATOM, lambda row: value(part.of(row)))


def _power(base: Condition, exponent: Condition) -> Condition:
    value = known(lambda one, other: finite(lambda: math.pow(one, other)))
    return Condition(f"POW({base.sql}, {exponent.sql})", _ATOM, lambda row: value(base.of(row), exponent.of(row)))


def _coalesce(first: Condition, second: Condition) -> Condition:
    def value(row: Row) -> Value:
        one = first.of(row)
        return second.of(row) if one is None else one

    return Condition(f"COALESCE({first.sql}, {second.sql})", _ATOM, value)


def _nullif(first: Condition, second: Condition) -> Condition:
    def value(row: Row) -> Value:
        one, other = first.of(row), second.of(row)
        return None if one is None or (other is not None and one == other) else one

    return Condition(f"NULLIF({first.sql}, {second.sql})", _ATOM, value)


def _case(cases: list[tuple[Condition, Condition]], no: Condition | None) -> Condition:
    def value(row: Row) -> Value:
        met = (yes.of(row) for condition, yes in cases if condition.of(row) is True)
        return next(met, no.of(row) if no else None)

    whens = " ".join(f"WHEN {condition.sql} THEN {yes.sql}" for condition, yes in cases)
    return Condition(f"CASE {whens}{f' ELSE {no.sql}' if no else ''} END", _ATOM, value)


def _compared(sign: str, left: Condition, right: Condition) -> Condition:
    value = known(COMPARED[sign])
    sql = f"{left.at(_RANGE)} {sign} {right.at(_RANGE)}"
    return Condition(sql, _COMPARISON, lambda row: value(left.of(row), right.of(row)))


def _between(part: Condition, low: Condition, high: Condition, no: str) -> Condition:
    above, below = known(operator.ge), known(operator.le)

    def value(row: Row) -> Value:
        inside = both(above(part.of(row), low.of(row)), below(part.of(row), high.of(row)))
        return negated(inside) if no else inside

    return Condition(f"{part.at(_SUM)} {no}BETWEEN {low.at(_SUM)} AND {high.at(_SUM)}", _RANGE, value)


def _in(part: Condition, listed: list[Condition], no: str) -> Condition:
    same = known(operator.eq)

    def value(row: Row) -> Value:
        found: Value = False
        for each in listed:
            found = either(found, same(part.of(row), each.of(row)))
        return negated(found) if no else found

    return Condition(f"{part.at(_SUM)} {no}IN ({', '.join(each.sql for each in listed)})", _RANGE, value)


def _is(part: Condition, test: str) -> Condition:
    wanted = {"NULL": None, "TRUE": True, "FALSE": False}[test.removeprefix("NOT ")]

    def value(row: Row) -> Value:
        return (part.of(row) is wanted) is not test.startswith("NOT ")

    return Condition(f"{part.at(_IS)} IS {test}", _IS, value)


def _not(part: Condition) -> Condition:
    return Condition(f"NOT {part.at(_NOT)}", _NOT, lambda row: negated(part.of(row)))


def _joined(word: str, left: Condition, right: Condition) -> Condition:
    level, value = (_AND, both) if word == "AND" else (_OR, either)
    sql = f"{left.at(level)} {word} {right.at(level + 1)}"
    return Condition(sql, level, lambda row: value(left.of(row), right.of(row)))


def _constant(value: Value) -> Condition:
    if value is None or isinstance(value, bool):
        return Condition(str(value).upper().replace("NONE", "NULL"), _ATOM, lambda _: value)
    if isinstance(value, str):
        return Condition("'" + value.replace("'", "''") + "'", _ATOM, lambda _: value)
    return Condition(repr(value), _ATOM if value >= 0 else _SIGN, lambda _: value)


def _chosen(subject: Condition, test: Condition, yes: Condition, no: Condition) -> Condition:
    same = known(operator.eq)
    sql = f"CASE {subject.sql} WHEN {test.sql} THEN {yes.sql} ELSE {no.sql} END"
    return Condition(sql, _ATOM, lambda row: (yes if same(subject.of(row), test.of(row)) is True else no).of(row))


_NO = st.sampled_from(["", "NOT "])
_NULL = _constant(None)
CONSTANTS = st.sampled_from([0.0, 1.0, 2.0, 0.5, -1.0, 3.0, 10.0, 1e308])
_NUMBER = st.sampled_from(NUMBERS).map(_column) | CONSTANTS.map(_constant)
_TEXT = st.sampled_from(TEXTS).map(_column) | st.sampled_from(WORDS).map(_constant)
_BOOLEAN = st.sampled_from(BOOLEANS).map(_column)


def _choices(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    """What chooses between values of any one type, among them NULL."""
    some = inner | st.just(_NULL)
    tests = st.deferred(lambda: conditions)
    return st.one_of(
        st.builds(_coalesce, inner, some),
        st.builds(_coalesce, st.just(_NULL), inner),
        st.builds(_nullif, inner, some),
        st.builds(_case, st.lists(st.tuples(tests | st.just(_NULL), inner), min_size=1, max_size=3), st.none() | some),
        st.builds(_chosen, inner, some, inner, inner),
    )


def _numbers(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    return st.one_of(
        st.builds(_arithmetic, st.sampled_from(sorted(ARITHMETIC)), inner, inner),
        st.builds(_arithmetic, st.sampled_from(sorted(ARITHMETIC)), inner, st.just(_NULL)),
        st.builds(_minus, inner),
        st.builds(_function, st.sampled_from(sorted(FUNCTIONS)), inner),
        st.builds(_power, inner, inner),
        _choices(inner),
    )


def _tests(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    number_lists = st.lists(CONSTANTS.map(_constant) | st.just(_NULL), min_size=1, max_size=3)
    text_lists = st.lists(st.sampled_from(WORDS).map(_constant) | st.just(_NULL), min_size=1, max_size=3)
    truths = st.lists(st.sampled_from([True, False, None]).map(_constant), min_size=1, max_size=2)
    signs = st.sampled_from(sorted(COMPARED))
    tests = ["NULL", "NOT NULL"]
    return st.one_of(
        st.builds(_compared, signs, numbers, numbers | st.just(_NULL)),
        st.builds(_compared, signs, texts, texts | st.just(_NULL)),
        st.builds(_compared, st.sampled_from(["=", "<>"]), inner, inner),
        st.builds(_between, numbers, numbers, numbers | st.just(_NULL), _NO),
        st.builds(_between, texts, texts, texts, _NO),
        st.builds(_in, numbers, number_lists, _NO),
        st.builds(_in, texts, text_lists, _NO),
        st.builds(_in, inner, truths, _NO),
        st.builds(_is, numbers | texts | inner, st.sampled_from(tests)),
        st.builds(_is, inner, st.sampled_from([*tests, "TRUE", "NOT TRUE", "FALSE", "NOT FALSE"])),
        st.builds(_not, inner),
        st.builds(_joined, st.sampled_from(["AND", "OR"]), inner, inner),
        st.builds(_joined, st.sampled_from(["AND", "OR"]), inner, st.just(_NULL)),
        _choices(inner),
    )


numbers = st.recursive(_NUMBER, _numbers, max_leaves=6)
texts = st.recursive(_TEXT, _choices, max_leaves=3)
conditions = st.recursive(_BOOLEAN, _tests, max_leaves=6)
deep = st.one_of(_numbers(_numbers(_NUMBER)), _tests(_tests(_BOOLEAN)), _tests(_BOOLEAN), _choices(conditions))
"""Expressions that have operators within operators."""
rows = st.fixed_dictionaries(
    {
        **{
            name: st.none() | st.sampled_from([1.0, 2.0, 3.0, 0.5, *EXTREMES]) | st.floats(-100, 100)
            for name in NUMBERS
        },
        **{name: st.none() | st.sampled_from([*WORDS, *LONG]) for name in TEXTS},
        **{name: st.none() | st.booleans() for name in BOOLEANS},
    }
)


def some_rows(dice: Random, count: int) -> list[Row]:
    """Rows in which a third of the values are unknown, and many of the others are extremes or alike."""
    pools: dict[str, tuple[Value, ...]] = {
        **dict.fromkeys(NUMBERS, (1.0, 2.0, 3.0, 0.5, *EXTREMES, *(dice.uniform(-100, 100) for _ in range(8)))),
        **dict.fromkeys(TEXTS, (*WORDS, *LONG)),
        **dict.fromkeys(BOOLEANS, (True, False)),
    }
    return [
        {name: dice.choice(pool) if dice.random() < 2 / 3 else None for name, pool in pools.items()}
        for _ in range(count)
    ]
