"""What the history says of each edge: how many followed it, of how many who could, after how long."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

_ENOUGH_LAGS = 5


def observed(
    edges: pl.DataFrame, attended: pl.DataFrame, on: dt.date, *, strength: float, by: Sequence[str] = ()
) -> pl.DataFrame:
    """Correct the edges by what was attended before ``on``, in each group of territories apart.

    A territory counts in the support of an edge if it followed it, or had the usual lag to do so. The probability is
    ``(count + strength × prior) / (support + strength)``; the lag is the median, once five followed.

    Args:
        edges: ``source``, ``target``, ``prior`` and ``lag_days`` (the usual lag).
        attended: ``territory``, ``session``, ``date`` and the columns ``by``.
        on: The day; what comes after is ignored.
        strength: How many observed territories the declared probability is worth.
        by: Columns that tell the groups; none: all territories are one.

    Returns:
        ``by``, ``source``, ``target``, ``count``, ``support``, ``probability`` and ``lag_days``, sorted; edges that
        nobody can have followed are left out.
    """
    territory = [*by, "territory"]
    known = attended.lazy().filter(pl.col("date") <= on)
    first = known.group_by(*territory, source="session").agg(pl.col("date").min())
    then = known.select(*territory, target="session", then="date")
    had_time = (pl.lit(on) - pl.col("date")).dt.total_days() >= pl.col("lag_days")
    return (
        first.join(edges.lazy().select("source", "target", "prior", "lag_days"), on="source")
        .join(then, on=[*territory, "target"], how="left")
        .with_columns(lag=(pl.col("then") - pl.col("date")).dt.total_days())
        .with_columns(lag=pl.when(pl.col("lag") > 0).then("lag"))
        .group_by(*territory, "source", "target")
        .agg(pl.col("lag").min(), pl.col("date", "lag_days", "prior").first())
        .group_by(*by, "source", "target")
        .agg(
            pl.col("lag_days", "prior").first(),
            count=pl.col("lag").is_not_null().sum().cast(pl.Int64),
            support=(pl.col("lag").is_not_null() | had_time).sum().cast(pl.Int64),
            lag=pl.col("lag").median(),
        )
        .select(
            *(*by, "source", "target", "count", "support"),
            probability=(pl.col("count") + strength * pl.col("prior")) / (pl.col("support") + strength),
            lag_days=pl.when(pl.col("count") >= _ENOUGH_LAGS)
            .then(pl.col("lag").round().cast(pl.Int64))
            .otherwise("lag_days"),
        )
        .sort(*by, "source", "target")
        .collect()
    )
