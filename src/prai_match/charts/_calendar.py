"""The calendar: a row a month, a column a day, with the sessions, the blackouts and the elections."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

import polars as pl

from prai_match import _arguments as given
from prai_match.charts._marks import Key, Row, beside, layers, legend, look, marks, moment, plain, symbols, texts
from prai_match.charts._programme import date_keys, elections, session_keys
from prai_match.charts._theme import FROZEN, GREY, INK, SMALL, ChartWords, library, safe, width_of, words_of, wrap
from prai_match.model import Lang, ProgrammeData

if TYPE_CHECKING:
    import altair as alt

_CELL, _ASIDE, _ABOVE, _AIR = 20.0, 18.0, 14.0, 0.05  # of the air between days, a share of a cell
_MOST, _SATURDAY = 2, 5  # sessions that a day's cell holds side by side
_FREE, _WEEKEND = "#f7f7f7", "#e6e6e6"


@given.takes()
def calendar(
    programme: ProgrammeData, start: dt.date | None = None, end: dt.date | None = None, lang: Lang | None = None
) -> alt.HConcatChart:
    """Draw the sessions held or booked day by day, with the periods without sessions and the elections.

    Without ``start`` or ``end``, it begins or ends with the programme.

    Raises:
        ValueError: ``end`` comes before ``start``.

    Example:
        >>> from prai_match import Programme, charts
        >>> charts.calendar(Programme.example()).to_dict()["title"]["subtitle"][0][-53:]
        '1er septembre 2006 au 31 décembre 2008 : 60 sessions.'
    """
    words, both, vega = words_of("calendar", lang), words_of("programme", lang), library()
    first, last = start or programme.period.start, end or programme.period.end
    given.in_order(first, last)
    sessions = programme.sessions.to_polars().filter(pl.col("date").is_between(first, last))
    sessions = sessions.sort("date", "session", "id")
    keys = session_keys(programme, words.lang, Counter(sessions["session"]))
    days = [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]
    declared_first = reversed(programme.calendar.blackouts)  # it counts, so it is written last
    reasons = {date: one for one in declared_first for date in days if one.start <= date <= one.end}
    frozen = {date: safe(one.reason.get(words.lang)) for date, one in sorted(reasons.items(), key=itemgetter(0))}
    cells = [
        {"on": moment(date), "told": frozen.get(date)}
        | {"fill": FROZEN if date in frozen else _WEEKEND if date.weekday() >= _SATURDAY else _FREE}
        for date in days
    ]
    months, by_month = dict.fromkeys(date.replace(day=1) for date in days), Counter(sessions["date"].dt.month_start())
    sums = [{"on": moment(month), "text": str(by_month[month] or "–")} for month in months]
    wide, air = _CELL * len({date.day for date in days}), vega.Scale(paddingInner=_AIR, paddingOuter=_AIR / 2)
    above = {"orient": "top", "labelAngle": 0, "title": words["days"], "titleAnchor": "start", "titleFontSize": SMALL}
    x = vega.X("on:O", timeUnit="utcdate", scale=air, axis=vega.Axis(format="%-d", **above))
    y = vega.Y("on:O", timeUnit="utcyearmonth", scale=air, axis=vega.Axis(title=None, format="%b %Y"))
    votes = elections([programme.calendar], first, last, words.lang)
    grid = layers(
        marks(cells).mark_rect().encode(x=x, y=y, **plain("fill"), tooltip="told:N"),
        texts(_bands(frozen), dx=6 - _CELL / 2, fontStyle="italic", color=GREY).encode(x=x, y=y),
        marks({"on": moment(date), "told": hint} for date, hint in votes)
        .mark_point(shape="cross", fill=INK, size=130)
        .encode(x=x, y=y, tooltip="told:N"),
        *symbols(_symbols(programme, sessions, keys, words), x=x, y=y, **plain(xOffset="aside")),
        texts(sums, align="center").encode(x=wide + _ASIDE, y=y),
        texts([{"text": both["total"]}], align="center", color=GREY).encode(x=wide + _ASIDE, y=-_ABOVE),
        width=wide,
        height=_CELL * len(months),
    )
    many = max(Counter(sessions["date"]).values(), default=0) > _MOST
    lines = [*keys.values(), *([Key(words["several"], "n", "triangle-up")] if many else [])]
    dates = date_keys([programme.calendar], first, last, words.lang)
    about = words(
        "subtitle", programme=programme.name, start=first, end=last, count=words.count("count", sessions.height)
    )
    drawing = beside(grid, legend({both["sessions"]: lines, **dates}))
    return words.finish(drawing, words["title"], about, both["kinds"], words["source"])


def _bands(frozen: Mapping[dt.date, str]) -> Iterator[Row]:
    """Give each reason once, in the first of its months where it has room."""
    done: set[str] = set()
    for (reason, _), run in groupby(frozen.items(), key=lambda item: (item[1], item[0].replace(day=1))):
        days = [date for date, _ in run]
        room = len(days) * _CELL - 8
        if reason not in done and (room > width_of(reason, SMALL) or len(days) >= 20):  # noqa: PLR2004 - a cut text still reads
            done.add(reason)
            yield {"on": moment(days[0]), "text": wrap(reason, room, SMALL, lines=1)}


def _symbols(
    programme: ProgrammeData, sessions: pl.DataFrame, keys: Mapping[str, Key], words: ChartWords
) -> Iterator[Row]:
    names = {session.id: session.name.get(words.lang) for session in programme.catalogue.sessions}
    hosts = {territory.id: territory.name for territory in programme.territories}
    for (date,), group in sessions.group_by("date", maintain_order=True):
        pairs = group.select("session", "host").rows()
        hints = [words("told", day=date, session=names[code], host=hosts[host]) for code, host in pairs]
        middle: Row = {"on": moment(date), "aside": _CELL / 2 * (1 - _AIR)}
        if len(pairs) > _MOST:
            yield middle | look(Key("", str(len(pairs)), "triangle-up"), 230) | {"told": " / ".join(hints)}
            continue
        for number, (code, _) in enumerate(pairs):
            aside = middle["aside"] + (number - (len(pairs) - 1) / 2) * _CELL / 2
            yield middle | look(keys[code], 230 if len(pairs) == 1 else 110) | {"aside": aside, "told": hints[number]}
