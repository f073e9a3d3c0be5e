"""What the history says of each edge: how many followed it, of how many who could, after how long."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from prai_match.model import ProgrammeData

_ENOUGH_LAGS = 5


def observed(
    edges: pl.DataFrame, attended: pl.DataFrame, on: dt.date, *, strength: float, by: Sequence[str] = ()
) -> pl.DataFrame:
    """Correct the edges by what was attended until ``on``, in each group ``by`` apart (see `tally`)."""
    return probabilities(edges, tally(edges, attended, on, by), strength, by)


def tally(edges: pl.DataFrame, attended: pl.DataFrame, on: dt.date, by: Sequence[str] = ()) -> pl.DataFrame:
    """Count what followed what until ``on``; counts of parts that share no territory can be put one below the other.

    The edges have ``source``, ``target`` and ``lag_days`` (the usual lag); what was ``attended``, ``territory``,
    ``session``, ``date`` and the columns ``by`` that tell groups of territories. Counts have, in their order, one row a
    group, edge and lag: ``by``, ``source``, ``target``, ``lag`` (days; null: not followed), ``territories`` and
    ``in_time`` (those of them that followed, or had the usual lag to do so).
    """
    territory = [*by, "territory"]
    usual = edges.lazy().select("source", "target", usual="lag_days")
    past = attended.lazy().filter(pl.col("date") <= on)
    first = past.group_by(*territory, source="session").agg(pl.col("date").min())
    then = past.select(*territory, target="session", then="date")
    had_time = (pl.lit(on) - pl.col("date")).dt.total_days() >= pl.col("usual")
    return (
        first.join(usual, on="source")
        .join(then, on=[*territory, "target"], how="left")
        .with_columns(lag=(pl.col("then") - pl.col("date")).dt.total_days())
        .with_columns(lag=pl.when(pl.col("lag") > 0).then("lag"))
        .group_by(*territory, "source", "target")
        .agg(pl.col("lag").min(), pl.col("date", "usual").first())
        .group_by(*by, "source", "target", "lag")
        .agg(
            territories=pl.len().cast(pl.Int64),
            in_time=(pl.col("lag").is_not_null() | had_time).sum().cast(pl.Int64),
        )
        .sort(*by, "source", "target", "lag")
        .collect(engine="in-memory")
    )


def probabilities(edges: pl.DataFrame, counts: pl.DataFrame, strength: float, by: Sequence[str]) -> pl.DataFrame:
    """Correct the edges by what was counted (see `tally`), of each territory in one part only.

    The probability is ``(count + strength × prior) / (support + strength)``; the lag is the median, once five followed.

    It has ``by``, ``source``, ``target``, ``count``, ``support``, ``probability`` and ``lag_days``, sorted, without the
    edges that nobody can have followed.
    """
    edge = [*by, "source", "target"]
    followers, lags = (pl.col(name).filter(pl.col("lag").is_not_null()) for name in ("territories", "lag"))
    # The lags in the middle of the sorted ones: one, or two whose mean is taken.
    middle = [lags.filter(followers.cum_sum() > (followers.sum() - less) // 2).first() for less in (1, 0)]
    usual = pl.when(pl.col("count") >= _ENOUGH_LAGS).then(pl.col("lag").round().cast(pl.Int64)).otherwise("lag_days")
    return (
        counts.lazy()
        .sort(*edge, "lag")
        .group_by(edge)
        .agg(count=followers.sum(), support=pl.sum("in_time"), lag=(middle[0] + middle[1]) / 2)
        .join(edges.lazy().select("source", "target", "prior", "lag_days"), on=["source", "target"])
        .select(
            *(*edge, "count", "support"),
            probability=(pl.col("count") + strength * pl.col("prior")) / (pl.col("support") + strength),
            lag_days=usual,
        )
        .sort(edge)
        .collect(engine="in-memory")
    )


def territory_of(programme: ProgrammeData) -> pl.DataFrame:
    """Return the territory of each collectivity: columns ``collectivity`` and ``territory``."""
    pairs = [(member, territory.id) for territory in programme.territories for member in territory.members]
    return pl.DataFrame(pairs, schema={"collectivity": pl.String, "territory": pl.String}, orient="row")


def attended(programme: ProgrammeData) -> pl.DataFrame:
    """Return who attended what: columns ``territory``, ``session`` and ``date``, one row an attendance."""
    attendances = programme.attendances.to_polars()
    return attendances.join(territory_of(programme), on="collectivity").select("territory", "session", "date")
