"""Sift and score: every rule runs once, at the smallest level that has what it reads.

The score is a sum over the session, the partner and the trainer, and no rule reads both a partner and a trainer. So the
best partner and the best trainer of each territory and session are found apart, and only then are sessions ranked.
"""

from __future__ import annotations

from functools import cached_property, reduce
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from prai_match.calendar import NEVER
from prai_match.offers._actors import Relays, TrainersAround
from prai_match.offers._audience import UNKNOWN, Audience
from prai_match.offers._facts import NONE, Array, Ints, begins
from prai_match.offers._levels import TERRITORIAL, LevelRows
from prai_match.offers._rulebook import CODES, NO_RULES, PASSES, LevelRuling, of_calendar
from prai_match.policy import STAGES, Policy

if TYPE_CHECKING:
    from prai_match.offers._blocks import Block
    from prai_match.offers._snapshot import Snapshot

_CELLS: Final = 16_384  # territories × sessions that are sifted at once: what is worked out for them stays in the cache


class SessionCells(NamedTuple):
    """The result for each session of some territories, one row per territory and session, in their order."""

    t: Array
    s: Array
    x: Array  # the axis asked for
    h: Array  # the territory where it is held
    b: Array  # the booked session that it joins, a row; `NONE`: none
    lag: Array  # how many days after the first within the horizon the lag is over
    own: Array  # the points that are of the session
    step: Array  # the number of the policy's reason for which it is stopped
    p: Array  # the best relay and trainer; `NONE` where it is stopped before
    r: Array
    day: Array  # the first on which it can be held; `NEVER` where it is stopped
    units: Array  # the points of one that none stops; of the others, `own`
    stage: Array  # the number of the stage that stops it; that of stages: none does

    @classmethod
    def empty(cls, size: int) -> SessionCells:
        numbers = np.full((len(cls._fields) - 1, size), NONE, np.int32)
        return cls._make([*numbers, np.zeros(size, np.uint8)])

    def take(self, cells: Array) -> SessionCells:
        return SessionCells(*(part[cells] for part in self))

    def at(self, territories: Array) -> SessionCells:
        """Return the cells of a part, at their own places, by the numbers of its territories in the whole."""
        t = territories[self.t]
        return self._replace(t=t, h=t)

    @property
    def possible(self) -> Array:
        return np.asarray(self.stage == len(STAGES))


class Sifting:
    """The rules of a policy on a day: their rulings on relays and trainers, and on territories when needed."""

    def __init__(self, day: Snapshot, policy: Policy) -> None:
        self.day = day
        self.audience = Audience.of(day, policy)
        self.rulings = self.audience.rulings
        self._of_calendar = [policy.reasons.index(rule.reason) for rule in policy.requirements if of_calendar(rule)]
        self.relays = Relays(self.rulings)
        self.trainers = TrainersAround(self.audience)
        self._hosts = np.full((day.frames.territories.height, day.width), NONE, np.int8)

    @classmethod
    def of(cls, day: Snapshot, policy: Policy) -> Sifting:
        """Return the sifting of a day, which is cached for one policy."""
        return day.memo.once("sifting", lambda: cls(day, policy), policy)

    def cells(self, territories: Ints, asked: Array | None = None) -> SessionCells:
        """Pass the sessions of ``territories``, in the order of their numbers, through the stages.

        If there are few, all are computed at once and kept, since those nearby may host the ones asked for. ``asked``
        limits the territories whose points and own places are needed (None means all).
        """
        if asked is not None or self._hosts.size > _CELLS:
            return self._cells(territories, asked)
        return self._every.take((territories[:, None] * self.day.width + np.arange(self.day.width)).ravel())

    @cached_property
    def _every(self) -> SessionCells:
        return self._cells(np.arange(len(self._hosts)), None)

    def _cells(self, territories: Ints, asked: Array | None) -> SessionCells:
        width, end, cells = self.day.width, 0, SessionCells.empty(len(territories) * self.day.width)
        for those in spans(territories, max(1, _CELLS // max(1, width))):
            start, end = end, end + len(those) * width
            self._sift(those, SessionCells(*(part[start:end] for part in cells)), asked)
        passes = cells.stage > 0
        stops = np.where(np.isin(cells.step, self._of_calendar) & (cells.lag <= self.day.length), UNKNOWN, NEVER)
        self.audience.keep(cells.t, cells.s, cells.x, np.where(passes, cells.lag, stops))
        here = np.flatnonzero(passes if asked is None else passes & asked[cells.t])
        for start in range(0, len(here), _CELLS):
            self.place(cells, here[start : start + _CELLS], at_home=True)
        if asked is None:
            self.keep(cells)
        return cells

    def keep(self, cells: SessionCells) -> None:
        """Record the sessions possible at their own places, which territories nearby can attend."""
        self._hosts[cells.t, cells.s] = cells.possible

    def hosts(self, territories: Ints) -> tuple[Ints, Ints]:
        """Return which of ``territories`` can host which sessions: those that are possible at their own place."""
        if len(new := territories[(self._hosts[territories] == NONE).any(axis=1)]):
            self.cells(new)
        place, s = np.nonzero(self._hosts[territories])
        return territories[place], s

    def _sift(self, territories: Ints, cells: SessionCells, asked: Array | None) -> None:
        """Pass the sessions of some territories, which lie in a block, through the first stage."""
        width, block = self.day.width, self.day.block(int(territories[0]), int(territories[-1]) + 1)
        numbers = {"t": np.repeat(territories, width), "s": np.tile(np.arange(width), len(territories))}
        whole = "territory session" if len(territories) == block.height else None
        rows, axes = LevelRows(self.day, numbers, block, whole=whole), block.axes_of(territories)
        cells.t[:], cells.s[:], cells.x[:] = numbers["t"], numbers["s"], axes
        book, own = self.rulings.book, self._of_territories(block)
        rules = book.rules["session"].get("territory session", NO_RULES)
        stopping = (rows.gather(level, ruling.place) for level, ruling in own.items())
        place = np.broadcast_to(reduce(np.minimum, stopping, rules.stops(rows)), rows.size)
        cells.day[:], cells.own[:] = NEVER, 0
        stops = place != PASSES
        cells.step[stops] = book.steps["session"][place[stops]]
        cells.stage[~stops] += 1
        here = np.flatnonzero(~stops if asked is None else ~stops & asked[cells.t])
        left = rows.take(here)
        cells.own[here] = sum((left.gather(level, ruling.units) for level, ruling in own.items()), rules.units(left))
        cells.units[:], cells.h[:] = cells.own, self.day.homes[cells.t]
        cells.lag[:] = block.lags[territories - block.first].ravel()

    def block_for_places(self, territories: Array) -> Block | None:
        """Return the block that has territories, where a rule of the place reads what is known of them."""
        reads = self.rulings.book.rules["place"]["place"].names
        if all(self.day.levels[name] not in TERRITORIAL for name in reads):
            return None
        return self.day.block_of(territories.astype(np.int64))

    def place(self, cells: SessionCells, here: Ints, *, at_home: bool = False) -> None:
        """Fill in what becomes of the cells ``here``, which pass the stage of sessions, where they are held."""
        numbers = {key: getattr(cells, key)[here].astype(np.int64) for key in ("tsx" if at_home else "tsxh")}
        numbers["e"] = self.day.hosting.frames.number_of("t", "d")[cells.h[here]]
        numbers["k"] = self.day.first_of(numbers["t"], numbers["e"], cells.lag[here])
        block = self.block_for_places(numbers["t"])
        rows = LevelRows(self.day, numbers, block, people=self.audience.people)
        rules, units = self.rulings.book.rules["place"]["place"], np.zeros(len(here), np.int64)
        place = np.broadcast_to(rules.stops(rows), rows.size)
        left, steps = np.flatnonzero(place == PASSES), self.rulings.book.steps["place"]
        step, stage, passed = steps[np.minimum(place, len(steps) - 1)], np.ones(len(here), np.uint8), rows.take(left)
        units[left] = rules.units(passed)
        numbers = {key: passed.number(key) for key in "tsxhek"}
        actors: Relays | TrainersAround
        for actors, chosen in ((self.relays, cells.p), (self.trainers, cells.r)):
            stage[left] += 1
            best, those = actors.best(block, numbers)
            passes = best >= 0
            lacks = np.flatnonzero(~passes)
            step[left[lacks]] = actors.reasons({key: each[lacks] for key, each in numbers.items()})
            left, numbers, best = left[passes], {key: each[passes] for key, each in numbers.items()}, best[passes]
            chosen[here[left]] = those
            units[left] += best // CODES
        stage[left] += 1
        row = numbers["k"] * self.day.frames.trainers.height + cells.r[here[left]]
        cells.day[here[left]] = self.day.column("day").value[row]
        cells.units[here[left]] = cells.own[here[left]] + units[left].astype(np.int32)
        cells.stage[here], cells.step[here] = stage, np.where(stage == len(STAGES), cells.step[here], step)

    def _of_territories(self, block: Block) -> dict[str, LevelRuling]:
        """Return what the rules of the stage of sessions say at each level above a territory's sessions."""
        levels = self.rulings.book.rules["session"].keys() - {"territory session"}
        rulings = {level: self.rulings.at("session", level) for level in levels - {"territory"}}
        if rules := self.rulings.book.rules["session"].get("territory"):
            rows = LevelRows(self.day, {"t": np.arange(block.first, block.last)}, block, whole="territory")
            rulings["territory"] = rules.ruling(rows)
        return rulings


def spans(territories: Ints, height: int) -> list[Ints]:
    """Cut territories, in order, into blocks of numbers no more than ``height`` apart."""
    starts = np.flatnonzero(begins(territories // height)).tolist()
    return [territories[start:end] for start, end in pairwise([*starts, len(territories)])]
