"""The needs expressed until a day, by workshop and axis, in their states, and those without a workshop recognised."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import polars as pl

from prai_match import _arguments as given
from prai_match.charts._marks import Key, Row, layers, legend, lines, marks, plain, texts
from prai_match.charts._theme import GREY, INK, PALETTE, SMALL, TEXT, ChartWords, balance, library, words_of
from prai_match.model import Lang, ProgrammeData
from prai_match.needs import classify, lexicon_of, reason_sentence
from prai_match.offers import needs_by_state

if TYPE_CHECKING:
    import altair as alt

_NAMES, _BARS, _ROW, _ABOVE = 350.0, 330.0, 20.0, 5.0
_FILLS = {"open": PALETTE[0], "to_confirm": PALETTE[4], "met": PALETTE[2], "over": "#cfcfcf", "none": "#8c8c8c"}


@given.takes()
def need_counts(programme: ProgrammeData, on: dt.date | None = None, lang: Lang | None = None) -> alt.LayerChart:
    """Draw the needs expressed until a day in their states then; what no workshop is recognised in stands by reason.

    The programme's lexicon reads the needs that state no workshop. Without a day, it is the last of the programme.

    Example:
        >>> from prai_match import Programme, charts
        >>> charts.need_counts(Programme.example()).to_dict()["title"]["text"]
        'Besoins exprimés, par atelier et par axe'
    """
    words, until = words_of("needs", lang), on or programme.period.end
    needs = _needs(programme, until)
    about = words("on", programme=programme.name, count=words.count("count", int(needs["count"].sum())), day=until)
    return words.finish(_bars(list(_lines(programme, needs, words)), words), words["title"], about, words["source"])


def _needs(programme: ProgrammeData, until: dt.date) -> pl.DataFrame:
    """Return the number of needs by ``workshop``, ``axis``, ``reason`` and ``kind``, a key of `_FILLS`."""
    texts = programme.needs.to_polars().filter(pl.col("date") <= until)["text"]
    state = pl.col("state").replace(dict.fromkeys(("lapsed", "withdrawn"), "over"))
    needs = needs_by_state(programme, until).with_columns(
        kind=pl.when(pl.col("workshop").is_null()).then(pl.lit("none")).otherwise(state),
        reason=pl.when(pl.col("workshop").is_null()).then(classify(texts, lexicon_of(programme))["reason"]),
    )
    groups = ["workshop", "axis", "reason", "kind"]
    return needs.group_by(groups).agg(count=pl.len().cast(pl.Int64)).sort(groups)


def _lines(programme: ProgrammeData, needs: pl.DataFrame, words: ChartWords) -> Iterator[Row]:
    """Give each workshop, the most asked for first, and its axes likewise; then what none is recognised in."""
    lang, groups, themes = words.lang, [], {theme.id: theme.name for theme in programme.catalogue.themes}
    for one in programme.catalogue.workshops:
        parts = [(axis.name.get(lang), pl.col("axis") == axis.id) for axis in one.axes]
        parts += [(words["no_axis"], pl.col("axis").is_null())] if one.axes else []
        name = words("theme", workshop=one.name, theme=themes[one.theme])
        groups.append((name, needs.filter(pl.col("workshop") == one.id), parts))
    groups.sort(key=lambda group: -group[1]["count"].sum())
    silent = needs.filter(pl.col("workshop").is_null())
    reasons = [(reason_sentence(code, lang), pl.col("reason") == code) for code in silent["reason"].unique().sort()]
    for name, group, parts in [*groups, *([(words["none"], silent, reasons)] if silent.height else [])]:
        yield _line(name, group, is_part=False)
        own = (_line(part, group.filter(which), is_part=True) for part, which in parts)
        yield from sorted((line for line in own if line["total"]), key=lambda line: -line["total"])


def _line(name: str, group: pl.DataFrame, *, is_part: bool) -> Row:
    """Return a line of the chart: a group of needs, or a part of one, with how many there are of each kind."""
    counts = dict(group.group_by("kind").agg(pl.sum("count")).iter_rows())
    return {"name": name, "part": is_part, "total": sum(counts.values()), **dict.fromkeys(_FILLS, 0), **counts}


def _bars(rows: Sequence[Row], words: ChartWords) -> alt.LayerChart:
    vega, whole = library(), sum(line["total"] for line in rows if not line["part"])
    bars, names, place = [], [], 0
    for line in rows:
        part, total = line["part"], line["total"]
        place += 0 if part or not place else 1  # air above a workshop
        at = {"place": place, "total": total, "aside": _ROW / 2 - (0 if part else _ABOVE)}
        told = words(
            "told_none" if line["none"] else "told",
            name=line["name"],
            count=words.count("count", total),
            **{kind: str(line[kind]) for kind in _FILLS},
        )
        look = {"size": 9 if part else 16, "told": told}
        bars += [
            at | look | {"amount": line[kind], "fill": fill, "nth": nth}
            for nth, (kind, fill) in enumerate(_FILLS.items())
            if line[kind]
        ]
        label = balance(line["name"], _NAMES, SMALL if part else TEXT)
        value = words("value", count=str(total), share=100 * total / max(whole, 1))
        ink = {"value": str(total), "ink": GREY} if part else {"value": value, "ink": INK}
        names.append(at | ink | {"text": label, "part": part})
        place += 1 + (label.count("\n") if part else 0)
    at_line = {"y": lines(place), **plain(yOffset="aside")}
    x, bold = vega.X("amount:Q", axis=None, stack="zero"), Row(fontWeight="bold", fontSize=TEXT)
    return layers(
        marks(bars).mark_bar().encode(x=x, order="nth:Q", **at_line, **plain("fill", "size"), tooltip="told:N"),
        *(
            texts([name for name in names if name["part"] is part], align="right", **look).encode(x=-10, **at_line)
            for part, look in ((False, bold), (True, {}))
        ),
        texts(names, "value", dx=7).encode(x=vega.X("total:Q", axis=None), **at_line, **plain(color="ink")),
        legend({"": [Key.of(words[name], fill) for name, fill in _FILLS.items()]}, orient="top"),
        width=_BARS,
        height=_ROW * place,
    )
