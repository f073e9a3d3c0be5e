"""The share of the sessions that each département hosted, beside its share of the population."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from prai_match import register
from prai_match.charts._canvas import Row, canvas, points, rects, rules, texts
from prai_match.charts._counts import sessions_held
from prai_match.charts._theme import GREY, INK, PALE, PALETTE, SMALL, finished, texts_of
from prai_match.text import counted, day, number

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    import altair as alt

    from prai_match.errors import Lang
    from prai_match.model import ProgrammeData

_LEFT, _BARS, _ROW, _BAR, _TOP = 180.0, 420.0, 30.0, 18.0, 34.0
_SESSIONS, _PEOPLE = _LEFT + _BARS + 90, _LEFT + _BARS + 180  # where the figures end
_WIDTH = _PEOPLE + 10


def shares(programme: ProgrammeData, on: dt.date | None = None, lang: Lang = "fr") -> alt.LayerChart:
    """Draw each département's share of the sessions held until a day, with its share of the population as a mark.

    Args:
        programme: The programme; only its territories' départements and population count.
        on: The day; without it, the last of the programme.
        lang: Language of its texts.

    Raises:
        PraiError: The extra ``viz`` is not installed.
        UnknownCodeError: The language is neither ``fr`` nor ``en``.

    Example:
        >>> from prai_match import Programme, charts
        >>> charts.shares(Programme.example()).to_dict()["title"]["text"]
        'Part des sessions par département'
    """
    words, until = texts_of("shares", lang), on or programme.period.end
    held = sessions_held(programme, until)
    people: Counter[str] = Counter()
    for territory in programme.territories:
        people[territory.departement] += territory.population
    ordered = sorted(people, key=lambda code: (-held.get(code, 0), -people[code], code))
    count = counted(sum(held.values()), words["count"], lang)
    subtitle = [
        words["on"].format(programme=programme.name.get(lang), count=count, day=day(until, lang)),
        words["source"] if held else words["none"],
    ]
    lines = [_line(code, held, people, words, lang) for code in ordered]
    return finished(_bars(lines, words), words["title"], subtitle, lang)


def _line(code: str, held: Mapping[str, int], people: Mapping[str, int], words: Mapping[str, Any], lang: Lang) -> Row:
    share = 100 * held.get(code, 0) / max(sum(held.values()), 1)
    inhabitants = 100 * people[code] / max(sum(people.values()), 1)
    said = {
        "name": register.department(code),
        "share": number(share, 0, lang),
        "count": counted(held.get(code, 0), words["count"], lang),
        "population": number(inhabitants, 0, lang),
    }
    return {
        "name": said["name"],
        "share": share,
        "population": inhabitants,
        "sessions": words["value"].format_map(said | {"count": held.get(code, 0)}),
        "people": words["percent"].format(share=said["population"]),
        "told": words["told"].format_map(said),
    }


def _bars(lines: Sequence[Mapping[str, Any]], words: Mapping[str, Any]) -> alt.LayerChart:
    most = max([10.0, *(max(line["share"], line["population"]) for line in lines)])
    scale = _BARS / most
    every = next((step for step in (5, 10, 20) if most / step <= 6), 25)  # noqa: PLR2004 - about five ticks
    ticks = [_LEFT + tick * scale for tick in range(0, int(most) + 1, every)]
    height = _TOP + len(lines) * _ROW
    bars: list[Row] = []
    marks: list[Row] = []
    names: list[Row] = []
    figures: list[Row] = []
    for place, line in enumerate(lines):
        middle = _TOP + (place + 0.5) * _ROW
        share, people = _LEFT + line["share"] * scale, _LEFT + line["population"] * scale
        told = {"told": line["told"]}
        bars.append(
            told | {"x": _LEFT, "x2": share, "y": middle - _BAR / 2, "y2": middle + _BAR / 2, "fill": PALETTE[0]}
        )
        marks.append(told | _mark(people, middle))
        names.append({"x": _LEFT - 10, "y": middle, "text": line["name"]})
        figures.append({"x": _SESSIONS, "y": middle, "text": line["sessions"]})
        figures.append({"x": _PEOPLE, "y": middle, "text": line["people"]})
    key = [{"x": _LEFT, "x2": _LEFT + 22, "y": 6, "y2": 18, "fill": PALETTE[0]}]
    keys = [
        {"x": _LEFT + 28, "y": 12, "text": words["sessions"]},
        {"x": _LEFT + 196, "y": 12, "text": words["population"]},
    ]
    heads = [
        {"x": _SESSIONS, "y": 12, "text": words["head_sessions"], "tone": GREY},
        {"x": _PEOPLE, "y": 12, "text": words["head_population"], "tone": GREY},
    ]
    return canvas(
        _WIDTH,
        height + 34,
        rules([{"x": x, "x2": x, "y": _TOP, "y2": height} for x in ticks], color=PALE),
        texts(
            [{"x": x, "y": height + 10, "text": str(place * every)} for place, x in enumerate(ticks)],
            align="center",
            fontSize=SMALL,
        ),
        texts([{"x": _LEFT, "y": height + 28, "text": words["axis"], "tone": GREY}], fontSize=SMALL),
        rects(key, told=False),
        points([_mark(_LEFT + 182, 12)], told=False),
        texts(keys, fontSize=SMALL),
        rects(bars),
        points(marks),
        texts(names, align="right"),
        texts(figures, align="right", fontSize=SMALL),
        texts(heads, align="right", fontSize=SMALL, fontWeight="bold"),
    )


def _mark(x: float, y: float) -> Row:
    return {"x": x, "y": y, "shape": "diamond", "fill": PALETTE[1], "stroke": INK, "size": 110}
