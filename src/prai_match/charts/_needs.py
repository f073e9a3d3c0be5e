"""The needs expressed until a day, by workshop and axis, and those that no workshop was recognised in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match.charts._canvas import Row, canvas, rects, texts
from prai_match.charts._theme import (
    GREY,
    INK,
    PALETTE,
    SMALL,
    TEXT,
    balanced,
    finished,
    shown,
    texts_of,
)
from prai_match.needs import classify, lexicon_of, reason_sentence
from prai_match.text import counted, day, number

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    import altair as alt

    from prai_match.errors import Lang
    from prai_match.model import ProgrammeData, Workshop

_LEFT, _BARS, _AFTER, _TOP = 360.0, 330.0, 90.0, 30.0
_WIDTH = _LEFT + _BARS + _AFTER
_STATED, _READ, _NONE = PALETTE[0], PALETTE[4], "#8c8c8c"


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the chart: a group of needs, or a part of one."""

    name: str
    stated: int
    read: int
    silent: int = 0
    part: bool = True

    @property
    def total(self) -> int:
        return self.stated + self.read + self.silent


def needs(programme: ProgrammeData, on: dt.date | None = None, lang: Lang = "fr") -> alt.LayerChart:
    """Draw the needs expressed until a day, by workshop and axis; what no workshop is recognised in stands by reason.

    Args:
        programme: The programme; its lexicon reads the needs that state no workshop.
        on: The day; without it, the last of the programme.
        lang: Language of its texts.

    Raises:
        PraiError: The extra ``viz`` is not installed.
        UnknownCodeError: The language is neither ``fr`` nor ``en``.

    Example:
        >>> from prai_match import Programme, charts
        >>> charts.needs(Programme.example()).to_dict()["title"]["text"]
        'Besoins exprimés, par atelier et par axe'
    """
    words, until = texts_of("needs", lang), on or programme.period.end
    told = _read(programme, until)
    lines = [*_asked(programme, told, words, lang), *_silent(told, words, lang)]
    count = counted(int(told["count"].sum()), words["count"], lang)
    on_line = words["on"].format(programme=programme.name.get(lang), count=count, day=day(until, lang))
    return finished(_bars(lines, words, lang), words["title"], [on_line, words["source"]], lang)


def _read(programme: ProgrammeData, until: dt.date) -> pl.DataFrame:
    """Return the number of needs by ``workshop``, ``axis``, whether it was ``stated``, and ``reason``."""
    asked = programme.needs.to_polars().filter(pl.col("date") <= until)
    stated = asked.filter(pl.col("workshop").is_not_null()).select(
        "workshop", "axis", pl.lit(value=True).alias("stated"), pl.lit(None, pl.String).alias("reason")
    )
    read = classify(asked.filter(pl.col("workshop").is_null())["text"], lexicon_of(programme)).select(
        "workshop", "axis", pl.lit(value=False).alias("stated"), "reason"
    )
    groups = ["workshop", "axis", "stated", "reason"]
    return pl.concat([stated, read]).group_by(groups).agg(pl.len().cast(pl.Int64).alias("count")).sort(groups)


def _asked(programme: ProgrammeData, told: pl.DataFrame, words: Mapping[str, Any], lang: Lang) -> Iterator[_Line]:
    """Give each workshop that is asked for, the most asked for first, then its axes likewise."""
    themes = {theme.id: theme.name.get(lang) for theme in programme.catalogue.themes}
    wholes = [
        (
            _line(words["theme"].format(workshop=one.name.get(lang), theme=themes[one.theme]), found, part=False),
            one,
            found,
        )
        for one in programme.catalogue.workshops
        for found in [told.filter(pl.col("workshop") == one.id)]
    ]
    for whole, workshop, found in sorted(wholes, key=lambda item: -item[0].total):
        yield whole
        yield from sorted(_axes(workshop, found, words, lang), key=lambda line: -line.total)


def _axes(workshop: Workshop, found: pl.DataFrame, words: Mapping[str, Any], lang: Lang) -> Iterator[_Line]:
    """Give the axes that are asked for; a workshop without axes has none to tell."""
    parts = [(axis.name.get(lang), found.filter(pl.col("axis") == axis.id)) for axis in workshop.axes]
    parts += [(words["no_axis"], found.filter(pl.col("axis").is_null()))] if workshop.axes else []
    yield from (_line(name, part) for name, part in parts if part.height)


def _line(name: str, found: pl.DataFrame, *, part: bool = True) -> _Line:
    stated, total = int(found.filter("stated")["count"].sum()), int(found["count"].sum())
    return _Line(name, stated, total - stated, part=part)


def _silent(told: pl.DataFrame, words: Mapping[str, Any], lang: Lang) -> Iterator[_Line]:
    """Give the needs that no workshop was recognised in, all of them and by reason."""
    by_reason = told.filter(pl.col("workshop").is_null()).group_by("reason").agg(pl.col("count").sum())
    counts = by_reason.sort(pl.col("count"), "reason", descending=[True, False]).rows()
    if counts:
        yield _Line(words["none"], 0, 0, sum(count for _, count in counts), part=False)
    for reason, count in counts:
        yield _Line(reason_sentence(reason, lang), 0, 0, count)


def _bars(lines: Sequence[_Line], words: Mapping[str, Any], lang: Lang) -> alt.LayerChart:
    most = max([1, *(line.total for line in lines)])
    whole = sum(line.total for line in lines if not line.part)
    top = _TOP
    bars: list[Row] = []
    names: list[Row] = []
    headings: list[Row] = []
    values: list[Row] = []
    for line in lines:
        label = balanced(line.name, _LEFT - (34 if line.part else 10), SMALL if line.part else TEXT)
        high = 16.0 + 14 * label.count("\n") if line.part else 22.0 + 14 * label.count("\n")
        top += 0 if line.part else 8
        middle, half = top + high / 2, 4.5 if line.part else 8.0
        told = _told(line, words, lang)
        at = _LEFT
        for amount, fill in ((line.stated, _STATED), (line.read, _READ), (line.silent, _NONE)):
            end = at + amount * _BARS / most
            bars.append({"x": at, "x2": end, "y": middle - half, "y2": middle + half, "fill": fill, "told": told})
            at = end
        (names if line.part else headings).append({"x": _LEFT - 10, "y": middle, "text": label})
        share = number(100 * line.total / max(whole, 1), 0, lang)
        value = str(line.total) if line.part else words["value"].format(count=line.total, share=share)
        values.append({"x": at + 7, "y": middle, "text": value, "tone": GREY if line.part else INK})
        top += high
    return canvas(
        _WIDTH,
        top + 6,
        *_key(words),
        rects([bar for bar in bars if bar["x2"] > bar["x"]]),
        texts(headings, align="right", fontWeight="bold"),
        texts(names, align="right", fontSize=SMALL),
        texts(values, fontSize=SMALL),
    )


def _key(words: Mapping[str, Any]) -> list[alt.Chart]:
    texts_, squares, at = [], [], _LEFT
    for name, fill in (("stated", _STATED), ("read", _READ), ("none", _NONE)):
        squares.append({"x": at, "x2": at + 14, "y": 3, "y2": 15, "fill": fill})
        texts_.append({"x": at + 20, "y": 10, "text": words[name]})
        at += 46 + len(words[name]) * 5.6
    return [rects(squares, told=False), texts(texts_, fontSize=SMALL)]


def _told(line: _Line, words: Mapping[str, Any], lang: Lang) -> str:
    count = counted(line.total, words["count"], lang)
    form = words["told_none" if line.silent else "told"]
    return str(form.format(name=shown(line.name), count=count, stated=line.stated, read=line.read))
