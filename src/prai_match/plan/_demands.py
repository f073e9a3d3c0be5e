"""What may be offered to whom: the sessions that the policy allows each territory, their worth and who would come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from prai_match import offers
from prai_match.offers import head_count

if TYPE_CHECKING:
    from prai_match.offers import Snapshot
    from prai_match.policy import Policy


_YEAR_DAYS = 365.0


def demands(snapshot: Snapshot, policy: Policy) -> pl.DataFrame:
    """Return every territory and session that the rules on sessions allow, in the order of their codes.

    Whether a relay and a trainer can be found is for the plan to say, place by place. Columns: ``n`` (a number from 0),
    ``t``, ``d``, ``s``, ``x`` (the axis asked for), ``chosen`` (whether one is), ``kind``, ``score`` (of the
    recommendation; where no relay or trainer passes, of the session alone), ``elected`` and ``technicians`` (who would
    come), ``counted`` (how many count towards the fewest of a session), ``age`` (0 to 1: of the oldest need, 1 from a
    year) and ``release`` (the first day after the lag of what it follows; null where it follows nothing attended).
    """
    frames = snapshot.frames
    pairs = offers.furthest(snapshot, policy, frames.territories.select("t"))
    pairs = pairs.filter(pl.col("stage").ne_missing("session"))
    rules = [rule for rule in policy.preferences if rule.stage == "session"]
    columns = {name for rule in rules for name in rule.value.columns} | {"session"}
    wide = offers.with_columns(snapshot, pairs.select("t", "s", "x", p=_NONE, r=_NONE), columns)
    points = pl.sum_horizontal(*(rule.contribution for rule in rules), pl.lit(0.0))
    table = (
        pairs.with_columns(wide.select(alone=points))
        .join(frames.territories.select("t", "d"), on="t", how="left", maintain_order="left")
        .join(frames.sessions.select("s", "kind", "max_seats"), on="s", how="left", maintain_order="left")
        .join(frames.axes.select("x", "axis"), on="x", how="left", maintain_order="left")
        .join(_ages(snapshot), on=["t", "s"], how="left", maintain_order="left")
        .join(_releases(snapshot), on=["t", "s"], how="left", maintain_order="left")
        .sort("t", "s")
        .with_row_index("n")
    )
    return table.with_columns(coming(snapshot, table)).select(
        *("n", "t", "d", "s", "x", "kind", "elected", "technicians", "counted", "release"),
        chosen=pl.col("axis").is_not_null(),
        score=pl.coalesce("score", "alone"),
        age=pl.col("age").fill_null(0.0),
    )


_NONE = pl.lit(None, pl.UInt32)


def after(snapshot: Snapshot, demands: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs of demands of one territory of which one leads to the other, with the usual lag."""
    each = demands.select("n", "t", "s")
    return (
        each.join(_lags(snapshot), left_on="s", right_on="s_next")
        .join(each.select("t", n_source="n", s_source="s"), on=["t", "s_source"])
        .select("n", "n_source", "lag_days")
        .sort("n", "n_source")
    )


def _lags(snapshot: Snapshot) -> pl.DataFrame:
    """Return what leads to what, ``s_source`` to ``s_next``, and the usual lag."""
    sessions = snapshot.frames.sessions.select("session", "s")
    return (
        snapshot.follow_ups.edges()
        .join(sessions.select(source="session", s_source="s"), on="source")
        .join(sessions.select(target="session", s_next="s"), on="target")
        .select("s_source", "s_next", "lag_days")
    )


def _ages(snapshot: Snapshot) -> pl.DataFrame:
    """Return the age of the oldest need of each territory and session, in years, 1 at most."""
    age = (pl.lit(snapshot.on) - pl.col("date").min()).dt.total_days() / _YEAR_DAYS
    return snapshot.needs.group_by("t", "s").agg(age=age.clip(0.0, 1.0))


def _releases(snapshot: Snapshot) -> pl.DataFrame:
    """Return the day from which each territory can attend what follows something that it attended."""
    return (
        snapshot.recent.select("t", "date", s_source="s")
        .join(_lags(snapshot), on="s_source")
        .group_by("t", s="s_next")
        .agg(release=(pl.col("date") + pl.duration(days="lag_days")).min())
    )


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
    share seen so far, two people or more bring a technician, and no territory fills more than one room. Of these there
    are ``counted`` towards the fewest.
    """
    totals = snapshot.attendances.select("elected", "technicians").drop_nulls().sum().row(0)
    share = totals[0] / sum(totals) if sum(totals) else ELECTED
    people = pl.coalesce("asked", "usual", pl.lit(USUAL)).round().clip(1, pl.col("max_seats")).cast(pl.Int64)
    return (
        demands.select("t", "s", "kind", "max_seats")
        .join(_interest(snapshot), on=["t", "s"], how="left", maintain_order="left")
        .join(_usual(snapshot), on="kind", how="left", maintain_order="left")
        .select(people=people, counted=pl.when(pl.col("silent")).then(0).otherwise(people))
        .with_columns(technicians=pl.when(pl.col("people") > 1).then(_technicians(share)).otherwise(0))
        .select(pl.col("people").sub(pl.col("technicians")).alias("elected"), "technicians", "counted")
    )


def _technicians(share: float) -> pl.Expr:
    """Return how many of ``people`` are technicians, where ``share`` are elected: at least one, not all."""
    people = pl.col("people")
    return (people * (1 - share)).round().cast(pl.Int64).clip(1, people - 1)


def _interest(snapshot: Snapshot) -> pl.DataFrame:
    """Return the people of each territory who asked for each session or attended what leads to it, as far as known.

    ``silent``: it isn't known of any of them how many they are.
    """
    came = snapshot.recent.join(snapshot.edges, on="s").select(
        "c", "t", pl.col("s_next").alias("s"), people=head_count()
    )
    already = snapshot.recent.select("c", "s").unique()
    return (
        pl.concat([snapshot.needs.select("c", "t", "s", "people"), came])
        .group_by("c", "t", "s")
        .agg(pl.col("people").max())
        .join(already, on=["c", "s"], how="anti")
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
