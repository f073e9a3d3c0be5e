"""The relay partners of départements, and the best of them for each session that is held there."""

from collections.abc import Mapping
from functools import cached_property

import numpy as np

from prai_match.offers._blocks import Block
from prai_match.offers._facts import NONE, Array, Ints, Pairs, begins
from prai_match.offers._levels import LEVELS
from prai_match.offers._rulebook import CODES, NOBODY, PASSES, LevelRuling, keys_of, number_in
from prai_match.offers._rulings import Rulings


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
    def furthest(self) -> Ints:
        """The same of all of them, by number."""
        last = self._furthest(np.arange(len(self.pairs.p)))
        return np.where(last == NOBODY, NONE, number_in(last))

    @cached_property
    def stops(self) -> Ints:
        """Where the one is stopped that comes furthest of those that cover the département; `NONE`: there is none."""
        return np.maximum(self._furthest(np.flatnonzero(self._covers)) // CODES, NONE)

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
    def __init__(self, rulings: Rulings) -> None:
        self.day, self._rulings = rulings.day, rulings

    @cached_property
    def coverage(self) -> Coverage:
        frames, covers = self.day.frames, self.day.column("partner_covers").value
        rulings = {level: self._rulings.at("partner", level) for level in LEVELS["partner"]}
        shape = frames.departements.height, self.day.width
        sources = frames.pairs, covers, *shape, *rulings.values()
        return frames.memo.once("coverage", lambda: Coverage(frames.pairs, covers, shape, rulings), *sources)

    def best(self, _: Block | None, numbers: Mapping[str, Ints]) -> tuple[Ints, Ints]:
        """Return the key of each cell's best relay, below 0 where there is none, and their numbers."""
        keys = self.coverage.best[numbers["e"], numbers["s"]]
        return keys, number_in(keys[keys >= 0])

    def reasons(self, numbers: Mapping[str, Ints]) -> Ints:
        """Return why cells have no relay: the reason of the furthest that covers the host; of none, the stage's own."""
        steps = self._rulings.book.steps["partner"]
        if (steps == steps[-1]).all():
            return np.full(len(numbers["e"]), steps[-1])
        return np.asarray(steps[self.coverage.stops[numbers["e"], numbers["s"]]])
