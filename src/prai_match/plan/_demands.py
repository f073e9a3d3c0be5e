"""What may be offered to whom: the sessions that the policy allows each territory, with their worth and people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from prai_match import offers
from prai_match.plan._people import coming

if TYPE_CHECKING:
    from prai_match.offers import Snapshot
    from prai_match.policy import Policy

_YEAR_DAYS = 365.0


def demands(snapshot: Snapshot, policy: Policy) -> pl.DataFrame:
    """Return every territory and session that the rules on sessions allow, in the order of their codes.

    Whether a relay and a trainer can be found is for the plan to say, place by place.

    Returns:
        ``n`` (a number from 0), ``t``, ``d``, ``s``, ``x`` (the axis asked for), ``chosen`` (whether one is), ``kind``,
        ``score`` (of the recommendation; where no relay or trainer passes, of the session alone), ``elected`` and
        ``technicians`` (who would come), ``counted`` (how many count towards the fewest of a session), ``age`` (0 to 1:
        of the oldest need, 1 from a year) and ``release`` (the first day after the lag of what it follows; null where
        it follows nothing attended).
    """
    frames = snapshot.frames
    allowed = offers.furthest(snapshot, policy, frames.territories.select("t"))
    allowed = allowed.filter(pl.col("stage").ne_missing("session"))
    points = [rule.contribution for rule in policy.preferences if rule.stage == "session"]
    wanted = {name for rule in policy.preferences if rule.stage == "session" for name in rule.value.columns}
    wide = offers.with_columns(snapshot, allowed.select("t", "s", "x", p=_NONE, r=_NONE), wanted | {"session"})
    table = (
        allowed.with_columns(wide.select(alone=pl.sum_horizontal(*points, pl.lit(0.0))))
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
