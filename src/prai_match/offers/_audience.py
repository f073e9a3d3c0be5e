"""Who could attend a session at its host: interested people whom the rules allow, once their lag is over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from prai_match.calendar import NEVER
from prai_match.offers._facts import Array, Ints, ragged
from prai_match.offers._levels import LevelRows
from prai_match.offers._rulebook import Rulings, of_calendar

if TYPE_CHECKING:
    from prai_match.offers._snapshot import Snapshot
    from prai_match.policy import Policy

UNKNOWN: Final = -(2**31)


class Audience:
    """Those interested in sessions on a day who pass their conditions, but for open days, and the end of their lag."""

    def __init__(self, day: Snapshot, policy: Policy) -> None:
        self.day, self.policy = day, policy
        self.rulings = Rulings(day, policy)
        self._lags = np.full((day.frames.territories.height, day.width), UNKNOWN, np.int32)
        self._axes = np.zeros_like(self._lags)

    @classmethod
    def of(cls, day: Snapshot, policy: Policy) -> Audience:
        """Return the audience of a day, which is cached for one policy."""
        return day.memo.once("audience", lambda: cls(day, policy), policy)

    def keep(self, t: Array, s: Array, x: Array, lags: Array) -> None:
        """Keep the axes of territories and sessions, and how many days after the first their lag is over.

        `NEVER` means that they may not attend. `UNKNOWN` must be checked: the calendar stops them at home.
        """
        self._lags[t, s], self._axes[t, s] = lags, x

    def lags(self, t: Array, s: Array) -> Array:
        """Return how many days after the first the lag of territories for sessions is over."""
        if len(new := np.flatnonzero(self._lags[t, s] == UNKNOWN)):
            numbers = {"t": t[new].astype(np.int64), "s": s[new].astype(np.int64)}
            block = self.day.block_of(numbers["t"])
            rows, passes = LevelRows(self.day, numbers, block), np.ones(len(new), bool)
            for rule in self.policy.requirements:
                if rule.stage == "session" and not of_calendar(rule):
                    passes &= rule.holds(rows)
            here, axes = (numbers["t"] - block.first, numbers["s"]), block.axes.reshape(block.shape)
            self.keep(**numbers, x=axes[here], lags=np.where(passes, block.lags[here], NEVER))
        return self._lags[t, s]

    @cached_property
    def crowd(self) -> Mapping[str, Array]:
        """These people: their square ``z``, the axis ``x``, ``lag`` (as `lags`) and how many ``people`` they are."""
        if self.day.crowd is not None:
            here = self.day.crowd["council"] == self.day.number
            return {name: values[here] for name, values in self.day.crowd.items()}
        rows = self.day.interested
        lag = self.lags(rows["t"], rows["s"])
        those = np.flatnonzero(lag != NEVER)
        t, z, s, people = (rows[name][those] for name in ("t", "z", "s", "people"))
        return {"z": z, "x": self._axes[t, s], "lag": lag[those], "people": people}

    @cached_property
    def _at_once(self) -> Array:
        """How many of them around each square can come from the first day on, by axis: (Z, X)."""
        now, frames = self.crowd["lag"] <= 0, self.day.frames
        return frames.within_travel(frames.on_squares({name: rows[now] for name, rows in self.crowd.items()}, "x"))

    @cached_property
    def _all_at_once(self) -> Array:
        """The same of all axes of a session: (Z, S)."""
        return np.asarray(np.add.reduceat(self._at_once, self.day.frames.lessons.cores, axis=1))

    @cached_property
    def _later(self) -> tuple[Ints, Array, Array]:
        """The others, in the order of squares around, axes and lags, as numbers; how many the first ones are.

        Also how many days after the first somebody around each square can attend each session: (Z, S).
        """
        frames, width = self.day.frames, self.day.frames.axes.height
        late = np.flatnonzero((self.crowd["lag"] > 0) & (self.crowd["lag"] <= self.day.length))
        late = late[np.lexsort((self.crowd["lag"][late], self.crowd["x"][late]))]
        z, x, lag, people = (self.crowd[name][late].astype(np.int64) for name in ("z", "x", "lag", "people"))
        rows, who = frames.near_by.rows(z)
        place = frames.numbers("near", "z", "z_near")["z"][rows]
        soonest = np.full((frames.squares, self.day.width), NEVER, np.int32)
        np.minimum.at(soonest, (place, frames.number_of("x", "s")[x[who]]), lag[who].astype(np.int32))
        # Small numbers are sorted in one go, and the order of axes and lags stays.
        order = np.argsort(place.astype(np.min_scalar_type(frames.squares)), kind="stable")
        who = who[order]
        keys = (place[order] * width + x[who]) * (self.day.length + 1) + lag[who]
        return keys, np.append(0, np.cumsum(people[who])), soonest

    def around(self, z: Ints, s: Ints, day: Ints, r: Ints | None) -> Array:
        """Return how many of them within travel distance of squares can come to sessions on days, by their places.

        Of trainers ``r``, if there are any, those count whose axis each of them knows.
        """
        frames, (keys, until, soonest), days = self.day.frames, self._later, self.day.length + 1
        axes, late = np.bincount(frames.number_of("x", "s"), minlength=self.day.width), soonest[z, s] <= day
        here = np.flatnonzero(late) if r is None else np.arange(len(s))
        row, x = ragged(axes[s[here]], frames.lessons.cores[s[here]])
        row = here[row]
        if r is None:
            now = self._all_at_once[z, s]
        else:
            known = frames.axes_known[x, r[row]]
            row, x = row[known], x[known]
            now = np.bincount(row, self._at_once[z[row], x], len(s))
            row, x = row[late[row]], x[late[row]]
        first = (z[row] * frames.axes.height + x) * days
        begin, end = (np.searchsorted(keys, each, side="right") for each in (first, first + day[row]))
        return np.asarray(now + np.bincount(row, until[end] - until[begin], len(s)))

    def people(self, rows: LevelRows, *, of_trainer: bool = False) -> Array:
        """Return how many could attend the session of each row at its host, by the first possible day.

        Each row is judged by the council of its territory. ``of_trainer``, those whose axis its trainer knows.
        """
        day, people, t = self.day, np.zeros(rows.size), rows.number("t")
        council = np.zeros(rows.size, np.int64) if day.council is None else day.council[t]
        for number in np.flatnonzero(np.bincount(council)):
            view, here = day if day.council is None else day.views[number], np.flatnonzero(council == number)
            s, h, k = (rows.number(key)[here] for key in "shk")
            r = rows.number("r")[here] if of_trainer else None
            place, z = day.first_days[k] % (day.length + 1), view.hosting.frames.number_of("t", "z")
            people[here] = Audience.of(view.hosting, self.policy).around(z[h], s, place, r)
            if view.hosting is not view:  # each territory, and what it was, has a square of its own
                own, there, was = Audience.of(view, self.policy), t[here], view.alike[t[here]]
                near = view.hosting.frames.are_near(z[h], z[view.homes[there]])
                more = own.around(there, s, place, r) - own.around(was, s, place, r)
                people[here] += np.where(near, more, 0)
        return people


def crowd(snapshot: Snapshot, policy: Policy) -> Mapping[str, Array]:
    """Return who may attend which session, by ``council``: columns as in `Audience.crowd`."""
    if snapshot.crowd is not None:
        return snapshot.crowd
    views = snapshot.views if len(snapshot.councils[0]) > 1 else (snapshot,)
    every = [Audience.of(each, policy).crowd for each in views]
    council = np.repeat(np.arange(len(every)), [len(each["z"]) for each in every])
    rows = {name: np.concatenate([each[name] for each in every]).astype(np.int64) for name in every[0]}
    return {"council": council, **rows}


class Comers(NamedTuple):
    """Who could attend a session, one row per collectivity: territory, axis that it asks for, and number of people."""

    t: Ints
    x: Ints
    people: Ints


def comers(snapshot: Snapshot, policy: Policy, number: Callable[[str], int], day: int) -> Comers:
    """Return who could attend the session of an offer, whose columns are in ``number``.

    They are those who are interested in it, within travel distance of the host, whose territory passes the conditions
    of session and place, but for those on open days and on how many they are, on a ``day``, by number, after its lag,
    with an axis that the trainer knows.
    """
    if snapshot.council is not None:  # who comes is judged by the council of the day
        snapshot = snapshot.views[int(snapshot.council_on(np.array([day]))[0])]
    interested, s, h, r = snapshot.interested, *map(number, "shr")
    here = np.flatnonzero(interested["s"] == s)
    t = interested["t"][here].astype(np.int64)
    near = snapshot.km_between(t, np.full(len(t), h)) <= snapshot.frames.limits["travel_km"]
    here, t = here[near], t[near]
    if not len(t):
        return Comers(t, t, t)
    block = snapshot.block_of(t)
    x = block.axes.reshape(block.shape)[t - block.first, s]
    numbers = {"t": t, **{name: np.full(len(t), each) for name, each in (("s", s), ("h", h))}, "x": x}
    rows = LevelRows(snapshot, numbers, block)
    comes = Audience.of(snapshot, policy).lags(t, numbers["s"]) <= day - snapshot.first
    comes &= snapshot.frames.knows_axis(x, np.full(len(t), r))
    for rule in policy.requirements:
        if rule.stage == "place" and "people" not in rule.condition.columns:
            comes &= rule.holds(rows)
    return Comers(t[comes], x[comes], interested["people"][here[comes]])


def audience(snapshot: Snapshot, policy: Policy, number: Callable[[str], int], day: int) -> int:
    """Return the number of people in `comers`."""
    return int(comers(snapshot, policy, number, day).people.sum())
