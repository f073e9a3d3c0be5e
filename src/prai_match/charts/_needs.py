"""The needs expressed until a day, by workshop and axis, and those that no workshop was recognised in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match.charts._marks import Key, layered, legend, lines, marks, plain, texts
from prai_match.charts._theme import GREY, INK, PALETTE, SMALL, TEXT, balanced, finished, library, shown, texts_of
from prai_match.needs import classify, lexicon_of, reason_sentence
from prai_match.text import counted, current_language, day, number

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    import altair as alt

    from prai_match.errors import Lang
    from prai_match.model import ProgrammeData

_NAMES, _BARS, _ROW, _ABOVE = 350.0, 330.0, 20.0, 5.0
_FILLS = {"stated": PALETTE[0], "read": PALETTE[4], "none": "#8c8c8c"}


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the chart: a group of needs, or a part of one, with how many state a workshop, are read or neither."""

    name: str
    amounts: tuple[int, int, int]
    part: bool

    @property
    def total(self) -> int:
        return sum(self.amounts)


def need_counts(programme: ProgrammeData, on: dt.date | None = None, lang: Lang | None = None) -> alt.LayerChart:
    """Draw the needs expressed until a day, by workshop and axis; what no workshop is recognised in stands by reason.

    Args:
        programme: The programme; its lexicon reads the needs that state no workshop.
        on: The day; without it, the last of the programme.
        lang: Language of its texts.

    Example:
        >>> from prai_match import Programme, charts
        >>> charts.need_counts(Programme.example()).to_dict()["title"]["text"]
        'Besoins exprimés, par atelier et par axe'
    """
    lang = current_language(lang)
    words, until = texts_of("needs", lang), on or programme.period.end
    told = _read(programme, until)
    rows = list(_lines(programme, told, words, lang))
    count = counted(int(told["count"].sum()), words["count"], lang)
    on_line = words["on"].format(programme=programme.name.get(lang), count=count, day=day(until, lang))
    return finished(_bars(rows, words, lang), words["title"], [on_line, words["source"]], lang)


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


def _lines(programme: ProgrammeData, told: pl.DataFrame, words: Mapping[str, Any], lang: Lang) -> Iterator[_Line]:
    """Give each workshop, the most asked for first, and its axes likewise; then what none is recognised in."""
    themes = {theme.id: theme.name.get(lang) for theme in programme.catalogue.themes}
    groups = []
    for one in programme.catalogue.workshops:
        parts = [(axis.name.get(lang), pl.col("axis") == axis.id) for axis in one.axes]
        parts += [(words["no_axis"], pl.col("axis").is_null())] if one.axes else []
        name = words["theme"].format(workshop=one.name.get(lang), theme=themes[one.theme])
        groups.append((name, told.filter(pl.col("workshop") == one.id), parts))
    groups.sort(key=lambda group: -group[1]["count"].sum())
    silent = told.filter(pl.col("workshop").is_null())
    reasons = [
        (reason_sentence(reason, lang), pl.col("reason") == reason) for reason in silent["reason"].unique().sort()
    ]
    for name, found, parts in [*groups, *([(words["none"], silent, reasons)] if silent.height else [])]:
        yield _line(name, found, part=False)
        own = (_line(part, found.filter(which), part=True) for part, which in parts)
        yield from sorted((line for line in own if line.total), key=lambda line: -line.total)


def _line(name: str, found: pl.DataFrame, *, part: bool) -> _Line:
    known = pl.col("workshop").is_not_null()
    stated, read, neither = (
        int(found.filter(which)["count"].sum())
        for which in (known & pl.col("stated"), known & ~pl.col("stated"), ~known)
    )
    return _Line(name, (stated, read, neither), part)


def _bars(rows: Sequence[_Line], words: Mapping[str, Any], lang: Lang) -> alt.LayerChart:
    vega, whole = library(), sum(line.total for line in rows if not line.part)
    bars, names, place = [], [], 0
    for line in rows:
        place += 0 if line.part or not place else 1  # air above a workshop
        at = {"place": place, "total": line.total, "aside": _ROW / 2 - (0 if line.part else _ABOVE)}
        size, told = 9 if line.part else 16, _told(line, words, lang)
        amounts = zip(_FILLS.values(), line.amounts, strict=True)
        bars += [
            at | {"amount": amount, "fill": fill, "size": size, "told": told} for fill, amount in amounts if amount
        ]
        label = balanced(line.name, _NAMES, SMALL if line.part else TEXT)
        share = number(100 * line.total / max(whole, 1), 0, lang)
        value = str(line.total) if line.part else words["value"].format(count=line.total, share=share)
        names.append(at | {"text": label, "value": value, "ink": GREY if line.part else INK, "part": line.part})
        place += 1 + (label.count("\n") if line.part else 0)
    at_line = {"y": lines(place), **plain(yOffset="aside")}
    bold: dict[str, Any] = {"fontWeight": "bold", "fontSize": TEXT}
    keys = [Key(words[name], fill=fill, stroke=fill) for name, fill in _FILLS.items()]
    return layered(
        marks(bars)
        .mark_bar()
        .encode(x=vega.X("amount:Q", axis=None, stack="zero"), **at_line, **plain("fill", "size"), tooltip="told:N"),
        *(
            texts([name for name in names if name["part"] is part], align="right", **look).encode(x=-10, **at_line)
            for part, look in ((False, bold), (True, {}))
        ),
        texts(names, "value", dx=7).encode(x=vega.X("total:Q", axis=None), **at_line, **plain(color="ink")),
        legend({"": keys}, orient="top"),
        width=_BARS,
        height=_ROW * place,
    )


def _told(line: _Line, words: Mapping[str, Any], lang: Lang) -> str:
    count, (stated, read, neither) = counted(line.total, words["count"], lang), line.amounts
    form = words["told_none" if neither else "told"]
    return str(form.format(name=shown(line.name), count=count, stated=stated, read=read))
