"""What the charts of a plan have in common: its sessions as they are drawn, and the legend."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from prai_match.charts._legend import Key
from prai_match.charts._theme import INK, colour, ink_on, letter, shown
from prai_match.text import counted, day, number

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    from prai_match.charts._canvas import Row
    from prai_match.errors import Lang
    from prai_match.model import Territory
    from prai_match.plan import Plan

SYMBOL, _DOT, _CORNER = 200, 28, 7.0  # areas, square pixels; from the middle of a symbol to its dot, pixels


@dataclass(frozen=True, slots=True)
class Held:
    """A session of a plan.

    Attributes:
        id: Its identifier.
        date: Its day.
        session: Of the catalogue.
        host: Where it is held.
        booked: Whether it is booked already.
        told: What is told of it.
    """

    id: str
    date: dt.date
    session: str
    host: Territory
    booked: bool
    told: str


def held(plan: Plan, words: Mapping[str, Any], lang: Lang) -> list[Held]:
    """Return the sessions of a plan that are held in its period at a known place, by date."""
    places = {territory.id: territory for territory in plan.inputs.programme.territories}
    kinds = {session.id for session in plan.inputs.programme.catalogue.sessions}
    codes = plan.sessions.select("id", "date", "session", "host", "booked").iter_rows(named=True)
    return [
        Held(**row | {"host": places[row["host"]]}, told=_told(names, words, lang))
        for row, names in zip(codes, plan.to_polars(lang).iter_rows(named=True), strict=True)
        if row["date"] is not None and plan.start <= row["date"] <= plan.end
        if row["host"] in places and row["session"] in kinds
    ]


def _told(names: Mapping[str, Any], words: Mapping[str, Any], lang: Lang) -> str:
    counts = {name: counted(names[name], words[name], lang) for name in ("territories", "elected", "technicians")}
    said = {name: shown(names[name]) for name in ("session", "host")}
    return str(words["told"].format(day=day(names["date"], lang), **said, **counts))


def looks(plan: Plan) -> dict[str, Row]:
    """Return how each session of the catalogue looks: ``shape``, ``fill``, ``stroke``, ``size``, ``text``, ``tone``."""
    return {
        session.id: {
            "shape": "square" if session.kind == "buffet" else "circle",
            "fill": colour(place),
            "stroke": INK,
            "size": SYMBOL,
            "text": letter(place),
            "tone": ink_on(colour(place)),
        }
        for place, session in enumerate(plan.inputs.programme.catalogue.sessions)
    }


def dots(symbols: Sequence[Row]) -> list[Row]:
    """Return the dots that tell which symbols are ``booked``."""
    dot = {"shape": "circle", "fill": INK, "stroke": "#ffffff", "size": _DOT}
    return [
        dot | {"x": row["x"] + _CORNER, "y": row["y"] - _CORNER, "told": row["told"]}
        for row in symbols
        if row["booked"]
    ]


def keys(plan: Plan, sessions: Sequence[Held], words: Mapping[str, Any], lang: Lang) -> Iterator[Key]:
    """Return the lines of the legend that tell the sessions."""
    counts, drawn = Counter(one.session for one in sessions), looks(plan)
    yield Key(words["sessions"])
    for session in plan.inputs.programme.catalogue.sessions:
        look = drawn[session.id]
        text = f"{session.name.get(lang)} ({counts[session.id]})"
        yield Key(text, look["text"], look["shape"], look["fill"], look["stroke"], look["tone"])
    yield Key(words["kinds"], heading=False)
    if booked := sum(one.booked for one in sessions):
        yield Key(words["booked"].format(count=number(booked, 0, lang)), heading=False)


def subtitle(plan: Plan, sessions: Sequence[Held], words: Mapping[str, Any], lang: Lang) -> list[str]:
    """Return what is said under the title: of what, what it comes to, and what isn't shown."""
    programme = plan.inputs.programme.name.get(lang)
    period = words["period"].format(programme=programme, start=day(plan.start, lang), end=day(plan.end, lang))
    hidden = plan.sessions.height - len(sessions)
    return [period, *plan.summary(lang)[1:], *([counted(hidden, words["left_out"], lang)] if hidden else [])]
