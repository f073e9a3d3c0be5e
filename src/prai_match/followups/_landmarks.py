"""What territories attended next, and what they attended again: counted at landmarks, on arrays.

Landmarks are days one horizon apart, the last of them one horizon before the day of the forecast. At each, every
territory had attended something or nothing, and attended something or nothing within the horizon after it. Places are
territories at landmarks: landmark × territories + territory, where landmark 0 is the last one.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from prai_match.followups._learning import Floats, History, Ints

Bools = NDArray[np.bool_]

_MEMORY = 2  # horizons after which an attendance counts half for the current frequency
_MOST_LANDMARKS, _MOST_PLACES, _MOST_PAIRS = 400, 400_000, 2_000_000  # beyond: only the latest; pairs per batch
_TIMES, _AGES = (2, 3, 5, 9), (0.25, 0.5, 1, 2, 4)  # lower bounds of classes: of times attended, of horizons since
_CLASSES, _LENGTHS = len(_TIMES) + 1, len(_AGES) + 1
_PACES = 1 + _CLASSES * _LENGTHS
_FEW, _NEWCOMERS = 5.0, 10.0  # prior weight of a pace, in sessions; newcomers assumed to begin as all others go on
_MOST = 0.999  # the greatest probability


class Asked(NamedTuple):
    """The settings of a forecast."""

    on: int
    horizon: int  # days
    territories: int
    sessions: int
    is_next: bool  # count only the first day attended after, and the last day attended before


class Attended(NamedTuple):
    """What territories had attended by landmarks: one row per place and session, in this order."""

    places: Ints
    sessions: Ints
    times: Ints  # class of how often
    ages: Ints  # class of how long ago, the last time
    days: Ints  # days since the last time
    paces: Ints  # class of each place: 0 if it attended nothing, else by how often and how long ago
    since: Ints  # days since each place attended anything

    def leading(self, asked: Asked) -> Bools:
        """Return which rows count as sources."""
        return np.asarray((self.days == self.since[self.places]) | (not asked.is_next))


class Habits(NamedTuple):
    """The learned frequencies: how often sessions are attended within a horizon, and the factors that change this.

    Expected numbers are those of sessions not attended before, at the pace of the territory.
    """

    usual: Floats  # how often a session is attended, by those that haven't attended it
    paces: Floats  # how many times as often a territory of a pace attends a session new to it
    observed: Floats  # ages × sources × sessions: how often a session was attended after a source
    expected: Floats  # the same, without an effect of the source
    lifts: Floats  # how many times as often it is attended after the source
    again: Floats  # ages × times: how often an attended session is attended again
    again_paces: Floats  # how many times as often by a territory of a pace
    again_lifts: Floats  # ages × sessions: how many times as often this session
    start: Floats  # how often a territory that has attended nothing attends a session


def standing(came: History, last: int, asked: Asked, count: int = 1) -> Attended:
    """Return what had been attended by each of ``count`` landmarks, the last of which is the given day."""
    past, size = came.days <= last, asked.sessions
    t, s, day = (part[past] for part in came)
    attended = _current(t * size + s, last - day, asked.horizon, count)
    # Cells are sorted already; a narrow integer type sorts fast.
    order = np.argsort(attended.landmarks.astype(np.int16), kind="stable")
    territories, sessions = np.divmod(attended.cells[order], size)
    places = attended.landmarks[order] * asked.territories + territories
    visits = _current(t, last - day, asked.horizon, count)
    paces, since = np.zeros((2, count * asked.territories), np.int64)
    visitors = visits.landmarks * asked.territories + visits.cells
    paces[visitors], since[visitors] = 1 + visits.ages * _CLASSES + visits.times, visits.days
    return Attended(places, sessions, attended.times[order], attended.ages[order], attended.days[order], paces, since)


class _Current(NamedTuple):
    landmarks: Ints
    cells: Ints
    times: Ints
    ages: Ints
    days: Ints


def _current(cells: Ints, back: Ints, horizon: int, count: int) -> _Current:
    """Return the cells attended by each landmark, on how many days and how long ago (classes), and days since."""
    if not len(cells):
        return _Current(*np.zeros((5, 0), np.int64))
    span = int(back.max()) + 1
    keys = np.sort(cells * span + (span - 1 - back))  # one number sorts faster than two
    cells, days = np.divmod(keys[np.append(True, keys[1:] != keys[:-1])], span)
    back, changes = span - 1 - days, np.append(True, cells[1:] != cells[:-1])
    begins = np.flatnonzero(changes)
    times = np.arange(len(cells)) - np.repeat(begins, np.diff(begins, append=len(cells))) + 1
    # Each day of a cell is its latest one at all landmarks from then until the cell's next day.
    stop = np.minimum(back // horizon + 1, count)
    start = np.where(np.append(changes[1:], True), 0, np.minimum(np.append(back[1:], 0) // horizon + 1, stop))
    length = stop - start
    rows = np.repeat(np.arange(len(cells)), length)
    landmarks = np.arange(len(rows)) - np.repeat(np.cumsum(length) - length - start, length)
    since = back[rows] - landmarks * horizon
    return _Current(
        landmarks, cells[rows], np.digitize(times[rows], _TIMES), np.digitize(since / horizon, _AGES), since
    )


class _Seen:
    """What had been attended by all landmarks, and what was attended within the horizon after each."""

    def __init__(self, came: History, asked: Asked) -> None:
        days = asked.on - int(came.days.min(initial=asked.on))
        most = min(_MOST_LANDMARKS, max(1, _MOST_PLACES // max(1, asked.territories)))
        self.asked, self.count = asked, min(days // asked.horizon + 1, most)
        self.size = self.count * asked.territories
        self.known = standing(came, asked.on - asked.horizon, asked, self.count)
        self.cells = self.known.places * asked.sessions + self.known.sessions
        self.found = self._found(came)
        self.places, self.sessions = np.divmod(self.found, asked.sessions)
        self.is_start = self.known.paces[self.places] == 0
        self.is_new = ~self.is_start & ~_among(self.found, self.cells)
        self.weight = 0.5 ** (np.arange(self.count) / _MEMORY)
        self.weights = np.repeat(self.weight, asked.territories)
        self.begin = np.searchsorted(self.known.places, np.arange(self.size + 1))

    def _found(self, came: History) -> Ints:
        """Return the attendances as place × sessions + session, sorted."""
        past, horizon = came.days <= self.asked.on, self.asked.horizon
        t, s, back = came.territories[past], came.sessions[past], self.asked.on - came.days[past]
        rows = back // horizon < self.count
        places, s, back = (back // horizon * self.asked.territories + t)[rows], s[rows], back[rows]
        if self.asked.is_next:
            first = np.zeros(self.size, np.int64)
            np.maximum.at(first, places, back)
            rows = back == first[places]
            places, s = places[rows], s[rows]
        return np.unique(places * self.asked.sessions + s)

    @cached_property
    def knows(self) -> Ints:
        """How many territories had attended something, at each landmark."""
        return np.asarray((self.known.paces.reshape(self.count, -1) > 0).sum(axis=1))

    def beside(self, places: Ints) -> Iterator[tuple[Ints, Ints]]:
        """Yield batches of place numbers, with the rows of what was known there."""
        begin, length = self.begin[places], np.diff(self.begin)[places]
        total, first = np.cumsum(length), 0
        while first < len(length):
            most = (total[first - 1] if first else 0) + _MOST_PAIRS
            part = slice(first, max(first + 1, int(np.searchsorted(total, most, side="right"))))
            rows = np.repeat(np.arange(part.start, part.stop), length[part])
            starts = np.repeat(begin[part] - (np.cumsum(length[part]) - length[part]), length[part])
            yield rows, starts + np.arange(len(rows))
            first = part.stop

    def paces(self, expected: Floats, happened: Bools, weights: Floats) -> Floats:
        """Return how many times as often as expected something happened, by pace of the place."""
        places, classes = self.places[happened], self.known.paces
        seen = np.bincount(classes[places], weights[places], _PACES)
        return np.asarray((_FEW + seen) / (_FEW + np.bincount(classes, expected * weights, _PACES)))


def _among(values: Ints, others: Ints) -> Bools:
    """Return which values are among ``others``, which are sorted."""
    return np.asarray(np.append(others, -1)[np.searchsorted(others, values)] == values)


def learn_habits(came: History, asked: Asked, strength: float) -> Habits:
    """Learn from the attendances until a day (see `Forecast.learned`)."""
    seen = _Seen(came, asked)
    usual, paces = _usual(seen)
    return Habits(usual, paces, *_after(seen, usual, paces, strength), *_again(seen, strength), _start(seen))


def _usual(seen: _Seen) -> tuple[Floats, Floats]:
    known, size = seen.known, seen.asked.sessions
    landmark = known.places // max(1, seen.asked.territories)
    attended = np.bincount(landmark * size + known.sessions, minlength=seen.count * size).reshape(seen.count, size)
    could = seen.weight @ (seen.knows[:, None] - attended)
    did = np.bincount(seen.sessions[seen.is_new], seen.weights[seen.places[seen.is_new]], size)
    usual = (did + did.sum() / max(could.sum(), 1)) / (could + 1)
    left = (usual.sum() - np.bincount(known.places, usual[known.sessions], seen.size)) * (known.paces > 0)
    return usual, seen.paces(left, seen.is_new, seen.weights)


def _after(seen: _Seen, usual: Floats, paces: Floats, strength: float) -> tuple[Floats, Floats, Floats]:
    known, size = seen.known, seen.asked.sessions
    sources, pace, leads = known.ages * size + known.sessions, paces[known.paces], known.leading(seen.asked)
    observed, expected = np.zeros((2, _LENGTHS * size * size))
    for rows, others in seen.beside(seen.places[seen.is_new]):
        pairs = (sources[others] * size + seen.sessions[seen.is_new][rows])[leads[others]]
        observed += np.bincount(pairs, minlength=len(observed))
    from_, places = sources[leads], known.places[leads]
    for rows, others in seen.beside(places):
        # Territories that had already attended the session can't attend it for the first time.
        expected -= np.bincount(from_[rows] * size + known.sessions[others], pace[places[rows]], len(expected))
    observed, expected = (each.reshape(_LENGTHS, size, size) for each in (observed, expected))
    expected += np.bincount(from_, pace[places], _LENGTHS * size).reshape(_LENGTHS, size, 1)
    expected = np.maximum(expected, 0) * usual
    return observed, expected, _shrunk(observed, expected, strength, _both(seen, strength))


def _both(seen: _Seen, strength: float) -> Floats:
    """Return how many times as often as by chance territories attended both of two sessions, in any order."""
    known, size = seen.known, seen.asked.sessions
    here, counts = known.places < seen.asked.territories, np.zeros(size * size)
    sessions = known.sessions[here]
    for rows, others in seen.beside(known.places[here]):
        counts += np.bincount(sessions[rows] * size + known.sessions[others], minlength=size * size)
    both = counts.reshape(size, size)
    each = both.diagonal()
    return np.asarray((strength + both) / (strength + np.outer(each, each) / max(1, int(seen.knows[0]))))


def _again(seen: _Seen, strength: float) -> tuple[Floats, Floats, Floats]:
    known, size = seen.known, seen.asked.sessions
    did, kinds, number = _among(seen.cells, seen.found), known.ages * _CLASSES + known.times, _LENGTHS * _CLASSES
    again = (np.bincount(kinds, did, number) + 0.5) / (np.bincount(kinds, minlength=number) + 1)
    expected, ones = np.asarray(np.bincount(known.places, again[kinds], seen.size), np.float64), np.ones(seen.size)
    paces = seen.paces(expected, ~seen.is_start & ~seen.is_new, ones)
    each, cells = again[kinds] * paces[known.paces[known.places]], known.ages * size + known.sessions
    count, usual = (np.bincount(cells, by, _LENGTHS * size).reshape(_LENGTHS, size) for by in (did, each))
    return (
        again.reshape(_LENGTHS, _CLASSES),
        paces,
        _shrunk(np.asarray(count, float), np.asarray(usual, float), strength),
    )


def _shrunk(observed: Floats, expected: Floats, strength: float, start: Floats | float = 1.0) -> Floats:
    """Return observed to expected: the ratio of each length of time shrunk to that of all, this one to ``start``."""
    ever = (strength * start + observed.sum(axis=0)) / (strength + expected.sum(axis=0))
    return np.asarray((strength * ever + observed) / (strength + expected))


def _start(seen: _Seen) -> Floats:
    """Newcomers are assumed to begin as others go on, until observations show otherwise."""
    size = seen.asked.sessions
    every = np.bincount(seen.sessions, seen.weights[seen.places], size) + 1 / max(1, size)
    began = np.bincount(seen.sessions[seen.is_start], seen.weights[seen.places[seen.is_start]], size)
    share = (_NEWCOMERS * every / every.sum() + began) / (_NEWCOMERS + began.sum())
    return np.asarray(share * began.sum() / max(1, seen.weight @ (seen.asked.territories - seen.knows)))


def predict(habits: Habits, now: Attended, asked: Asked) -> Floats:
    """Return the probability that each territory attends each session within the horizon: territories × sessions."""
    leads, result = now.leading(asked), np.tile(-np.expm1(-habits.start), (asked.territories, 1))
    if len(leads):
        some, begin, length = np.unique(now.places[leads], return_index=True, return_counts=True)
        lifts = np.add.reduceat(habits.lifts[now.ages[leads], now.sessions[leads]], begin, axis=0) / length[:, None]
        result[some] = -np.expm1(-habits.paces[now.paces[some], None] * habits.usual * lifts)
        again = habits.again[now.ages, now.times] * habits.again_paces[now.paces[now.places]]
        result[now.places, now.sessions] = np.minimum(again * habits.again_lifts[now.ages, now.sessions], _MOST)
    return result


def sources(habits: Habits, now: Attended, asked: Asked) -> tuple[Ints, Ints]:
    """Return the source that leads most to each session (itself if attended, -1 if nothing was), and days since."""
    rows = np.flatnonzero(now.leading(asked))
    source, days = np.full((2, asked.territories, asked.sessions), -1)
    if len(rows):
        some, begin, length = np.unique(now.places[rows], return_index=True, return_counts=True)
        lifts = habits.lifts[now.ages[rows], now.sessions[rows]]
        greatest = np.repeat(np.maximum.reduceat(lifts, begin, axis=0), length, axis=0)
        first = np.where(lifts == greatest, rows[:, None], len(now.places))
        chosen = np.minimum.reduceat(first, begin, axis=0)
        source[some], days[some] = now.sessions[chosen], now.days[chosen]
        source[now.places, now.sessions], days[now.places, now.sessions] = now.sessions, now.days
    return source, days
