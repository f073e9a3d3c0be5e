"""What the measures of rankings are made of: sums over territories, to be drawn again together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from prai_match.backtest._bootstrap import parts
from prai_match.backtest._cases import RANKED
from prai_match.backtest._rankings import place

if TYPE_CHECKING:
    from collections.abc import Iterable

OFFERS = ("ranker", "split", "territory", "departement", "service", "session", "offered")
"""What each ranker puts first, one row a split and territory; ``session`` is null where there is nothing."""

SERVICE = ("0", "1", "2", "3+")
"""Groups of territories by the number of sessions attended by the split, since the council was renewed."""


def of_cases(cases: pl.DataFrame, departements: pl.DataFrame) -> pl.DataFrame:
    """Return the parts of `RANKED`, and of hits by département."""
    here = cases.join(departements, on="territory")
    ranked = [parts(cases, measure, pl.col(measure)) for measure in RANKED]
    return pl.concat([*ranked, parts(here, "hits", pl.col("hit_1"), pl.col("departement"))])


def of_offers(offers: pl.DataFrame) -> pl.DataFrame:
    """Return the parts of coverage, and of offers by département."""
    by_departement = parts(offers, "offers", pl.col("offered"), pl.col("departement"))
    return pl.concat([parts(offers, "coverage", pl.col("offered")), by_departement])


def of_ranks(ranks: pl.DataFrame) -> pl.DataFrame:
    """Return the parts of the share of what was ranked (``ranker``, ``territory``, ``rank``) that was ``attended``."""
    return parts(ranks, "by_rank", pl.col("attended"), pl.col("rank").cast(pl.String))


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
    hits = cases.select("ranker", "split", "territory", "hit_1")
    rows = offers.join(hits, on=["ranker", "split", "territory"], how="left")
    tables = [
        rows.group_by("ranker", by=pl.lit(by), group=by).agg(
            asked=pl.len().cast(pl.Int64),
            offered=pl.col("offered").sum().cast(pl.Int64),
            cases=pl.col("hit_1").count().cast(pl.Int64),
            hit_1=pl.col("hit_1").sort().mean(),  # sorted: a sum of floats depends on the order of its rows
        )
        for by in ("departement", "service")
    ]
    columns = ("by", "ranker", "group", "asked", "offered", "cases", "hit_1")
    return pl.concat(tables).sort("by", place("ranker", rankers), "group").select(columns)
