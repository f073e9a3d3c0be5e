"""How many people of a territory would come to a session: those who asked, those who attended what leads there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from prai_match.offers import people_known

if TYPE_CHECKING:
    from prai_match.offers import Snapshot

ELECTED = 0.6
"""Share of elected officials where the history has none: that of the model case."""

USUAL = 4.0
"""People that a territory sends where the history has none."""


def coming(snapshot: Snapshot, demands: pl.DataFrame) -> pl.DataFrame:
    """Return the elected officials and technicians who would come, for each of ``demands``, in its order.

    A collectivity counts once a session, as for the rule on people: the most it announced, or sent to a session that
    leads there; those who attended the session itself no longer count. Where nobody asked (a buffet is for those who
    didn't), it is what territories sent on average to sessions of that kind. So it is where it isn't known of how many
    people a territory asked, but these don't count towards the fewest of a session. People are elected officials in the
    share seen so far, two people or more bring a technician, and no territory fills more than one room.

    Args:
        snapshot: The day.
        demands: Columns ``t``, ``s``, ``kind`` and ``max_seats``.

    Returns:
        ``elected`` and ``technicians``, at least one person in each row, and ``counted``: how many count towards the
        fewest people of a session.
    """
    seen = snapshot.attendances.select("elected", "technicians").drop_nulls().sum().row(0)
    share = seen[0] / sum(seen) if sum(seen) else ELECTED
    people = pl.coalesce("asked", "usual", pl.lit(USUAL)).round().clip(1, pl.col("max_seats")).cast(pl.Int64)
    return (
        demands.select("t", "s", "kind", "max_seats")
        .join(_asked(snapshot), on=["t", "s"], how="left", maintain_order="left")
        .join(_usual(snapshot), on="kind", how="left", maintain_order="left")
        .select(people=people, counted=pl.when(pl.col("silent")).then(0).otherwise(people))
        .with_columns(technicians=pl.when(pl.col("people") > 1).then(_technicians(share)).otherwise(0))
        .select(pl.col("people").sub(pl.col("technicians")).alias("elected"), "technicians", "counted")
    )


def _technicians(share: float) -> pl.Expr:
    """Return how many of ``people`` are technicians, where ``share`` are elected: at least one, not all."""
    people = pl.col("people")
    return (people * (1 - share)).round().cast(pl.Int64).clip(1, people - 1)


def _asked(snapshot: Snapshot) -> pl.DataFrame:
    """Return the people of each territory who asked for each session or attended what leads to it, as far as known.

    ``silent``: it isn't known of any of them how many they are.
    """
    came = snapshot.recent.join(snapshot.edges, on="s").select(
        "c", "t", pl.col("s_next").alias("s"), people=people_known()
    )
    done = snapshot.recent.select("c", "s").unique()
    return (
        pl.concat([snapshot.needs.select("c", "t", "s", "people"), came])
        .group_by("c", "t", "s")
        .agg(pl.col("people").max())
        .join(done, on=["c", "s"], how="anti")
        .group_by("t", "s")
        .agg(asked=pl.col("people").sum().cast(pl.Float64), silent=pl.col("people").count() == 0)
        .with_columns(asked=pl.when(~pl.col("silent")).then("asked"))
    )


def _usual(snapshot: Snapshot) -> pl.DataFrame:
    """Return the people that a territory sent on average to a session of each kind, where it is known."""
    kinds = snapshot.frames.sessions.select("s", "kind")
    people = pl.col("elected") + pl.col("technicians")
    return (
        snapshot.attendances.group_by("t", "s", "date")
        .agg(people=people.sum(), unknown=people.null_count())
        .filter(pl.col("unknown") == 0)
        .join(kinds, on="s")
        .group_by("kind")
        .agg(usual=pl.col("people").mean())
    )
