"""Rules on one table: where each candidate is stopped, what points it gets, and which one is best."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from prai_match.policy import GRID

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from prai_match.policy import Policy, Preference, Requirement, Stage

PASSES = 255
"""The step of a candidate that no requirement stops."""

_CODES = 2**24


@dataclass(frozen=True, slots=True)
class Sieve:
    """The rules of one stage that one table evaluates."""

    requirements: tuple[Requirement, ...]
    preferences: tuple[Preference, ...]
    reasons: tuple[str, ...]

    def __bool__(self) -> bool:
        """Whether there is any rule."""
        return bool(self.requirements or self.preferences)

    @property
    def reads(self) -> frozenset[str]:
        """Columns that the rules read."""
        conditions = [rule.condition for rule in self.requirements] + [rule.value for rule in self.preferences]
        return frozenset(name for condition in conditions for name in condition.columns)

    @property
    def step(self) -> pl.Expr:
        """The number of the first reason that stops a candidate, or PASSES."""
        steps = [
            pl.when(~rule.holds).then(pl.lit(self.reasons.index(rule.reason), pl.UInt8))
            for rule in self.requirements
            if not rule.postpones
        ]
        return pl.min_horizontal(*steps, pl.lit(PASSES, pl.UInt8))

    @property
    def points(self) -> pl.Expr:
        """The points of a candidate."""
        return pl.sum_horizontal(*(rule.contribution for rule in self.preferences), pl.lit(0.0))

    @property
    def postponed(self) -> pl.Expr:
        """Whether a candidate must wait."""
        return pl.any_horizontal(*(~rule.holds for rule in self.requirements if rule.postpones), pl.lit(value=False))


def sieves(policy: Policy, stage: Stage, tables: Sequence[Iterable[str]]) -> list[Sieve]:
    """Give each rule of ``stage`` to the first table that has every column it reads.

    Args:
        policy: The rules.
        stage: Whose rules.
        tables: The columns of each table, the narrowest first; the last has every column.
    """
    known = [frozenset(table) for table in tables]

    def first_with(columns: Iterable[str]) -> int:
        return next(index for index, table in enumerate(known) if table.issuperset(columns))

    requirements = [(first_with(r.condition.columns), r) for r in policy.requirements if r.stage == stage]
    preferences = [(first_with(r.value.columns), r) for r in policy.preferences if r.stage == stage]
    return [
        Sieve(
            tuple(rule for place, rule in requirements if place == index),
            tuple(rule for place, rule in preferences if place == index),
            policy.reasons,
        )
        for index in range(len(known))
    ]


def in_order(policy: Policy, stage: Stage) -> list[Requirement]:
    """Return the requirements of ``stage`` that refuse, in the order in which candidates are sifted.

    The first one that a candidate breaks gives the reason why it is stopped.

    Example:
        >>> from prai_match import Policy
        >>> [rule.id for rule in in_order(Policy.default(), "partner")]
        ['partner_carries', 'partner_covers', 'partner_has_room']
    """
    rules = (rule for rule in policy.requirements if rule.stage == stage and not rule.postpones)
    return sorted(rules, key=lambda rule: (policy.reasons.index(rule.reason), rule.id))


def first_refuted(rules: Sequence[Requirement]) -> pl.Expr:
    """Return the place in ``rules`` of the first that doesn't hold; their number where all hold.

    Example:
        >>> from prai_match import Policy
        >>> rules = (Policy.default().requirement("enough_people"),)
        >>> frame = pl.DataFrame({"kind": ["workshop"] * 2, "people": [12, 4], "min_seats": 10})
        >>> frame.select(place=first_refuted(rules))["place"].to_list()
        [1, 0]
    """
    refuted = (pl.when(~rule.holds).then(pl.lit(place, pl.UInt16)) for place, rule in enumerate(rules))
    return pl.min_horizontal(*refuted, pl.lit(len(rules), pl.UInt16))


def best(candidates: pl.DataFrame, group: Sequence[str], number: str) -> pl.DataFrame:
    """Return for each group its best passing candidate, or how far the one that went furthest came.

    Points are whole multiples of 1/GRID, so they and the candidate's number fit in one integer whose maximum is the
    answer: the most points, then the lowest number, which is the first code.

    Args:
        candidates: Columns of ``group``, ``number``, ``step`` and ``<number>_points``.
        group: The columns that make a group.
        number: The column of the candidate's number.

    Returns:
        ``group``, ``step``, ``number`` (null where none passes) and ``<number>_points``.
    """
    points = (pl.col(f"{number}_points") * GRID).cast(pl.Int64)
    key = pl.when(step=PASSES).then(points * _CODES + (_CODES - 1 - pl.col(number).cast(pl.Int64)))
    return (
        candidates.lazy()
        .select(*group, "step", key.alias("key"))
        .group_by(group)
        .agg(pl.col("step").max(), pl.col("key").max())
        .select(
            *group,
            "step",
            (_CODES - 1 - pl.col("key") % _CODES).cast(pl.UInt32).alias(number),
            ((pl.col("key") // _CODES) / GRID).alias(f"{number}_points"),
        )
        .collect(engine="in-memory")
    )
