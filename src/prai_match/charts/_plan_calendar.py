"""The calendar of a plan: a row a département, a column a week, with the sessions and the days without any."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

from prai_match import register
from prai_match.charts._canvas import Row, canvas, points, rects, rules, texts
from prai_match.charts._legend import Key, legend
from prai_match.charts._plan import Held, dots, held, keys, looks, subtitle
from prai_match.charts._theme import GREY, INK, SMALL, finished, library, shown, texts_of, width_of, wrapped
from prai_match.text import day

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import altair as alt

    from prai_match.errors import Lang
    from prai_match.plan import Plan

_LEFT, _TOP, _RIGHT, _LEGEND = 118.0, 44.0, 44.0, 270.0
_FEW, _WIDE = 9, 112.0  # weeks that show their days, and how wide they are
_USUAL, _NARROW, _WIDTH = 30.0, 15.0, 740.0  # a week's column at most and at least, and all of them where they can
_ROW, _DAY, _PAD = 30.0, 12.0, 4.0  # a session with its day, its day, around a row
_FREE, _RULE = "#f7f7f7", "#d9d9d9"
_CLOSED = {"blackout": "#f3d3bd", "notice": "#dcdcdc", "holiday": "#dcc6e4", "school_holiday": "#d3e4f2"}
_WEEK = dt.timedelta(days=7)


def plan_calendar(plan: Plan, lang: Lang = "fr") -> alt.HConcatChart:
    """Draw the sessions of a plan by week and by département of the host, with the days on which none can be held.

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
        >>> charts.plan_calendar(plan).to_dict()["title"]["text"]
        'Calendrier du plan, par semaine et par département'
    """
    words, vega = texts_of("plan", lang), library()
    sessions = held(plan, words, lang)
    grid = _Grid(plan, sessions, words, lang)
    lines = [*keys(plan, sessions, words, lang), Key(words["day"], heading=False), *grid.keys()]
    drawing: alt.HConcatChart = vega.hconcat(grid.drawn(), legend(lines, _LEGEND), spacing=20)
    return finished(drawing, words["calendar_title"], [*subtitle(plan, sessions, words, lang), words["source"]], lang)


@dataclass(frozen=True)
class _Grid:
    plan: Plan
    sessions: Sequence[Held]
    words: Mapping[str, Any]
    lang: Lang

    @cached_property
    def first(self) -> dt.date:
        """The Monday of the first week."""
        return self.plan.start - dt.timedelta(days=self.plan.start.weekday())

    @cached_property
    def weeks(self) -> int:
        """How many weeks there are."""
        return (self.plan.end - self.first).days // 7 + 1

    @cached_property
    def cell(self) -> float:
        """How wide a week is."""
        return _WIDE if self.weeks <= _FEW else max(_NARROW, min(_USUAL, _WIDTH / self.weeks))

    @cached_property
    def right(self) -> float:
        """Where the last week ends."""
        return _LEFT + self.weeks * self.cell

    @cached_property
    def rows(self) -> dict[str, tuple[float, float]]:
        """Where the row of each département begins and ends: as high as its fullest week."""
        most: dict[str, int] = dict.fromkeys(
            sorted({territory.departement for territory in self.plan.inputs.programme.territories}), 1
        )
        for (code, _), count in Counter(
            (one.host.departement, self._middle(one.date)) for one in self.sessions
        ).items():
            most[code] = max(most[code], count)
        places, top = {}, _TOP
        for code, count in most.items():
            places[code] = (top, top + count * _ROW + 2 * _PAD)
            top = places[code][1]
        return places

    @cached_property
    def bottom(self) -> float:
        """Where the last row ends."""
        return max((end for _, end in self.rows.values()), default=_TOP)

    def drawn(self) -> alt.LayerChart:
        """Return the grid, with totals at the right and below."""
        symbols = list(self._symbols())
        days = [row | {"y": row["y"] + 14, "text": row["day"], "tone": INK, "told": row["told"]} for row in symbols]
        return canvas(
            self.right + _RIGHT,
            self.bottom + _ROW + 14,
            rects(self._background()),
            rules(self._rules(), color=_RULE, strokeWidth=1),
            texts(list(self._reasons()), fontSize=SMALL, fontStyle="italic"),
            points(self._elections()),
            points(symbols),
            texts(symbols, align="center", fontSize=9, fontWeight="bold", told=True),
            points(dots(symbols), strokeWidth=0.8),
            texts(days, align="center", fontSize=9, told=True),
            texts(list(self._heads()), align="center", fontSize=10),
            texts(list(self._names()), align="right", fontSize=SMALL),
            texts(list(self._totals()), align="center", fontSize=SMALL),
            texts([{"x": _LEFT, "y": self.bottom + _ROW, "text": self.words["weeks"], "tone": GREY}], fontSize=SMALL),
        )

    def keys(self) -> Iterator[Key]:
        """Return the lines of the legend that tell the days without sessions and the elections."""
        labels = set(self.plan.inputs.days["closed"].drop_nulls()) & _CLOSED.keys()
        if labels:
            yield Key(self.words["closed"])
        for label in (label for label in _CLOSED if label in labels):
            fill = _CLOSED[label]
            for text in self._blackouts() if label == "blackout" else [self.words[label]]:
                yield Key(text, "", "square", fill, fill)
        elections = [row["told"] for row in self._elections()]
        if elections:
            yield Key(self.words["elections"])
        yield from (Key(told, "", "cross", INK, INK, size=130) for told in elections)

    def _week(self, date: dt.date) -> int:
        return (date - self.first).days // 7

    def _x(self, date: dt.date) -> float:
        """Where a day begins."""
        return _LEFT + (date - self.first).days / 7 * self.cell

    def _centre(self, week: int) -> float:
        return _LEFT + (week + 0.5) * self.cell

    def _middle(self, date: dt.date) -> float:
        """Where the sessions of a day stand."""
        return self._x(date) + self.cell / 14 if self.weeks <= _FEW else self._centre(self._week(date))

    def _background(self) -> Iterator[Row]:
        yield {"x": _LEFT, "x2": self.right, "y": _TOP, "y2": self.bottom, "fill": _FREE}
        for label, start, end in self._closed():
            told = self._reason(start) if label == "blackout" else self.words[label]
            edges = {"x": self._x(start), "x2": self._x(end + dt.timedelta(days=1)), "y": _TOP, "y2": self.bottom}
            yield edges | {"fill": _CLOSED[label], "told": told}

    def _closed(self) -> Iterator[tuple[str, dt.date, dt.date]]:
        """Return the runs of days that something but a weekend closes: what, the first and the last."""
        rows = self.plan.inputs.days.select("date", "closed").iter_rows()
        for label, run in groupby(rows, key=lambda row: row[1]):
            days = [date for date, _ in run]
            if label in _CLOSED:
                yield label, days[0], days[-1]

    def _reason(self, date: dt.date) -> str:
        blackouts = self.plan.inputs.programme.calendar.blackouts
        return next(shown(one.reason.get(self.lang)) for one in blackouts if one.start <= date <= one.end)

    def _reasons(self) -> Iterator[Row]:
        """Name the blackouts that have room for it."""
        for label, start, end in self._closed():
            room = self._x(end) - self._x(start) - 8
            if label == "blackout" and room > width_of("m" * 12, SMALL):
                text = wrapped(self._reason(start), room, SMALL, lines=2)
                yield {"x": self._x(start) + 6, "y": _TOP + _ROW / 2 + _PAD, "text": text, "tone": GREY}

    def _blackouts(self) -> Iterator[str]:
        plan, lang = self.plan, self.lang
        for one in sorted(plan.inputs.programme.calendar.blackouts, key=lambda one: (one.start, one.end)):
            if one.start <= plan.end and one.end >= plan.start:
                said = {"name": one.reason.get(lang), "start": day(one.start, lang), "end": day(one.end, lang)}
                yield self.words["frozen"].format_map(said)

    def _rules(self) -> Iterator[Row]:
        for top, end in self.rows.values():
            yield from ({"x": 0, "x2": self.right + _RIGHT, "y": edge, "y2": edge} for edge in (top, end))
        for week in range(self.weeks + 1):
            x = _LEFT + week * self.cell
            yield {"x": x, "x2": x, "y": _TOP if week not in self._months else 6, "y2": self.bottom}

    @cached_property
    def _months(self) -> dict[int, dt.date]:
        """The weeks in which a month begins, that of the first Monday on, with their Monday."""
        mondays = [self.first + week * _WEEK for week in range(self.weeks)]
        return {
            week: monday for week, monday in enumerate(mondays) if not week or monday.month != mondays[week - 1].month
        }

    def _heads(self) -> Iterator[Row]:
        """Name the months and the Mondays."""
        starts = [*self._months, self.weeks]
        for start, end in pairwise(starts):
            date = self._months[start]
            name = self.words["months"][date.month - 1]
            full = f"{name} {date.year}"
            room = (end - start) * self.cell
            said = full if room > width_of(full, 10) else name if room > width_of(name, 10) else ""
            yield {"x": (self._centre(start) + self._centre(end - 1)) / 2, "y": 12, "text": said}
        for week in range(self.weeks):
            monday = self.first + week * _WEEK
            yield {"x": self._centre(week), "y": 32, "text": str(monday.day), "tone": GREY}
        yield {"x": self.right + _RIGHT / 2, "y": 32, "text": self.words["total"], "tone": GREY}

    def _names(self) -> Iterator[Row]:
        for code, (top, end) in self.rows.items():
            name = wrapped(shown(register.department(code)), _LEFT - 10, SMALL)
            yield {"x": _LEFT - 8, "y": (top + end) / 2, "text": name}

    def _totals(self) -> Iterator[Row]:
        by_place = Counter(one.host.departement for one in self.sessions)
        by_week = Counter(self._week(one.date) for one in self.sessions)
        sums = [(self.right + _RIGHT / 2, (top + end) / 2, by_place[code]) for code, (top, end) in self.rows.items()]
        below = self.bottom + 12
        sums += [(self._centre(week), below, by_week[week]) for week in range(self.weeks)]
        sums.append((self.right + _RIGHT / 2, below, len(self.sessions)))
        yield {"x": _LEFT - 22, "y": below, "text": self.words["total"], "tone": GREY}
        yield from ({"x": x, "y": y, "text": str(count) if count else "–"} for x, y, count in sums)

    def _symbols(self) -> Iterator[Row]:
        """Place the sessions in their week, or on their day where there is room; those of a place below each other."""
        drawn = looks(self.plan)
        stacks: Counter[tuple[str, float]] = Counter()
        for one in self.sessions:
            place = one.host.departement, self._middle(one.date)
            yield drawn[one.session] | {
                "x": place[1],
                "y": self.rows[place[0]][0] + _PAD + (_ROW - _DAY) / 2 + stacks[place] * _ROW,
                "told": one.told,
                "booked": one.booked,
                "day": str(one.date.day),
            }
            stacks[place] += 1

    def _elections(self) -> list[Row]:
        look = {"shape": "cross", "fill": INK, "stroke": INK, "size": 90, "y": _TOP - 1}
        return [
            look
            | {
                "x": self._middle(one.date),
                "told": self.words["election"].format(
                    name=shown(one.name.get(self.lang)), day=day(one.date, self.lang)
                ),
            }
            for one in self.plan.inputs.programme.calendar.elections
            if self.plan.start <= one.date <= self.plan.end
        ]
