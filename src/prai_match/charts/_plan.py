"""The map of a plan: hosts with their sessions, and a line from each territory invited to its host.

And what its calendar has in common with it: the sessions, and what is said under the title.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from prai_match import register
from prai_match.charts._map import AT, attribution, maps, views
from prai_match.charts._marks import Key, Row, legend, look, marks, plain, symbols
from prai_match.charts._programme import session_keys
from prai_match.charts._theme import GREY, INK, WHITE, Words, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import altair as alt

    from prai_match.charts._map import Drawing, View
    from prai_match.errors import Lang
    from prai_match.plan import Plan

CORNER = 7  # from the middle of a symbol to its dot, pixels
_APART, _ACROSS = 15.0, 3  # pixels between the sessions of a host, of which so many side by side
_INVITED: dict[bool, Row] = {
    True: {"fill": "#8c8c8c", "stroke": WHITE, "size": 40.0},
    False: {"fill": WHITE, "stroke": GREY, "size": 26.0},
}


def plan_map(plan: Plan, lang: Lang | None = None) -> alt.HConcatChart:
    """Draw where the sessions of a plan are held, and who is invited to each, with lines in the session's colour.

    Territories overseas have maps of their own, below.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme, charts
        >>> plan = Programme.example().plan(dt.date(2007, 9, 3), dt.date(2007, 10, 5), time_limit=0)
        >>> charts.plan_map(plan).to_dict()["title"]["text"]
        "Carte du plan : lieux d'accueil et territoires invités"
    """
    words, (sessions, keys) = words_of("plan", lang), sessions_of(plan, lang)
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
                lines.mark_rule(color=GREY, strokeWidth=2.4, opacity=0.3),
                lines.mark_rule(strokeWidth=1.4, opacity=0.9).encode(**plain("stroke")),
            ],
            [
                circles.encode(**AT, **plain("fill", "stroke", "size"), tooltip="told:N"),
                *symbols(hosts, **AT),
                dots(_around(view, here, CORNER)).encode(**AT, tooltip="told:N"),
            ],
            [*territories, *hosts],
        )

    counts = Counter(code in times for code in places)
    territories = [
        Key(words(name, count=counts[invited]), "", "circle", _INVITED[invited]["fill"], _INVITED[invited]["stroke"])
        for name, invited in (("invited", True), ("alone", False))
    ]
    small = legend({words["territories_heading"]: territories}, symbolSize=40)
    keys_of_map = legend({words_of("programme", lang)["sessions"]: list(keys.values())}, small)
    drawing = maps(views(places.values()), words["empty"], zone, keys_of_map)
    source = words("outlines", source=words["source"], attribution=attribution())
    return words.finish(drawing, words["map_title"], *subtitle(plan, sessions, words, words["lines"]), source)


def _around(view: View, sessions: Sequence[Row], aside: float = 0) -> Iterator[Row]:
    """Return sessions, those of a host around its place, or so far from there to the right and above."""
    hosts: dict[str, list[Row]] = defaultdict(list)
    for one in sessions:
        hosts[one["host"].id].append(one)
    for _, those in sorted(hosts.items()):
        lines = math.ceil(len(those) / _ACROSS)
        for place, one in enumerate(those):
            down, along = divmod(place, _ACROSS)
            across = min(_ACROSS, len(those) - down * _ACROSS)
            x, y = (along - (across - 1) / 2) * _APART + aside, (down - (lines - 1) / 2) * _APART - aside
            yield row_of(one) | view.beside(one["host"], x, y)


def sessions_of(plan: Plan, lang: Lang | None) -> tuple[list[Row], dict[str, Key]]:
    """Return the sessions of a plan in its period at a known place, by date, and how those of the catalogue look.

    Of each: ``id``, ``date``, ``session``, ``booked``, ``host`` (a territory), how it looks and what is ``told``.
    """
    programme, words = plan.inputs.programme, words_of("plan", lang)
    places, looks = {place.id: place for place in programme.territories}, session_keys(programme, words.lang)
    rows, table = [], plan.to_polars(words.lang).iter_rows(named=True)
    for row, texts in zip(plan.sessions.iter_rows(named=True), table, strict=True):
        is_in_programme = row["host"] in places and row["session"] in looks
        if is_in_programme and row["date"] is not None and plan.start <= row["date"] <= plan.end:
            counts = {name: words.count(name, texts[name]) for name in ("territories", "elected", "technicians")}
            hint = words("told", day=row["date"], session=texts["session"], host=texts["host"], **counts)
            one = {name: row[name] for name in ("id", "date", "session", "booked")}
            rows.append(one | look(looks[row["session"]]) | {"host": places[row["host"]], "told": hint})
    return rows, session_keys(programme, words.lang, Counter(row["session"] for row in rows))


def row_of(session: Mapping[str, Any]) -> Row:
    """Return what is in the chart's data of a session, wherever it stands."""
    return {name: value for name, value in session.items() if name not in {"id", "date", "session", "host"}}


def dots(rows: Iterable[Row], **aside: float) -> Any:  # noqa: ANN401 - of the library
    """Return dots for the sessions that are booked."""
    own = marks(row for row in rows if row["booked"])
    return own.mark_point(shape="circle", fill=INK, stroke=WHITE, size=28, strokeWidth=0.8, **aside)


def subtitle(plan: Plan, sessions: Sequence[Row], words: Words, *notes: str) -> list[str]:
    """Return what is said under the title: of what, what it comes to, what isn't shown, and how to read it."""
    period = words("period", programme=plan.inputs.programme.name, start=plan.start, end=plan.end)
    hidden, bookings = plan.sessions.height - len(sessions), sum(one["booked"] for one in sessions)
    dot = words("booked", count=bookings) if bookings else ""
    reading = " ".join(note for note in (words_of("programme", words.lang)["kinds"], dot, *notes) if note)
    return [period, *plan.summary(words.lang)[1:], words.count("left_out", hidden) if hidden else "", reading]
