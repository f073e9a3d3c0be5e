"""The points of one recommendation as a waterfall, or what stands in the way of one."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from prai_match import explain
from prai_match.charts._canvas import Row, canvas, rects, rules, texts
from prai_match.charts._theme import (
    GREY,
    INK,
    PALE,
    PALETTE,
    SMALL,
    balanced,
    finished,
    lines_of,
    shown,
    texts_of,
    wrapped,
)
from prai_match.text import counted, day, number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import altair as alt

    from prai_match.errors import Lang
    from prai_match.explain import Condition, Contribution
    from prai_match.recommend import AnsweredOne

_LABELS, _LEFT, _BARS, _AFTER = 370, 386, 320, 150
_WIDTH = _LEFT + _BARS + _AFTER
_ROW, _BAR = 36, 20
_FILLS = {"session": PALETTE[0], "partner": PALETTE[1], "trainer": PALETTE[2]}
_MARKS = {"satisfied": ("✓", PALETTE[2]), "refuted": ("✗", PALETTE[5]), "unknown": ("?", GREY)}


def contributions(rec: AnsweredOne, lang: Lang = "fr") -> alt.LayerChart:
    """Draw what makes the score of a recommendation: the points of each preference, one after the other, to the total.

    In a blackout it is the score of what can be held next, and the subtitle says so. Where nothing can be offered, the
    chart lists the conditions that stand in the way.

    Args:
        rec: A recommendation.
        lang: Language of its texts.

    Raises:
        PraiError: The extra ``viz`` is not installed.
        UnknownCodeError: The language is neither ``fr`` nor ``en``.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme, charts
        >>> rec = Programme.example().recommend(on=dt.date(2007, 9, 3))["200066231"]
        >>> charts.contributions(rec).to_dict()["title"]["text"]
        'Ce qui fait le score de la recommandation'
    """
    words = texts_of("contributions", lang)
    why = explain.why(rec.answers, rec.territory, lang)
    subtitle = [*lines_of([why.title], _WIDTH), words["on"].format(day=day(rec.answers.on, lang))]
    if rec.answers.choice(rec.territory).next is None:
        subtitle.append(words["marks"])
        return finished(_obstacles(why.conditions, words), words["none_title"], subtitle, lang)
    return finished(_waterfall(why.details, words, lang), words["title"], subtitle, lang)


def _waterfall(details: Sequence[Contribution], words: Mapping[str, Any], lang: Lang) -> alt.LayerChart:
    steps = list(_steps(details, words, lang))
    ends = [0.0, 10.0, *(end for step in steps for end in (step["from"], step["to"]))]
    least, scale = min(ends), _BARS / (max(ends) - min(ends))

    def across(points: float) -> float:
        return float(_LEFT + (points - least) * scale)

    bars = [
        step
        | {
            "x": across(min(step["from"], step["to"])),
            "x2": across(max(step["from"], step["to"])),
            "y": place * _ROW + (_ROW - _BAR) / 2,
            "y2": place * _ROW + (_ROW + _BAR) / 2,
        }
        for place, step in enumerate(steps)
    ]
    height = len(steps) * _ROW
    every = 10 if max(ends) - least > 25 else 5  # noqa: PLR2004 - about five ticks
    ticks = range(math.ceil(least / every) * every, math.floor(max(ends)) + 1, every)
    links = [{"x": across(bar["to"]), "x2": across(bar["to"]), "y": bar["y"], "y2": bar["y"] + _ROW} for bar in bars]
    return canvas(
        _WIDTH,
        height + 36,
        rules([{"x": across(tick), "x2": across(tick), "y": 0, "y2": height} for tick in ticks], color=PALE),
        texts([{"x": across(tick), "y": height + 12, "text": str(tick)} for tick in ticks], align="center"),
        texts([{"x": _LEFT, "y": height + 32, "text": words["points"], "tone": GREY}]),
        rules(links[:-1], color=GREY),
        rects(bars, cornerRadius=1),
        texts(
            [bar | {"x": _LABELS, "y": bar["y"] + _BAR / 2, "text": bar["label"]} for bar in bars[:-1]], align="right"
        ),
        texts([bar | {"x": bar["x2"], "y": bar["y"] + _BAR / 2, "text": bar["value"]} for bar in bars[:-1]], dx=7),
        texts([_total(bars[-1], _LABELS, "label")], align="right", fontWeight="bold"),
        texts([_total(bars[-1], bars[-1]["x2"], "value")], dx=7, fontWeight="bold"),
    )


def _total(bar: Mapping[str, Any], x: float, field: str) -> Row:
    return {"x": x, "y": bar["y"] + _BAR / 2, "text": bar[field]}


def _steps(details: Sequence[Contribution], words: Mapping[str, Any], lang: Lang) -> Iterator[Row]:
    """Give the bars in their order: where they begin and end in points, what is written beside and told of them."""
    reached = 0.0
    giving = [detail for detail in details if detail.points]
    for detail in giving:
        points = f"{'+' if detail.points > 0 else ''}{number(detail.points, 1, lang)}"
        stage = words["stage"][detail.stage]
        of = words["of"].format(points=points, most=number(detail.out_of, 1, lang))
        yield {
            "from": reached,
            "to": reached + detail.points,
            "fill": _FILLS[detail.stage],
            "label": balanced(detail.sentence, _LABELS),
            "value": f"{points} ({stage})",
            "told": f"{shown(detail.sentence)} {of} ({stage})",
        }
        reached += detail.points
    if silent := len(details) - len(giving):
        said = counted(silent, words["nothing"], lang)
        yield {"from": reached, "to": reached, "fill": GREY, "label": said, "value": "0", "told": said}
    total = number(reached, 1, lang)
    yield {"from": 0.0, "to": reached, "fill": INK, "label": words["total"], "value": total, "told": total}


def _obstacles(conditions: Sequence[Condition], words: Mapping[str, Any]) -> alt.LayerChart:
    marks, said = [], []
    for place, condition in enumerate(conditions):
        mark, tone = _MARKS[condition.state]
        middle = {"y": place * _ROW + _ROW / 2, "told": words["state"][condition.state]}
        marks.append(middle | {"x": 10, "text": mark, "tone": tone})
        said.append(middle | {"x": 28, "text": wrapped(condition.sentence, _WIDTH - 40), "tone": INK})
    height = max(1, len(conditions)) * _ROW
    heavy = texts(marks, told=True, align="center", fontSize=SMALL + 5, fontWeight="bold")
    return canvas(_WIDTH, height, heavy, texts(said))
