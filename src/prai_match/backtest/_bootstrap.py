"""Intervals by drawing territories again: all that a territory says is drawn together, for all measures at once.

The cluster bootstrap with percentile intervals (Davison and Hinkley, Bootstrap Methods and their Application, 1997,
chapters 3.8 and 5.3). A measure is a ratio of two sums over territories. In each replication as many territories as
there are are drawn with replacement, the same for every measure, so that differences have intervals too.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from prai_match.backtest._settings import BacktestRequest

KEYS = ("ranker", "measure", "group")

_UNIT = 10**9  # sums are of whole billionths, so that they are the same in any order of their terms
_CELLS = 2_000_000


def parts(
    rows: pl.DataFrame, measure: str, top: pl.Expr, group: pl.Expr | None = None, bottom: pl.Expr | None = None
) -> pl.DataFrame:
    """Return what each row adds to the two sums of a measure: one to the lower, or so many as ``bottom`` says."""
    columns = {"measure": pl.lit(measure), "group": pl.lit("") if group is None else group}
    sums = {"top": top.cast(pl.Float64), "bottom": pl.lit(1.0) if bottom is None else bottom}
    return rows.select("territory", "ranker", **columns, **sums)


@dataclass(frozen=True, slots=True)
class Resampled:
    """The sums as observed and as drawn again."""

    sums: pl.DataFrame  # `KEYS`, ``replicate`` (0: as observed), ``top`` and ``bottom``, sorted by keys and replicate
    level: float  # of the intervals

    def values(self, *measures: str) -> pl.DataFrame:
        """Return the ratios of some measures: `KEYS`, ``replicate`` and ``value``; null where nothing was drawn."""
        ratio = pl.when(pl.col("bottom") > 0).then(pl.col("top") / pl.col("bottom"))
        return self.sums.filter(pl.col("measure").is_in(measures)).select(*KEYS, "replicate", value=ratio)

    def counts(self, *measures: str) -> pl.DataFrame:
        """Return the lower sum of some measures as observed, a count: `KEYS` and ``count``."""
        sums = self.sums.filter(pl.col("measure").is_in(measures), pl.col("replicate") == 0)
        return sums.select(*KEYS, count=pl.col("bottom").round().cast(pl.Int64))

    def intervals(self, values: pl.DataFrame, *keys: str) -> pl.DataFrame:
        """Return for each group its value as observed and the ends of its interval: ``value``, ``low``, ``high``.

        Where every draw gives the same value there is no interval: it would say that nothing else was possible.
        """
        tail, draws = (1 - self.level) / 2, pl.col("value").filter(pl.col("replicate") > 0)
        return (
            values.group_by(*keys, maintain_order=True)
            .agg(
                pl.col("value").filter(pl.col("replicate") == 0).first(),
                low=draws.quantile(tail, "linear"),
                high=draws.quantile(1 - tail, "linear"),
            )
            .with_columns(pl.col("value", "low", "high").round(9))
            .with_columns(pl.when(pl.col("low") < pl.col("high")).then(pl.col("low", "high")))
        )


def resample(parts: pl.DataFrame, territories: pl.Series, request: BacktestRequest) -> Resampled:
    """Draw territories again, from all of them, each once: what has no part adds nothing."""
    keys = parts.select(KEYS).unique().sort(KEYS).with_row_index("key")
    totals = parts.group_by("territory", *KEYS).agg((pl.col("top", "bottom") * _UNIT).round().cast(pl.Int64).sum())
    wide = (
        territories.sort()
        .to_frame("territory")
        .join(
            totals.join(keys, on=list(KEYS)).pivot(
                on="key", on_columns=keys["key"], index="territory", values=["top", "bottom"]
            ),
            on="territory",
            how="left",
            maintain_order="left",
        )
        .drop("territory")
        .fill_null(0)
    )
    blocks = (
        wide.select(pl.all().gather(numbers).reshape((-1, max(1, wide.height))).arr.sum())
        for numbers in _numbers(territories.len(), wide.width, request)
    )
    return Resampled(
        pl.concat([wide.sum(), *blocks])
        .with_row_index("replicate")
        .unpivot(index="replicate")
        .with_columns(pl.col("variable").str.split_exact("_", 1).struct.rename_fields(["side", "key"]).struct.unnest())
        .pivot(on="side", on_columns=["top", "bottom"], index=["key", "replicate"], values="value")
        .with_columns(pl.col("key").cast(pl.UInt32), pl.col("top", "bottom") / _UNIT)
        .join(keys, on="key")
        .select(*KEYS, "replicate", "top", "bottom")
        .sort(*KEYS, "replicate"),
        request.level,
    )


def _numbers(count: int, width: int, request: BacktestRequest) -> Iterator[pl.Series]:
    """Draw as many territories as there are, by number, some replications at once, one after the other.

    Only ``random()`` of Python's generator is used: it gives the same numbers on every machine and version.
    """
    draw = random.Random(request.seed).random  # noqa: S311 - statistics, nothing secret
    at_once = max(1, _CELLS // max(1, count * width))
    for start in range(0, request.replications, at_once):
        several = min(at_once, request.replications - start)
        yield pl.Series([int(draw() * count) for _ in range(several * count)], dtype=pl.UInt32)
