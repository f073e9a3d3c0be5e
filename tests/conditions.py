"""Conditions that are drawn with what they mean: a text for a policy, and the same in plain Python.

Nothing of the library is used. A text has only the brackets that it income, so that the order of operators is tried too.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hypothesis import strategies as st

Value = float | str | bool | None
Row = Mapping[str, Value]

NUMBERS = ("area", "income", "height")
TEXTS = ("zone", "label")
BOOLEANS = ("rural", "asked")
WORDS = ("", "09", "31", "a", "sig")

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


def _case(condition: Condition, yes: Condition, no: Condition | None) -> Condition:
    def value(row: Row) -> Value:
        return yes.of(row) if condition.of(row) is True else no.of(row) if no else None

    return Condition(f"CASE WHEN {condition.sql} THEN {yes.sql}{f' ELSE {no.sql}' if no else ''} END", _ATOM, value)


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


_NO = st.sampled_from(["", "NOT "])
CONSTANTS = st.sampled_from([0.0, 1.0, 2.0, 0.5, -1.0, 3.0, 10.0, 1e308])
_NUMBER = st.sampled_from(NUMBERS).map(_column) | CONSTANTS.map(_constant)
_TEXT = st.sampled_from(TEXTS).map(_column) | st.sampled_from(WORDS).map(_constant)
_BOOLEAN = st.sampled_from(BOOLEANS).map(_column)


def _numbers(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    return st.one_of(
        st.builds(_arithmetic, st.sampled_from(sorted(ARITHMETIC)), inner, inner),
        st.builds(_minus, inner),
        st.builds(_function, st.sampled_from(sorted(FUNCTIONS)), inner),
        st.builds(_power, inner, inner),
        st.builds(_coalesce, inner, inner),
        st.builds(_nullif, inner, inner),
        st.builds(_case, st.deferred(lambda: conditions), inner, st.none() | inner),
    )


def _tests(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    number_lists = st.lists(CONSTANTS.map(_constant) | st.just(_constant(None)), min_size=1, max_size=3)
    text_lists = st.lists(st.sampled_from(WORDS).map(_constant) | st.just(_constant(None)), min_size=1, max_size=3)
    signs = st.sampled_from(sorted(COMPARED))
    tests = ["NULL", "NOT NULL"]
    return st.one_of(
        st.builds(_compared, signs, numbers, numbers),
        st.builds(_compared, signs, _TEXT, _TEXT),
        st.builds(_between, numbers, numbers, numbers, _NO),
        st.builds(_in, numbers, number_lists, _NO),
        st.builds(_in, _TEXT, text_lists, _NO),
        st.builds(_is, numbers | _TEXT | inner, st.sampled_from(tests)),
        st.builds(_is, inner, st.sampled_from([*tests, "TRUE", "NOT TRUE", "FALSE", "NOT FALSE"])),
        st.builds(_not, inner),
        st.builds(_joined, st.sampled_from(["AND", "OR"]), inner, inner),
    )


numbers = st.recursive(_NUMBER, _numbers, max_leaves=6)
conditions = st.recursive(_BOOLEAN, _tests, max_leaves=6)
rows = st.fixed_dictionaries(
    {
        **{
            name: st.none() | st.sampled_from([0.0, 1.0, 2.0, 3.0, 0.5, 1e308, 5e-324]) | st.floats(0, 100)
            for name in NUMBERS
        },
        **{
            name: st.none() | st.sampled_from(["", "09", "2", "31", "a", "sig", "\N{LATIN SMALL LETTER E WITH ACUTE}"])
            for name in TEXTS
        },
        **{name: st.none() | st.booleans() for name in BOOLEANS},
    }
)
