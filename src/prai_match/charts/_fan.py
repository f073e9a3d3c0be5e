"""A measure of simulated outcomes month by month: the median of replications and where most of them are."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl

from prai_match.charts._over_time import Moment, OverTime, Panel, last_day
from prai_match.charts._scenarios import colours, names, of_label, subtitle
from prai_match.charts._theme import finished, texts_of
from prai_match.errors import UnknownCodeError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    import altair as alt

    from prai_match.errors import Lang
    from prai_match.simulate import Outcomes


def fan(outcomes: Outcomes, measure: str = "served", lang: Lang = "fr", *, of: str | None = None) -> alt.HConcatChart:
    """Draw a measure of simulated outcomes month by month, a panel a scenario, with its blackouts and the elections.

    The line is the median of the replications; half of them are in the dark band, nine of ten in the pale one.

    Args:
        outcomes: Outcomes of simulations.
        measure: Name of a measure (see `prai_match.simulate.measures`).
        lang: Language of its texts.
        of: The département, session or territory, for a measure that tells them apart; None: all of them.

    Raises:
        PraiError: The extra ``viz`` is not installed.
        UnknownCodeError: There is no such measure, or it is not counted for ``of``, or the language is neither ``fr``
            nor ``en``.

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
    titles, tones = names(outcomes, lang), colours(outcomes)
    panels = [
        Panel(
            titles[scenario.name],
            tones[scenario.name],
            list(_moments(found.filter(scenario=scenario.name), outcomes)),
            scenario.programme(outcomes.programme).calendar,
        )
        for scenario in outcomes.scenarios
    ]
    counted = outcomes.measures[measure]
    drawing = OverTime(outcomes, counted, panels, zero=counted.kind != "ratio", words=words, lang=lang).drawn()
    title = words["fan"]["title_of" if of else "title"].format(
        measure=counted.meaning(lang), of=of_label(outcomes, counted, of, lang)
    )
    return finished(drawing, title, list(subtitle(outcomes, words, lang)), lang)


def _moments(rows: pl.DataFrame, outcomes: Outcomes) -> Iterator[Moment | None]:
    columns = ("month", "median", "low", "high", "lower", "upper")
    for month, median, low, high, lower, upper in rows.select(columns).iter_rows():
        first, last = max(month, outcomes.start), min(last_day(month), outcomes.end)
        middle = first + dt.timedelta(days=((last - first).days + 1) // 2)
        yield None if median is None else Moment(middle, month, median, (low, high), (lower, upper))
