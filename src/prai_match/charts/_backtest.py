"""A backtest drawn: a measure of every ranker with its interval, and whether probabilities come true."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, get_args

from prai_match.charts._canvas import Row, canvas, points, rules, texts
from prai_match.charts._theme import GREY, INK, PALE, PALETTE, SMALL, balanced, finished, shown, texts_of
from prai_match.errors import UnknownCodeError
from prai_match.text import counted, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    import altair as alt

    from prai_match.backtest import Backtest
    from prai_match.errors import Lang

Measure = Literal["hit_1", "hit_3", "mrr", "ndcg", "coverage"]

_LEFT, _WIDE, _ROW, _TOP, _AFTER = 200.0, 380.0, 34.0, 10.0, 170.0
_SIZE, _EDGE = 380.0, 60.0
_DISC = 900.0
"""Square pixels of the largest disc."""
_TICKS = range(0, 101, 20)
_SHARES = frozenset({"hit_1", "hit_3", "coverage"})
"""Measures in per cent."""


def measures(found: Backtest, measure: Measure = "hit_1", lang: Lang = "fr") -> alt.LayerChart:
    """Draw a measure of every policy and baseline, with its interval.

    Args:
        found: The backtest.
        measure: ``hit_1``, ``hit_3``, ``mrr``, ``ndcg`` or ``coverage``.
        lang: Language of its texts.

    Raises:
        PraiError: The extra ``viz`` is not installed.
        UnknownCodeError: The measure is none of these, or the language is neither ``fr`` nor ``en``.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme, charts
        >>> found = Programme.example().backtest([dt.date(2007, 5, 2), dt.date(2007, 9, 3)], replications=100)
        >>> charts.measures(found, lang="en").to_dict()["title"]["text"]
        'Share of the cases in which the session put first was attended (hit@1)'
    """
    words = texts_of("backtest", lang)
    if measure not in get_args(Measure):
        raise UnknownCodeError("measure", measure, get_args(Measure))
    names = found.names(lang)
    rows = list(found.measures.filter(measure=measure).iter_rows(named=True))
    marks: list[Row] = []
    spans: list[Row] = []
    labels: list[Row] = []
    figures: list[Row] = []
    for place, row in enumerate(rows):
        y = _TOP + (place + 0.5) * _ROW
        said = _said(row, words, lang)
        told = words["told"].format(name=shown(names[row["ranker"]]), value=said)
        fill = PALETTE[0] if row["kind"] == "policy" else PALETTE[7]
        marks.append({"x": _across(row["value"]), "y": y, "shape": "circle", "fill": fill, "size": 110, "told": told})
        if row["low"] is not None:
            spans.append({"x": _across(row["low"]), "x2": _across(row["high"]), "y": y, "y2": y})
        labels.append({"x": _LEFT - 12, "y": y, "text": balanced(names[row["ranker"]], _LEFT - 20)})
        figures.append({"x": _LEFT + _WIDE + _AFTER, "y": y, "text": said})
    bottom = _TOP + len(rows) * _ROW
    scale = words["percent"] if measure in _SHARES else None
    drawing = canvas(
        _LEFT + _WIDE + _AFTER + 10,
        bottom + 24,
        rules(
            [{"x": _across(tick / 100), "x2": _across(tick / 100), "y": _TOP, "y2": bottom} for tick in _TICKS],
            color=PALE,
        ),
        texts(
            [
                {
                    "x": _across(tick / 100),
                    "y": bottom + 12,
                    "text": scale.format(value=tick) if scale else number(tick / 100, 1, lang),
                }
                for tick in _TICKS
            ],
            align="center",
            fontSize=SMALL,
        ),
        rules(spans, color=INK, strokeWidth=2),
        points([mark | {"stroke": INK} for mark in marks]),
        texts(labels, align="right"),
        texts(figures, align="right", fontSize=SMALL),
    )
    interval = words["interval"].format(level=number(100 * found.asked.level, 0, lang))
    return finished(drawing, words["titles"][measure], [_about(found, words, lang), interval], lang)


def reliability(found: Backtest, lang: Lang = "fr") -> alt.LayerChart:
    """Draw the share of follow-ups that were followed against the probability that the graph gave them, by bin.

    Args:
        found: The backtest.
        lang: Language of its texts.

    Raises:
        PraiError: The extra ``viz`` is not installed.
        UnknownCodeError: The language is neither ``fr`` nor ``en``.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme, charts
        >>> found = Programme.example().backtest([dt.date(2007, 5, 2), dt.date(2007, 9, 3)], replications=100)
        >>> charts.reliability(found, lang="en").to_dict()["title"]["text"]
        "Do the follow-up graph's probabilities come true?"
    """
    words = texts_of("backtest", lang)
    said = words["reliability"]
    about = _about(found, words, lang)
    if found.calibration.is_empty():
        empty = canvas(_SIZE, 40, texts([{"x": 0, "y": 20, "text": said["none"]}]))
        return finished(empty, said["title"], [about], lang)
    bins = list(found.calibration.iter_rows(named=True))
    most = max(row["pairs"] for row in bins)
    discs = [
        {
            "x": _right(row["predicted"]),
            "y": _up(row["observed"]),
            "shape": "circle",
            "fill": PALETTE[0],
            "stroke": INK,
            "size": max(40.0, _DISC * row["pairs"] / most),
            "told": said["told"].format(
                pairs=number(row["pairs"], 0, lang),
                predicted=number(100 * row["predicted"], 0, lang),
                observed=number(100 * row["observed"], 0, lang),
            ),
        }
        for row in bins
    ]
    spans = [
        {
            "x": _right(row["predicted"]),
            "x2": _right(row["predicted"]),
            "y": _up(row["observed_low"]),
            "y2": _up(row["observed_high"]),
        }
        for row in bins
        if row["observed_low"] is not None
    ]
    down = [{"x": _right(tick / 100), "x2": _right(tick / 100), "y": _up(0), "y2": _up(1)} for tick in _TICKS]
    across = [{"x": _right(0), "x2": _right(1), "y": _up(tick / 100), "y2": _up(tick / 100)} for tick in _TICKS]
    drawing = canvas(
        _EDGE + _SIZE + 20,
        _SIZE + 60,
        rules([*down, *across], color=PALE),
        rules([{"x": _right(0), "x2": _right(1), "y": _up(0), "y2": _up(1)}], color=GREY, strokeDash=[5, 4]),
        texts(
            [{"x": _right(0.86), "y": _up(0.86), "text": said["equal"], "tone": GREY}],
            align="center",
            angle=315,
            baseline="bottom",
            dy=-6,
            fontSize=SMALL,
        ),
        rules(spans, color=INK, strokeWidth=2),
        points(discs, opacity=0.85),
        texts(
            [{"x": _right(tick / 100), "y": _up(0) + 12, "text": str(tick)} for tick in _TICKS],
            align="center",
            fontSize=SMALL,
        ),
        texts(
            [{"x": _EDGE - 10, "y": _up(tick / 100), "text": str(tick)} for tick in _TICKS],
            align="right",
            fontSize=SMALL,
        ),
        texts([{"x": _right(0.5), "y": _up(0) + 34, "text": said["x"], "tone": GREY}], align="center"),
        texts([{"x": 14, "y": _up(0.5), "text": said["y"], "tone": GREY}], align="center", angle=270),
    )
    interval = words["interval"].format(level=number(100 * found.asked.level, 0, lang))
    return finished(drawing, said["title"], [about, said["size"], interval], lang)


def _across(value: float) -> float:
    return _LEFT + _WIDE * value


def _right(value: float) -> float:
    return _EDGE + _SIZE * value


def _up(value: float) -> float:
    return 10 + _SIZE * (1 - value)


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
