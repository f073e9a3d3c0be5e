"""Sift and score: every rule runs once, at the smallest level that has what it reads.

The score is a sum over the session, the partner and the trainer, and no rule reads both a partner and a trainer. So the
best partner and the best trainer of each territory and session are found apart, and only then are sessions ranked.
"""

from __future__ import annotations

from functools import reduce
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from prai_match.calendar import NEVER
from prai_match.offers._facts import NONE, Array, Ints, begins
from prai_match.offers._levels import LevelRows
from prai_match.offers._relays import Relays
from prai_match.offers._rulebook import CODES, NO_RULES, PASSES, LevelRuling
from prai_match.offers._rulings import Rulings
from prai_match.offers._trainers import TrainersAround
from prai_match.policy import STAGES, Policy

if TYPE_CHECKING:
    from prai_match.offers._blocks import Block
    from prai_match.offers._snapshot import Snapshot

_CELLS: Final = 16_384  # territories × sessions that are sifted at once: what is worked out for them stays in the cache


class SessionCells(NamedTuple):
    """What became of each session of some territories, a row a territory and session, in their order."""

    t: Array
    s: Array
    x: Array  # the axis asked for
    step: Array  # the number of the policy's reason for which it is stopped
    p: Array  # the best relay and trainer; `NONE` where it is stopped before
    r: Array
    day: Array  # the first on which it can be held; `NEVER` where it is stopped
    units: Array  # points of the stages that it passes
    stage: Array  # the number of the stage that stops it; that of stages: none does

    @classmethod
    def empty(cls, size: int) -> SessionCells:
        t, s, x, step, p, r, day, units = np.full((8, size), NONE, np.int32)
        return cls(t, s, x, step, p, r, day, units, np.zeros(size, np.uint8))

    def take(self, cells: Array) -> SessionCells:
        return SessionCells(*(part[cells] for part in self))

    @property
    def possible(self) -> Array:
        return np.asarray(self.stage == len(STAGES))


class Sifting:
    """The rules of a policy on a day: what they say of relays and trainers, and of territories when asked."""

    def __init__(self, day: Snapshot, policy: Policy) -> None:
        self.day = day
        self.rulings = Rulings(day, policy)
        self.relays = Relays(self.rulings)
        self.trainers = TrainersAround(self.rulings)

    @classmethod
    def of(cls, day: Snapshot, policy: Policy) -> Sifting:
        """Return the one of a day: what it worked out is kept, as long as the policy is the same."""
        return day.memo.once("sifting", lambda: cls(day, policy), policy)

    def cells(self, territories: Ints) -> SessionCells:
        """Pass the sessions of ``territories``, in the order of their numbers, through the stages."""
        width, end, cells = self.day.width, 0, SessionCells.empty(len(territories) * self.day.width)
        for those in spans(territories, max(1, _CELLS // max(1, width))):
            start, end = end, end + len(those) * width
            self._sift(those, SessionCells(*(part[start:end] for part in cells)))
        return cells

    def _sift(self, territories: Ints, cells: SessionCells) -> None:
        """Fill in what becomes of the sessions of some territories, which lie in a block."""
        width, block = self.day.width, self.day.block(int(territories[0]), int(territories[-1]) + 1)
        numbers = {"t": np.repeat(territories, width), "s": np.tile(np.arange(width), len(territories))}
        whole = "territory session" if len(territories) == block.height else None
        rows, axes = LevelRows(self.day, numbers, block, whole=whole), block.axes_of(territories)
        cells.t[:], cells.s[:], cells.x[:] = numbers["t"], numbers["s"], axes
        book, own = self.rulings.book, self._of_territories(block)
        rules = book.rules["session"].get("territory session", NO_RULES)
        stopping = (rows.gather(level, ruling.place) for level, ruling in own.items())
        place = np.broadcast_to(reduce(np.minimum, stopping, rules.stops(rows)), rows.size)
        cells.day[:], cells.units[:] = NEVER, 0
        stops = place != PASSES
        cells.step[stops] = book.steps["session"][place[stops]]
        here = np.flatnonzero(~stops)
        left = rows.take(here)
        cells.units[here] = sum((left.gather(level, ruling.units) for level, ruling in own.items()), rules.units(left))
        numbers = {"t": left.number("t"), "s": left.number("s"), "x": axes[here], "k": left.number("k")}
        actors: Relays | TrainersAround
        for actors, found in ((self.relays, cells.p), (self.trainers, cells.r)):
            cells.stage[here] += 1
            keys, those = actors.best(block, numbers)
            passes = keys >= 0
            lacks = np.flatnonzero(~passes)
            cells.step[here[lacks]] = actors.reasons(keys[lacks], {key: each[lacks] for key, each in numbers.items()})
            here, numbers, keys = here[passes], {key: each[passes] for key, each in numbers.items()}, keys[passes]
            found[here] = those
            cells.units[here] += keys // CODES
        cells.stage[here] += 1
        row = numbers["k"] * self.day.frames.trainers.height + cells.r[here]
        cells.day[here] = self.day.column("day").value[row]

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
