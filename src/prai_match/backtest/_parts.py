"""What the measures of rankings are made of: sums over territories, to be drawn again together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from prai_match.backtest._bootstrap import PARTS
from prai_match.backtest._cases import RANKED

if TYPE_CHECKING:
    from collections.abc import Iterable

OFFERS = {
    "ranker": pl.String,
    "split": pl.Date,
    "territory": pl.String,
    "departement": pl.String,
    "service": pl.String,
    "session": pl.String,
    "offered": pl.Boolean,
}
"""What each ranker puts first, one row a split and territory; ``session`` is null where there is nothing."""

SERVICE = ("0", "1", "2", "3+")
"""Groups of territories by the number of sessions attended by the split, since the council was renewed."""


def of_cases(cases: pl.DataFrame, departements: pl.DataFrame) -> pl.DataFrame:
    """Return the parts of `RANKED`, and of hits by département."""
    long = cases.unpivot(RANKED, index=["ranker", "territory"], variable_name="measure", value_name="top")
    hits = cases.join(departements, on="territory").rename({"departement": "group", "hit_1": "top"})
    return pl.concat(
        [
            _parts(long.with_columns(group=pl.lit(""))),
            _parts(hits.with_columns(measure=pl.lit("hits"))),
        ]
    )


def of_offers(offers: pl.DataFrame) -> pl.DataFrame:
    """Return the parts of coverage, and of offers by département."""
    counted = offers.with_columns(top=pl.col("offered").cast(pl.Float64))
    return pl.concat(
        [
            _parts(counted.with_columns(measure=pl.lit("coverage"), group=pl.lit(""))),
            _parts(counted.with_columns(measure=pl.lit("offers"), group="departement")),
        ]
    )


def of_ranks(attended: pl.DataFrame) -> pl.DataFrame:
    """Return the parts of the share of what was ranked (``ranker``, ``territory``, ``rank``) that was ``attended``."""
    return _parts(
        attended.with_columns(
            measure=pl.lit("by_rank"), group=pl.col("rank").cast(pl.String), top=pl.col("attended").cast(pl.Float64)
        )
    )


def service(came: pl.DataFrame, territories: pl.DataFrame) -> pl.DataFrame:
    """Return the group of each territory: ``territory`` and ``service``."""
    counts = came.group_by("territory").agg(sessions=pl.len())
    most = len(SERVICE) - 1
    number = pl.col("sessions").fill_null(0)
    return territories.join(counts, on="territory", how="left").select(
        "territory", service=pl.when(number >= most).then(pl.lit(SERVICE[-1])).otherwise(number.cast(pl.String))
    )


def equity(offers: pl.DataFrame, cases: pl.DataFrame, rankers: Iterable[str]) -> pl.DataFrame:
    """Return the frame of `Backtest.equity`."""
    order = {name: place for place, name in enumerate(rankers)}
    hits = cases.select("ranker", "split", "territory", "hit_1")
    joined = offers.join(hits, on=["ranker", "split", "territory"], how="left")
    tables = [
        joined.group_by("ranker", by=pl.lit(by), group=by).agg(
            asked=pl.len().cast(pl.Int64),
            offered=pl.col("offered").sum().cast(pl.Int64),
            cases=pl.col("hit_1").count().cast(pl.Int64),
            hit_1=pl.col("hit_1").sort().mean(),  # sorted: a sum of floats depends on the order of its rows
        )
        for by in ("departement", "service")
    ]
    return (
        pl.concat(tables)
        .with_columns(order=pl.col("ranker").replace_strict(order, return_dtype=pl.Int64))
        .sort("by", "order", "group")
        .select("by", "ranker", "group", "asked", "offered", "cases", "hit_1")
    )


def _parts(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(bottom=pl.lit(1.0)).select(*PARTS)
