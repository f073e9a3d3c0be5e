"""The trainers around territories, and the best of them for each session of one."""

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
from prai_match.offers._rulings import Rulings

if TYPE_CHECKING:
    from prai_match.offers._blocks import Block
    from prai_match.offers._snapshot import Snapshot

_ROWS: Final = 65_536  # of territories and trainers around that are judged at once


class TrainersAround:
    def __init__(self, rulings: Rulings) -> None:
        self.day, self._rulings = rulings.day, rulings

    @cached_property
    def _least(self) -> int:
        """The furthest reason that a trainer alone, or that there is none, gives."""
        place, steps = self._rulings.at("trainer", "trainer").place, self._rulings.book.steps["trainer"]
        return int(max([steps[-1], *steps[place[place != PASSES]]]))

    @cached_property
    def _unknowing(self) -> Ints:
        """The furthest reason of the trainers who are stopped by what they know of each axis."""
        frames, ruling = self.day.frames, self._rulings.at("trainer", "axis trainer")

        def make() -> Ints:
            place = ruling.of(frames.axes.height * frames.trainers.height).place.reshape(frames.axes.height, -1)
            steps = np.append(self._rulings.book.steps["trainer"], np.full(PASSES + 1, NONE))
            return np.asarray(np.max(np.where(place == PASSES, NONE, steps[place]), axis=1, initial=NONE), np.int64)

        return frames.memo.once("unknowing", make, ruling, frames.axes, frames.trainers)

    @cached_property
    def _near(self) -> LevelRuling | None:
        """What rules say of territories and trainers around, rows of ``reach``; None: not the same on every day."""
        day, frames, book = self.day, self.day.frames, self._rulings.book
        rules = book.rules["trainer"].get("territory trainer")
        if rules is None or not book.fixed.issuperset(rules.names):
            return NOTHING if rules is None else None

        def part(start: int) -> tuple[Array, Array]:
            j = np.arange(start, min(start + _ROWS, frames.reach.height))
            rows = LevelRows(day, {**{key: numbers[j] for key, numbers in frames.reached.items()}, "j": j})
            ruling = rules.ruling(rows).of(len(j))
            return ruling.place, ruling.units.astype(np.int32)

        def make() -> LevelRuling:
            parts = zip(*map(part, range(0, max(1, frames.reach.height), _ROWS)), strict=True)
            return LevelRuling(*map(np.concatenate, parts))

        return frames.memo.once("near", make, self._rulings.policy, frames.territories, frames.trainers, frames.reach)

    def _around(self, block: Block, numbers: Mapping[str, Ints]) -> _Around:
        """Return the trainers around the territories of cells who can come there."""
        frames, new = self.day.frames, begins(numbers["t"])
        territories, of = numbers["t"][new], np.cumsum(new) - 1
        j, place = frames.around.rows(territories)
        r = frames.reached["r"][j].astype(np.int64)
        if self._near is None:
            rows = LevelRows(self.day, {"t": territories[place], "r": r, "j": j}, block)
            near = self._rulings.book.rules["trainer"]["territory trainer"].ruling(rows)
        else:
            near = self._near.take(j)
        ruling = near & self._rulings.at("trainer", "trainer").take(r)
        able = np.flatnonzero(ruling.of(len(j)).place == PASSES)
        place, ruling = place[able], ruling.take(able)
        ends = np.searchsorted(place, np.arange(len(territories) + 1))
        keys = keys_of(ruling, np.arange(len(able)) - ends[place])
        return _Around(self.day, block, numbers, ends[of], (ends[1:] - ends[:-1])[of], j[able], r[able], keys)

    def best(self, block: Block, numbers: Mapping[str, Ints]) -> tuple[Ints, Ints]:
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

    def reasons(self, keys: Ints, numbers: Mapping[str, Ints]) -> Ints:
        """Return why cells have no trainer: the reason of the one who came furthest."""
        nobody = np.maximum(self._unknowing[numbers["x"]], self._least)
        steps = self._rulings.book.steps["trainer"][np.maximum(keys + PASSES + 1, NONE)]
        return np.where(keys == NOBODY, nobody, np.maximum(nobody, steps))

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
        stopped = ruling.place - np.int64(PASSES + 1)
        keys[able] = np.where(ruling.place == PASSES, keys[able] + ruling.units * CODES, stopped)
        return best_of(counts, keys)


class _Around(NamedTuple):
    """Cells, and the trainers around each: those of a territory stand together, in the order of their numbers."""

    day: Snapshot
    block: Block
    numbers: Mapping[str, Ints]  # of the cells: ``t``, ``s``, ``x`` and ``k``
    starts: Ints  # where the trainers around each cell begin
    counts: Ints  # how many there are
    j: Ints  # their rows of ``reach``
    r: Ints
    keys: Ints  # by what they get whatever the session, and by their places among those of the territory

    def rows(self, cells: Ints, places: Ints) -> LevelRows:
        numbers = {name: values[cells] for name, values in self.numbers.items()}
        return LevelRows(self.day, numbers | {"r": self.r[places], "j": self.j[places]}, self.block)
