"""The relay partners of départements, and the best of them for each session that is held there."""

from collections.abc import Mapping
from functools import cached_property

import numpy as np

from prai_match.offers._blocks import Block
from prai_match.offers._facts import NONE, Array, Ints, Pairs, begins
from prai_match.offers._levels import LEVELS
from prai_match.offers._rulebook import CODES, NOBODY, PASSES, LevelRuling, keys_of, number_in
from prai_match.offers._rulings import Rulings

_OF_YEARS = {level: f"year {level}" for level in ("partner", "departement session partner")}


class Coverage:
    """What is said of départements and relays (`Frames.pairs`) by what depends on these and on sessions alone."""

    def __init__(self, pairs: Pairs, covers: Array, shape: tuple[int, int], rulings: Mapping[str, LevelRuling]) -> None:
        """``covers`` tells which of the pairs cover; ``shape`` is départements × sessions."""
        self.pairs, self._covers, self._shape, self._rulings = pairs, covers, shape, rulings

    @cached_property
    def _alone(self) -> LevelRuling:
        p = self.pairs.p
        return (self._rulings["partner"].take(p) & self._rulings["departement partner"]).of(len(p))

    def _of(self, pair: Ints) -> LevelRuling:
        """Return what is said of the sessions of pairs: those of a pair stand together."""
        width, said = self._shape[1], self._rulings
        cell, s = np.repeat(pair, width), np.tile(np.arange(width), len(pair))
        ruling = self._alone.take(cell) & said["session partner"].take(self.pairs.p[cell] * width + s)
        return ruling & said["departement session partner"].take(cell * width + s)

    @cached_property
    def able(self) -> Ints:
        """The pairs that nothing stops which depends on them alone."""
        return np.flatnonzero(self._alone.place == PASSES)

    @cached_property
    def sessions(self) -> LevelRuling:
        """What is said of the sessions of these."""
        return self._of(self.able)

    def _furthest(self, pair: Ints) -> Ints:
        """Return the relay of pairs that comes furthest in each département and session, as a key."""
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
        """Where the one is stopped that comes furthest of those that cover the département; `NONE`: there is none."""
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
        """The first of the years of each group in a row in which the same is said of all relays; the group of each."""
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
        """Return what the coverage of the years around their first days has of cells."""
        first, group = self._groups
        if what not in self._tables:
            self._tables[what] = np.stack([getattr(self._coverage(*each), what) for each in enumerate(first.tolist())])
        table, cell = self._tables[what], (numbers["e"], numbers["s"])
        return table[0][cell] if len(table) == 1 else table[group[self.day.years[numbers["k"]]], *cell]

    def best(self, _: Block | None, numbers: Mapping[str, Ints]) -> tuple[Ints, Ints]:
        """Return the key of each cell's best relay, below 0 where there is none, and their numbers."""
        keys = self._of("best", numbers)
        return keys, number_in(keys[keys >= 0])

    def furthest(self, numbers: Mapping[str, Ints]) -> Ints:
        """Return the relay of each cell that comes furthest."""
        return self._of("furthest", numbers)

    def reasons(self, numbers: Mapping[str, Ints]) -> Ints:
        """Return why cells have no relay: the reason of the furthest that covers the host; of none, the stage's own."""
        steps = self._rulings.book.steps["partner"]
        if (steps == steps[-1]).all():
            return np.full(len(numbers["e"]), steps[-1])
        return np.asarray(steps[self._of("stops", numbers)])
