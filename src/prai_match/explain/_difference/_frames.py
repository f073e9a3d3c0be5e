"""Two answers side by side: which territories differ, and how the rules judge the same offer on either side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from prai_match.offers import stopped, with_columns

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prai_match.recommend import Answers

Change = Literal["entered", "left", "gained", "lost", "reason", "session", "axis", "partner", "trainer", "details"]
"""How a territory's answer differs.

``entered`` and ``left``: the territory is in one answer only. ``gained`` and ``lost``: it has a recommendation in one
only. ``reason``: none in both, for another reason. ``session``, ``axis``, ``partner``, ``trainer``: the first of these
that isn't the same. ``details``: only the score, the cost or the day.
"""

IDENTITY = ("session", "axis", "partner", "trainer")
"""What makes an offer another one."""

_FIELDS = ("reason", *IDENTITY, "score", "cost", "earliest")


def changed(before: Answers, after: Answers) -> pl.DataFrame:
    """Return one row for each territory whose answer differs, in the order of the identifiers.

    Returns:
        ``territory``, ``name``, ``change`` and, each with the suffix ``_before`` and ``_after``: ``reason``,
        ``session``, ``axis``, ``partner``, ``trainer``, ``score``, ``cost`` and ``earliest``. In a blackout the session
        is the one that comes after it.
    """
    both = _sheet(before, "_before").join(_sheet(after, "_after"), on="territory", how="full", coalesce=True)
    different = [pl.col(f"{name}_before").ne_missing(pl.col(f"{name}_after")) for name in ("here", *_FIELDS)]
    had, has = (pl.col(f"reason_{side}").is_null() for side in ("before", "after"))
    change = (
        pl.when(pl.col("here_before").is_null())
        .then(pl.lit("entered"))
        .when(pl.col("here_after").is_null())
        .then(pl.lit("left"))
        .when(has & ~had)
        .then(pl.lit("gained"))
        .when(had & ~has)
        .then(pl.lit("lost"))
        .when(different[_FIELDS.index("reason") + 1])
        .then(pl.lit("reason"))
    )
    for name in IDENTITY:
        change = change.when(different[_FIELDS.index(name) + 1]).then(pl.lit(name))
    sides = [f"{name}_{side}" for name in _FIELDS for side in ("before", "after")]
    return (
        both.filter(pl.any_horizontal(different))
        .sort("territory")
        .select(
            "territory",
            pl.coalesce("name_after", "name_before").alias("name"),
            change.otherwise(pl.lit("details")).alias("change"),
            *sides,
        )
    )


def _sheet(side: Answers, suffix: str) -> pl.DataFrame:
    """Return what is compared, one row a territory."""
    reasons = pl.DataFrame(list(side.reasons.items()), schema={"t": pl.UInt32, "reason": pl.String}, orient="row")
    offers = side.first.select(
        "t", *IDENTITY, "score", pl.col("cost").cast(pl.Decimal(12, 2)), pl.col("day").alias("earliest")
    )
    return (
        side.chosen.select("t", "territory", pl.col("territory_name").alias("name"), here=pl.lit(value=True))
        .join(offers, on="t", how="left", maintain_order="left")
        .join(reasons, on="t", how="left", maintain_order="left")
        .drop("t")
        .rename(lambda name: name if name == "territory" else name + suffix)
    )


@dataclass(frozen=True, slots=True)
class Judged:
    """One offer as the rules of one side judge it.

    Attributes:
        row: The values that the rules read.
        refused: The requirements that don't hold, in the order of the policy.
        points: Points by preference; those that need a partner or a trainer who isn't there are left out.
    """

    row: Mapping[str, Any]
    refused: tuple[str, ...]
    points: Mapping[str, float]


def judged(side: Answers, offers: pl.DataFrame) -> dict[tuple[str, str], Judged]:
    """Judge offers as the rules of one side do.

    Args:
        side: Whose rules and data.
        offers: ``territory``, ``which`` (a name of the offer within the territory), ``session``, ``partner`` and
            ``trainer``. The axis is the one that the side's own needs choose.

    Returns:
        By territory and name of the offer; without those whose territory or session the side doesn't have.
    """
    frames, policy = side.snapshot.frames, side.policy
    numbered = (
        offers.select("territory", "which", "session", "partner", "trainer")
        .join(frames.territories.select("territory", "t"), on="territory")
        .join(frames.sessions.select("session", "s"), on="session")
        .join(frames.partners.select("partner", "p"), on="partner", how="left")
        .join(frames.trainers.select("trainer", "r"), on="trainer", how="left")
    )
    axes = stopped(side.snapshot, numbered.select("t").unique()).select("t", "s", "x")
    asked = numbered.join(axes, on=["t", "s"]).sort("t", "which").select("which", "t", "s", "x", "p", "r")
    wide = with_columns(side.snapshot, asked)
    there = {"session": pl.lit(value=True), "partner": pl.col("p").is_not_null(), "trainer": pl.col("r").is_not_null()}
    refused = wide.select((there[rule.stage] & ~rule.holds).alias(rule.id) for rule in policy.requirements)
    points = wide.select(
        pl.when(there[rule.stage]).then(rule.contribution).alias(rule.id) for rule in policy.preferences
    )
    rows = zip(wide.iter_rows(named=True), refused.iter_rows(named=True), points.iter_rows(named=True), strict=True)
    return {
        (row["territory"], row["which"]): Judged(
            row,
            tuple(rule for rule, stops in no.items() if stops),
            {rule: value for rule, value in given.items() if value is not None},
        )
        for row, no, given in rows
    }
