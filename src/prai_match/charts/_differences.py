"""What each scenario changes: mean differences to the first, with their intervals, a panel a measure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match.charts._marks import Row, layered, lines, marks, plain, sentence, texts
from prai_match.charts._scenarios import SIGNED, amount, colours, names, subtitle
from prai_match.charts._theme import GREY, RULE, SMALL, finished, library, texts_of, wrapped
from prai_match.errors import UnknownCodeError, nearest
from prai_match.text import current_language

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import altair as alt

    from prai_match.errors import Lang
    from prai_match.simulate import Measure, Outcomes

_MEASURES = ("workshops", "served", "reached", "elected", "unmet", "spent")
_NAMES, _WIDE, _VALUE, _ACROSS, _ROW = 178.0, 190.0, 64.0, 3, 26.0


def differences(
    outcomes: Outcomes, lang: Lang | None = None, *, measures: Iterable[str] = _MEASURES
) -> alt.ConcatChart:
    """Draw what each scenario changes: its mean difference to the first and the interval of it, a panel a measure.

    Args:
        outcomes: Outcomes of simulations, of several scenarios.
        lang: Language of its texts.
        measures: Names of measures of the whole programme (see `prai_match.simulate.measures`).

    Raises:
        UnknownCodeError: There is no such measure, or it is only counted for parts of the programme.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme, charts
        >>> from prai_match.simulate import Scenario
        >>> outcomes = Programme.example().simulate(
        ...     [Scenario(name="baseline"), Scenario.of("cut", budget_times=0.5)],
        ...     dt.date(2007, 1, 1), dt.date(2007, 2, 28), replications=2,
        ... )
        >>> charts.differences(outcomes, measures=["served"]).to_dict()["title"]["text"]
        'Ce que chaque scénario change'
    """
    lang = current_language(lang)
    words, titles = texts_of("outcomes", lang), names(outcomes, lang)
    said, (first, *others) = words["differences"], titles.values()
    whole = outcomes.differences().filter(pl.col("of").is_null())
    whole_measures = outcomes.summary().filter(pl.col("of").is_null())["measure"].unique().to_list()
    chosen = list(measures)
    for name in chosen:
        if name not in whole_measures:
            raise UnknownCodeError("measure", name, nearest(name, sorted(whole_measures)))
    under = [said["compared"].format(baseline=first), said["reading"], *subtitle(outcomes, words, lang)]
    tones, panels = colours(outcomes), []
    for place, name in enumerate(chosen if others else []):
        measure, rows = outcomes.measures[name], whole.filter(measure=name).iter_rows(named=True)
        drawn = list(_lines(rows, measure, titles, tones, said, lang))
        panels.append(_panel(drawn, measure, said, lang, named=place % _ACROSS == 0))
    if not panels:
        panels, under = [sentence(words["alone"])], list(subtitle(outcomes, words, lang))
    drawing: alt.ConcatChart = library().concat(*panels, columns=_ACROSS, spacing=24)
    return finished(drawing, said["title"], under, lang)


def _lines(  # noqa: PLR0913, PLR0917 - what a line says
    rows: Iterable[Mapping[str, Any]],
    measure: Measure,
    titles: Mapping[str, str],
    tones: Mapping[str, str],
    said: Mapping[str, Any],
    lang: Lang,
) -> Iterator[Row]:
    """Return the scenarios of a panel: their mean difference, its interval, and where most replications are."""
    for place, row in enumerate(rows):
        mean, error = row["mean"] or 0.0, row["error"] or 0.0
        ends = {"low": mean - error, "high": mean + error, "least": row["low"] or 0.0, "most": row["high"] or 0.0}
        written = {
            name: amount(value, measure, lang, difference=True) for name, value in {"mean": mean, **ends}.items()
        }
        title = titles[row["scenario"]]
        yield {
            "place": place,
            "fill": tones[row["scenario"]],
            "mean": row["mean"],
            **ends,
            "text": wrapped(title, _NAMES, SMALL),
            "value": "–" if row["mean"] is None else written["mean"],
            "told": said["told"].format(scenario=title, measure=measure.meaning(lang), **written),
        }


def _panel(
    rows: Sequence[Row], measure: Measure, said: Mapping[str, Any], lang: Lang, *, named: bool
) -> alt.LayerChart:
    vega, meaning, y = library(), measure.meaning(lang), lines(len(rows))
    title = said["unit"].format(measure=meaning, unit=measure.unit) if measure.unit else meaning
    axis = vega.Axis(title=None, tickCount=4, format="+,~f", labelExpr=SIGNED, labelFontSize=10, labelOverlap=True)
    known = [row for row in rows if row["mean"] is not None]
    return layered(
        marks([{"zero": 0}]).mark_rule().encode(x="zero:Q"),
        marks(rows).mark_rule(color=RULE, strokeWidth=2).encode(x=vega.X("least:Q", axis=axis), x2="most:Q", y=y),
        marks(rows).mark_rule(color=GREY, strokeWidth=5).encode(x="low:Q", x2="high:Q", y=y),
        marks(known).mark_point(size=40).encode(x="mean:Q", y=y, **plain("fill"), tooltip="told:N"),
        texts(rows, "value", align="right").encode(x=_WIDE + _VALUE, y=y),
        *([texts(rows, align="right").encode(x=-12, y=y)] if named else []),
        title=vega.TitleParams(wrapped(title, _WIDE + _VALUE).split("\n"), frame="group"),
        width=_WIDE,
        height=_ROW * len(rows),
    )
