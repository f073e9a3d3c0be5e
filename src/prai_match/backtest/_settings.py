"""Settings of a backtest (days, horizon, intervals), the amount of history that it needs, and its intervals.

Intervals come from resampling territories: all data of a territory are drawn together, for all measures at once. This
is the cluster bootstrap with percentile intervals (Davison and Hinkley, Bootstrap Methods and their Application, 1997,
chapters 3.8 and 5.3). A measure is a ratio of two sums over territories. In each replication, as many territories as
exist are drawn with replacement, the same for every measure, so that differences have intervals too.
"""

import datetime as dt
import math
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, TypedDict

import polars as pl

from prai_match import _arguments as given, followups
from prai_match.errors import ArgumentError, BacktestError, Problem
from prai_match.model import Calendar, ProgrammeData
from prai_match.text import both, day, number

PACKAGE = "prai_match.backtest"


@dataclass(frozen=True, slots=True)
class BacktestRequest:
    splits: tuple[dt.date, ...]  # the days, in order
    horizon_days: int  # number of days after each split in which attendances count
    until: dt.date  # the day until which the history is complete
    seed: int  # seed of the number of draws of territories
    replications: int  # number of draws of territories
    level: float  # confidence level of the intervals, 0 to 1
    precision: float  # half the width of the widest interval of a share that is still informative, 0 to 1

    @property
    def needed(self) -> int:
        """Number of territories needed for an interval of a share no wider than ± ``precision``.

        It is ``(z / (2 × precision))²``, the number for a proportion of one half, the least favourable case (Cochran,
        Sampling Techniques, 1977, 4.4). Territories are counted, not cases: cases of one territory are similar, and
        identical ones are no more informative than one.
        """
        return math.ceil((NormalDist().inv_cdf((1 + self.level) / 2) / (2 * self.precision)) ** 2)

    def censored(self, began: pl.Expr, calendar: Calendar) -> pl.Expr:
        """Return whether the horizon of what began goes beyond the history or overlaps a blackout."""
        end = began + pl.duration(days=self.horizon_days)
        closed = ((began < blackout.end) & (end >= blackout.start) for blackout in calendar.blackouts)
        return pl.any_horizontal(end > self.until, *closed)

    def with_enough(self, territories: int) -> None:
        """Refuse to choose a strength if too few territories have a follow-up."""
        if territories < self.needed:
            numbers: dict[str, float] = {"count": territories, "needed": self.needed}
            numbers |= {"level": 100 * self.level, "precision": 100 * self.precision}
            values = {name: both(number, value, 0) for name, value in numbers.items()}
            raise BacktestError("backtest", [Problem.of(PACKAGE, "pairs", "history", **values)])


class Judgement(TypedDict, total=False):
    horizon_days: int
    until: dt.date | None
    seed: int
    replications: int
    level: float
    precision: float


class BacktestOptions(Judgement, total=False):
    strength: float
    extra: Any


@given.takes(
    splits=given.days,
    horizon_days=given.at_least(1, 36_525),
    until=given.optional(given.day),
    replications=given.at_least(100),
    precision=given.between(0, 0.5, but=(0,)),
)
def settings(  # noqa: PLR0913 - all that is asked, by keyword
    programme: ProgrammeData,
    splits: Iterable[dt.date],
    *,
    horizon_days: int = 120,
    until: dt.date | None = None,
    seed: int = 0,
    replications: int = 1000,
    level: float = 0.95,
    precision: float = 0.15,
) -> tuple[BacktestRequest, pl.DataFrame]:
    """Check the request, and that the future of all splits is known; return it and the attendances."""
    came = followups.attended(programme).unique().sort("territory", "session", "date")
    if not (days := tuple(sorted(set(splits)))):
        raise ArgumentError.of(PACKAGE, "no_day", name="splits")
    last = [day for day in (came["date"].max(), programme.needs.to_polars()["date"].max()) if isinstance(day, dt.date)]
    end, first = until or max(last, default=days[0]), came["date"].min()
    problems = [
        Problem.of(PACKAGE, "future", f"splits: {split}", end=both(day, last_day), until=both(day, end))
        for split in days
        if (last_day := given.later(split, horizon_days)) > end
    ]
    early = [split for split in days if not isinstance(first, dt.date) or first > split]
    problems += [Problem.of(PACKAGE, "past", f"splits: {split}") for split in early]
    if problems:
        raise BacktestError("backtest", problems)
    request = BacktestRequest(days, horizon_days, end, seed, replications, level, precision)
    return request, came.filter(pl.col("date") <= end)


KEYS = ("ranker", "measure", "group")

_UNIT = 10**9  # sums are in whole billionths, so that the order of terms doesn't matter
_CELLS = 2_000_000


def parts(
    rows: pl.DataFrame, measure: str, top: pl.Expr, group: pl.Expr | None = None, bottom: pl.Expr | None = None
) -> pl.DataFrame:
    """Return what each row adds to the two sums of a measure; to the lower one it adds 1, or ``bottom``."""
    columns = {"measure": pl.lit(measure), "group": pl.lit("") if group is None else group}
    sums = {"top": top.cast(pl.Float64), "bottom": pl.lit(1.0) if bottom is None else bottom}
    return rows.select("territory", "ranker", **columns, **sums)


@dataclass(frozen=True, slots=True)
class Resampled:
    """The sums as observed and as resampled."""

    sums: pl.DataFrame  # `KEYS`, ``replicate`` (0 if observed), ``top`` and ``bottom``, sorted by keys and replicate
    level: float  # of the intervals

    def values(self, *measures: str) -> pl.DataFrame:
        """Return the ratios of some measures: `KEYS`, ``replicate`` and ``value``; null if nothing was drawn."""
        ratio = pl.when(pl.col("bottom") > 0).then(pl.col("top") / pl.col("bottom"))
        return self.sums.filter(pl.col("measure").is_in(measures)).select(*KEYS, "replicate", value=ratio)

    def counts(self, *measures: str) -> pl.DataFrame:
        """Return the lower sum of some measures as observed, a count: `KEYS` and ``count``."""
        sums = self.sums.filter(pl.col("measure").is_in(measures), pl.col("replicate") == 0)
        return sums.select(*KEYS, count=pl.col("bottom").round().cast(pl.Int64))

    def intervals(self, values: pl.DataFrame, *keys: str) -> pl.DataFrame:
        """Return the value of each group and the ends of its interval; null if none was drawn, or all draws agree."""
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
    """Resample territories, each of which is listed once; those without parts add nothing."""
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
    """Yield draws of as many territories as there are, by number, some replications at a time.

    Only ``random()`` of Python's generator is used: it gives the same numbers on every machine and version.
    """
    draw = random.Random(request.seed).random  # noqa: S311 - statistics, nothing secret
    at_once = max(1, _CELLS // max(1, count * width))
    for start in range(0, request.replications, at_once):
        several = min(at_once, request.replications - start)
        yield pl.Series([int(draw() * count) for _ in range(several * count)], dtype=pl.UInt32)
