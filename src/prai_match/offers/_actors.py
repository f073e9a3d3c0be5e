"""The relay partners of départements, the trainers around territories, and the best for each session held there."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from prai_match.offers._facts import NONE, Array, Ints, Pairs, begins, ragged
from prai_match.offers._levels import LEVELS, LevelRows
from prai_match.offers._rulebook import (
    CODES,
    NO_RULES,
    NOBODY,
    NOTHING,
    PASSES,
    LevelRules,
    LevelRuling,
    Rulings,
    best_of,
    keys_of,
    number_in,
)

if TYPE_CHECKING:
    from prai_match.offers._audience import Audience
    from prai_match.offers._blocks import Block

_ROWS: Final = 65_536  # of territories and trainers around that are judged at once
_OF_YEARS = {level: f"year {level}" for level in ("partner", "departement session partner")}


class Coverage:
    """The rulings on départements and relays (`Frames.pairs`) by rules that depend only on these and on sessions."""

    def __init__(self, pairs: Pairs, covers: Array, shape: tuple[int, int], rulings: Mapping[str, LevelRuling]) -> None:
        """``covers`` marks the pairs in which the relay covers; ``shape`` is départements × sessions."""
        self.pairs, self._covers, self._shape, self._rulings = pairs, covers, shape, rulings

    @cached_property
    def _alone(self) -> LevelRuling:
        p = self.pairs.p
        return (self._rulings["partner"].take(p) & self._rulings["departement partner"]).of(len(p))

    def _of(self, pair: Ints) -> LevelRuling:
        """Return the rulings on the sessions of pairs, grouped by pair."""
        width, said = self._shape[1], self._rulings
        cell, s = np.repeat(pair, width), np.tile(np.arange(width), len(pair))
        ruling = self._alone.take(cell) & said["session partner"].take(self.pairs.p[cell] * width + s)
        return ruling & said["departement session partner"].take(cell * width + s)

    @cached_property
    def able(self) -> Ints:
        """The pairs that no rule on pairs stops."""
        return np.flatnonzero(self._alone.place == PASSES)

    @cached_property
    def sessions(self) -> LevelRuling:
        """The rulings on the sessions of these pairs."""
        return self._of(self.able)

    def _furthest(self, pair: Ints) -> Ints:
        """Return the relay of pairs that passes most rules in each département and session, as a key."""
        return self._greatest(pair, LevelRuling(units=self._of(pair).place.astype(np.int64)))

    @cached_property
    def _furthest_covering(self) -> Ints:
        return self._furthest(np.flatnonzero(self._covers))

    @cached_property
    def furthest(self) -> Ints:
        """The same by number: of those that cover the département or, where none does, of all."""
        own, every = self._furthest_covering, self._furthest(np.arange(len(self.pairs.p)))
        return np.where(every == NOBODY, NONE, number_in(np.where(own == NOBODY, every, own)))

    @cached_property
    def stops(self) -> Ints:
        """The rule that stops the relay furthest along among those covering the département; `NONE` if none does."""
        return np.maximum(self._furthest_covering // CODES, NONE)

    @cached_property
    def best(self) -> Ints:
        """The best relay of each département and session, as a key."""
        return self._greatest(self.able, self.sessions)

    def _greatest(self, pair: Ints, ruling: LevelRuling) -> Ints:
        """Return the greatest key of each département and session among pairs, of which ``ruling`` has the sessions."""
        width, d = self._shape[1], self.pairs.d[pair]
        best, starts = np.full(self._shape, NOBODY), np.flatnonzero(begins(d))
        if len(starts):
            keys = keys_of(ruling, np.repeat(self.pairs.p[pair], width)).reshape(-1, width)
            best[d[starts]] = np.maximum.reduceat(keys, starts, axis=0)
        return best


class Relays:
    """The relays of cells: of their host's département, their session and the year (``k``) around their first days."""

    def __init__(self, rulings: Rulings) -> None:
        self.day, self._rulings = rulings.day, rulings
        self._said = {level: rulings.at("partner", level) for level in LEVELS["partner"]}
        self._tables: dict[str, Ints] = {}

    @cached_property
    def _groups(self) -> tuple[Ints, Ints]:
        """The first year of each run of years with the same rulings on all relays; the run of each year."""
        years = len(self.day.year_days)
        parts = [part.reshape(years, -1) for level in _OF_YEARS.values() for part in self._said[level] if part.size > 1]
        if years == 1 or not parts:
            return np.zeros(1, np.int64), np.zeros(years, np.int64)
        new = np.append(True, np.diff(np.hstack(parts), axis=0).any(axis=1))
        return np.flatnonzero(new), np.cumsum(new) - 1

    def _coverage(self, group: int, year: int) -> Coverage:
        frames, covers, said = self.day.frames, self.day.column("partner_covers").value, self._said
        shape = frames.departements.height, self.day.width

        def make() -> Coverage:
            own = said.copy()
            for level, of in _OF_YEARS.items():
                parts = (part.reshape(len(self.day.year_days), -1)[year] if part.ndim else part for part in said[of])
                own[level] &= LevelRuling(*parts)
            return Coverage(frames.pairs, covers, shape, own)

        return frames.memo.once(f"coverage {group}", make, frames.pairs, covers, *shape, year, *said.values())

    def _of(self, what: str, numbers: Mapping[str, Ints]) -> Ints:
        """Return a property of the coverage in the years around the first days of cells."""
        first, group = self._groups
        if what not in self._tables:
            self._tables[what] = np.stack([getattr(self._coverage(*each), what) for each in enumerate(first.tolist())])
        table, cell = self._tables[what], (numbers["e"], numbers["s"])
        return table[0][cell] if len(table) == 1 else table[group[self.day.years[numbers["k"]]], *cell]

    def best(self, _: Block | None, numbers: Mapping[str, Ints]) -> tuple[Ints, Ints]:
        """Return the key of each cell's best relay, below 0 if there is none, and their numbers."""
        keys = self._of("best", numbers)
        return keys, number_in(keys[keys >= 0])

    def furthest(self, numbers: Mapping[str, Ints]) -> Ints:
        """Return the relay of each cell that passes most rules."""
        return self._of("furthest", numbers)

    def reasons(self, numbers: Mapping[str, Ints]) -> Ints:
        """Return why cells have no relay: the reason of the relay furthest along at the host, else the stage's own."""
        steps = self._rulings.book.steps["partner"]
        if (steps == steps[-1]).all():
            return np.full(len(numbers["e"]), steps[-1])
        return np.asarray(steps[self._of("stops", numbers)])


class TrainersAround:
    def __init__(self, audience: Audience) -> None:
        self.day, self._audience, self._rulings = audience.day, audience, audience.rulings

    @cached_property
    def _near(self) -> LevelRuling | None:
        """The rulings on hosts and trainers around, rows of ``reach``; None if they depend on the day."""
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
        """Return the key of each cell's best trainer, below 0 if there is none, and their numbers."""
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
        """Return why cells have no trainer: the reason of the furthest along near the host, else the stage's own."""
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
