"""Strategies of policies, of the columns that they declare, and of scenarios to simulate."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import polars as pl
from hypothesis import strategies as st

from prai_match.model import ProgrammeData
from prai_match.policy import DTYPES, Column, Policy, expressions
from prai_match.simulate import Behaviour, Scenario

_MORE: tuple[Callable[[Policy], Policy], ...] = (
    lambda policy: policy.require("population <= 20000", id="small_only"),
    lambda policy: policy.require("days_since_source >= 30", id="after_a_month", kind="workshop", unknown="accept"),
    lambda policy: policy.require("partner_kind <> 'epci'", id="no_epci", stage="partner"),
    lambda policy: policy.require("trainer_rating >= 2", id="well_rated", stage="trainer", unknown="accept"),
    lambda policy: policy.prefer("needs / (needs + 2.0)", id="often_asked", weight=5),
    lambda policy: policy.prefer("population / 50000.0", id="large_first", weight=20, stage="territory"),
    lambda policy: policy.prefer("1 - cost / 1000.0", id="cheap", weight=3, stage="trainer", unknown=0.5),
)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Policies made from the default one: rules removed, weights changed, rules added.

    Example:
        >>> from hypothesis import find
        >>> find(policies(), lambda policy: len(policy.requirements) < 22)
        Policy.default().without('trainer_within_reach')
    """
    default = Policy.default()
    less = draw(st.lists(st.sampled_from([row.id for row in default.rows.rule][::-1]), max_size=3, unique=True))
    names = st.sampled_from([rule.id for rule in (*default.preferences, *default.priorities)])
    weights = draw(st.dictionaries(names, st.integers(0, 40).map(float), max_size=3))
    more = draw(st.lists(st.sampled_from(range(len(_MORE))), max_size=2, unique=True))
    return _policy(frozenset(less), tuple(sorted(weights.items())), tuple(more))


@lru_cache(maxsize=256)
def _policy(less: frozenset[str], weights: tuple[tuple[str, float], ...], more: tuple[int, ...]) -> Policy:
    """Compile the rules once; shrinking asks for the same policy again and again."""
    if not (less or weights or more):
        return Policy.default()
    default, weight_of = Policy.default(), dict(weights)
    left = (row for row in default.rows.rule if row.id not in less)
    rows = (row.model_copy(update={"weight": weight_of[row.id]}) if row.id in weight_of else row for row in left)
    return default.with_rules((*rows, *(_MORE[number](default).rows.rule[-1] for number in more)))


@st.composite
def joined_columns(draw: st.DrawFn, policy: Policy, programme: ProgrammeData) -> pl.DataFrame | None:
    """The frame of the columns that a policy declares, for the territories of a programme; None if it declares none.

    Example:
        >>> from hypothesis import find
        >>> from prai_match import Policy, Programme
        >>> find(joined_columns(Policy.default(), Programme.example()), lambda found: True) is None
        True
    """
    if not policy.extra:
        return None
    codes = [territory.id for territory in programme.territories]
    columns = {
        each.name: st.lists(_values(each, policy), min_size=len(codes), max_size=len(codes)) for each in policy.extra
    }
    schema: dict[str, Any] = {"territory": pl.String, **{each.name: DTYPES[each.type] for each in policy.extra}}
    return pl.DataFrame({"territory": codes, **draw(st.fixed_dictionaries(columns))}, schema=schema)


def _values(column: Column, policy: Policy) -> st.SearchStrategy[Any]:
    """Return values of a column: those that the rules name, and others."""
    reading = [rule for _, rule in expressions(policy) if column.name in rule.columns]
    match column.type:
        case "boolean":
            return st.booleans()
        case "text":
            return st.sampled_from(["", *sorted({text for rule in reading for text in rule.texts})])
        case "number":
            numbers = sorted({number for rule in reading for number in rule.numbers} | {0.0, 1.0})
            return st.sampled_from(numbers) | st.integers(0, 100).map(float)


@st.composite
def behaviours(draw: st.DrawFn) -> Behaviour:
    """Behaviours: a few numbers anywhere in their range, all others at their default.

    Example:
        >>> from hypothesis import find
        >>> find(behaviours(), lambda behaviour: behaviour.comes < 0.8).elected
        0.6
    """
    from prai_match.simulate import Behaviour, parameters  # noqa: PLC0415 - an extra

    fields: dict[str, Any] = {}
    ranges = {name: (each.low, each.high) for name, each in parameters().items() if each.low is not None}
    for name in draw(st.lists(st.sampled_from(sorted(ranges)), max_size=4, unique=True)):
        low, high = ranges[name]
        digits = None if Behaviour.model_fields[name].annotation is int else 6
        fields[name] = round(low + (high - low) * draw(st.integers(0, 10)) / 10, digits)  # type: ignore[operator]
    fields |= draw(st.sampled_from([{}, {"freeze_known_days": 0}, {"buffets": False}]))
    return Behaviour(**fields)


@st.composite
def scenarios(draw: st.DrawFn, programme: ProgrammeData | None = None) -> Scenario:
    """Scenarios that fit any programme, or change the given one.

    Args:
        draw: Given by Hypothesis.
        programme: A programme whose relays and trainers may be removed; if None, nothing of it is named.

    Example:
        >>> from hypothesis import find
        >>> find(scenarios(), lambda scenario: scenario.budget_times < 1).budget_times
        0.0
    """
    from prai_match.simulate import Scenario  # noqa: PLC0415 - an extra

    fields: dict[str, Any] = {
        "planner": draw(st.sampled_from(["priority", "points", "requests"])),
        "budget_times": draw(st.sampled_from([1.0, 0.0, 0.5, 2.0])),
        "trainers_times": draw(st.sampled_from([1, 2])),
        "blackouts": draw(st.sampled_from([None, ()])),
        "weights": draw(st.sampled_from([{}, {"equity": 0.0}, {"equity": 20.0}])),
    }
    if programme is not None:
        for name, actors in (("without_partners", programme.partners), ("without_trainers", programme.trainers)):
            codes = [actor.id for actor in actors]
            fields[name] = draw(st.lists(st.sampled_from(codes), max_size=1)) if codes else []
    return Scenario.of(
        draw(st.sampled_from(["now", "other", "third"])),
        **{name: value for name, value in fields.items() if value or value == 0.0},
    ).model_copy(update={"behaviour": draw(behaviours()), "blackouts": fields["blackouts"]})
