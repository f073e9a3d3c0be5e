"""Strategies of policies, and of the columns that a policy asks to be joined."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import polars as pl
from hypothesis import strategies as st

from prai_match.policy import DTYPES, Policy

if TYPE_CHECKING:
    from collections.abc import Callable

    from prai_match.model import ProgrammeData
    from prai_match.policy import Column

_MORE: tuple[Callable[[Policy], Policy], ...] = (
    lambda policy: policy.require("population <= 20000", id="small_only"),
    lambda policy: policy.require("days_since_source >= 30", id="after_a_month", kind="workshop", unknown="accept"),
    lambda policy: policy.require("partner_kind <> 'epci'", id="no_epci", stage="partner"),
    lambda policy: policy.require("trainer_rating >= 2", id="well_rated", stage="trainer", unknown="accept"),
    lambda policy: policy.prefer("needs / (needs + 2.0)", id="often_asked", weight=5),
    lambda policy: policy.prefer("1 - cost / 1000.0", id="cheap", weight=3, stage="trainer", unknown=0.5),
)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Policies made from the default one: rules less, weights other than its own, rules more.

    Example:
        >>> from hypothesis import find
        >>> find(policies(), lambda policy: len(policy.requirements) < 14)
        Policy.default().without('within_budget')
    """
    default = Policy.default()
    ids = [row.id for row in default.rows.rule]
    less = draw(st.lists(st.sampled_from(ids[::-1]), max_size=3, unique=True))
    names = st.sampled_from([rule.id for rule in default.preferences])
    weights = draw(st.dictionaries(names, st.integers(0, 40).map(float), max_size=3))
    more = draw(st.lists(st.sampled_from(range(len(_MORE))), max_size=2, unique=True))
    return _policy(frozenset(less), tuple(sorted(weights.items())), tuple(more))


@cache
def _rules() -> tuple[Any, ...]:
    return tuple(more(Policy.default()).rows.rule[-1] for more in _MORE)


@lru_cache(maxsize=256)
def _policy(less: frozenset[str], weights: tuple[tuple[str, float], ...], more: tuple[int, ...]) -> Policy:
    """Compile the rules once; shrinking asks for the same policy again and again."""
    if not (less or weights or more):
        return Policy.default()
    weight_of = dict(weights)
    left = (row for row in Policy.default().rows.rule if row.id not in less)
    rows = (row.model_copy(update={"weight": weight_of[row.id]}) if row.id in weight_of else row for row in left)
    return Policy.default().with_rules((*rows, *(_rules()[number] for number in more)))


@st.composite
def joined_columns(draw: st.DrawFn, policy: Policy, programme: ProgrammeData) -> pl.DataFrame | None:
    """The frame that a policy asks to be joined, for the territories of a programme; None where it asks for none.

    Example:
        >>> from hypothesis import find
        >>> from prai_match import Policy, Programme
        >>> find(joined_columns(Policy.default(), Programme.example()), lambda found: True) is None
        True
    """
    if not policy.extra:
        return None
    codes = [territory.id for territory in programme.territories]
    values = {
        column.name: pl.Series(
            draw(st.lists(_values(column, policy), min_size=len(codes), max_size=len(codes))),
            dtype=DTYPES[column.type],
        )
        for column in policy.extra
    }
    return pl.DataFrame({"territory": codes, **values})


def _values(column: Column, policy: Policy) -> st.SearchStrategy[Any]:
    """Return values of a column: those that the rules name, and others."""
    rules = [*(rule.condition for rule in policy.requirements), *(rule.value for rule in policy.preferences)]
    reading = [rule for rule in rules if column.name in rule.columns]
    match column.type:
        case "boolean":
            return st.booleans()
        case "text":
            return st.sampled_from(["", *sorted({text for rule in reading for text in rule.texts})])
        case "number":
            numbers = sorted({number for rule in reading for number in rule.numbers} | {0.0, 1.0})
            return st.sampled_from(numbers) | st.integers(0, 100).map(float)
