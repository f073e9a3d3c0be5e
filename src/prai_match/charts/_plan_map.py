"""The map of a plan: hosts with their sessions, and a line from each territory invited to its host."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from prai_match import register
from prai_match.charts._canvas import Row, canvas, points, rules, texts
from prai_match.charts._legend import Key, legend
from prai_match.charts._map import attribution, background
from prai_match.charts._plan import Held, dots, held, keys, looks, subtitle
from prai_match.charts._territories import _view, _zones
from prai_match.charts._theme import GREY, finished, library, shown, texts_of
from prai_match.text import counted, number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import altair as alt

    from prai_match.charts._map import Point
    from prai_match.errors import Lang
    from prai_match.model import Territory
    from prai_match.plan import Plan

_LEGEND, _APART, _ACROSS = 270.0, 15.0, 3  # pixels between the sessions of a host, of which so many side by side
_INVITED, _ALONE = ("#8c8c8c", "#ffffff", 40.0), ("#ffffff", GREY, 26.0)  # in, around, area (square pixels)


def plan_map(plan: Plan, lang: Lang = "fr") -> alt.HConcatChart:
    """Draw where the sessions of a plan are held, and who is invited to each, with lines in the session's colour.

    Territories overseas have maps of their own, below.

    Args:
        plan: A plan.
        lang: Language of its texts.

    Raises:
        PraiError: The extra ``viz`` is not installed.
        UnknownCodeError: The language is neither ``fr`` nor ``en``.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme, charts
        >>> plan = Programme.example().plan(dt.date(2007, 9, 3), dt.date(2007, 10, 5), time_limit=0)
        >>> charts.plan_map(plan).to_dict()["title"]["text"]
        "Carte du plan : lieux d'accueil et territoires invités"
    """
    words, vega = texts_of("plan", lang), library()
    sessions = held(plan, words, lang)
    places = sorted(plan.inputs.programme.territories, key=lambda territory: territory.id)
    drawn = _Drawn(plan, sessions, words, lang)
    zones = [drawn.map(found, size) for found, size in _zones(places)]
    main, *others = zones or [canvas(600, 40, texts([{"x": 0, "y": 20, "text": words["empty"]}]))]
    maps = vega.vconcat(main, vega.concat(*others, columns=3, spacing=12), spacing=12) if others else main
    invited = len(set(plan.seats["territory"]) & {territory.id for territory in places})
    lines = [
        *keys(plan, sessions, words, lang),
        Key(words["lines"], heading=False),
        Key(words["territories_heading"]),
        *(
            Key(words[name].format(count=number(count, 0, lang)), "", "circle", fill, stroke, size=size)
            for name, count, (fill, stroke, size) in (
                ("invited", invited, _INVITED),
                ("alone", len(places) - invited, _ALONE),
            )
        ),
    ]
    drawing: alt.HConcatChart = vega.hconcat(maps, legend(lines, _LEGEND), spacing=18)
    source = words["outlines"].format(source=words["source"], attribution=attribution())
    return finished(drawing, words["map_title"], [*subtitle(plan, sessions, words, lang), source], lang)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What all maps of a chart have in common."""

    plan: Plan
    sessions: Sequence[Held]
    words: Mapping[str, Any]
    lang: Lang

    def map(self, places: Sequence[Territory], size: tuple[float, float]) -> alt.LayerChart:
        """Draw a zone: lines below, then territories, then the sessions at their hosts."""
        view = _view(places, size)
        at = {territory.id: view.place(territory.longitude, territory.latitude) for territory in places}
        symbols, lines, drawn = list(self._symbols(at)), self._lines(at), looks(self.plan)
        times = Counter(self.plan.seats["territory"])
        marks = [self._territory(territory, at[territory.id], times[territory.id]) for territory in places]
        land, names = background(view, {territory.departement for territory in places}, [*symbols, *marks])
        return canvas(
            view.width,
            view.height,
            land,
            rules([line for those in lines.values() for line in those], color=GREY, strokeWidth=2.4, opacity=0.3),
            *(rules(lines[code], color=drawn[code]["fill"], strokeWidth=1.4, opacity=0.9) for code in sorted(lines)),
            names,
            points(marks, strokeWidth=1),
            points(symbols),
            texts(symbols, align="center", fontSize=9, fontWeight="bold", dy=0.5, told=True),
            points(dots(symbols), strokeWidth=0.8),
        )

    def _symbols(self, at: Mapping[str, Point]) -> Iterator[Row]:
        """Return the symbols of the sessions, those of a host around its place."""
        drawn, hosts = looks(self.plan), defaultdict(list)
        for one in self.sessions:
            if one.host.id in at:
                hosts[one.host.id].append(one)
        for host, those in sorted(hosts.items()):
            x, y = at[host]
            lines = math.ceil(len(those) / _ACROSS)
            for place, one in enumerate(those):
                down, along = divmod(place, _ACROSS)
                across = min(_ACROSS, len(those) - down * _ACROSS)
                yield drawn[one.session] | {
                    "x": x + (along - (across - 1) / 2) * _APART,
                    "y": y + (down - (lines - 1) / 2) * _APART,
                    "told": one.told,
                    "booked": one.booked,
                }

    def _lines(self, at: Mapping[str, Point]) -> dict[str, list[Row]]:
        """Return by session of the catalogue the lines from those who come to their hosts."""
        known = {one.id: one for one in self.sessions if one.host.id in at}
        lines: dict[str, list[Row]] = defaultdict(list)
        for code, territory in self.plan.seats.select("session", "territory").iter_rows():
            if code in known and territory in at and territory != known[code].host.id:
                (x, y), (x2, y2) = at[territory], at[known[code].host.id]
                lines[known[code].session].append({"x": x, "y": y, "x2": x2, "y2": y2})
        return lines

    def _territory(self, territory: Territory, at: Point, times: int) -> Row:
        """Return the mark of a territory, and to how many sessions it is invited."""
        fill, stroke, size = _INVITED if times else _ALONE
        told = self.words["place"].format(
            name=shown(territory.name),
            departement=register.department(territory.departement),
            sessions=counted(times, self.words["times"], self.lang),
        )
        return {"x": at[0], "y": at[1], "shape": "circle", "fill": fill, "stroke": stroke, "size": size, "told": told}
