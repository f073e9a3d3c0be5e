"""The calendar: a row a month, a column a day, with the sessions, the blackouts and the elections."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match.charts._canvas import canvas, points, rects, texts
from prai_match.charts._legend import Key, legend
from prai_match.charts._theme import (
    GREY,
    INK,
    SMALL,
    colour,
    finished,
    ink_on,
    letter,
    library,
    shown,
    texts_of,
    width_of,
    wrapped,
)
from prai_match.text import counted, day

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import altair as alt

    from prai_match.errors import Lang
    from prai_match.model import ProgrammeData

_CELL, _ROW, _LEFT, _TOP, _LEGEND = 20.0, 20.0, 78.0, 22.0, 260.0
_DAYS = 31
_MOST = 2  # sessions that a day's cell holds side by side
_FREE, _WEEKEND, _FROZEN = "#f7f7f7", "#e6e6e6", "#f3d3bd"


def calendar(
    programme: ProgrammeData, start: dt.date | None = None, end: dt.date | None = None, lang: Lang = "fr"
) -> alt.HConcatChart:
    """Draw the sessions held or booked day by day, with the periods without sessions and the elections.

    Args:
        programme: The programme.
        start: First day; without it, the first of the programme.
        end: Last day; without it, the last of the programme.
        lang: Language of its texts.

    Raises:
        PraiError: The extra ``viz`` is not installed.
        UnknownCodeError: The language is neither ``fr`` nor ``en``.
        ValueError: ``end`` comes before ``start``.

    Example:
        >>> from prai_match import Programme, charts
        >>> charts.calendar(Programme.example()).to_dict()["title"]["subtitle"][0][-53:]
        '1er septembre 2006 au 31 décembre 2008 : 60 sessions.'
    """
    words, vega = texts_of("calendar", lang), library()
    first, last = start or programme.period.start, end or programme.period.end
    if last < first:
        msg = f"the end, {last}, comes before the start, {first}"
        raise ValueError(msg)
    held = programme.sessions.to_polars().filter(pl.col("date").is_between(first, last)).sort("date", "session", "id")
    said = {
        "programme": programme.name.get(lang),
        "start": day(first, lang),
        "end": day(last, lang),
        "count": counted(held.height, words["count"], lang),
    }
    grid = _grid(programme, held, (first, last), words, lang)
    keys = list(_keys(programme, held, (first, last), words, lang))
    drawing: alt.HConcatChart = vega.hconcat(grid, legend(keys, _LEGEND), spacing=20)
    return finished(drawing, words["title"], [words["subtitle"].format_map(said), words["source"]], lang)


def _grid(
    programme: ProgrammeData,
    held: pl.DataFrame,
    period: tuple[dt.date, dt.date],
    words: Mapping[str, Any],
    lang: Lang,
) -> alt.LayerChart:
    first, last = period
    frozen = _named_days(programme, period, lang)
    days = [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]
    months = sorted({(date.year, date.month) for date in days})
    names = [
        {"x": _LEFT - 8, "y": _middle(number), "text": f"{words['months'][month - 1]} {year}"}
        for number, (year, month) in enumerate(months)
    ]
    sums = Counter((date.year, date.month) for date in held["date"])
    totals = [
        {"x": _LEFT + _DAYS * _CELL + 18, "y": _middle(number), "text": str(sums[month]) if sums[month] else "–"}
        for number, month in enumerate(months)
    ]
    heads = [{"x": _LEFT + (number - 0.5) * _CELL, "y": 8, "text": str(number)} for number in range(1, _DAYS + 1)]
    heads.append({"x": _LEFT + _DAYS * _CELL + 18, "y": 8, "text": words["total"]})
    symbols = list(_symbols(programme, held, first, words, lang))
    elections = [
        {"x": _x(date), "y": _y(date, first), "shape": "cross", "fill": INK, "stroke": INK, "size": 130, "told": told}
        for date, told in _elections(programme, period, words, lang)
    ]
    height = _TOP + len(months) * _ROW
    return canvas(
        _LEFT + _DAYS * _CELL + 36,
        height + 22,
        rects([_cell(date, first, frozen.get(date, "")) for date in days]),
        texts(list(_bands(frozen, first)), fontSize=SMALL, fontStyle="italic"),
        points(elections),
        points(symbols),
        texts(
            [row | {"tone": row["ink"]} for row in symbols], align="center", fontSize=9, fontWeight="bold", told=True
        ),
        texts(names, align="right", fontSize=SMALL),
        texts([head | {"tone": GREY} for head in heads], align="center", fontSize=10),
        texts(totals, align="center", fontSize=SMALL),
        texts([{"x": _LEFT, "y": height + 12, "text": words["days"], "tone": GREY}], fontSize=SMALL),
    )


def _x(date: dt.date) -> float:
    return _LEFT + (date.day - 0.5) * _CELL


def _y(date: dt.date, first: dt.date) -> float:
    return _middle((date.year - first.year) * 12 + date.month - first.month)


def _middle(number: int) -> float:
    return _TOP + (number + 0.5) * _ROW


def _cell(date: dt.date, first: dt.date, reason: str) -> dict[str, Any]:
    x, y = _x(date), _y(date, first)
    fill = _FROZEN if reason else _FREE if date.isoweekday() < 6 else _WEEKEND  # noqa: PLR2004 - Saturday
    edges = {"x": x - _CELL / 2 + 0.5, "x2": x + _CELL / 2 - 0.5, "y": y - _ROW / 2 + 0.5, "y2": y + _ROW / 2 - 0.5}
    return edges | {"fill": fill, "told": reason or None}


def _named_days(programme: ProgrammeData, period: tuple[dt.date, dt.date], lang: Lang) -> dict[dt.date, str]:
    """Return the reason of each day of the period on which no session is held."""
    first, last = period
    frozen: dict[dt.date, str] = {}
    for blackout in programme.calendar.blackouts:
        start, end = max(first, blackout.start), min(last, blackout.end)
        for number in range((end - start).days + 1):
            frozen.setdefault(start + dt.timedelta(days=number), shown(blackout.reason.get(lang)))
    return frozen


def _bands(frozen: Mapping[dt.date, str], first: dt.date) -> Iterator[dict[str, Any]]:
    """Give each reason once, in the first of its months where it has room."""
    runs: dict[tuple[str, int, int], list[dt.date]] = {}
    for date, reason in sorted(frozen.items()):
        runs.setdefault((reason, date.year, date.month), []).append(date)
    done: set[str] = set()
    for (reason, _, _), days in runs.items():
        room = len(days) * _CELL - 8
        if reason not in done and (room > width_of(reason, SMALL) or len(days) >= 20):  # noqa: PLR2004 - a cut text still reads
            done.add(reason)
            x = _x(days[0]) - _CELL / 2 + 6
            yield {"x": x, "y": _y(days[0], first), "text": wrapped(reason, room, SMALL, lines=1), "tone": GREY}


def _symbols(
    programme: ProgrammeData, held: pl.DataFrame, first: dt.date, words: Mapping[str, Any], lang: Lang
) -> Iterator[dict[str, Any]]:
    places = {session.id: place for place, session in enumerate(programme.catalogue.sessions)}
    catalogue = {session.id: session for session in programme.catalogue.sessions}
    hosts = {territory.id: territory.name for territory in programme.territories}
    for group in held.partition_by("date", maintain_order=True):
        date = group["date"][0]
        told = [
            words["told"].format(
                day=day(date, lang), session=shown(catalogue[code].name.get(lang)), host=shown(hosts[host])
            )
            for code, host in group.select("session", "host").iter_rows()
        ]
        x, y = _x(date), _y(date, first)
        if group.height > _MOST:
            look = {"shape": "triangle-up", "fill": "#ffffff", "stroke": INK, "ink": INK, "size": 230}
            yield look | {"x": x, "y": y, "text": str(group.height), "told": " / ".join(told)}
            continue
        for number, code in enumerate(group["session"]):
            fill = colour(places[code])
            yield {
                "x": x + (number - (group.height - 1) / 2) * _CELL / 2,
                "y": y,
                "shape": "square" if catalogue[code].kind == "buffet" else "circle",
                "fill": fill,
                "stroke": INK,
                "ink": ink_on(fill),
                "size": 230 if group.height == 1 else 110,
                "text": letter(places[code]),
                "told": told[number],
            }


def _elections(
    programme: ProgrammeData, period: tuple[dt.date, dt.date], words: Mapping[str, Any], lang: Lang
) -> Iterator[tuple[dt.date, str]]:
    for election in programme.calendar.elections:
        if period[0] <= election.date <= period[1]:
            told = words["election"].format(name=shown(election.name.get(lang)), day=day(election.date, lang))
            yield election.date, told


def _keys(
    programme: ProgrammeData,
    held: pl.DataFrame,
    period: tuple[dt.date, dt.date],
    words: Mapping[str, Any],
    lang: Lang,
) -> Iterator[Key]:
    counts = Counter(held["session"])
    yield Key(words["sessions"])
    for place, session in enumerate(programme.catalogue.sessions):
        text = f"{session.name.get(lang)} ({counts[session.id]})"
        shape, fill = "square" if session.kind == "buffet" else "circle", colour(place)
        yield Key(text, letter(place), shape, fill, INK, ink_on(fill))
    if max(Counter(held["date"]).values(), default=0) > _MOST:
        yield Key(words["several"], "n", "triangle-up")
    yield Key(words["kinds"], heading=False)
    yield from _periods(programme, period, words, lang)
    if elections := list(_elections(programme, period, words, lang)):
        yield Key(words["elections"])
        for _, told in elections:
            yield Key(told, "", "cross", INK, INK, size=130)


def _periods(
    programme: ProgrammeData, period: tuple[dt.date, dt.date], words: Mapping[str, Any], lang: Lang
) -> Iterator[Key]:
    seen = [one for one in programme.calendar.blackouts if one.start <= period[1] and one.end >= period[0]]
    if seen:
        yield Key(words["blackouts"])
    for one in sorted(seen, key=lambda one: (one.start, one.end)):
        said = {"name": one.reason.get(lang), "start": day(one.start, lang), "end": day(one.end, lang)}
        yield Key(words["period"].format_map(said), "", "square", _FROZEN, _FROZEN)
