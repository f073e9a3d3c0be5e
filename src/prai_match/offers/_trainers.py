"""The trainers around the territories where sessions are held, and the best of them for each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from prai_match.offers._facts import NONE, Array, Ints, begins, ragged
from prai_match.offers._levels import LevelRows
from prai_match.offers._rulebook import (
    CODES,
    NO_RULES,
    NOBODY,
    NOTHING,
    PASSES,
    LevelRules,
    LevelRuling,
    best_of,
    keys_of,
    number_in,
)

if TYPE_CHECKING:
    from prai_match.offers._audience import Audience
    from prai_match.offers._blocks import Block

_ROWS: Final = 65_536  # of territories and trainers around that are judged at once


class TrainersAround:
    def __init__(self, audience: Audience) -> None:
        self.day, self._audience, self._rulings = audience.day, audience, audience.rulings

    @cached_property
    def _near(self) -> LevelRuling | None:
        """What rules say of hosts and trainers around, rows of ``reach``; None: not the same on every day."""
        day, frames, book = self.day, self.day.hosting.frames, self._rulings.book
        rules = book.rules["trainer"].get("host trainer")
        if rules is None or not book.fixed.issuperset(rules.names):
            return NOTHING if rules is None else None

        def part(start: int) -> tuple[Array, Array]:
            j = np.arange(start, min(start + _ROWS, frames.reach.height))
            rows = LevelRows(day, {"h": frames.reached["t"][j], "r": frames.reached["r"][j], "j": j})
            ruling = rules.ruling(rows).of(len(j))
            return ruling.place, ruling.units.astype(np.int32)

        def make() -> LevelRuling:
            parts = zip(*map(part, range(0, max(1, frames.reach.height), _ROWS)), strict=True)
            return LevelRuling(*map(np.concatenate, parts))

        return frames.memo.once("near", make, self._rulings.policy, frames.territories, frames.trainers, frames.reach)

    def _around(self, block: Block | None, numbers: Mapping[str, Ints]) -> _Around:
        """Return the trainers around the hosts of cells who can come there."""
        frames, new = self.day.hosting.frames, begins(numbers["h"])
        hosts, of = numbers["h"][new], np.cumsum(new) - 1
        j, place = frames.around.rows(hosts)
        r = frames.reached["r"][j].astype(np.int64)
        if self._near is None:
            rows = LevelRows(self.day, {"h": hosts[place], "r": r, "j": j}, block)
            near = self._rulings.book.rules["trainer"]["host trainer"].ruling(rows)
        else:
            near = self._near.take(j)
        ruling = near & self._rulings.at("trainer", "trainer").take(r)
        able = np.flatnonzero(ruling.of(len(j)).place == PASSES)
        place, ruling = place[able], ruling.take(able)
        ends = np.searchsorted(place, np.arange(len(hosts) + 1))
        keys = keys_of(ruling, np.arange(len(able)) - ends[place])
        return _Around(self._audience, block, numbers, ends[of], (ends[1:] - ends[:-1])[of], j[able], r[able], keys)

    def best(self, block: Block | None, numbers: Mapping[str, Ints]) -> tuple[Ints, Ints]:
        """Return the key of each cell's best trainer, below 0 where there is none, and their numbers."""
        around, rules = self._around(block, numbers), self._rulings.book.rules["trainer"].get("row")
        keys = self._best(around, np.arange(len(numbers["x"])))
        if rules:
            # Whom such a rule stops is rarely the best trainer: only where it stops that one are all of them asked.
            again = np.flatnonzero(keys >= 0)
            if not rules.preferences:
                place = rules.stops(around.rows(again, around.starts[again] + number_in(keys[again])))
                again = again[np.broadcast_to(place != PASSES, again.shape)]
            if len(again):
                keys[again] = self._best(around, again, rules)
        passes = np.flatnonzero(keys >= 0)
        return keys, around.r[around.starts[passes] + number_in(keys[passes])]

    def reasons(self, numbers: Mapping[str, Ints]) -> Ints:
        """Return why cells have no trainer: the reason of the furthest around the host; of nobody, the stage's own."""
        frames, steps = self.day.hosting.frames, self._rulings.book.steps["trainer"]
        j, cell = frames.around.rows(numbers["h"])
        around = {"r": frames.reached["r"][j].astype(np.int64), "j": j}
        cells = {name: values[cell] for name, values in numbers.items()}
        rows = LevelRows(self.day, cells | around, people=self._audience.people)
        furthest = best_of(np.bincount(cell, minlength=len(numbers["h"])), self._rulings.places("trainer", rows))
        return np.asarray(steps[np.maximum(furthest, NONE)])

    def _best(self, around: _Around, cells: Ints, rules: LevelRules = NO_RULES) -> Ints:
        """Return the key of the best trainer of each cell, among those who know its axis."""
        counts = around.counts[cells]
        cell, place = ragged(counts, around.starts[cells])
        known, started = (
            self._rulings.at("trainer", level).take(
                np.repeat(around.numbers[key][cells] * self.day.frames.trainers.height, counts) + around.r[place]
            )
            for key, level in (("x", "axis trainer"), ("k", "start trainer"))
        )
        keys = np.where(known.place == PASSES, around.keys[place], NOBODY)
        able = np.flatnonzero(keys != NOBODY)
        ruling = known.take(able) & started.take(able)
        if rules is not NO_RULES:
            ruling &= rules.ruling(around.rows(cells[cell[able]], place[able]))
        keys[able] = np.where(ruling.place == PASSES, keys[able] + ruling.units * CODES, NOBODY)
        return best_of(counts, keys)


class _Around(NamedTuple):
    """Cells, and the trainers around each: those of a host stand together, in the order of their numbers."""

    audience: Audience
    block: Block | None
    numbers: Mapping[str, Ints]  # of the cells: ``t``, ``s``, ``x``, ``h``, ``e`` and ``k``
    starts: Ints  # where the trainers around each cell begin
    counts: Ints  # how many there are
    j: Ints  # their rows of ``reach``
    r: Ints
    keys: Ints  # by what they get whatever the session, and by their places among those of the host

    def rows(self, cells: Ints, places: Ints) -> LevelRows:
        numbers = {name: values[cells] for name, values in self.numbers.items()}
        numbers |= {"r": self.r[places], "j": self.j[places]}
        return LevelRows(self.audience.day, numbers, self.block, people=self.audience.people)
