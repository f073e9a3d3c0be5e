"""Simulated outcomes over the months, a panel a scenario below each other, with its blackouts and the elections.

A measure month by month, and the money spent, added up, beside the budget.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match.charts._marks import Key, Row, beside, layered, legend, marks, moment, texts
from prai_match.charts._programme import blackouts, date_keys, elections
from prai_match.charts._scenarios import amount, colours, names, of_label, subtitle
from prai_match.charts._theme import FROZEN, GREY, INK, WHITE, finished, library, shown, texts_of, wrapped
from prai_match.errors import UnknownCodeError, nearest
from prai_match.text import current_language

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    import altair as alt

    from prai_match.errors import Lang
    from prai_match.model import Calendar, ProgrammeData
    from prai_match.simulate import Measure, Outcomes

_WIDE, _HIGH, _FREE = 560.0, 104.0, "#fafafa"
_BANDS = (("low", "high", 0.16), ("lower", "upper", 0.34))  # of nine replications of ten and of half, and how opaque
_BOTH = 1 - (1 - _BANDS[0][2]) * (1 - _BANDS[1][2])
_ALONE = 72 * 3_600_000  # milliseconds: half the width of a band of one month
_ROOM, _YEAR = 16, 12  # months that there is room for
_MONTHS = "[utcFormat(datum.value, '%b'), !datum.index || !utcmonth(datum.value) ? utcFormat(datum.value, '%Y') : '']"


def fan(
    outcomes: Outcomes, measure: str = "served", lang: Lang | None = None, *, of: str | None = None
) -> alt.HConcatChart:
    """Draw a measure of simulated outcomes month by month, a panel a scenario, with its blackouts and the elections.

    The line is the median of the replications; half of them are in the dark band, nine of ten in the pale one.

    Args:
        outcomes: Outcomes of simulations.
        measure: Name of a measure (see `prai_match.simulate.measures`).
        lang: Language of its texts.
        of: The département, session or territory, for a measure that tells them apart; None: all of them.

    Raises:
        UnknownCodeError: There is no such measure, or it is not counted for ``of``.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme, charts
        >>> from prai_match.simulate import Scenario
        >>> outcomes = Programme.example().simulate(
        ...     Scenario(name="baseline"), dt.date(2007, 1, 1), dt.date(2007, 2, 28), replications=2
        ... )
        >>> charts.fan(outcomes, "buffets").to_dict()["title"]["text"]
        'Buffets tenus, mois par mois'
    """
    lang = current_language(lang)
    words = texts_of("outcomes", lang)
    rows = outcomes.monthly(measure).join(
        outcomes.monthly(measure, 0.5).select("scenario", "month", "of", lower="low", upper="high"),
        on=["scenario", "month", "of"],
        nulls_equal=True,
        maintain_order="left",
    )
    found = rows.filter(pl.col("of").eq_missing(pl.lit(of, pl.String)))
    if found.is_empty():
        known = sorted(rows["of"].drop_nulls().unique())
        raise UnknownCodeError(outcomes.measures[measure].of or "part of the measure", of, nearest(str(of), known))
    # A month stands in its middle, or in that of the part that is simulated.
    first = pl.max_horizontal("month", pl.lit(outcomes.start))
    last = pl.min_horizontal(pl.col("month").dt.month_end(), pl.lit(outcomes.end))
    spread = found.with_columns(on=first + pl.duration(days=((last - first).dt.total_days() + 1) // 2))
    counted = outcomes.measures[measure]
    drawing = _Panels(outcomes, counted, spread, {}, words, lang, zero=counted.kind != "ratio").drawn()
    about = {"measure": counted.meaning(lang), "of": of_label(outcomes, counted, of, lang)}
    title = words["fan"]["title_of" if of else "title"].format_map(about)
    return finished(drawing, title, [*subtitle(outcomes, words, lang), words["beside"]], lang)


def spend(outcomes: Outcomes, lang: Lang | None = None) -> alt.HConcatChart:
    """Draw what simulations spend, added up over the months, a panel a scenario, beside its budget.

    What was spent or committed before the first day is in it: sessions known by then, and the other spending of the
    months before. A line is the total of the budget, another the total less the other spending that is still to come.

    Args:
        outcomes: Outcomes of simulations.
        lang: Language of its texts.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme, charts
        >>> from prai_match.simulate import Scenario
        >>> outcomes = Programme.example().simulate(
        ...     Scenario(name="baseline"), dt.date(2007, 1, 1), dt.date(2007, 2, 28), replications=2
        ... )
        >>> charts.spend(outcomes).to_dict()["title"]["text"]
        'Dépenses cumulées et budget'
    """
    lang = current_language(lang)
    words, measure = texts_of("outcomes", lang), outcomes.measures["spent"]
    programmes = {each.name: each.programme(outcomes.programme) for each in outcomes.scenarios}
    before = {name: _before(programme, outcomes.start) for name, programme in programmes.items()}
    limits = {name: _limits(programme, outcomes, words["spend"]) for name, programme in programmes.items()}
    drawing = _Panels(outcomes, measure, _spread(outcomes, before), limits, words, lang).drawn()
    first = next(iter(before.values()))
    said = words["spend"]["before"].format(amount=amount(first, measure, lang)) if first else ""
    unlimited = "" if any(limits.values()) else words["spend"]["unlimited"]
    under = [*subtitle(outcomes, words, lang), said, unlimited, words["beside"]]
    return finished(drawing, words["spend"]["title"], under, lang)


def _spread(outcomes: Outcomes, before: Mapping[str, float]) -> pl.DataFrame:
    """Return by scenario how what is spent is spread at the end of each month."""
    from prai_match.simulate import spread  # noqa: PLC0415 - it needs numpy, as the outcomes did

    keys = ["scenario", "month"]
    spent = outcomes.scan().filter(pl.col("measure") == "spent").sort("scenario", "replication", "month").collect()
    start = pl.col("scenario").replace_strict(before, return_dtype=pl.Float64)
    added = spent.with_columns(value=pl.col("value").cum_sum().over("scenario", "replication") + start)
    halves = spread(added, keys, 0.5).select(*keys, lower="low", upper="high")
    on = pl.min_horizontal(pl.col("month").dt.month_end(), pl.lit(outcomes.end))
    return spread(added, keys, 0.9).join(halves, on=keys, maintain_order="left").with_columns(on=on)


def _before(programme: ProgrammeData, start: dt.date) -> float:
    """Return what is spent or committed before a day, in euros."""
    known = pl.coalesce("booked_on", "date") < start
    sessions = programme.sessions.to_polars().filter(known)["cost"].cast(pl.Float64).sum()
    other = 0.0 if programme.budget is None else float(programme.budget.other_spending)
    return float(sessions) + other * _elapsed(programme, start)


def _limits(programme: ProgrammeData, outcomes: Outcomes, words: Mapping[str, Any]) -> list[_Limit]:
    if programme.budget is None:
        return []
    total, other = float(programme.budget.total), float(programme.budget.other_spending)
    first, last = (total - other * (1 - _elapsed(programme, on)) for on in (outcomes.start, outcomes.end))
    available = Key(words["available"], "", "stroke", dash=(5, 4))
    return [(Key(words["total"], "", "stroke"), (total, total)), (available, (first, last))]


def _elapsed(programme: ProgrammeData, on: dt.date) -> float:
    """Return the share of the period of a programme that lies before a day, from 0 to 1."""
    first, last = programme.period.start, programme.period.end
    return min(1.0, max(0.0, (on - first).days / max((last - first).days, 1)))


_Limit = tuple[Key, tuple[float, float]]
"""A line that values are compared with, as the legend has it, and its values on the first day and on the last."""


@dataclass(frozen=True)
class _Panels:
    """Panels on the same axes, one a scenario.

    Attributes:
        outcomes: Of the scenarios.
        measure: How values are written.
        spread: A row a ``scenario`` and ``month`` by date: the day that it stands ``on``, ``median``, ``low`` and
            ``high`` (nine replications of ten are between), ``lower`` and ``upper`` (half of them); without a value,
            the line breaks.
        limits: By scenario, what it is compared with.
        words: Texts.
        lang: Their language.
        zero: Whether the axis begins at 0.
    """

    outcomes: Outcomes
    measure: Measure
    spread: pl.DataFrame
    limits: Mapping[str, Sequence[_Limit]]
    words: Mapping[str, Any]
    lang: Lang
    zero: bool = True

    def drawn(self) -> alt.HConcatChart:
        """Draw the panels and the legend."""
        vega, outcomes = library(), self.outcomes
        titles, tones = names(outcomes, self.lang), colours(outcomes)
        calendars = {one.name: one.programme(outcomes.programme).calendar for one in outcomes.scenarios}
        rows = {name: list(self._rows(name, title)) for name, title in titles.items()}
        first, *_, last = [*titles, *titles]
        panels = []
        for name, title in titles.items():
            compared = [] if name == first else rows[first]
            marked = self._marks(name, rows[name], compared, calendars[name], tones[name], last=name == last)
            heading = vega.TitleParams(wrapped(title, _WIDE, lines=1), frame="group")
            view = {"width": _WIDE, "height": _HIGH, "view": vega.ViewBackground(fill=_FREE)}
            panels.append(layered(*marked, title=heading, **view))
        told = {self.words["reading"]: self._keys(titles[first], tones[first], len(titles) > 1)}
        told |= date_keys(calendars.values(), outcomes.start, outcomes.end, self.lang)
        stacked = vega.vconcat(*panels, spacing=14).resolve_scale(y="shared")
        return beside(stacked, legend(told))

    def _marks(  # noqa: PLR0913 - of one panel
        self, name: str, rows: list[Row], compared: list[Row], calendar: Calendar, tone: str, *, last: bool
    ) -> list[alt.Chart]:
        """Draw what is closed, bands, limits, the line and what it ends with."""
        vega, start, end = library(), self.outcomes.start, self.outcomes.end
        ends = [moment(start), moment(end, 24) - 1]
        step = next(step for step in (1, 2, 3, 6, _YEAR) if step == _YEAR or (end - start).days / 30 <= _ROOM * step)
        ticks = vega.TimeIntervalStep(interval="month", step=step)
        shows = {"labels": last, "ticks": last, "labelExpr": _MONTHS, "labelAlign": "left"}
        axis = vega.Axis(title=None, tickCount=ticks, gridColor=WHITE, domain=True, domainColor=GREY, **shows)
        x = vega.X("on:T", scale=vega.Scale(type="utc", domain=ends, nice=False), axis=axis)
        amounts = vega.Axis(title=None, format=",~f", tickCount=4, labelColor=GREY)
        y = vega.Y("median:Q", scale=vega.Scale(zero=self.zero), axis=amounts)
        line = marks(rows).encode(x=x, y=y, detail="line:N")
        first = marks(compared).mark_line(color=GREY, strokeDash=[2, 2], strokeWidth=1.2)
        held = elections([calendar], start, end, self.lang)
        votes = marks({"on": moment(date), "told": told} for date, told in held).encode(x=x, tooltip="told:N")
        limits = [
            marks({"on": on, "median": value} for on, value in zip(ends, values, strict=True))
            .mark_line(color=INK, strokeWidth=1.3, strokeDash=key.dash)
            .encode(x=x, y=y)
            for key, values in self.limits.get(name, ())
        ]
        bands = [
            marks(_wide(rows))
            .mark_area(color=tone, opacity=opacity)
            .encode(x=x, y=f"{low}:Q", y2=f"{high}:Q", detail="line:N")
            for low, high, opacity in _BANDS
        ]
        return [
            marks(self._closed(calendar))
            .mark_rect(color=FROZEN)
            .encode(x=x, x2="end:T", y=0, y2=_HIGH, tooltip="told:N"),
            *bands,
            votes.mark_rule(strokeDash=[2, 3]),
            first.encode(x=x, y=y, detail="line:N"),
            *limits,
            line.mark_line(color=tone, strokeWidth=2.2),
            line.mark_circle(color=tone, size=24, opacity=1).encode(tooltip="told:N"),
            votes.mark_point(shape="cross", fill=INK, size=60).encode(y=0),
            texts(rows[-1:], dx=9).encode(x=x, y=y),
        ]

    def _rows(self, name: str, title: str) -> Iterator[Row]:
        """Return the months that have a value; a gap starts another ``line``."""
        line, months = 0, texts_of("programme", self.lang)["months"]
        for row in self.spread.filter(scenario=name).iter_rows(named=True):
            if row["median"] is None:
                line += 1
                continue
            said = {name: amount(row[name], self.measure, self.lang) for name in ("median", "low", "high")}
            said |= {"scenario": title, "month": f"{months[row['month'].month - 1]} {row['month'].year}"}
            values = {name: row[name] for name in ("median", "low", "high", "lower", "upper")}
            text = f"{said['median']}\n{self.words['interval'].format_map(said)}"
            told = self.words["told"].format_map(said)
            yield {"on": moment(row["on"]), "line": line, **values, "text": text, "told": told}

    def _closed(self, calendar: Calendar) -> Iterator[Row]:
        first, last = self.outcomes.start, self.outcomes.end
        for one in blackouts([calendar], first, last):
            start, end = moment(max(first, one.start)), moment(min(last, one.end), 24)
            yield {"on": start, "end": end, "told": shown(one.reason.get(self.lang))}

    def _keys(self, first: str, tone: str, several: bool) -> list[Key]:  # noqa: FBT001 - scenarios
        """Return how to read the panels, by the first of them."""
        words = self.words
        keys = [Key(words["median"], "", "stroke", stroke=tone)]
        for name, opacity in (("inner", _BOTH), ("outer", _BANDS[0][2])):
            keys.append(Key(words[name], fill=f"{tone}{round(255 * opacity):02x}", stroke=WHITE))
        if several:
            keys.append(Key(words["dotted"].format(name=first), "", "stroke", stroke=GREY, dash=(2, 2)))
        return [*keys, *(key for key, _ in next(iter(self.limits.values()), ()))]


def _wide(rows: Sequence[Row]) -> Iterator[Row]:
    """Return months as a band has them: one alone has some width."""
    for row in rows:
        alone = sum(other["line"] == row["line"] for other in rows) == 1
        yield from (row | {"on": row["on"] + aside} for aside in ((-_ALONE, _ALONE) if alone else (0,)))
