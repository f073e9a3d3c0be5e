"""Learning follow-ups from a history, on arrays: for one programme, or for many worlds at once."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from prai_match.calendar import NEVER, day_numbers, days_between
from prai_match.model import LONGEST_DAYS, STRENGTH, Blackout, Reading

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
LEAST = 1e-9  # territories: a declaration of weight 0 would leave days without territories at risk
ENOUGH_LAGS = 5  # number of territories that followed an edge from which on the usual lag is theirs


class Declared(NamedTuple):
    """The follow-ups declared in the catalogue, by number."""

    source: Ints
    target: Ints
    prior: Floats  # the probability that it ever follows
    lags: Ints  # days by which half of those that follow have followed
    assumed: bool = False  # not declared: all sources of a session are learned together first


class History(NamedTuple):
    """Attendances by number, one row each."""

    territories: Ints
    sessions: Ints  # numbers of the sessions, in the order of their codes
    days: Ints

    @classmethod
    def of(
        cls, attended: pl.DataFrame, sessions: Iterable[str], territories: Iterable[str] = ()
    ) -> tuple[pl.Series, History]:
        """Return the sorted codes of territories, with or without attendances, and the attendances at sessions."""
        names = pl.Series([*sessions], dtype=pl.String)
        rows = attended.filter(pl.col("session").is_in(names.implode()))
        came = rows["territory"]
        codes = pl.concat([came, pl.Series("territory", [*territories], came.dtype)]).unique().sort()
        t, s = codes.search_sorted(came).to_numpy(), names.search_sorted(rows["session"]).to_numpy()
        return codes, cls(t.astype(np.int64), s.astype(np.int64), day_numbers(rows["date"]))


class EventTimes(NamedTuple):
    """The territories that could follow each edge, by days after the source: worlds × edges × days."""

    followed: Ints  # followed so many days after it
    waiting: Ints  # still waiting on the day of the count, so many days after it


class Estimates(NamedTuple):
    """The estimates of each follow-up: worlds × edges."""

    counts: Ints  # territories that followed it within the horizon
    supports: Ints  # territories that could follow
    lags: Ints  # the usual lag, days
    chances: Floats  # probability that it follows within the horizon, by days after the source: worlds × edges × days
    errors: Floats  # standard error of the logarithm of the probability that it doesn't, from the source on

    @classmethod
    def together(cls, several: Iterable[Estimates]) -> Estimates:
        """Return the estimates of several worlds as one."""
        return cls._make(map(np.concatenate, zip(*several, strict=True)))

    def take(self, edges: Ints) -> Estimates:
        """Return the estimates of some edges."""
        return Estimates._make(part[:, edges] for part in self)


def count(  # noqa: PLR0913, PLR0917 - all that decides on what is counted
    declared: Declared,
    came: History,
    on: int,
    shape: tuple[int, int, int],
    blackouts: Iterable[Blackout] = (),
    longest: int = LONGEST_DAYS,
    reading: Reading = "eventually",
    groups: Ints | None = None,
) -> EventTimes:
    """Count, in each world, the territories that followed each edge until ``on``, and those that could but haven't.

    A territory can follow an edge from the first time that it attends the source, unless it attended the target by
    then. By the reading ``next``, it follows if it attends the target on the next day on which it attends anything; if
    it attends something else then, it never follows. Days of blackouts aren't counted. Territories are numbered world
    by world; ``shape`` gives the number of worlds, and of territories and sessions in each. If ``groups`` gives the
    group number of each territory of a single world, groups are counted like worlds.
    """
    worlds, territories, sessions = shape
    past = came.days <= on
    came = History(came.territories[past], came.sessions[past], came.days[past])
    earliest = np.full(worlds * territories * sessions, NEVER)
    np.minimum.at(earliest, came.territories * sessions + came.sessions, came.days)
    first = earliest.reshape(worlds, territories, sessions)
    begin, then = first[..., declared.source], first[..., declared.target]
    w, t, e = np.nonzero((begin != NEVER) & (then > begin))
    begin, then = begin[w, t, e], then[w, t, e]
    if reading == "next":
        then = np.where(then == _next_day(came, w * territories + t, begin), then, NEVER)
    has_followed = then != NEVER
    days = days_between(begin, np.where(has_followed, then, on), blackouts)
    days = np.where(has_followed, np.maximum(days, 1), days)
    has_followed &= days <= longest
    if groups is not None:
        w, worlds = groups[t], int(groups.max(initial=0)) + 1
    size = worlds, len(declared.source), longest + 1
    cells = np.ravel_multi_index((w, e, np.minimum(days, longest)), size)
    followed, waiting = (
        np.bincount(cells[which], minlength=np.prod(size)).reshape(size) for which in (has_followed, ~has_followed)
    )
    return EventTimes(followed, waiting)


def _next_day(came: History, territories: Ints, days: Ints) -> Ints:
    """Return the next day on which territories attended anything, after the given days."""
    first = int(came.days.min(initial=0))
    span = int(came.days.max(initial=0)) - first + 1
    visits = np.unique(came.territories * span + came.days - first)
    following = np.append(visits, -1)[np.searchsorted(visits, territories * span + days - first, side="right")]
    return np.where(following // span == territories, following % span + first, NEVER)


def learn(
    declared: Declared, times: EventTimes, horizon: int, strength: float = STRENGTH, *, by_group: bool = False
) -> Estimates:
    """Correct the follow-ups of each world by counts, as described in `FollowUps.learned`.

    With ``by_group``, the first result is that of all territories, the others those of each group but the first, which
    stands for no group: the overall estimates count as ``strength`` additional territories of a group.
    """
    strength = max(strength, LEAST)
    if not by_group:
        return _by_declaration(declared, times, horizon, strength)[0]
    every = EventTimes(*(part.sum(axis=0, keepdims=True) for part in times))
    whole, waiting = _by_declaration(declared, every, horizon, strength)
    own = EventTimes(*(part[1:] for part in times))
    each, _ = _corrected(np.maximum(waiting[0], LEAST), whole.lags[0], own, horizon, strength)
    return Estimates.together([whole, each])


def _by_declaration(declared: Declared, times: EventTimes, horizon: int, strength: float) -> tuple[Estimates, Floats]:
    # ``strength`` territories follow as declared. Powers are computed as products, identical on every machine.
    halves = np.array([0.5 ** (1 / max(1, lag)) for lag in declared.lags.tolist()]).reshape(-1, 1)
    days = times.followed.shape[2] + horizon - 1
    powers = np.cumprod(np.broadcast_to(halves, (len(halves), days)), axis=1)
    waiting = 1 - declared.prior[:, None] * (1 - np.hstack([np.ones_like(halves), powers]))
    if declared.assumed:
        targets, place = np.unique(declared.target, return_inverse=True)
        whole = (np.stack([part[:, place == n].sum(axis=1) for n in range(len(targets))], axis=1) for part in times)
        _, waits = _corrected(
            waiting[: len(targets)], declared.lags[: len(targets)], EventTimes(*whole), horizon, strength
        )
        waiting = np.maximum(waits, LEAST)[:, place]
    return _corrected(waiting, declared.lags, times, horizon, strength)


def _corrected(
    waiting: Floats, lags: Ints, times: EventTimes, horizon: int, strength: float
) -> tuple[Estimates, Floats]:
    """Return the corrected probability that each follow-up still waits, (worlds ×) edges × days, and the usual lags."""
    followed, size = np.cumsum(times.followed, axis=2), times.followed.shape[2]
    total, alive = followed[..., -1], strength * waiting
    middle = [(followed > ((total - less) // 2)[..., None]).argmax(axis=2) for less in (1, 0)]
    lags = np.where(total >= ENOUGH_LAGS, np.rint((middle[0] + middle[1]) / 2).astype(np.int64), lags)

    at_risk, events = np.zeros((2, *total.shape, size + horizon), np.int64)
    at_risk[..., :size] = np.cumsum((times.followed + times.waiting)[..., ::-1], axis=2)[..., ::-1]
    events[..., :size] = times.followed
    exposed = alive[..., :-1] + at_risk[..., 1:]
    stays = 1 - (alive[..., :-1] - alive[..., 1:] + events[..., 1:]) / exposed
    # Greenwood's formula.
    errors = np.sqrt(((1 - stays) / (stays * exposed))[..., :horizon].sum(axis=2))

    survival = np.ones((*total.shape, size + horizon))
    np.cumprod(stays, axis=2, out=survival[..., 1:])
    chances, still = 1 - survival[..., horizon:] / survival[..., :size], at_risk[..., 1 : size + 1]
    # Few wait for long, so observations of them say little: ``strength`` territories behave as at the beginning.
    chances = (strength * chances[..., :1] + still * chances) / (strength + still)
    return Estimates(followed[..., min(horizon, size - 1)], at_risk[..., 0], lags, chances, errors), survival


def interval(probability: Floats, error: Floats) -> tuple[Floats, Floats]:
    """Return the 95 % interval of probabilities, from the errors of `Estimates`.

    It is symmetric on the scale of log(-log(1 - probability)), so that it stays between 0 and 1 (Kalbfleisch and
    Prentice, The statistical analysis of failure time data, 2002, 1.4).
    """
    left, width = -np.log1p(-probability), NormalDist().inv_cdf(0.975) * error
    # With almost no information, it goes from 0 to 1; an impossible event has no interval.
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        ends = (-np.expm1(-left * np.exp(sign * width / left)) for sign in (-1, 1))
        low, high = (np.where(left > 0, end, 0.0) for end in ends)
    return low, high
