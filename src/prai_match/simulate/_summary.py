"""What is counted, as data, and outcomes summed up: totals, their spread over replications, differences."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from statistics import NormalDist
from typing import TYPE_CHECKING, Literal

import polars as pl

from prai_match._words import catalogue

if TYPE_CHECKING:
    from prai_match.model import Lang


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of outcomes.

    Attributes:
        name: As in the frame of outcomes.
        kind: ``flow``: it adds up; ``stock``: its last value counts; ``ratio``: of sums over the period.
        fr: Meaning in French.
        en: Meaning in English.
        unit: Unit; empty: a number.
        of: What its rows with ``of`` are about: ``session``, ``departement`` or ``territory``; empty: it has none.
        over: Measures whose sum is divided, for a ratio.
        by: Measures by whose sum it is divided.
        decimals: Digits shown.

    Example:
        >>> from prai_match.simulate import measures
        >>> measures()["served"].kind, measures()["served"].meaning("en")
        ('flow', 'Attendances of territories')
    """

    name: str
    kind: Literal["flow", "stock", "ratio"]
    fr: str
    en: str
    unit: str = ""
    of: str = ""
    over: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    decimals: int = 1

    def meaning(self, lang: Lang) -> str:
        """Return the meaning in ``lang``."""
        return self.fr if lang == "fr" else self.en


@cache
def measures() -> dict[str, Measure]:
    """Return every measure, by name.

    Example:
        >>> measures()["rating"].kind
        'ratio'
    """
    return {
        name: Measure(**{**row, "name": name, "over": tuple(row.get("over", ())), "by": tuple(row.get("by", ()))})
        for name, row in catalogue("prai_match.simulate", "measures").items()
    }


_RUN = ("scenario", "replication")


def totals(rows: pl.LazyFrame) -> pl.DataFrame:
    """Return each measure of each replication over the whole period."""
    stocks = [name for name, each in measures().items() if each.kind == "stock"]
    is_stock = pl.col("measure").is_in(stocks)
    sums = rows.filter(~is_stock).group_by(*_RUN, "measure", "of").agg(pl.col("value").sum())
    last = rows.filter(is_stock).group_by(*_RUN, "measure", "of").agg(pl.col("value").sort_by("month").last())
    counts = pl.concat([sums, last]).collect(engine="streaming")
    ratios = [_ratio(counts, each, []) for each in measures().values() if each.kind == "ratio"]
    return pl.concat([counts, *(each.select(counts.columns) for each in ratios)])


def by_month(rows: pl.LazyFrame, measure: Measure) -> pl.DataFrame:
    """Return a measure of each replication, month by month."""
    if measure.kind != "ratio":
        return rows.filter(measure=measure.name).collect(engine="streaming")
    parts = rows.filter(pl.col("measure").is_in([*measure.over, *measure.by]))
    return _ratio(parts.collect(engine="streaming"), measure, ["month"])


def _ratio(counts: pl.DataFrame, measure: Measure, also: list[str]) -> pl.DataFrame:
    """Return a ratio of sums; null where nothing is divided by."""
    whole = counts.filter(pl.col("of").is_null())
    name = pl.col("measure")
    return (
        whole.group_by(*_RUN, *also)
        .agg(
            over=pl.col("value").filter(name.is_in(measure.over)).sum(),
            by=pl.col("value").filter(name.is_in(measure.by)).sum(),
        )
        .select(
            *_RUN,
            *also,
            measure=pl.lit(measure.name),
            of=pl.lit(None, pl.String),
            value=pl.when(pl.col("by") != 0).then(pl.col("over") / pl.col("by")),
        )
    )


def spread(values: pl.DataFrame, keys: list[str], level: float, **also: pl.Expr) -> pl.DataFrame:
    """Return mean, quantiles and the error of the mean of each group, and what else is asked of it."""
    value = pl.col("value")
    wide = NormalDist().inv_cdf(0.5 + level / 2)
    # In the order of replications, since a sum of floats depends on it.
    return (
        values.sort(*keys, "replication", nulls_last=False)
        .group_by(*keys, maintain_order=True)
        .agg(
            mean=value.mean(),
            low=value.quantile((1 - level) / 2, "linear"),
            median=value.median(),
            high=value.quantile((1 + level) / 2, "linear"),
            error=wide * value.std() / value.count().cast(pl.Float64).sqrt(),
            **also,
        )
    )


def differences(values: pl.DataFrame, baseline: str, level: float) -> pl.DataFrame:
    """Return the spread of the differences to a scenario, replication by replication."""
    of = [name for name in values.columns if name not in {"scenario", "value"}]
    before = values.filter(scenario=baseline).rename({"value": "before"}).drop("scenario")
    pairs = values.filter(pl.col("scenario") != baseline).join(before, on=of, how="inner", nulls_equal=True)
    apart = pairs.with_columns(value=pl.col("value") - pl.col("before"))
    also = {"baseline": pl.col("before").mean(), "above": (pl.col("value") > 0).mean()}
    return spread(apart, ["scenario", "measure", "of"], level, **also)
