"""Charts of plans: the map of hosts and invited territories, and the calendar by département and week."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from prai_match import _arguments as given, register
from prai_match.charts import _marks, _theme
from prai_match.charts._map import AT, Drawing, View, attribution, maps, views
from prai_match.charts._marks import CORNER, Key, Row, layers, legend, look, marks, moment, plain, symbols, texts
from prai_match.charts._programme import blackouts, date_keys, elections, kinds, sentences_of, session_keys, with_counts
from prai_match.charts._theme import GREY, INK, RULE, SMALL, WHITE, ChartWords, alt, is_narrow, room, safe, words_of
from prai_match.errors import Lang
from prai_match.plan import Plan, registered

_APART, _CLOSER, _ACROSS = 15.0, 12.0, 3  # pixels between the sessions of a host, of which so many side by side
_INVITED: dict[bool, Row] = {
    True: {"fill": _theme.DOT, "stroke": WHITE, "size": 40.0},
    False: {"fill": WHITE, "stroke": GREY, "size": 26.0},
}

_FEW, _WIDE = 9, 112.0  # weeks that show their days, and how wide they are
_USUAL, _NARROW, _WIDTH = 30.0, 15.0, 740.0  # a week's column at most and at least, and all of them where they can
_ROW, _ASIDE, _BELOW, _HEAD = 32, 24, 14, 8  # a line, and from the grid to the sums and their heading
_LEGIBLE = 68.64  # pixels that the beginning of a reason takes, some twelve letters
_CLOSED = {
    "blackout": _theme.FROZEN,
    "notice": _theme.NOTICE,
    "holiday": _theme.HOLIDAY,
    "school_holiday": _theme.SCHOOL_HOLIDAY,
}
_MILLISECONDS = 7 * 24 * 3_600_000  # of a week
_DAY, _WEEK = dt.timedelta(days=1), dt.timedelta(days=7)
_MONDAYS = (  # the month above its first Monday, and above the first of all if that doesn't stand just before
    "[utcdate(datum.value) < 8 || (!datum.index && utcdate(datum.value) < 22) ? utcFormat(datum.value, '%b %Y') : '',"
    " utcdate(datum.value)]"
)
_FIRST = "split(datum.label, '\\n')[1] ? '' : datum.label"  # names a département once, beside the first of its lines


@given.takes()
def plan_map(plan: Plan, lang: Lang | None = None) -> alt.HConcatChart:
    """Draw where the sessions of a plan are held, and who is invited to each, with lines in the session's colour.

    Overseas territories have separate maps, below.

    Example:
        >>> from prai_match import Programme, charts
        >>> plan = Programme.example().plan("2007-09-03", "2007-10-05", time_limit=0)
        >>> charts.plan_map(plan).to_dict()["title"]["text"]
        'Carte du plan : lieux d’accueil et territoires invités'
    """
    words, (sessions, keys) = words_of("plan", lang), _sessions_of(plan, lang)
    places = {place.id: place for place in sorted(plan.inputs.programme.territories, key=lambda place: place.id)}
    by_code, times = {one["id"]: one for one in sessions}, Counter(plan.seats["territory"])

    def zone(view: View) -> Drawing:
        own = {place.id for place in view.places}
        here = [one for one in sessions if one["host"].id in own]
        ways = [
            {"longitude": place.longitude, "latitude": place.latitude, "stroke": by_code[code]["fill"]}
            | {"longitude2": by_code[code]["host"].longitude, "latitude2": by_code[code]["host"].latitude}
            for code, territory in plan.seats.select("session", "territory").iter_rows()
            if code in by_code and territory in own and by_code[code]["host"].id in own - {territory}
            for place in [places[territory]]
        ]
        territories = [
            {"longitude": place.longitude, "latitude": place.latitude, **_INVITED[place.id in times]}
            | {"told": words("place", name=place.name, departement=departement, sessions=count)}
            for place in view.places
            for departement in [register.department(place.departement)]
            for count in [words.count("times", times[place.id])]
        ]
        hosts = list(_around(view, here))
        lines = marks(ways).encode(**AT, longitude2="longitude2:Q", latitude2="latitude2:Q")
        circles = marks(territories).mark_point(shape="circle", strokeWidth=1)
        return (
            [
                lines.mark_rule(color=GREY, strokeWidth=2.6, opacity=0.75),
                lines.mark_rule(strokeWidth=1.2).encode(**plain("stroke")),
            ],
            [
                circles.encode(**AT, **plain("fill", "stroke", "size"), tooltip="told:N"),
                *symbols(hosts, **AT),
                _marks.dots(_around(view, here, CORNER)).encode(**AT, tooltip="told:N"),
            ],
            [*territories, *hosts],
        )

    counts = Counter(code in times for code in places)
    territories = [
        Key(words(name, count=counts[invited]), "", "circle", _INVITED[invited]["fill"], _INVITED[invited]["stroke"])
        for name, invited in (("invited", True), ("alone", False))
        if counts[invited]
    ]
    small = [legend({words["territories_heading"]: territories}, symbolSize=40)] if territories else []
    keys_of_map = legend({words_of("programme", lang)["sessions"]: keys}, *small)
    drawing = maps(views(places.values()), words["empty"], zone, keys_of_map)
    source = words("outlines", source=words["source"], attribution=attribution())
    return words.finish(drawing, words["map_title"], *_subtitle(plan, sessions, keys, words, words["lines"]), source)


def _around(view: View, sessions: Sequence[Row], aside: float = 0) -> Iterator[Row]:
    """Yield sessions with those of a host around its place, or at an offset to the right and above."""
    hosts: dict[str, list[Row]] = defaultdict(list)
    apart = room(_APART, _CLOSER)
    for one in sessions:
        hosts[one["host"].id].append(one)
    for _, those in sorted(hosts.items()):
        lines = math.ceil(len(those) / _ACROSS)
        for place, one in enumerate(those):
            down, along = divmod(place, _ACROSS)
            across = min(_ACROSS, len(those) - down * _ACROSS)
            x, y = (along - (across - 1) / 2) * apart + aside, (down - (lines - 1) / 2) * apart - aside
            yield _row_of(one) | view.beside(one["host"], x, y)


def _sessions_of(plan: Plan, lang: Lang | None) -> tuple[list[Row], list[Key]]:
    """Return the sessions of a plan in its period at a known place, by date, and the lines of their legend.

    Each has ``id``, ``date``, ``session``, ``booked``, ``host`` (a territory), its look and its hover text ``told``.
    """
    programme, words = plan.inputs.programme, words_of("plan", lang)
    places, looks = {place.id: place for place in programme.territories}, session_keys(programme, words.lang)
    rows, table, known = [], plan.to_polars(words.lang).iter_rows(named=True), registered(plan, words.lang)
    for row, labels in zip(plan.sessions.iter_rows(named=True), table, strict=True):
        is_in_programme = row["host"] in places and row["session"] in looks
        if is_in_programme and row["date"] is not None and plan.start <= row["date"] <= plan.end:
            counts = {name: words.count(name, labels[name]) for name in ("territories", "elected", "technicians")}
            values = {"day": row["date"], "host": labels["host"], "registered": known.get(row["id"], "")} | counts
            key = "told_booked" if row["booked"] and not labels["territories"] else "told"
            hint = words(key, session=labels["session"], **values)
            one = {name: row[name] for name in ("id", "date", "session", "booked")}
            rows.append(one | look(looks[row["session"]], room(200, 110)) | {"host": places[row["host"]], "told": hint})
    return rows, with_counts(looks, Counter(row["session"] for row in rows))


def _row_of(session: Mapping[str, Any]) -> Row:
    return {name: value for name, value in session.items() if name not in {"id", "date", "session", "host"}}


def _subtitle(plan: Plan, sessions: Sequence[Row], keys: Sequence[Key], words: ChartWords, *notes: str) -> list[str]:
    """Return what is said under the title: of what, what it comes to, what isn't shown, and how to read it."""
    period = words("period", programme=plan.inputs.programme.name, start=plan.start, end=plan.end)
    hidden, bookings = plan.sessions.height - len(sessions), sum(one["booked"] for one in sessions)
    dot = words("booked", count=bookings) if bookings else ""
    reading = " ".join(note for note in (kinds(keys, words.lang), dot, *notes) if note)
    return [period, *plan.summary(words.lang)[1:], words.count("left_out", hidden) if hidden else "", reading]


@given.takes()
def plan_calendar(plan: Plan, lang: Lang | None = None) -> alt.HConcatChart:
    """Draw the sessions of a plan by week and by département of the host, with the days on which none can be held.

    Example:
        >>> from prai_match import Programme, charts
        >>> plan = Programme.example().plan("2007-09-03", "2007-10-05", time_limit=0)
        >>> charts.plan_calendar(plan).to_dict()["title"]["text"]
        'Calendrier du plan, par semaine et par département'
    """
    words, both = words_of("plan", lang), words_of("programme", lang)
    (sessions, looks), first = _sessions_of(plan, lang), _monday(plan.start)
    calendars, territories = [plan.inputs.programme.calendar], plan.inputs.programme.territories
    dates = date_keys(calendars, plan.start, plan.end, words.lang)
    under = _subtitle(plan, sessions, looks, words, words[room("day", "day_and_month")])
    if is_narrow():
        named = (
            (_name(one["host"].departement), _row_of(one) | {"day": f"{one['date'].day}/{one['date'].month}"})
            for one in sorted(sessions, key=lambda one: (register.department(one["host"].departement), one["date"]))
        )
        whole = _marks.sequence(named, {both["sessions"]: looks})
        return words.finish(whole, words["by_departement"], *under, *sentences_of(dates), words["source"])
    mondays = [first + number * _WEEK for number in range((plan.end - first).days // 7 + 1)]
    few = len(mondays) <= _FEW
    cell = _WIDE if few else max(_NARROW, min(_USUAL, _WIDTH / len(mondays)))

    def middle(date: dt.date) -> int:
        return moment(date, 12) if few else moment(_monday(date), 84)

    most = dict.fromkeys(map(_name, sorted({each.departement for each in territories})), 1)
    rows: list[Row] = []
    stacks: Counter[tuple[str, int]] = Counter()
    for one in sessions:
        name, on = at = _name(one["host"].departement), middle(one["date"])
        rows.append(_row_of(one) | {"on": on, "line": _line(name, stacks[at]), "day": str(one["date"].day)})
        stacks[at] += 1
        most[name] = max(most[name], stacks[at])
    lines = [_line(name, stack) for name, count in most.items() for stack in range(count)]
    wide, high = cell * len(mondays), _ROW * len(lines)

    title: Row = {"orient": "top", "title": words["weeks"], "titleAnchor": "start", "titleFontSize": SMALL}
    labels: Row = {"labelExpr": _MONDAYS, "labelAlign": "left", "labelPadding": 17, "labelOverlap": False}
    axis = alt.Axis(values=[moment(monday) for monday in mondays], gridColor=RULE, labelFontSize=10, **title, **labels)
    weeks = alt.Scale(type="utc", domain=[moment(first), moment(mondays[-1] + _WEEK)], nice=False)
    x = alt.X("on:T", scale=weeks, axis=axis)
    y = alt.Y("line:N", scale=alt.Scale(domain=lines, padding=0), axis=alt.Axis(title=None, labelExpr=_FIRST))
    symbol, number, edge = (alt.Y("line:N", bandPosition=place) for place in (0.38, 0.85, 0))
    closures, votes = list(_closures(plan, words)), elections(calendars, plan.start, plan.end, words.lang)
    by_place = Counter(row["line"].split("\n")[0] for row in rows)
    by_week = Counter(_monday(one["date"]) for one in sessions)
    places = [{"line": name, "text": str(by_place[name] or "–")} for name in most]
    below = [{"on": moment(monday, 84), "text": str(by_week[monday] or "–")} for monday in mondays]
    total, centre = [{"text": both["total"]}], {"align": "center"}
    grid = layers(
        marks(closures).mark_rect().encode(x=x, x2="end:T", y=0, y2=high, **plain("fill"), tooltip="told:N"),
        marks(places).mark_rule(color=RULE).encode(y=edge),
        texts(_reasons(closures, cell), dx=6, dy=18, fontStyle="italic", color=GREY).encode(x=x, y=0),
        marks({"on": middle(date), "told": hint} for date, hint in votes)
        .mark_point(shape="cross", size=90, fill=INK)
        .encode(x=x, y=0, tooltip="told:N"),
        *symbols(rows, x=x, y=symbol),
        _marks.dots(rows, xOffset=CORNER, yOffset=-CORNER).encode(x=x, y=symbol, tooltip="told:N"),
        texts(rows, "day", fontSize=9, **centre).encode(x=x, y=number),
        texts(places, **centre).encode(x=wide + _ASIDE, y=y),
        texts(below, **centre).encode(x=x, y=high + _BELOW),
        texts([{"text": str(len(sessions))}], **centre).encode(x=wide + _ASIDE, y=high + _BELOW),
        texts(total, color=GREY, **centre).encode(x=wide + _ASIDE, y=-_HEAD),
        texts(total, color=GREY, align="right").encode(x=-8, y=high + _BELOW),
        width=wide,
        height=high,
        view=alt.ViewBackground(fill=_theme.FREE, stroke=RULE),
    )
    kinds_of = set(plan.inputs.days["closed"].drop_nulls()) - {"blackout"}
    others = [Key.of(words[kind], fill) for kind, fill in _CLOSED.items() if kind in kinds_of]
    keys = {both["sessions"]: looks, words["closed"]: [*dates.pop(both["blackouts"]), *others], **dates}
    return words.finish(_marks.beside(grid, legend(keys)), words["calendar_title"], *under, words["source"])


def _monday(date: dt.date) -> dt.date:
    return date - date.weekday() * _DAY


def _name(departement: str) -> str:
    return safe(register.department(departement))


def _line(name: str, stack: int) -> str:
    """Return the scale's name of a line of a département; only the first line has the plain name."""
    return f"{name}\n{stack}" if stack else name


def _closures(plan: Plan, words: ChartWords) -> Iterator[Row]:
    """Yield the runs of days that are closed by something other than a weekend."""
    frozen = blackouts([plan.inputs.programme.calendar], plan.start, plan.end)
    for label, run in groupby(plan.inputs.days.select("date", "closed").iter_rows(), key=lambda row: row[1]):
        first, *_, last = [date for date, _ in run] * 2
        if label in _CLOSED:
            reasons = (one.reason.get(words.lang) for one in frozen if one.start <= first <= one.end)
            hint = safe(next(reasons)) if label == "blackout" else words[label]
            yield {"on": moment(first), "end": moment(last, 24), "fill": _CLOSED[label], "told": hint}


def _reasons(closures: Iterable[Row], cell: float) -> Iterator[Row]:
    for one in closures:
        if one["fill"] == _theme.FROZEN and (room := (one["end"] - one["on"]) / _MILLISECONDS * cell - 8) > _LEGIBLE:
            yield {"on": one["on"], "text": _theme.wrap(one["told"], room, SMALL, lines=2)}
