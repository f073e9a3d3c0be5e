"""Charts of the history: sessions day by day, and needs by workshop and axis, with their states.

The calendar has one row per month and one column per day, with the sessions, the blackouts and the elections.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter

import polars as pl

from prai_match import _arguments as given
from prai_match.charts import _marks, _theme
from prai_match.charts._marks import Key, Row, layers, legend, lines, look, marks, moment, plain, symbols, texts
from prai_match.charts._programme import date_keys, elections, kinds, sentences_of, session_keys, with_counts
from prai_match.charts._theme import GREY, INK, SHADES, SMALL, TEXT, ChartWords, alt, balance, is_narrow, room, words_of
from prai_match.model import Lang, ProgrammeData
from prai_match.needs import classify, lexicon_of, reason_sentence
from prai_match.offers import needs_by_state

_CELL, _ASIDE, _ABOVE, _AIR = 20.0, 18.0, 14.0, 0.05  # of the air between days, a share of a cell
_MOST, _SATURDAY = 2, 5  # sessions that a day's cell holds side by side


@given.takes()
def calendar(
    programme: ProgrammeData, start: dt.date | None = None, end: dt.date | None = None, lang: Lang | None = None
) -> alt.HConcatChart:
    """Draw the sessions held or booked day by day, with the periods without sessions and the elections.

    ``start`` and ``end`` are by default those of the programme.

    Raises:
        ValueError: ``end`` comes before ``start``.

    Example:
        >>> from prai_match import Programme, charts
        >>> charts.calendar(Programme.example()).to_dict()["title"]["subtitle"][0][-53:]
        '1er septembre 2006 au 31 décembre 2008 : 60 sessions.'
    """
    words, both = words_of("calendar", lang), words_of("programme", lang)
    first, last = start or programme.period.start, end or programme.period.end
    given.in_order(first, last)
    sessions = programme.sessions.to_polars().filter(pl.col("date").is_between(first, last))
    sessions = sessions.sort("date", "session", "id")
    keys = session_keys(programme, words.lang)
    days = [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]
    declared_first = reversed(programme.calendar.blackouts)  # it counts, so it is written last
    reasons = {date: one for one in declared_first for date in days if one.start <= date <= one.end}
    frozen = {date: _theme.safe(one.reason.get(words.lang)) for date, one in sorted(reasons.items(), key=itemgetter(0))}
    votes = elections([programme.calendar], first, last, words.lang)
    held = with_counts(keys, Counter(sessions["session"]))
    symbols_of = kinds(held, words.lang)
    dates = date_keys([programme.calendar], first, last, words.lang)
    about = words(
        "subtitle", programme=programme.name, start=first, end=last, count=words.count("count", sessions.height)
    )
    if is_narrow():
        drawing = _marks.sequence(_by_month(programme, sessions, keys, words), {both["sessions"]: held})
        closed = sentences_of(dates)
        return words.finish(drawing, words["title"], about, symbols_of, words["day"], *closed, words["source"])
    cells = [
        {"on": moment(date), "told": frozen.get(date)}
        | {"fill": _theme.FROZEN if date in frozen else _theme.WEEKEND if date.weekday() >= _SATURDAY else _theme.FREE}
        for date in days
    ]
    months, by_month = dict.fromkeys(date.replace(day=1) for date in days), Counter(sessions["date"].dt.month_start())
    sums = [{"on": moment(month), "text": str(by_month[month] or "–")} for month in months]
    wide, air = _CELL * len({date.day for date in days}), alt.Scale(paddingInner=_AIR, paddingOuter=_AIR / 2)
    above = {"orient": "top", "labelAngle": 0, "title": words["days"], "titleAnchor": "start", "titleFontSize": SMALL}
    x = alt.X("on:O", timeUnit="utcdate", scale=air, axis=alt.Axis(format="%-d", **above))
    y = alt.Y("on:O", timeUnit="utcyearmonth", scale=air, axis=alt.Axis(title=None, format="%b %Y"))
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
    held += [Key(words["several"], "n", "diamond")] if many else []
    drawing = _marks.beside(grid, legend({both["sessions"]: held, **dates}))
    return words.finish(drawing, words["title"], about, symbols_of, words["source"])


def _by_month(
    programme: ProgrammeData, sessions: pl.DataFrame, keys: Mapping[str, Key], words: ChartWords
) -> Iterator[tuple[str, Row]]:
    hosts, months = {each.id: each.name for each in programme.territories}, words_of("programme", words.lang)["months"]
    for date, code, host in sessions.select("date", "session", "host").iter_rows():
        hint = words("told", day=date, session=keys[code].text, host=hosts[host])
        yield f"{months[date.month - 1]} {date.year}", look(keys[code], 110) | {"day": str(date.day), "told": hint}


def _bands(frozen: Mapping[dt.date, str]) -> Iterator[Row]:
    """Yield each reason once, in the first of its months with enough room."""
    done: set[str] = set()
    for (reason, _), run in groupby(frozen.items(), key=lambda item: (item[1], item[0].replace(day=1))):
        days = [date for date, _ in run]
        room = len(days) * _CELL - 8
        if reason not in done and (room > _theme.width_of(reason, SMALL) or len(days) >= 20):  # noqa: PLR2004 - a cut text still reads
            done.add(reason)
            yield {"on": moment(days[0]), "text": _theme.wrap(reason, room, SMALL, lines=1)}


def _symbols(
    programme: ProgrammeData, sessions: pl.DataFrame, keys: Mapping[str, Key], words: ChartWords
) -> Iterator[Row]:
    hosts = {territory.id: territory.name for territory in programme.territories}
    for (date,), group in sessions.group_by("date", maintain_order=True):
        pairs = group.select("session", "host").rows()
        hints = [words("told", day=date, session=keys[code].text, host=hosts[host]) for code, host in pairs]
        middle: Row = {"on": moment(date), "aside": _CELL / 2 * (1 - _AIR)}
        if len(pairs) > _MOST:
            yield middle | look(Key("", str(len(pairs)), "diamond"), 230) | {"told": " / ".join(hints)}
            continue
        for number, (code, _) in enumerate(pairs):
            aside = middle["aside"] + (number - (len(pairs) - 1) / 2) * _CELL / 2
            yield middle | look(keys[code], 230 if len(pairs) == 1 else 110) | {"aside": aside, "told": hints[number]}


_NAMES, _BARS, _ROW, _HIGHER = 350.0, 330.0, 20.0, 5.0
_SMALL_NAMES, _SMALL_BARS, _SMALL_KEYS = 170.0, 96.0, 150.0  # on a phone
_FILLS = dict(zip(("open", "to_confirm", "met", "over", "none"), SHADES[-2::-1], strict=True))


@given.takes()
def need_counts(programme: ProgrammeData, on: dt.date | None = None, lang: Lang | None = None) -> alt.LayerChart:
    """Draw the needs expressed until a day with their states then; those without a recognised workshop by reason.

    The programme's lexicon reads the needs that state no workshop. The day is by default the last of the programme.

    Example:
        >>> from prai_match import Programme, charts
        >>> charts.need_counts(Programme.example()).to_dict()["title"]["text"]
        'Besoins exprimés, par atelier et par axe'
    """
    words, until = words_of("needs", lang), on or programme.period.end
    needs = _needs(programme, until)
    about = words("on", programme=programme.name, count=words.count("count", int(needs["count"].sum())), day=until)
    drawing = _bars(list(_lines(programme, needs, words)), words)
    return words.finish(drawing, words["title"], about, words["source"], names=room(_NAMES, 220))


def _needs(programme: ProgrammeData, until: dt.date) -> pl.DataFrame:
    """Return the number of needs by ``workshop``, ``axis``, ``reason`` and ``kind``, a key of `_FILLS`."""
    texts = programme.needs.to_polars()["text"]
    state = pl.col("state").replace(dict.fromkeys(("lapsed", "withdrawn"), "over"))
    needs = needs_by_state(programme, until)
    silent = needs["row"].filter(needs["workshop"].is_null()).unique()
    reasons = classify(texts[silent], lexicon_of(programme)).select("reason", row=silent)
    needs = (
        needs.drop("reason")
        .join(reasons, on="row", how="left", maintain_order="left")
        .with_columns(
            kind=pl.when(pl.col("workshop").is_null()).then(pl.lit("none")).otherwise(state),
        )
    )
    groups = ["workshop", "axis", "reason", "kind"]
    return needs.group_by(groups).agg(count=pl.len().cast(pl.Int64)).sort(groups)


def _lines(programme: ProgrammeData, needs: pl.DataFrame, words: ChartWords) -> Iterator[Row]:
    """Yield workshops, the most requested first, with their axes in the same order; then needs without a workshop."""
    lang, groups, themes = words.lang, [], {theme.id: theme.name for theme in programme.catalogue.themes}
    for one in programme.catalogue.workshops:
        parts = [(axis.name.get(lang), pl.col("axis") == axis.id) for axis in one.axes]
        parts += [(words["no_axis"], pl.col("axis").is_null())] if one.axes else []
        name = words("theme", workshop=one.name, theme=themes[one.theme])
        groups.append((name, needs.filter(pl.col("workshop") == one.id), parts))
    groups.sort(key=lambda group: -group[1]["count"].sum())
    silent = needs.filter(pl.col("workshop").is_null())
    reasons = [
        (words["stated"] if code is None else reason_sentence(code, lang), pl.col("reason").eq_missing(code))
        for code in silent["reason"].unique().sort()
    ]
    for name, group, parts in [*groups, *([(words["none"], silent, reasons)] if silent.height else [])]:
        yield _line(name, group, is_part=False)
        own = (_line(part, group.filter(which), is_part=True) for part, which in parts)
        yield from sorted((line for line in own if line["total"]), key=lambda line: -line["total"])


def _line(name: str, group: pl.DataFrame, *, is_part: bool) -> Row:
    """Return a line of the chart: a group of needs, or a part of one, with the number of each kind."""
    counts = dict(group.group_by("kind").agg(pl.sum("count")).iter_rows())
    return {"name": name, "part": is_part, "total": sum(counts.values()), **dict.fromkeys(_FILLS, 0), **counts}


def _bars(rows: Sequence[Row], words: ChartWords) -> alt.LayerChart:
    whole = sum(line["total"] for line in rows if not line["part"])
    bars, names, place = [], [], 0
    for line in rows:
        part, total = line["part"], line["total"]
        place += 0 if part or not place else 1  # air above a workshop
        label = balance(line["name"], room(_NAMES, _SMALL_NAMES), SMALL if part else TEXT, lines=room(2, 4))
        high = math.ceil((label.count("\n") + 1) * _theme.LINE / _ROW) if part or is_narrow() else 1
        at = {"place": place, "total": total, "aside": high * _ROW / 2 - (0 if part else _HIGHER)}
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
        value = words("value", count=str(total), share=100 * total / max(whole, 1))
        ink = {"value": str(total), "ink": GREY} if part else {"value": value, "ink": INK}
        names.append(at | ink | {"text": label, "part": part})
        place += high
    at_line = {"y": lines(place), **plain(yOffset="aside")}
    there = {bar["fill"] for bar in bars}
    keys = [Key(words[name], fill=fill, stroke=GREY) for name, fill in _FILLS.items() if fill in there]
    x, bold = alt.X("amount:Q", axis=None, stack="zero"), Row(fontWeight="bold", fontSize=TEXT)
    return layers(
        marks(bars).mark_bar().encode(x=x, order="nth:Q", **at_line, **plain("fill", "size"), tooltip="told:N"),
        *(
            texts([name for name in names if name["part"] is part], align="right", **look).encode(x=-10, **at_line)
            for part, look in ((False, bold), (True, {}))
        ),
        texts(names, "value", dx=7).encode(x=alt.X("total:Q", axis=None), **at_line, **plain(color="ink")),
        legend({"": keys}, width=room(_BARS, _SMALL_KEYS), orient="top"),
        width=room(_BARS, _SMALL_BARS),
        height=_ROW * place,
    )
