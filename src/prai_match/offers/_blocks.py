"""The columns of territories on a day, in blocks that fit in the processor's cache."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, Final, Literal

import numpy as np

from prai_match.calendar import NEVER, months_later
from prai_match.offers._columns import counts_of, days_since, service_gap, sessions_attended
from prai_match.offers._day import Day
from prai_match.offers._facts import Array, Ints, latest
from prai_match.offers._openings import at_sessions, chances_on, flat, followed, follows_next, openings, ways_of
from prai_match.policy import Values

_AXES, _SCORES, _OPEN, _EARLY = 2**16, 2**42, 2**60, 1_000_000  # the parts of the number that orders axes
_ACTORS: Final[tuple[tuple[str, Literal["partners", "trainers"]], ...]] = (("p", "partners"), ("r", "trainers"))


class Block:
    """The territories from ``first`` to below ``last``, and the columns of each of their sessions.

    A column has one value a territory, or one a territory and session; ``stored`` gives those that need no work.
    """

    def __init__(self, day: Day, first: int, last: int, stored: Callable[[str], Values]) -> None:
        self.day, self._stored = day, stored
        self.first, self.last = first, last
        self.height: int = last - first
        self.width: int = day.width
        self.shape: tuple[int, int] = (self.height, self.width)
        self._columns: dict[str, Values] = {}

    def column(self, name: str) -> Values:
        if name not in self._columns:
            make = _MADE.get(name)
            self._columns |= make(self) if make else {name: self._stored(name).take(slice(self.first, self.last))}
        return self._columns[name]

    def number(self, key: str) -> Ints:
        """Return the number of the world, département or square of each territory."""
        return self.day.frames.number_of("t", key)[self.first : self.last]

    @property
    def _renewals(self) -> Ints:
        return self.day.renewals[self.first : self.last]

    def renewal(self) -> dict[str, Values]:
        """Return how long the council of each territory has been in office; for a future one, on its first open day."""
        value, known = days_since(self.day.today, self._renewals)
        first = self.day.first + (self.day.is_open[self.row].argmax(axis=1) if self.day.length else 0)
        later = np.where(value < 0, np.maximum(0, first - self._renewals), value)
        return {"days_since_renewal": Values(later, known)}

    @cached_property
    def _asks(self) -> dict[str, Array]:
        """The spells of needs of the day: cell, state, score, start and axis."""
        spells = self.day.frames.spells
        rows: Any = spells.of.between(self.first, self.last)
        states = self.day.states[rows]
        counts = (states == 0) | (states == 1)
        columns = {name: spells.rows[name][rows][counts].astype(np.int64) for name in ("t", "s", "x", "start")}
        cells = (columns["t"] - self.first) * self.width + columns["s"]
        return {**columns, "cell": cells, "state": states[counts], "score": spells.score[rows][counts]}

    def _most(self, name: str, values: str, nothing: float) -> Array:
        """Return the greatest of some values of the needs that a column counts, a territory and session."""
        counts = counts_of(name)[self._asks["state"]]
        return latest(self._asks["cell"][counts], self._asks[values][counts], self.height * self.width, nothing)

    @cached_property
    def axes(self) -> Ints:
        """The axis that needs ask for; where they ask for none, that of the session's common core."""
        chooses = np.flatnonzero(self._asks["x"] >= 0)
        asks = {name: values[chooses] for name, values in self._asks.items()}
        # An open need's axis, then that of the strongest, then of the latest, then the first axis: in one number.
        rank = np.where(asks["state"] == 0, _OPEN, 0) + np.rint(asks["score"] * 1000).astype(np.int64) * _SCORES
        rank += (asks["start"] + _EARLY) * _AXES + (_AXES - 1 - asks["x"])
        first = latest(asks["cell"], rank, self.height * self.width, -1)
        return np.where(first < 0, np.tile(self.day.frames.lessons.cores, self.height), _AXES - 1 - first % _AXES)

    def axes_of(self, territories: Ints) -> Ints:
        """Return the axes of some of them, which are numbered as in the whole."""
        return self.axes.reshape(self.shape)[territories - self.first].ravel()

    def needs(self) -> dict[str, Values]:
        cells = self._asks["cell"][counts_of("needs")[self._asks["state"]]]
        return {
            "needs": Values(np.bincount(cells, minlength=self.height * self.width).astype(np.float64)),
            "need_score": Values(self._most("need_score", "score", 0.0)),
            "need_age_days": days_since(self.day.today, self._most("need_age_days", "start", -NEVER)),
        }

    def needs_waiting(self) -> dict[str, Values]:
        """Return how many needs of each territory are open, since when, and how many its council expressed."""
        counts = counts_of("needs_waiting")[self._asks["state"]]
        t, start = self._asks["cell"][counts] // max(1, self.width), self._asks["start"][counts]
        recent = t[start > self._renewals[t]]
        return {
            "needs_waiting": Values(np.bincount(t, minlength=self.height).astype(np.float64)),
            "longest_wait_days": days_since(self.day.today, -latest(t, -start, self.height, -NEVER)),
            "needs_since_renewal": Values(np.bincount(recent, minlength=self.height).astype(np.float64)),
        }

    def needs_served(self) -> dict[str, Values]:
        """Return the strongest need for a workshop, or for what a buffet leads to and wasn't attended."""
        own = [self._most(name, "score", 0.0).reshape(self.shape) for name in ("leads_to_need", "need_to_confirm")]
        edges = self.day.edges
        behind = [
            at_sessions(np.where(self._recent[:, edges.s_next], 0.0, each[:, edges.s_next]), edges.s, self.shape)
            for each in own
        ]
        buffets = self.day.frames.lessons.is_buffet
        served, confirmed = (np.where(buffets, lead, each).ravel() for lead, each in zip(behind, own, strict=True))
        return {
            "leads_to_need": Values(flat(behind[0])),
            "need_served": Values(served),
            "need_to_confirm": Values(confirmed),
        }

    def _came(self, *, recent: bool) -> tuple[Array, Array]:
        """Return the places of the sessions that territories attended, ever or since the renewal, and the days."""
        visits = self.day.frames.visits
        rows: Any = visits.of.between(self.first, self.last)
        t, s, date = (visits.rows[name][rows] for name in ("t", "s", "date"))
        those = self.day.came[rows] & (date > self.day.renewals[t]) if recent else self.day.came[rows]
        return ((t - self.first) * self.width + s)[those], date[those]

    @cached_property
    def _visits(self) -> tuple[Array, Array]:
        """The first and the last day on which each session was attended; after, or before, all days: never."""
        (cells, date), size = self._came(recent=False), self.height * self.width
        return -latest(cells, -date, size, -NEVER), latest(cells, date, size, -NEVER)

    @cached_property
    def first_recent(self) -> Array:
        """The first day since the renewal on which each was: territories × sessions."""
        cells, date = self._came(recent=True)
        return -latest(cells, -date, self.height * self.width, -NEVER).reshape(self.shape)

    @cached_property
    def _recent(self) -> Array:
        """Which sessions were attended since the councils were renewed: territories × sessions."""
        return np.asarray(self._visits[1].reshape(self.shape) > self._renewals[:, None])

    @cached_property
    def _last_recent(self) -> Array:
        """The last day since the renewal on which each was; before all days: never. Territories × sessions."""
        return np.where(self._recent, self._visits[1].reshape(self.shape), -NEVER)

    def attended(self) -> dict[str, Values]:
        (first, last), months = self._visits, self.day.frames.lessons.refresh_months
        due = np.zeros(self.shape, bool)
        for s in np.flatnonzero(months >= 0):  # few sessions have a refresher
            days = last[s :: self.width]
            due[:, s] = (days != -NEVER) & (months_later(days, months[s]) <= self.day.today)
        return {
            "attended": Values(self._recent.ravel()),
            "attended_before": Values(first <= np.repeat(self._renewals, self.width)),
            "refresher": Values(due.ravel()),
        }

    @cached_property
    def _sources(self) -> Array:
        """When what leads to each session was last attended, since the renewal: territories × sessions."""
        edges = self.day.edges
        return at_sessions(self._last_recent[:, edges.s], edges.s_next, self.shape, -NEVER)

    @property
    def ways(self) -> Ints:
        """The estimates that apply to each territory."""
        return ways_of(self.day)[self.first : self.last]

    def follows(self) -> dict[str, Values]:
        """Return how probably each session follows what the territory attended, and since when it can."""
        since, chances = flat(self._sources), chances_on(self.day, self.first_recent, self.ways)
        return {
            "follows": Values(since != -NEVER),
            "follow_probability": Values(flat(at_sessions(chances, self.day.edges.s_next, self.shape))),
            "days_since_source": days_since(self.day.today, since),
        }

    def follows_next(self) -> dict[str, Values]:
        return follows_next(self.day, self._last_recent, self.ways)

    def followed(self) -> dict[str, Values]:
        """Return how many territories that could gave the most probable follow-up to each session, and could."""
        return followed(self.day, self.first_recent, self.ways)

    @cached_property
    def _release(self) -> Array:
        """The first day after the lag of each session's source; after all days if it has no source.

        A session that a strong need of its own opens waits for nothing. Territories × sessions.
        """
        edges, lags = self.day.edges, self.day.whole.estimates.lags[self.ways]
        first = self.first_recent[:, edges.s]
        ready = np.where((first == NEVER) | (not edges.bind), NEVER, first + lags)
        release = -np.broadcast_to(at_sessions(-ready, edges.s_next, self.shape, -NEVER), self.shape)
        strong = self.column("need_score").value.reshape(self.shape) >= self.day.frames.limits["strong_need"]
        return np.where(strong, NEVER, release)

    @cached_property
    def council(self) -> Ints:
        """The number of the council by which each territory is judged."""
        council = self.day.council
        return np.zeros(self.height, np.int64) if council is None else council[self.first : self.last]

    @property
    def row(self) -> Ints:
        """The row of `Day.is_open` of each territory."""
        return self.day.rows_open(self.council, self.number("d"))

    @cached_property
    def lags(self) -> Ints:
        """How many days after the first day there the lag of each session is over; below 0: before it."""
        return np.where(self._release == NEVER, self.day.today, self._release) - self.day.first

    def days(self) -> dict[str, Values]:
        """Return how long the lag lasts, how many open days there are, and how many of them come after it."""
        waits, opens = np.where(self._release == NEVER, 0, self._release - self.day.today), self.day.is_open
        after = np.clip(self.lags, 0, self.day.length)
        left = np.hstack([np.cumsum(opens[:, ::-1], axis=1)[:, ::-1], np.zeros((len(opens), 1), np.int64)])
        return {
            "lag_days": Values(np.maximum(0, waits).ravel().astype(np.float64)),
            "open_days": Values(left[self.row, 0].astype(np.float64)),
            "open_days_left": Values(left[self.row[:, None], after].ravel().astype(np.float64)),
        }

    def leads_to_new(self) -> dict[str, Values]:
        """Return how many of the sessions that each leads to the territory hasn't attended."""
        new = (~self._recent[:, self.day.edges.s_next]).astype(np.float64)
        return {"leads_to_new": Values(flat(at_sessions(new, self.day.edges.s, self.shape, by=np.add)))}

    def opens(self) -> dict[str, Values]:
        """Return what each session opens: what it leads to that is new, follows nothing and isn't strongly needed."""
        edges, need = self.day.edges, self.column("need_score").value.reshape(self.shape)
        is_strong = need >= self.day.frames.limits["strong_need"]
        closed = (~(self._recent | is_strong | (self._sources != -NEVER)))[:, edges.s_next]
        chances = np.where(closed, self.day.whole.estimates.chances[self.ways, :, 0], 0.0)
        people = np.where(closed, self.column("interested").value.reshape(self.shape)[:, edges.s_next], 0.0)
        return openings(chances, need[:, edges.s_next], people, edges.s, self.shape)

    def interested(self) -> dict[str, Values]:
        z, council = self.number("z"), self.council[:, None]
        views = [self.day, *self.day.views[1:]] if self.day.council is None else self.day.views
        people = views[0].people_around[z]
        for number in range(1, len(views)):
            if (council == number).any():
                people = np.where(council == number, views[number].people_around[z], people)
        return {"interested": Values(people.ravel())}

    @cached_property
    def _events(self) -> tuple[Ints, Ints, Ints]:
        """Territories at a session on a day: territory, date and whether both sorts of people came."""
        visits = self.day.frames.visits
        rows: Any = visits.events_of.between(self.first, self.last)
        t, date, together = (visits.events[name][rows] for name in ("t", "date", "together"))
        past = date <= self.day.today
        return t[past] - self.first, date[past], together[past]

    def service_gap(self) -> dict[str, Values]:
        whole, world, population = self.day.whole, self.number("w"), self.column("population").value
        served = np.bincount(self._events[0], minlength=self.height)
        return {"service_gap": service_gap(served, population, whole.served[world], whole.people[world])}

    def sessions_attended(self) -> dict[str, Values]:
        t, date, together = self._events
        return sessions_attended(t, date > self._renewals[t], together, self.height)

    def booked(self) -> dict[str, Values]:
        """Return the booked sessions that each territory hosts or is registered for, as known on the day."""
        (t, h), flags = self.day.ahead, np.zeros(self.shape, bool)
        here = (t >= self.first) & (t < self.last)
        flags[t[here] - self.first, self.day.frames.booked.rows["s"][h[here]]] = True
        return {"booked": Values(flags.ravel())}

    def declined(self) -> dict[str, Values]:
        """Return what changed since a territory declined a session, ``unchanged`` if nothing did.

        Something in the offer changed where its relay or trainer left, or another one came who can take it; behind it,
        where a need was expressed or confirmed, the council was renewed, or what leads to the session was attended.
        """
        day, (replies, refuses) = self.day, self.day.frames.refusals
        t, last = replies["t"], np.full(self.height * self.width, -1)
        rows = np.flatnonzero((t >= self.first) & (t < self.last) & (replies["date"] <= day.today))
        last[(t[rows] - self.first) * self.width + replies["s"][rows]] = rows  # the last one stays
        cells = np.flatnonzero(last >= 0)
        cells = cells[refuses[last[cells]]]
        if not len(cells):
            return {"declined": Values(np.array("no", object))}
        reply, said, (row, s) = last[cells], replies["date"][last[cells]], np.divmod(cells, self.width)
        own, shape = self._most("need_score", "start", -NEVER).reshape(self.shape)[row], (len(row), self.width)
        behind = at_sessions(own[:, day.edges.s_next], day.edges.s, shape, -NEVER)
        needs = np.maximum(own, behind)[np.arange(len(row)), s]
        relays, trainers = day.arrivals
        gone = [
            np.append(day.frames.actors(of)["until"], NEVER)[replies[key][reply]] < day.today for key, of in _ACTORS
        ]
        changes = (
            needs > said,
            self._renewals[row] > said,
            np.broadcast_to(self._sources, self.shape).ravel()[cells] > said,
            (relays[self.number("d")[row], s] > said) | gone[0],
            (trainers[s] > said) | gone[1],
        )
        words = np.zeros(self.height * self.width, np.int64)
        words[cells] = np.select(changes, range(2, len(_DECLINED)), 1)
        return {"declined": Values(_DECLINED[words])}


_DECLINED: Final = np.array(["no", "unchanged", "need", "renewal", "attendance", "relay", "trainer"], object)
# The others are of each session.
TERRITORY: Final = (
    *("days_since_renewal", "elected_and_technician", "longest_wait_days", "needs_since_renewal", "needs_waiting"),
    *("open_days", "service_gap", "sessions_attended", "sessions_received"),
)
_SOURCES: Final[tuple[tuple[Callable[[Block], dict[str, Values]], tuple[str, ...]], ...]] = (
    (Block.needs, ("needs", "need_score", "need_age_days")),
    (Block.needs_waiting, ("needs_waiting", "longest_wait_days", "needs_since_renewal")),
    (Block.needs_served, ("leads_to_need", "need_served", "need_to_confirm")),
    (Block.attended, ("attended", "attended_before", "refresher")),
    (Block.follows, ("follows", "follow_probability", "days_since_source")),
    (Block.follows_next, ("next_probability",)),
    (Block.followed, ("follow_count", "follow_support")),
    (Block.days, ("lag_days", "open_days", "open_days_left")),
    (Block.leads_to_new, ("leads_to_new",)),
    (Block.interested, ("interested",)),
    (Block.opens, ("opens_probability", "opens_need", "opens_people")),
    (Block.declined, ("declined",)),
    (Block.booked, ("booked",)),
    (Block.service_gap, ("service_gap",)),
    (Block.renewal, ("days_since_renewal",)),
    (Block.sessions_attended, ("sessions_received", "sessions_attended", "elected_and_technician")),
)
_MADE: Final = {name: make for make, names in _SOURCES for name in names}
MADE: Final = tuple(_MADE)
