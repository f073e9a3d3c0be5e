"""A backtest drawn: a measure of every ranker with its interval, and whether probabilities come true."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, get_args

from prai_match.charts._lorenz import equality, percents
from prai_match.charts._marks import layered, lines, marks, plain, sentence, texts
from prai_match.charts._theme import INK, PALETTE, TEXT, balanced, finished, library, shown, texts_of
from prai_match.errors import UnknownCodeError
from prai_match.text import counted, current_language, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    import altair as alt

    from prai_match.backtest import Backtest
    from prai_match.errors import Lang

Measure = Literal["hit_1", "hit_3", "mrr", "ndcg", "coverage"]

_WIDE, _ROW, _AFTER, _NAMES = 380.0, 34.0, 170.0, 190.0
_SHARES = frozenset({"hit_1", "hit_3", "coverage"})
"""Measures in per cent."""


def performance(found: Backtest, measure: Measure = "hit_1", lang: Lang | None = None) -> alt.LayerChart:
    """Draw a measure of every policy and baseline, with its interval.

    Args:
        found: The backtest.
        measure: ``hit_1``, ``hit_3``, ``mrr``, ``ndcg`` or ``coverage``.
        lang: Language of its texts.

    Raises:
        UnknownCodeError: The measure is none of these.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme, charts
        >>> found = Programme.example().backtest([dt.date(2007, 5, 2), dt.date(2007, 9, 3)], replications=100)
        >>> charts.performance(found, lang="en").to_dict()["title"]["text"]
        'Share of the cases in which the session put first was attended (hit@1)'
    """
    lang = current_language(lang)
    words = texts_of("backtest", lang)
    if measure not in get_args(Measure):
        raise UnknownCodeError("measure", measure, get_args(Measure))
    names = found.names(lang)
    rows = list(found.measures.filter(measure=measure).iter_rows(named=True))
    drawn = [
        {name: row[name] for name in ("value", "low", "high")}
        | {"place": place, "fill": PALETTE[0] if row["kind"] == "policy" else PALETTE[7], "said": said}
        | {"text": balanced(names[row["ranker"]], _NAMES)}
        | {"told": words["told"].format(name=shown(names[row["ranker"]]), value=said)}
        for place, row in enumerate(rows)
        for said in [_said(row, words, lang)]
    ]
    vega, y = library(), lines(len(rows))
    ticks = [tick / 10 for tick in range(0, 11, 2)]
    axis = vega.Axis(title=None, format=".0%" if measure in _SHARES else ".1f", values=ticks)
    x = vega.X("value:Q", scale=vega.Scale(domain=[0, 1]), axis=axis)
    drawing = layered(
        marks(drawn).mark_rule(strokeWidth=2).encode(x="low:Q", x2="high:Q", y=y),
        marks(drawn).mark_point(size=110).encode(x=x, y=y, **plain("fill"), tooltip="told:N"),
        texts(drawn, align="right", fontSize=TEXT).encode(x=-12, y=y),
        texts(drawn, "said", align="right").encode(x=_WIDE + _AFTER, y=y),
        width=_WIDE,
        height=_ROW * len(rows),
    )
    interval = words["interval"].format(level=number(100 * found.asked.level, 0, lang))
    return finished(drawing, words["titles"][measure], [_about(found, words, lang), interval], lang)


def reliability(found: Backtest, lang: Lang | None = None) -> alt.LayerChart:
    """Draw the share of follow-ups that were followed against the probability that the graph gave them, by bin.

    Args:
        found: The backtest.
        lang: Language of its texts.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme, charts
        >>> found = Programme.example().backtest([dt.date(2007, 5, 2), dt.date(2007, 9, 3)], replications=100)
        >>> charts.reliability(found, lang="en").to_dict()["title"]["text"]
        "Do the follow-up graph's probabilities come true?"
    """
    lang = current_language(lang)
    words = texts_of("backtest", lang)
    said = words["reliability"]
    about = _about(found, words, lang)
    if found.calibration.is_empty():
        return finished(sentence(said["none"]), said["title"], [about], lang)
    bins = [
        {name: value if name == "pairs" or value is None else 100 * value for name, value in row.items()}
        for row in found.calibration.iter_rows(named=True)
    ]
    for row in bins:
        names = ("pairs", "predicted", "observed")
        row["told"] = said["told"].format_map({name: number(row[name], 0, lang) for name in names})
    vega = library()
    x, y = percents("x", "predicted:Q", said["x"]), percents("y", "observed:Q", said["y"])
    areas = vega.Scale(domain=[0, max(row["pairs"] for row in bins)], range=[0, 900])
    drawing = layered(
        *equality(said["equal"], 86),
        marks(bins).mark_rule(strokeWidth=2).encode(x=x, y="observed_low:Q", y2="observed_high:Q"),
        marks(bins)
        .mark_circle(color=PALETTE[0], stroke=INK, opacity=0.85)
        .encode(x=x, y=y, size=vega.Size("pairs:Q", scale=areas, legend=None), tooltip="told:N"),
        width=_WIDE,
        height=_WIDE,
    )
    interval = words["interval"].format(level=number(100 * found.asked.level, 0, lang))
    return finished(drawing, said["title"], [about, said["size"], interval], lang)


def _about(found: Backtest, words: Mapping[str, Any], lang: Lang) -> str:
    counts = words["count"]
    about: str = words["on"].format(
        programme=found.programme.get(lang),
        splits=counted(len(found.asked.splits), counts["splits"], lang),
        days=number(found.asked.horizon_days, 0, lang),
        territories=counted(found.territories, counts["territories"], lang),
    )
    return about


def _said(row: Mapping[str, Any], words: Mapping[str, Any], lang: Lang) -> str:
    """Write the value of a measure with its interval."""
    shares = row["measure"] in _SHARES
    ends = {
        name: number(row[name] * (100 if shares else 1), 0 if shares else 2, lang)
        for name in ("value", "low", "high")
        if row[name] is not None
    }
    value: str = words["percent"].format_map(ends) if shares else ends["value"]
    return value if row["low"] is None else str(words["value"].format_map(ends | {"value": value}))
