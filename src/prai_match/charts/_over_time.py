"""Months from left to right, a panel a scenario below each other: bands of replications, blackouts and elections."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from prai_match.charts import _scenarios
from prai_match.charts._axis import Axis
from prai_match.charts._canvas import Row, bands, canvas, curves, points, rects, rules, texts
from prai_match.charts._legend import Key, legend
from prai_match.charts._theme import GREY, INK, PALE, SMALL, library, shown, width_of, wrapped
from prai_match.text import day

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import altair as alt

    from prai_match.errors import Lang
    from prai_match.model import Calendar
    from prai_match.simulate import Measure, Outcomes

_LEFT, _PLOT, _LEGEND = 74.0, 560.0, 230.0
_TOP, _HEAD, _HIGH, _APART, _BOTTOM = 6.0, 22.0, 104.0, 18.0, 40.0  # of a panel: its name, itself, to the next
_FROZEN, _FREE = "#f3d3bd", "#fafafa"
_OUTER, _INNER, _WIDE = 0.16, 0.34, 2.2  # opacity of the bands, width of the line
_LEVELS = (0.9, 0.5)
_LINE = 10.0  # half the height of two lines of text, pixels
_ALONE = 5.0  # half the width of a band of one month, pixels
_YEAR = 12


@dataclass(frozen=True, slots=True)
class Moment:
    """How a value is spread over replications on a day.

    Attributes:
        on: The day.
        month: The first of its month.
        median: The median.
        outer: Between which nine replications of ten are.
        inner: Between which half of them are.
    """

    on: dt.date
    month: dt.date
    median: float
    outer: tuple[float, float]
    inner: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Limit:
    """A line that values are compared with: it goes from a value on the first day to another on the last."""

    name: str
    first: float
    last: float
    dashed: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """What is drawn of a scenario.

    Attributes:
        name: What it is called.
        colour: Of its bands.
        moments: By date; None where nothing is known, which breaks the line.
        calendar: Its blackouts and elections.
        limits: What it is compared with.
    """

    name: str
    colour: str
    moments: Sequence[Moment | None]
    calendar: Calendar
    limits: Sequence[Limit] = ()


@dataclass(frozen=True)
class OverTime:
    """Panels on the same axes.

    Attributes:
        outcomes: Where they come from: their period.
        measure: How values are written.
        panels: A panel a scenario.
        zero: Whether the axis begins at 0.
        words: Texts.
        lang: Their language.
    """

    outcomes: Outcomes
    measure: Measure
    panels: Sequence[Panel]
    zero: bool
    words: Mapping[str, Any]
    lang: Lang

    def drawn(self) -> alt.HConcatChart:
        """Draw the panels and the legend."""
        vega = library()
        drawing: alt.HConcatChart = vega.hconcat(
            self._panels(), legend([*self._keys(), *self._dates()], _LEGEND), spacing=16
        )
        return drawing

    @cached_property
    def _axis(self) -> Axis:
        ends = [end for panel in self.panels for moment in panel.moments if moment for end in moment.outer]
        ends += [end for panel in self.panels for limit in panel.limits for end in (limit.first, limit.last)]
        return Axis.fitted([*ends, 0.0] if self.zero else ends, _HIGH, 0.0, 4)

    def _x(self, date: dt.date) -> float:
        """Where a day begins."""
        days = (self.outcomes.end - self.outcomes.start).days + 1
        return _LEFT + _PLOT * (date - self.outcomes.start).days / days

    def _panels(self) -> alt.LayerChart:
        high = _HEAD + _HIGH + _APART
        tops = [_TOP + place * high + _HEAD for place in range(len(self.panels))]
        below = tops[-1] + _HIGH
        parts = [
            self._panel(panel, top, place) for place, (panel, top) in enumerate(zip(self.panels, tops, strict=True))
        ]
        closed = [row for panel, top in zip(self.panels, tops, strict=True) for row in self._closed(panel, top)]
        votes = [row for panel, top in zip(self.panels, tops, strict=True) for row in self._elections(panel, top)]
        grid = [row for top in tops for row in self._grid(top)]
        return canvas(
            _LEFT + _PLOT + max(map(width_of, self._ends.values()), default=0) + 12,
            below + _BOTTOM,
            rects(closed),
            rules(grid, color=PALE),
            rules([row | {"y2": row["foot"]} for row in votes], color=INK, strokeDash=[2, 3]),
            *(mark for part in parts for mark in part),
            points(votes),
            texts([row for top in tops for row in self._scale(top)], align="right", fontSize=SMALL),
            texts(list(self._months(below)), align="center", fontSize=SMALL),
        )

    def _panel(self, panel: Panel, top: float, place: int) -> Iterator[alt.Chart]:
        """Draw a panel: bands, limits, the line, its name and what it ends with."""
        known = [moment for moment in panel.moments if moment]
        line = [{"x": self._x(moment.on), "y": top + self._axis.place(moment.median)} for moment in known]
        for name, opacity in (("outer", _OUTER), ("inner", _INNER)):
            band = [
                row for number, run in enumerate(_runs(panel.moments)) for row in self._band(run, name, top, number)
            ]
            yield bands(band, color=panel.colour, opacity=opacity)
        if place:
            yield curves(self._first(top), color=GREY, strokeDash=[2, 2])
        for limit in panel.limits:
            ends = {"x": _LEFT, "x2": _LEFT + _PLOT}
            heights = {name: top + self._axis.place(value) for name, value in (("y", limit.first), ("y2", limit.last))}
            yield rules([ends | heights], color=INK, strokeWidth=1.3, strokeDash=[5, 4] if limit.dashed else [1, 0])
        told = [self._told(panel, moment) for moment in known]
        runs = [number for number, run in enumerate(_runs(panel.moments)) for _ in run]
        rows = [row | {"line": runs[at], "order": at, "width": _WIDE, "told": told[at]} for at, row in enumerate(line)]
        yield curves(rows, color=panel.colour)
        look = {"shape": "circle", "fill": panel.colour, "stroke": panel.colour, "size": 14}
        yield points([row | look for row in rows])
        yield texts(
            [{"x": _LEFT, "y": top - 11, "text": wrapped(panel.name, _PLOT, lines=1), "tone": INK}], fontWeight="bold"
        )
        if known:
            end = {"x": line[-1]["x"], "y": min(line[-1]["y"], top + _HIGH - _LINE)}  # above the names of the months
            yield texts([end | {"text": self._ends[place], "tone": INK}], dx=9, fontSize=SMALL)

    def _first(self, top: float) -> Iterator[Row]:
        """Return the line of the first panel, which the others are compared with."""
        first = self.panels[0]
        for number, run in enumerate(_runs(first.moments)):
            for order, moment in enumerate(run):
                place = {"x": self._x(moment.on), "y": top + self._axis.place(moment.median)}
                yield place | {"line": number, "order": order, "width": 1.2, "told": self._told(first, moment)}

    def _band(self, run: Sequence[Moment], name: str, top: float, number: int) -> Iterator[Row]:
        for moment in run:
            low, high = (top + self._axis.place(value) for value in getattr(moment, name))
            for aside in (0.0,) if len(run) > 1 else (-_ALONE, _ALONE):
                yield {"x": self._x(moment.on) + aside, "y": high, "y2": low, "line": number}

    @cached_property
    def _ends(self) -> dict[int, str]:
        """What the panels end with, by their place."""
        last = {place: [moment for moment in panel.moments if moment][-1:] for place, panel in enumerate(self.panels)}
        found = {}
        for place, moment in ((place, moment) for place, those in last.items() for moment in those):
            low, high = (self._written(value) for value in moment.outer)
            found[place] = f"{self._written(moment.median)}\n{self.words['interval'].format(low=low, high=high)}"
        return found

    def _told(self, panel: Panel, moment: Moment) -> str:
        low, high = (self._written(value) for value in moment.outer)
        said = {"scenario": panel.name, "month": self._month(moment.month), "median": self._written(moment.median)}
        return str(self.words["told"].format(**said, low=low, high=high))

    def _written(self, value: float) -> str:
        return _scenarios.amount(value, self.measure, self.lang)

    def _month(self, month: dt.date) -> str:
        return f"{self.words['months'][month.month - 1]} {month.year}"

    def _grid(self, top: float) -> Iterator[Row]:
        for tick in self._axis.ticks():
            y = top + self._axis.place(tick)
            yield {"x": _LEFT, "x2": _LEFT + _PLOT, "y": y, "y2": y}
        for month in self._starts[1:]:
            if month.month == 1:
                yield {"x": self._x(month), "x2": self._x(month), "y": top, "y2": top + _HIGH}

    def _scale(self, top: float) -> Iterator[Row]:
        for tick in self._axis.ticks():
            text = self._axis.written(tick, self.lang)
            yield {"x": _LEFT - 8, "y": top + self._axis.place(tick), "text": text, "tone": GREY}

    @cached_property
    def _starts(self) -> list[dt.date]:
        """The first day of each month; of the first one, the first day of the period."""
        months = range(
            self.outcomes.start.year * _YEAR + self.outcomes.start.month,
            self.outcomes.end.year * _YEAR + self.outcomes.end.month,
        )
        return [self.outcomes.start, *(dt.date(month // _YEAR, month % _YEAR + 1, 1) for month in months)]

    def _months(self, below: float) -> Iterator[Row]:
        """Name the months, as many as there is room for, and the years."""
        ends = [self._x(start) for start in self._starts] + [_LEFT + _PLOT]
        names = [self.words["months"][start.month - 1] for start in self._starts]
        widest = max(map(width_of, self.words["months"])) + 4
        every = next(step for step in (1, 2, 3, 6, _YEAR) if step == _YEAR or step * _PLOT / len(names) >= widest)
        for start, name, (left, right) in zip(self._starts, names, pairwise(ends), strict=True):
            if (start.month - 1) % every == 0 or len(names) == 1:
                yield {"x": (left + right) / 2, "y": below + 12, "text": name}
        for year in range(self.outcomes.start.year, self.outcomes.end.year + 1):
            own = [place for place, start in enumerate(self._starts) if start.year == year]
            room = ends[own[-1] + 1] - ends[own[0]]
            if room > width_of(str(year)):
                yield {"x": ends[own[0]] + room / 2, "y": below + 30, "text": str(year), "tone": GREY}

    def _closed(self, panel: Panel, top: float) -> Iterator[Row]:
        first, last = self.outcomes.start, self.outcomes.end
        edges = {"y": top, "y2": top + _HIGH}
        yield edges | {"x": _LEFT, "x2": _LEFT + _PLOT, "fill": _FREE}
        for one in panel.calendar.blackouts:
            if one.start <= last and one.end >= first:
                sides = {"x": self._x(max(first, one.start)), "x2": self._x(min(last, one.end) + dt.timedelta(days=1))}
                yield edges | sides | {"fill": _FROZEN, "told": shown(one.reason.get(self.lang))}

    def _elections(self, panel: Panel, top: float) -> Iterator[Row]:
        look = {"shape": "cross", "fill": INK, "stroke": INK, "size": 60}
        for one in panel.calendar.elections:
            if self.outcomes.start <= one.date <= self.outcomes.end:
                told = self.words["election"].format(name=shown(one.name.get(self.lang)), day=day(one.date, self.lang))
                yield look | {"x": self._x(one.date), "y": top, "foot": top + _HIGH, "told": told}

    def _keys(self) -> Iterator[Key]:
        first = self.panels[0]
        yield Key(self.words["reading"])
        yield Key(self.words["median"], "", "circle", first.colour, first.colour, size=40)
        yield Key(self.words["inner"], "", "square", _mixed(first.colour, 1 - (1 - _OUTER) * (1 - _INNER)), "#ffffff")
        yield Key(self.words["outer"], "", "square", _mixed(first.colour, _OUTER), "#ffffff")
        if len(self.panels) > 1:
            yield Key(self.words["dotted"].format(name=first.name), "· · ·", "square", "#ffffff", "#ffffff")
        yield Key(self.words["beside"], heading=False)
        for limit in first.limits:
            yield Key(limit.name, "– –" if limit.dashed else "——", "square", "#ffffff", "#ffffff")

    def _dates(self) -> Iterator[Key]:
        """Tell the blackouts and elections of any of the scenarios."""
        first, last = self.outcomes.start, self.outcomes.end
        found = {
            one for panel in self.panels for one in panel.calendar.blackouts if one.start <= last and one.end >= first
        }
        if found:
            yield Key(self.words["blackouts"])
        for one in sorted(found, key=lambda one: (one.start, one.end, one.reason.fr)):
            said = {
                "name": one.reason.get(self.lang),
                "start": day(one.start, self.lang),
                "end": day(one.end, self.lang),
            }
            yield Key(self.words["blackout"].format_map(said), "", "square", _FROZEN, _FROZEN)
        votes = sorted({(row["x"], row["told"]) for panel in self.panels for row in self._elections(panel, 0)})
        if votes:
            yield Key(self.words["elections"])
        yield from (Key(told, "", "cross", INK, INK, size=80) for _, told in votes)


def last_day(month: dt.date) -> dt.date:
    """Return the last day of a month."""
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def _runs(moments: Sequence[Moment | None]) -> list[list[Moment]]:
    """Return the moments that follow each other without a gap."""
    runs: list[list[Moment]] = [[]]
    for moment in moments:
        if moment is not None:
            runs[-1].append(moment)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _mixed(colour: str, opacity: float) -> str:
    """Return what a colour looks like on white."""
    parts = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{round(255 - (255 - part) * opacity):02x}" for part in parts)
