"""The points of one recommendation as a waterfall, or what stands in the way of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from prai_match import _arguments as given, explain
from prai_match.charts._marks import Row, layers, lines, marks, plain, texts
from prai_match.charts._theme import GREY, INK, PALETTE, TEXT, ChartWords, balance, library, safe, words_of, wrap
from prai_match.errors import Lang

if TYPE_CHECKING:
    import altair as alt

    from prai_match.recommend import AnsweredOne

_NAMES, _BARS, _ROW, _WIDE = 370, 320, 36, 850
_FILLS = {"session": PALETTE[0], "partner": PALETTE[1], "trainer": PALETTE[2]}
_MARKS = {"satisfied": ("✓", PALETTE[2]), "refuted": ("✗", PALETTE[5]), "unknown": ("?", GREY)}


@given.takes()
def contributions(rec: AnsweredOne, lang: Lang | None = None) -> alt.LayerChart:
    """Draw what makes the score of a recommendation: the points of each preference, one after the other, to the total.

    In a blackout it is the score of what can be held next, and the subtitle says so. Where nothing can be offered, the
    chart lists the conditions that stand in the way.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme, charts
        >>> rec = Programme.example().recommend(on=dt.date(2007, 9, 3))["200066231"]
        >>> charts.contributions(rec).to_dict()["title"]["text"]
        'Ce qui fait le score de la recommandation'
    """
    words = words_of("contributions", lang)
    why, on = explain.why(rec.answers, rec.territory, words.lang), words("on", day=rec.answers.on)
    if rec.answers.choice(rec.territory).next is None:
        return words.finish(_obstacles(why.conditions, words), words["none_title"], why.title, on, words["marks"])
    return words.finish(_waterfall(why.details, words), words["title"], why.title, on)


def _waterfall(details: Sequence[explain.Contribution], words: ChartWords) -> alt.LayerChart:
    bars = [step | {"place": place, "next": place + 1} for place, step in enumerate(_steps(details, words))]
    vega, y = library(), lines(len(bars))
    ends = [0.0, 10.0, *(bar[end] for bar in bars for end in ("from", "to"))]
    axis = vega.Axis(titleAnchor="start", labelFontSize=TEXT, tickCount=5)
    x = vega.X("from:Q", title=words["points"], scale=vega.Scale(domain=[min(ends), max(ends)], nice=False), axis=axis)
    return layers(
        marks(bars[:-1]).mark_rule(color=GREY).encode(x="to:Q", y=y, y2="next:O"),
        marks(bars).mark_bar(size=20, cornerRadius=1).encode(x=x, x2="to:Q", y=y, **plain("fill"), tooltip="told:N"),
        *[
            mark
            for rows, look in ((bars[:-1], {"fontSize": TEXT}), (bars[-1:], {"fontSize": TEXT, "fontWeight": "bold"}))
            for mark in (
                texts(rows, "label", align="right", **look).encode(x=-16, y=y),
                texts(rows, "value", dx=7, **look).encode(x="high:Q", y=y),
            )
        ],
        width=_BARS,
        height=_ROW * len(bars),
    )


def _steps(details: Sequence[explain.Contribution], words: ChartWords) -> Iterator[Row]:
    """Give the bars in their order: where they begin and end in points, what is amount beside and told of them."""

    def bar(start: float, end: float, fill: str, hint: str) -> Row:
        return {"from": start, "to": end, "high": max(start, end), "fill": fill, "told": hint}

    points, giving = 0.0, [detail for detail in details if detail.points]
    for detail in giving:
        amount = f"{'+' if detail.points > 0 else ''}{words.number(detail.points, 1)}"
        stage, sentence = words["stage"][detail.stage], safe(detail.sentence)
        of = words("of", points=amount, most=words.number(detail.out_of, 1))
        row = bar(points, points + detail.points, _FILLS[detail.stage], f"{sentence} {of} ({stage})")
        yield row | {"label": balance(detail.sentence, _NAMES), "value": f"{amount} ({stage})"}
        points += detail.points
    if silent := len(details) - len(giving):
        label = words.count("nothing", silent)
        yield bar(points, points, GREY, label) | {"label": label, "value": "0"}
    total = words.number(points, 1)
    yield bar(0.0, points, INK, total) | {"label": words["total"], "value": total}


def _obstacles(conditions: Sequence[explain.Condition], words: ChartWords) -> alt.LayerChart:
    rows = [
        {"place": place, "mark": mark, "ink": ink, "text": wrap(condition.sentence, _WIDE - 40)}
        | {"told": words["state"][condition.state]}
        for place, condition in enumerate(conditions)
        for mark, ink in [_MARKS[condition.state]]
    ]
    y = lines(len(rows))
    return layers(
        texts(rows, "mark", align="center", fontSize=16, fontWeight="bold").encode(x=10, y=y, **plain(color="ink")),
        texts(rows, fontSize=TEXT).encode(x=28, y=y),
        width=_WIDE,
        height=_ROW * max(1, len(rows)),
    )
