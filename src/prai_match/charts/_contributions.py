"""The points of one recommendation as a waterfall, or what stands in the way of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prai_match import explain
from prai_match.charts._marks import Row, layered, lines, marks, plain, texts
from prai_match.charts._theme import GREY, INK, PALETTE, TEXT, balanced, finished, library, shown, texts_of, wrapped
from prai_match.text import counted, current_language, day, number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import altair as alt

    from prai_match.errors import Lang
    from prai_match.explain import Condition, Contribution
    from prai_match.recommend import AnsweredOne

_NAMES, _BARS, _ROW, _WIDE = 370, 320, 36, 850
_FILLS = {"session": PALETTE[0], "partner": PALETTE[1], "trainer": PALETTE[2]}
_MARKS = {"satisfied": ("✓", PALETTE[2]), "refuted": ("✗", PALETTE[5]), "unknown": ("?", GREY)}


def contributions(rec: AnsweredOne, lang: Lang | None = None) -> alt.LayerChart:
    """Draw what makes the score of a recommendation: the points of each preference, one after the other, to the total.

    In a blackout it is the score of what can be held next, and the subtitle says so. Where nothing can be offered, the
    chart lists the conditions that stand in the way.

    Args:
        rec: A recommendation.
        lang: Language of its texts.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme, charts
        >>> rec = Programme.example().recommend(on=dt.date(2007, 9, 3))["200066231"]
        >>> charts.contributions(rec).to_dict()["title"]["text"]
        'Ce qui fait le score de la recommandation'
    """
    lang = current_language(lang)
    words = texts_of("contributions", lang)
    why = explain.why(rec.answers, rec.territory, lang)
    subtitle = [why.title, words["on"].format(day=day(rec.answers.on, lang))]
    if rec.answers.choice(rec.territory).next is None:
        return finished(_obstacles(why.conditions, words), words["none_title"], [*subtitle, words["marks"]], lang)
    return finished(_waterfall(why.details, words, lang), words["title"], subtitle, lang)


def _waterfall(details: Sequence[Contribution], words: Mapping[str, Any], lang: Lang) -> alt.LayerChart:
    vega = library()
    bars = [step | {"place": place, "next": place + 1} for place, step in enumerate(_steps(details, words, lang))]
    ends = [0.0, 10.0, *(bar[end] for bar in bars for end in ("from", "to"))]
    axis = vega.Axis(titleAnchor="start", labelFontSize=TEXT, tickCount=5)
    x = vega.X("from:Q", title=words["points"], scale=vega.Scale(domain=[min(ends), max(ends)], nice=False), axis=axis)
    y = lines(len(bars))
    written = [
        mark
        for those, look in ((bars[:-1], {"fontSize": TEXT}), (bars[-1:], {"fontSize": TEXT, "fontWeight": "bold"}))
        for mark in (
            texts(those, "label", align="right", **look).encode(x=-16, y=y),
            texts(those, "value", dx=7, **look).encode(x="high:Q", y=y),
        )
    ]
    return layered(
        marks(bars[:-1]).mark_rule(color=GREY).encode(x="to:Q", y=y, y2="next:O"),
        marks(bars).mark_bar(size=20, cornerRadius=1).encode(x=x, x2="to:Q", y=y, **plain("fill"), tooltip="told:N"),
        *written,
        width=_BARS,
        height=_ROW * len(bars),
    )


def _steps(details: Sequence[Contribution], words: Mapping[str, Any], lang: Lang) -> Iterator[Row]:
    """Give the bars in their order: where they begin and end in points, what is written beside and told of them."""
    reached = 0.0
    giving = [detail for detail in details if detail.points]
    for detail in giving:
        points = f"{'+' if detail.points > 0 else ''}{number(detail.points, 1, lang)}"
        stage, sentence = words["stage"][detail.stage], shown(detail.sentence)
        of = words["of"].format(points=points, most=number(detail.out_of, 1, lang))
        said = {"label": balanced(detail.sentence, _NAMES), "value": f"{points} ({stage})"}
        yield _bar(reached, reached + detail.points, _FILLS[detail.stage], f"{sentence} {of} ({stage})") | said
        reached += detail.points
    if silent := len(details) - len(giving):
        said = {"label": counted(silent, words["nothing"], lang), "value": "0"}
        yield _bar(reached, reached, GREY, said["label"]) | said
    total = number(reached, 1, lang)
    yield _bar(0.0, reached, INK, total) | {"label": words["total"], "value": total}


def _bar(start: float, end: float, fill: str, told: str) -> Row:
    return {"from": start, "to": end, "high": max(start, end), "fill": fill, "told": told}


def _obstacles(conditions: Sequence[Condition], words: Mapping[str, Any]) -> alt.LayerChart:
    rows = [
        {"place": place, "mark": mark, "ink": ink, "text": wrapped(condition.sentence, _WIDE - 40)}
        | {"told": words["state"][condition.state]}
        for place, condition in enumerate(conditions)
        for mark, ink in [_MARKS[condition.state]]
    ]
    y = lines(len(rows))
    return layered(
        texts(rows, "mark", align="center", fontSize=16, fontWeight="bold").encode(x=10, y=y, **plain(color="ink")),
        texts(rows, fontSize=TEXT).encode(x=28, y=y),
        width=_WIDE,
        height=_ROW * max(1, len(rows)),
    )
