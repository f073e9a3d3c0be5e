"""Charts of simulated outcomes over the months, one panel per scenario, with its blackouts and the elections.

One shows a measure month by month, the other the cumulative spending compared with the budget.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import polars as pl

from prai_match import _arguments as given
from prai_match.charts._marks import Key, Row, beside, layers, legend, marks, moment, texts
from prai_match.charts._programme import amount, blackouts, colours, date_keys, elections, names, of_label, subtitle
from prai_match.charts._theme import FREE, FROZEN, GREY, INK, WHITE, ChartWords, alt, room, safe, words_of, wrap
from prai_match.errors import Lang, UnknownCodeError, nearest
from prai_match.model import ProgrammeData

if TYPE_CHECKING:
    from prai_match.simulate import Measure, Outcomes

_WIDE, _SMALL_WIDE, _HIGH = 560.0, 200.0, 104.0
_BANDS = (("low", "high", 0.16), ("lower", "upper", 0.34))  # of nine replications of ten and of half, and how opaque
_BOTH = 1 - (1 - _BANDS[0][2]) * (1 - _BANDS[1][2])
_ALONE = 72 * 3_600_000  # milliseconds: half the width of a band of one month
_ROOM, _YEAR = 16, 12  # months that there is room for
_MONTHS = "[utcFormat(datum.value, '%b'), !datum.index || !utcmonth(datum.value) ? utcFormat(datum.value, '%Y') : '']"


@given.takes(of=given.optional(given.text))
def fan(
    outcomes: Outcomes, measure: str = "served", lang: Lang | None = None, *, of: str | None = None
) -> alt.HConcatChart:
    """Draw a measure of simulated outcomes by month, one panel per scenario, with its blackouts and the elections.

    The line is the median of the replications; half of them are in the dark band, nine of ten in the pale one.
    `prai_match.simulate.measures` names the measures; ``of`` is the département, session or territory, for a measure
    that distinguishes them; by default, all of them.

    Raises:
        UnknownCodeError: The measure doesn't exist, or isn't counted for ``of``.

    Example:
        >>> from prai_match import Programme, charts
        >>> from prai_match.simulate import Scenario
        >>> outcomes = Programme.example().simulate(Scenario(name="now"), "2007-01-01", "2007-02-28", replications=2)
        >>> charts.fan(outcomes, "buffets").to_dict()["title"]["text"]
        'Buffets tenus, mois par mois'
    """
    words, keys = words_of("outcomes", lang), ["scenario", "month", "of"]
    parts = _with_halves(outcomes.monthly(measure), outcomes.monthly(measure, 0.5), keys)
    rows, own = parts.filter(pl.col("of").eq_missing(pl.lit(of, pl.String))), outcomes.measures[measure]
    if rows.is_empty():
        codes = sorted(parts["of"].drop_nulls().unique())
        raise UnknownCodeError(own.of or "part of the measure", of, nearest(str(of), codes))
    # A month is drawn at its middle, or at that of its simulated part.
    first = pl.max_horizontal("month", pl.lit(outcomes.start))
    last = pl.min_horizontal(pl.col("month").dt.month_end(), pl.lit(outcomes.end))
    spread = rows.with_columns(on=first + pl.duration(days=((last - first).dt.total_days() + 1) // 2))
    drawing = _panels(outcomes, own, spread, {}, words, zero=own.kind != "ratio")
    title = words.part("fan")(
        "title_of" if of else "title", measure=own.meaning(words.lang), of=of_label(outcomes, own, of, words.lang)
    )
    return words.finish(drawing, title, *subtitle(outcomes, words), words["beside"])


@given.takes()
def spend(outcomes: Outcomes, lang: Lang | None = None) -> alt.HConcatChart:
    """Draw the cumulative spending of simulations by month, one panel per scenario, with its budget.

    It includes what was spent or committed before the first day: sessions known by then, and other spending of the
    months before. One line is the total budget, another the total minus other spending still to come.

    Example:
        >>> from prai_match import Programme, charts
        >>> from prai_match.simulate import Scenario
        >>> outcomes = Programme.example().simulate(Scenario(name="now"), "2007-01-01", "2007-02-28", replications=2)
        >>> charts.spend(outcomes).to_dict()["title"]["text"]
        'Dépenses cumulées et budget'
    """
    words, measure = words_of("outcomes", lang), outcomes.measures["spent"]
    own = words.part("spend")
    programmes = {each.name: each.programme(outcomes.programme) for each in outcomes.scenarios}
    before = {name: _before(programme, outcomes.start) for name, programme in programmes.items()}
    limits = {name: _limits(programme, outcomes, own) for name, programme in programmes.items()}
    drawing = _panels(outcomes, measure, _spread(outcomes, before), limits, words)
    first = next(iter(before.values()))
    already = own("before", amount=amount(first, measure, words.lang)) if first else ""
    no_limit = "" if any(limits.values()) else own["unlimited"]
    return words.finish(drawing, own["title"], *subtitle(outcomes, words), already, no_limit, words["beside"])


def _spread(outcomes: Outcomes, before: Mapping[str, float]) -> pl.DataFrame:
    """Return the distribution of spending at the end of each month, by scenario."""
    from prai_match.simulate import spread  # noqa: PLC0415 - it needs numpy, as the outcomes did

    keys = ["scenario", "month"]
    months = outcomes.scan().filter(pl.col("measure") == "spent").sort("scenario", "replication", "month").collect()
    start = pl.col("scenario").replace_strict(before, return_dtype=pl.Float64)
    sums = months.with_columns(value=pl.col("value").cum_sum().over("scenario", "replication") + start)
    on = pl.min_horizontal(pl.col("month").dt.month_end(), pl.lit(outcomes.end))
    return _with_halves(spread(sums, keys, 0.9), spread(sums, keys, 0.5), keys).with_columns(on=on)


def _with_halves(spread: pl.DataFrame, halves: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Add to the range of nine replications in ten, ``low`` and ``high``, that of half: ``lower``, ``upper``."""
    return spread.join(
        halves.select(*keys, lower="low", upper="high"), on=keys, nulls_equal=True, maintain_order="left"
    )


def _before(programme: ProgrammeData, start: dt.date) -> float:
    is_booked = pl.coalesce("booked_on", "date") < start
    sessions = programme.sessions.to_polars().filter(is_booked)["cost"].cast(pl.Float64).sum()
    other = programme.budget.other_spending if programme.budget else 0
    return float(sessions) + float(other) * _share(programme, start)


def _limits(programme: ProgrammeData, outcomes: Outcomes, words: ChartWords) -> list[_Limit]:
    if programme.budget is None:
        return []
    total, other = float(programme.budget.total), float(programme.budget.other_spending)
    first, last = (total - other * (1 - _share(programme, on)) for on in (outcomes.start, outcomes.end))
    available = Key(words["available"], "", "stroke", dash=(5, 4))
    return [(Key(words["total"], "", "stroke"), (total, total)), (available, (first, last))]


def _share(programme: ProgrammeData, on: dt.date) -> float:
    """Return the share of the period of a programme that lies before a day, from 0 to 1."""
    first, last = programme.period.start, programme.period.end
    return min(1.0, max(0.0, (on - first).days / max((last - first).days, 1)))


# A line that values are compared with, as the legend has it, and its values on the first day and on the last.
_Limit = tuple[Key, tuple[float, float]]


def _panels(  # noqa: PLR0913 - what they draw
    outcomes: Outcomes,
    measure: Measure,
    spread: pl.DataFrame,
    limits: Mapping[str, Sequence[_Limit]],
    words: ChartWords,
    *,
    zero: bool = True,
) -> alt.HConcatChart:
    """Draw panels on the same axes, one per scenario, each with the limits that its values are compared with.

    ``spread`` has one row per ``scenario`` and ``month``, by date: the day of its position ``on``, ``median``, ``low``
    and ``high`` (range of nine replications in ten), ``lower`` and ``upper`` (range of half of them); lines break at
    missing values. ``zero``: whether the axis begins at 0.
    """
    lang, start, end = words.lang, outcomes.start, outcomes.end
    titles, tones = names(outcomes, lang), colours(outcomes)
    first, *_, last = [*titles, *titles]
    calendars = {one.name: one.programme(outcomes.programme).calendar for one in outcomes.scenarios}
    rows = {name: list(_rows(spread.filter(scenario=name), title, measure, words)) for name, title in titles.items()}
    ends = [moment(start), moment(end, 24) - 1]
    fit = room(_ROOM, 6)
    step = next(step for step in (1, 2, 3, 6, _YEAR) if step == _YEAR or (end - start).days / 30 <= fit * step)
    months: Row = {"tickCount": alt.TimeIntervalStep(interval="month", step=step), "labelExpr": _MONTHS}
    amounts = alt.Axis(title=None, format=",~f", tickCount=4, labelColor=GREY)
    y = alt.Y("median:Q", scale=alt.Scale(zero=zero), axis=amounts)

    def panel(name: str, tone: str) -> alt.LayerChart:
        shows: Row = {"labels": name == last, "ticks": name == last, "labelAlign": "left"}
        axis = alt.Axis(title=None, gridColor=WHITE, domain=True, domainColor=GREY, **months, **shows)
        x = alt.X("on:T", scale=alt.Scale(type="utc", domain=ends, nice=False), axis=axis)
        line, band = (marks(own).encode(x=x, detail="line:N") for own in (rows[name], _wide(rows[name])))
        reference = marks([] if name == first else rows[first]).encode(x=x, y=y, detail="line:N")
        dates = elections([calendars[name]], start, end, lang)
        votes = marks({"on": moment(date), "told": hint} for date, hint in dates).encode(x=x, tooltip="told:N")
        frozen = marks(
            {"on": moment(max(start, one.start)), "end": moment(min(end, one.end), 24)}
            | {"told": safe(one.reason.get(lang))}
            for one in blackouts([calendars[name]], start, end)
        )
        return layers(
            frozen.mark_rect(color=FROZEN).encode(x=x, x2="end:T", y=0, y2=_HIGH, tooltip="told:N"),
            *(
                band.mark_area(color=tone, opacity=opacity).encode(y=f"{low}:Q", y2=f"{high}:Q")
                for low, high, opacity in _BANDS
            ),
            votes.mark_rule(strokeDash=[2, 3]),
            reference.mark_line(color=GREY, strokeDash=[2, 2], strokeWidth=1.2),
            *(
                marks({"on": on, "median": value} for on, value in zip(ends, values, strict=True))
                .mark_line(color=INK, strokeWidth=1.3, strokeDash=key.dash)
                .encode(x=x, y=y)
                for key, values in limits.get(name, ())
            ),
            line.mark_line(color=tone, strokeWidth=2.2).encode(y=y),
            line.mark_circle(color=tone, size=24, opacity=1).encode(y=y, tooltip="told:N"),
            votes.mark_point(shape="cross", fill=INK, size=60).encode(y=0),
            texts(rows[name][-1:], dx=9).encode(x=x, y=y),
            title=alt.TitleParams(wrap(titles[name], room(_WIDE, _SMALL_WIDE), lines=1), frame="group"),
            width=room(_WIDE, _SMALL_WIDE),
            height=_HIGH,
            view=alt.ViewBackground(fill=FREE),
        )

    whole = alt.vconcat(*(panel(name, tones[name]) for name in titles), spacing=14).resolve_scale(y="shared")
    keys = {words["reading"]: _keys(words, limits, titles[first], tones[first], several=len(titles) > 1)}
    return beside(whole, legend(keys | date_keys(list(calendars.values()), start, end, lang)))


def _rows(months: pl.DataFrame, title: str, measure: Measure, words: ChartWords) -> Iterator[Row]:
    """Yield the months that have a value; a gap starts another ``line``."""
    line, names_of_months = 0, words_of("programme", words.lang)["months"]
    for row in months.iter_rows(named=True):
        if row["median"] is None:
            line += 1
            continue
        amounts = {name: amount(row[name], measure, words.lang) for name in ("median", "low", "high")}
        text = f"{amounts['median']}\n{words('interval', **amounts)}"
        month = f"{names_of_months[row['month'].month - 1]} {row['month'].year}"
        hint = words("told", scenario=title, month=month, **amounts)
        values = {name: row[name] for name in ("median", "low", "high", "lower", "upper")}
        yield {"on": moment(row["on"]), "line": line, **values, "text": text, "told": hint}


def _keys(
    words: ChartWords, limits: Mapping[str, Sequence[_Limit]], first: str, tone: str, *, several: bool
) -> list[Key]:
    shades = {"inner": _BOTH, "outer": _BANDS[0][2]}
    return [
        Key(words["median"], "", "stroke", stroke=tone),
        *(Key(words[name], fill=f"{tone}{round(255 * shade):02x}", stroke=WHITE) for name, shade in shades.items()),
        *([Key(words("dotted", name=first), "", "stroke", stroke=GREY, dash=(2, 2))] if several else []),
        *(key for key, _ in next(iter(limits.values()), ())),
    ]


def _wide(rows: Sequence[Row]) -> Iterator[Row]:
    for row in rows:
        alone = sum(other["line"] == row["line"] for other in rows) == 1
        yield from (row | {"on": row["on"] + aside} for aside in ((-_ALONE, _ALONE) if alone else (0,)))
