"""Probabilities of follow-ups, their values at each session, and what a session opens."""

import numpy as np

from prai_match.calendar import NEVER, days_between
from prai_match.followups import Estimates
from prai_match.offers._day import Day
from prai_match.offers._facts import Array, Ints
from prai_match.policy import Values

_MANY = 2**31  # more than the territories


def ways_of(day: Day) -> Ints:
    """Return which estimates apply to each territory: those of its world and group."""
    graph, codes, worlds = day.follow_ups, day.frames.territories, day.frames.number_of("t", "w")
    if not graph.groups:
        return worlds
    count = 1 + len(graph.names_of_groups)
    return day.frames.memo.once(
        "ways", lambda: worlds * count + np.array([*map(graph.way_of, codes["territory"])], np.int64), graph, codes
    )


def chances_on(day: Day, first: Ints, worlds: Ints, chances: Array | None = None) -> Array:
    """Return how probably each follow-up happens by when territories attended the sessions: territories × edges."""
    chances = day.whole.estimates.chances if chances is None else chances
    blackouts, first = day.frames.calendar.blackouts, first[:, day.edges.s]
    days = days_between(np.minimum(first, day.today), np.array(day.today), blackouts)
    ways = worlds[:, None], np.arange(first.shape[1]), np.minimum(days, chances.shape[2] - 1)
    return np.where(first != NEVER, chances[ways], 0.0)


def followed(day: Day, first: Ints, worlds: Ints) -> dict[str, Values]:
    """Return, of the most probable follow-up to each session, the territories that gave it and those that could."""
    chances, targets, shape = chances_on(day, first, worlds), day.edges.s_next, first.shape
    best = np.broadcast_to(at_sessions(chances, targets, shape), shape)[:, targets]
    top = at_sessions(np.where((chances > 0) & (chances == best), seen(day)[worlds], 0), targets, shape, 0)
    supports, counts = np.divmod(flat(top), _MANY)
    return {"follow_count": Values(counts.astype(np.float64)), "follow_support": Values(supports.astype(np.float64))}


def seen(day: Day) -> Ints:
    """Return what was seen of each follow-up as one number: of several as probable, the one that more could give."""
    return np.asarray(day.whole.estimates.supports * _MANY + day.whole.estimates.counts)


def follows_next(day: Day, last: Ints, worlds: Ints) -> dict[str, Values]:
    """Return how probably each session is attended next, after what territories attended on their ``last`` day."""
    of = day.whole.by_next
    if not isinstance(of, Estimates):
        of = Estimates.together(graph.next_estimates.take(day.edges.rows) for graph in of)
    leads = (last != -NEVER) & (last == last.max(axis=1, keepdims=True, initial=-NEVER))
    chances = chances_on(day, np.where(leads, last, NEVER), worlds, of.chances)
    return {"next_probability": Values(flat(at_sessions(chances, day.edges.s_next, last.shape)))}


def at_sessions(
    values: Array, sessions: Ints, shape: tuple[int, ...], nothing: float = 0.0, *, by: np.ufunc = np.maximum
) -> Array:
    """Return the values of follow-ups combined at each session, by default the greatest; without any, one value."""
    if not len(sessions):
        return np.array(nothing, values.dtype)
    grid = np.full(shape, nothing, values.dtype)
    for number, s in enumerate(sessions.tolist()):  # few: whole columns at once are faster than short runs of each row
        by(grid[:, s], values[:, number], out=grid[:, s])
    return grid


def flat(grid: Array) -> Array:
    return grid.ravel() if grid.ndim else grid


def openings(chances: Array, need: Array, people: Array, sessions: Ints, shape: tuple[int, ...]) -> dict[str, Values]:
    """Return what each session opens; ``chances`` and ``people`` of follow-ups are 0 where they are possible now."""
    some, needed = (
        1 - at_sessions(1 - each, sessions, shape, 1.0, by=np.multiply) for each in (chances, chances * (need / 100))
    )
    return {
        "opens_probability": Values(flat(some)),
        "opens_need": Values(flat(needed)),
        "opens_people": Values(flat(at_sessions(people, sessions, shape))),
    }
