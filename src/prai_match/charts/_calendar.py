"""The calendar: a row a month, a column a day, with the sessions, the blackouts and the elections."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

import polars as pl

from prai_match.charts._marks import Key, beside, layered, legend, look, marks, moment, plain, symbols, texts
from prai_match.charts._programme import date_keys, elections, session_keys
from prai_match.charts._theme import FROZEN, GREY, INK, SMALL, finished, library, shown, texts_of, width_of, wrapped
from prai_match.text import counted, current_language, day

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import altair as alt

    from prai_match.charts._marks import Row
    from prai_match.errors import Lang
    from prai_match.model import ProgrammeData

_CELL, _ASIDE, _ABOVE, _AIR = 20.0, 18.0, 14.0, 0.05  # of the air between days, a share of a cell
_MOST, _SATURDAY = 2, 5  # sessions that a day's cell holds side by side
_FREE, _WEEKEND = "#f7f7f7", "#e6e6e6"


def calendar(
    programme: ProgrammeData, start: dt.date | None = None, end: dt.date | None = None, lang: Lang | None = None
) -> alt.HConcatChart:
    """Draw the sessions held or booked day by day, with the periods without sessions and the elections.

    Args:
        programme: The programme.
        start: First day; without it, the first of the programme.
        end: Last day; without it, the last of the programme.
        lang: Language of its texts.

    Raises:
        ValueError: ``end`` comes before ``start``.

    Example:
        >>> from prai_match import Programme, charts
        >>> charts.calendar(Programme.example()).to_dict()["title"]["subtitle"][0][-53:]
        '1er septembre 2006 au 31 décembre 2008 : 60 sessions.'
    """
    lang = current_language(lang)
    words, both, vega = texts_of("calendar", lang), texts_of("programme", lang), library()
    first, last = start or programme.period.start, end or programme.period.end
    if last < first:
        msg = f"the end, {last}, comes before the start, {first}"
        raise ValueError(msg)
    held = programme.sessions.to_polars().filter(pl.col("date").is_between(first, last)).sort("date", "session", "id")
    count = counted(held.height, words["count"], lang)
    about = {"programme": programme.name.get(lang), "start": day(first, lang), "end": day(last, lang), "count": count}
    keys = session_keys(programme, lang, Counter(held["session"]))
    days = [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]
    closed = reversed(programme.calendar.blackouts)  # the first that is declared counts
    reasons = {date: shown(one.reason.get(lang)) for one in closed for date in days if one.start <= date <= one.end}
    frozen = dict(sorted(reasons.items()))
    fills = {True: _WEEKEND, False: _FREE}
    cells = [
        {"on": moment(date), "fill": FROZEN if date in frozen else fills[date.weekday() >= _SATURDAY]}
        | {"told": frozen.get(date)}
        for date in days
    ]
    months, by_month = dict.fromkeys(date.replace(day=1) for date in days), Counter(held["date"].dt.month_start())
    sums = [{"on": moment(month), "text": str(by_month[month] or "–")} for month in months]
    wide = _CELL * len({date.day for date in days})

    air = vega.Scale(paddingInner=_AIR, paddingOuter=_AIR / 2)
    above = {"orient": "top", "labelAngle": 0, "title": words["days"], "titleAnchor": "start", "titleFontSize": SMALL}
    x = vega.X("on:O", timeUnit="utcdate", scale=air, axis=vega.Axis(format="%-d", **above))
    y = vega.Y("on:O", timeUnit="utcyearmonth", scale=air, axis=vega.Axis(title=None, format="%b %Y"))
    sessions = symbols(_symbols(programme, held, keys, words["told"], lang), x=x, y=y, **plain(xOffset="aside"))
    held_votes = elections([programme.calendar], first, last, lang)
    votes = marks({"on": moment(date), "told": told} for date, told in held_votes).mark_point(
        shape="cross", fill=INK, size=130
    )
    grid = layered(
        marks(cells).mark_rect().encode(x=x, y=y, **plain("fill"), tooltip="told:N"),
        texts(_bands(frozen), dx=6 - _CELL / 2, fontStyle="italic", color=GREY).encode(x=x, y=y),
        votes.encode(x=x, y=y, tooltip="told:N"),
        *sessions,
        texts(sums, align="center").encode(x=wide + _ASIDE, y=y),
        texts([{"text": both["total"]}], align="center", color=GREY).encode(x=wide + _ASIDE, y=-_ABOVE),
        width=wide,
        height=_CELL * len(months),
    )
    many = max(Counter(held["date"]).values(), default=0) > _MOST
    told = [*keys.values(), *([Key(words["several"], "n", "triangle-up")] if many else [])]
    dates = date_keys([programme.calendar], first, last, lang)
    drawing = beside(grid, legend({both["sessions"]: told, **dates}))
    return finished(
        drawing, words["title"], [words["subtitle"].format_map(about), both["kinds"], words["source"]], lang
    )


def _bands(frozen: Mapping[dt.date, str]) -> Iterator[Row]:
    """Give each reason once, in the first of its months where it has room."""
    done: set[str] = set()
    for (reason, _), run in groupby(frozen.items(), key=lambda item: (item[1], item[0].replace(day=1))):
        days = [date for date, _ in run]
        room = len(days) * _CELL - 8
        if reason not in done and (room > width_of(reason, SMALL) or len(days) >= 20):  # noqa: PLR2004 - a cut text still reads
            done.add(reason)
            yield {"on": moment(days[0]), "text": wrapped(reason, room, SMALL, lines=1)}


def _symbols(
    programme: ProgrammeData, held: pl.DataFrame, keys: Mapping[str, Key], form: str, lang: Lang
) -> Iterator[Row]:
    """Give the sessions of a day side by side, or how many there are."""
    names = {session.id: shown(session.name.get(lang)) for session in programme.catalogue.sessions}
    hosts = {territory.id: shown(territory.name) for territory in programme.territories}
    for (date,), group in held.group_by("date", maintain_order=True):
        pairs = group.select("session", "host").rows()
        told = [form.format(day=day(date, lang), session=names[code], host=hosts[host]) for code, host in pairs]
        middle: Row = {"on": moment(date), "aside": _CELL / 2 * (1 - _AIR)}
        if len(pairs) > _MOST:
            yield middle | look(Key("", str(len(pairs)), "triangle-up"), 230) | {"told": " / ".join(told)}
            continue
        for number, (code, _) in enumerate(pairs):
            aside = middle["aside"] + (number - (len(pairs) - 1) / 2) * _CELL / 2
            drawn = look(keys[code], 230 if len(pairs) == 1 else 110)
            yield middle | drawn | {"aside": aside, "told": told[number]}
