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
from prai_match.charts._theme import GREY, INK, WHITE, finished, shown, texts_of
from prai_match.text import counted, current_language, day, number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import altair as alt

    from prai_match.charts._map import Drawn, View
    from prai_match.errors import Lang
    from prai_match.plan import Plan

CORNER = 7  # from the middle of a symbol to its dot, pixels
_APART, _ACROSS = 15.0, 3  # pixels between the sessions of a host, of which so many side by side
_INVITED = {True: ("#8c8c8c", WHITE, 40.0), False: (WHITE, GREY, 26.0)}  # in, around, area (square pixels)


def plan_map(plan: Plan, lang: Lang | None = None) -> alt.HConcatChart:
    """Draw where the sessions of a plan are held, and who is invited to each, with lines in the session's colour.

    Territories overseas have maps of their own, below.

    Args:
        plan: A plan.
        lang: Language of its texts.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme, charts
        >>> plan = Programme.example().plan(dt.date(2007, 9, 3), dt.date(2007, 10, 5), time_limit=0)
        >>> charts.plan_map(plan).to_dict()["title"]["text"]
        "Carte du plan : lieux d'accueil et territoires invités"
    """
    lang = current_language(lang)
    words, (sessions, keys) = texts_of("plan", lang), held(plan, lang)
    places = {place.id: place for place in sorted(plan.inputs.programme.territories, key=lambda place: place.id)}
    known, times = {one["id"]: one for one in sessions}, Counter(plan.seats["territory"])

    def zone(view: View) -> Drawn:
        own = {place.id for place in view.places}
        here = [one for one in sessions if one["host"].id in own]
        ways = [
            {"longitude": place.longitude, "latitude": place.latitude, "stroke": known[code]["fill"]}
            | {"longitude2": known[code]["host"].longitude, "latitude2": known[code]["host"].latitude}
            for code, territory in plan.seats.select("session", "territory").iter_rows()
            if code in known and territory in own and known[code]["host"].id in own - {territory}
            for place in [places[territory]]
        ]
        territories = []
        for place in view.places:
            said = {"name": shown(place.name), "departement": register.department(place.departement)}
            told = words["place"].format(**said, sessions=counted(times[place.id], words["times"], lang))
            drawn_as = dict(zip(("fill", "stroke", "size"), _INVITED[place.id in times], strict=True))
            territories.append({"longitude": place.longitude, "latitude": place.latitude, "told": told} | drawn_as)
        held_here = list(_around(view, here))
        lines = marks(ways).encode(**AT, longitude2="longitude2:Q", latitude2="latitude2:Q")
        circles = marks(territories).mark_point(shape="circle", strokeWidth=1)
        return (
            [
                lines.mark_rule(color=GREY, strokeWidth=2.4, opacity=0.3),
                lines.mark_rule(strokeWidth=1.4, opacity=0.9).encode(**plain("stroke")),
            ],
            [
                circles.encode(**AT, **plain("fill", "stroke", "size"), tooltip="told:N"),
                *symbols(held_here, **AT),
                dots(_around(view, here, CORNER)).encode(**AT, tooltip="told:N"),
            ],
            [*territories, *held_here],
        )

    counts = Counter(code in times for code in places)
    territories = [
        Key(words[name].format(count=number(counts[invited], 0, lang)), "", "circle", *_INVITED[invited][:2])
        for name, invited in (("invited", True), ("alone", False))
    ]
    small = legend({words["territories_heading"]: territories}, symbolSize=40)
    told = legend({texts_of("programme", lang)["sessions"]: list(keys.values())}, small)
    drawing = maps(views(places.values()), words["empty"], zone, told)
    source = words["outlines"].format(source=words["source"], attribution=attribution())
    return finished(drawing, words["map_title"], [*subtitle(plan, sessions, lang, words["lines"]), source], lang)


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
            yield drawn(one) | view.beside(one["host"], x, y)


def held(plan: Plan, lang: Lang) -> tuple[list[Row], dict[str, Key]]:
    """Return the sessions of a plan in its period at a known place, by date, and how those of the catalogue look.

    Of each: ``id``, ``date``, ``session``, ``booked``, ``host`` (a territory), how it looks and what is ``told``.
    """
    programme, words = plan.inputs.programme, texts_of("plan", lang)
    places, keys = {territory.id: territory for territory in programme.territories}, session_keys(programme, lang)
    rows = []
    for row, said in zip(plan.sessions.iter_rows(named=True), plan.to_polars(lang).iter_rows(named=True), strict=True):
        known = row["host"] in places and row["session"] in keys
        if known and row["date"] is not None and plan.start <= row["date"] <= plan.end:
            counts = {
                name: counted(said[name], words[name], lang) for name in ("territories", "elected", "technicians")
            }
            names = {name: shown(said[name]) for name in ("session", "host")}
            told = words["told"].format(day=day(row["date"], lang), **names, **counts)
            one = {name: row[name] for name in ("id", "date", "session", "booked")}
            rows.append(one | look(keys[row["session"]]) | {"host": places[row["host"]], "told": told})
    return rows, session_keys(programme, lang, Counter(row["session"] for row in rows))


def drawn(one: Mapping[str, Any]) -> Row:
    """Return what is in the chart's data of a session, wherever it stands."""
    return {name: value for name, value in one.items() if name not in {"id", "date", "session", "host"}}


def dots(rows: Iterable[Row], **aside: float) -> Any:  # noqa: ANN401 - of the library
    """Return dots for the sessions that are booked."""
    own = marks(row for row in rows if row["booked"])
    return own.mark_point(shape="circle", fill=INK, stroke=WHITE, size=28, strokeWidth=0.8, **aside)


def subtitle(plan: Plan, sessions: Sequence[Row], lang: Lang, *notes: str) -> list[str]:
    """Return what is said under the title: of what, what it comes to, what isn't shown, and how to read it."""
    words, name = texts_of("plan", lang), plan.inputs.programme.name.get(lang)
    period = words["period"].format(programme=name, start=day(plan.start, lang), end=day(plan.end, lang))
    hidden, booked = plan.sessions.height - len(sessions), sum(one["booked"] for one in sessions)
    dot = words["booked"].format(count=number(booked, 0, lang)) if booked else ""
    reading = " ".join(note for note in (texts_of("programme", lang)["kinds"], dot, *notes) if note)
    return [period, *plan.summary(lang)[1:], counted(hidden, words["left_out"], lang) if hidden else "", reading]
