"""Counts of each world and month, and summaries of outcomes: totals, distributions, differences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist
from typing import Any, Literal

import numpy as np
import polars as pl

from prai_match import _arguments, _words, calendar
from prai_match.model import Lang
from prai_match.simulate import _people, _state
from prai_match.simulate._region import Arrays, Floats, Ints, Month

_NO_CHANNEL = -2

SCHEMA = pl.Schema(  # columns of outcomes
    {"scenario": pl.String, "replication": pl.UInt32, "month": pl.Date}
    | {"measure": pl.String, "of": pl.String, "value": pl.Float64}
)


class Measures:
    """The counts of a run, month by month; ``events`` are attendances in the simulation and before: (W, T, S)."""

    def __init__(self, region: Arrays, state: _state.State, overhead: Floats, channels: Sequence[str]) -> None:
        """Begin to count; ``overhead`` is the share of the other spending in each world."""
        self._channels, self._region, self.events = channels, region, state.events()
        self._rows: list[tuple[int, str, str | None, Floats]] = []
        self._month: dict[tuple[str, str | None], Floats] = {}
        self._overhead = overhead * _overhead(region)
        self._cost = state.expenses() / 100

    def ask(self, needs: Mapping[str, Any]) -> None:
        phone = self._channels.index("phone") if "phone" in self._channels else _NO_CHANNEL
        some = {"needs": slice(None), "needs_by_phone": needs["channel"] == phone, "needs_unread": needs["s"] < 0}
        for measure, which in some.items():
            self._count(measure, needs["w"][which])

    def hold(self, due: _state.Bookings, came: _people.Came) -> None:
        region = self._region
        workshop = region.workshop[due.session]
        ratings = ~np.isnan(came.rating) & (came.people > 0) & (came.is_held & workshop)[:, None]
        # The weight of each session: 0 for those that don't count.
        for measure, weight in {
            "buffets": came.is_held & ~workshop,
            "workshops": came.is_held & workshop,
            "called_off": ~came.is_held & ~came.frozen,
            "frozen": came.frozen,
            "seats": came.is_held * region.most[due.session],
            "elected": came.is_held * came.elected.sum(axis=1),
            "technicians": came.is_held * (came.people - came.elected).sum(axis=1),
            "served": came.is_held * (came.people > 0).sum(axis=1),
            "ratings": ratings.sum(axis=1),
            "rating_points": np.where(ratings, came.rating, 0.0).sum(axis=1),
        }.items():
            self._count(measure, due.world, weight)
        # If a territory attends a workshop after a buffet that leads to it, the workshop came out of the buffet.
        after = (np.minimum(self.events, 1) @ ((region.leads >= 0) & ~region.workshop[:, None]).astype(np.int64)) > 0
        row, territory = np.nonzero((came.people > 0) & (came.is_held & workshop)[:, None])
        out = after[due.world[row], territory, due.session[row]]
        self._count("served_workshops", due.world[row])
        self._count("served_after_buffet", due.world[row][out])
        for s in np.flatnonzero(region.workshop):
            held = due.world[came.is_held & (due.session == s)]
            self._count("workshops", held, of=region.frames.sessions["session"][int(s)])
        for d, code in region.frames.departements.select("d", "departement").iter_rows():
            self._count("sessions", due.world[came.is_held & (region.departement[due.host] == d)], of=code)
        row, territory = np.nonzero((came.people > 0) & came.is_held[:, None])
        np.add.at(self.events, (due.world[row], territory, due.session[row]), 1)

    def invite(self, worlds: Ints, people: Ints) -> None:
        """Count the territories, and their ``people``, (N, T), that are invited to sessions."""
        self._count("planned", worlds, (people > 0).sum(axis=1))
        self._count("invited", worlds, people.sum(axis=1))

    def end(self, state: _state.State, month: Month, bookings: _state.Bookings) -> None:
        strong = state.is_open(month.last) & (state.spells["score"] >= self._region.programme.strong_need)
        t, s = (state.spells[name][strong] for name in "ts")
        unmet = np.zeros((self.events[..., 0].size, self.events.shape[-1]), bool)
        unmet[t, s] = True
        cost = state.expenses() / 100
        self._add("spent", cost - self._cost + self._overhead)
        self._cost = cost
        self._count("decided", bookings.world)
        self.invite(bookings.world, bookings.invited)
        self._add("unmet", unmet.reshape(state.count, -1).sum(axis=1))
        self._add("reached", (self.events.sum(axis=-1) > 0).sum(axis=1))
        if month.last == self._region.months[-1].last:
            for t, code in self._region.frames.territories.select("t", "territory").iter_rows():
                self._add("attended", self.events[:, t].sum(axis=-1), code)
        self._rows += [(month.first, measure, of, values) for (measure, of), values in self._month.items()]
        self._month = {}

    def frame(self, scenario: str, replications: Sequence[int]) -> pl.DataFrame:
        """Return all counts as rows of outcomes; each world is a replication."""
        days, names, ofs, values = zip(*self._rows, strict=True)
        place = np.repeat(np.arange(len(days)), len(replications))
        columns = {
            "replication": np.tile(np.array(replications), len(days)),
            "month": (np.array(days)[place] - calendar.EPOCH).astype(np.int32),
            "measure": pl.Series(names, dtype=pl.String).gather(place),
            "of": pl.Series(ofs, dtype=pl.String).gather(place),
            "value": np.concatenate(values),
        }
        rows = pl.DataFrame(columns).with_columns(scenario=pl.lit(scenario))
        return rows.select(*SCHEMA).cast(SCHEMA).sort("replication", "month", "measure", "of", nulls_last=False)

    def _count(self, measure: str, worlds: Ints, weight: Any = None, of: str | None = None) -> None:  # noqa: ANN401 - an array
        self._add(measure, np.bincount(worlds, weight, minlength=len(self._overhead)), of)

    def _add(self, measure: str, values: Ints | Floats, of: str | None = None) -> None:
        self._month[measure, of] = self._month.get((measure, of), 0.0) + values.astype(np.float64)


def _overhead(region: Arrays) -> float:
    """Return the other spending in a month, in euros."""
    budget, period = region.programme.budget, region.programme.period
    if budget is None:
        return 0.0
    months = (period.end.year - period.start.year) * 12 + period.end.month - period.start.month + 1
    return float(budget.other_spending) / months


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of outcomes.

    Attributes:
        name: Its name in the frame of outcomes.
        kind: ``flow`` (values are added up), ``stock`` (the last value counts) or ``ratio`` (of sums over the period).
        fr: Meaning in French.
        en: Meaning in English.
        unit: Unit; empty for a plain number.
        of: What ``of`` identifies in its rows: ``session``, ``departement`` or ``territory``; empty if nothing.
        over: Measures whose sum is the numerator of a ratio.
        by: Measures whose sum is the denominator of a ratio.
        decimals: Number of decimals shown.

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
        return self.fr if _arguments.current_language(lang) == "fr" else self.en


@cache
def measures() -> dict[str, Measure]:
    """Return every measure, by name.

    Example:
        >>> measures()["rating"].kind
        'ratio'
    """
    return {
        name: Measure(**{**row, "name": name, "over": tuple(row.get("over", ())), "by": tuple(row.get("by", ()))})
        for name, row in _words.catalogue("prai_match.simulate", "measures").items()
    }


_RUN = ("scenario", "replication")


def totals(rows: pl.LazyFrame) -> pl.DataFrame:
    """Return each measure of each replication over the whole period."""
    is_stock = pl.col("measure").is_in([name for name, each in measures().items() if each.kind == "stock"])
    value = pl.col("value").sort_by("month")
    # Running sums, since a sum of floats depends on the order of its rows, and polars leaves out a sort before `sum`.
    sums = rows.filter(~is_stock).group_by(*_RUN, "measure", "of").agg(value.cum_sum().last())
    last = rows.filter(is_stock).group_by(*_RUN, "measure", "of").agg(value.last())
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
    """Return a ratio of sums; null if the denominator is 0."""
    parts, ratio = (measure.over, measure.by), pl.when(pl.col("by") != 0).then(pl.col("over") / pl.col("by"))
    over, by = (pl.col("value").filter(pl.col("measure").is_in(each)).sum() for each in parts)
    return (
        counts.filter(pl.col("of").is_null())
        .sort("measure")
        .group_by(*_RUN, *also, maintain_order=True)
        .agg(over=over, by=by)
        .select(*_RUN, *also, measure=pl.lit(measure.name), of=pl.lit(None, pl.String), value=ratio)
    )


def spread(values: pl.DataFrame, keys: list[str], level: float, **also: pl.Expr) -> pl.DataFrame:
    """Return mean, quantiles and error of the mean of each group, with other aggregates if given."""
    value = pl.col("value")
    # In the order of replications, since a sum of floats depends on it.
    return (
        values.sort(*keys, "replication", nulls_last=False)
        .group_by(*keys, maintain_order=True)
        .agg(
            mean=value.mean(),
            low=value.quantile((1 - level) / 2, "linear"),
            median=value.median(),
            high=value.quantile((1 + level) / 2, "linear"),
            error=NormalDist().inv_cdf(0.5 + level / 2) * value.std() / value.count().cast(pl.Float64).sqrt(),
            **also,
        )
    )


def differences(values: pl.DataFrame, baseline: str, level: float) -> pl.DataFrame:
    """Return the distribution of the differences from a scenario, replication by replication."""
    of = [name for name in values.columns if name not in {"scenario", "value"}]
    before = values.filter(scenario=baseline).rename({"value": "before"}).drop("scenario")
    pairs = values.filter(pl.col("scenario") != baseline).join(before, on=of, how="inner", nulls_equal=True)
    apart = pairs.with_columns(value=pl.col("value") - pl.col("before"))
    also = {"baseline": pl.col("before").mean(), "above": (pl.col("value") > 0).mean()}
    return spread(apart, ["scenario", "measure", "of"], level, **also)
