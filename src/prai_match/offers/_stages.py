"""Sift and score: every rule runs once, at the smallest level that has what it reads.

The score is a sum over the session, the partner and the trainer, and no rule reads both a partner and a trainer. So the
best partner and the best trainer of each territory and session are found apart, and only then are sessions ranked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property, reduce
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from prai_match.offers._facts import NONE, Array, Ints, latest, ragged
from prai_match.offers._levels import LevelRows
from prai_match.offers._rulebook import PASSES, LevelRuling, in_order, rulebook
from prai_match.policy import STAGE_REASONS, STAGES, Policy, Stage

if TYPE_CHECKING:
    from prai_match.offers._blocks import Block
    from prai_match.offers._snapshot import Snapshot

_CODES, NOBODY = 2**24, -(2**62)
_CELLS = 16_384  # territories × sessions that are sifted at once: what is worked out for them stays in the cache


class SessionCells(NamedTuple):
    """What became of each session of some territories, a row a territory and session, in their order."""

    t: Ints
    s: Ints
    x: Ints  # the axis asked for
    stage: Array  # the number of the stage that stops it; that of stages: none does
    step: Array  # the number of the policy's reason for that
    p: Ints  # the best relay and trainer; `NONE` where it is stopped before
    r: Ints
    units: Ints  # points of the stages that it passes
    waits: Array  # whether it only has to wait

    def take(self, cells: Array) -> SessionCells:
        return SessionCells(*(part[cells] for part in self))

    @property
    def possible(self) -> Array:
        return np.asarray(self.stage == len(STAGES))


class Sifting:
    """The rules of a policy on a day: what they say of relays and trainers, and of territories when asked."""

    def __init__(self, day: Snapshot, policy: Policy) -> None:
        self.day, self.policy = day, policy
        self.book = day.frames.memo.once("rules", lambda: rulebook(policy, day.levels), policy, day.extra)
        self._rulings: dict[tuple[Stage, str], LevelRuling] = {}

    @cached_property
    def steps(self) -> Mapping[Stage, Array]:
        """The reason, as its number in the policy, of each place in the order of sifting; the last is the stage's."""
        rules = {stage: [rule.reason for rule in in_order(self.policy, stage)] for stage in STAGES}
        number = self.policy.reasons.index
        return {stage: np.array([*map(number, rules[stage]), number(STAGE_REASONS[stage])]) for stage in STAGES}

    @classmethod
    def of(cls, day: Snapshot, policy: Policy) -> Sifting:
        """Return the one of a day: what it worked out is kept, as long as the policy is the same."""
        return day.memo.once("sifting", lambda: cls(day, policy), policy)

    def cells(self, territories: Ints) -> SessionCells:
        """Pass the sessions of ``territories``, in the order of their numbers, through the stages."""
        parts = [self._sifted(*span) for span in spans(territories, max(1, _CELLS // max(1, self.day.width)))]
        return SessionCells(*(np.concatenate(part) for part in zip(*parts, strict=True)))

    def rows(self, block: Block, territories: Ints) -> LevelRows:
        """Return every session of ``territories``, which lie in a block."""
        width = self.day.width
        numbers = {"t": np.repeat(territories, width), "s": np.tile(np.arange(width), len(territories))}
        return LevelRows(self.day, numbers, block, whole=_whole(block, territories, "territory session"))

    def sessions(self, block: Block, territories: Ints, rows: LevelRows) -> LevelRuling:
        """Return what the rules of the stage of sessions say of all ``rows``, those of ``territories``."""
        ruling = LevelRuling.nothing(rows.size)
        for level, rules in self.book["session"].items():
            if level == "territory session":
                ruling &= rules.ruling(rows)
            elif level == "territory":
                own = LevelRows(self.day, {"t": territories}, block, whole=_whole(block, territories, level))
                ruling &= rules.ruling(own).take(np.repeat(np.arange(len(territories)), self.day.width))
            else:
                ruling &= self.ruling("session", level).take(rows.index(level))
        return ruling

    def ruling(self, stage: Stage, level: str) -> LevelRuling:
        """Return what the rules of one level say of all its rows."""
        if (stage, level) not in self._rulings:
            rows = LevelRows(self.day, _numbers(self.day, level), whole=frozenset([level]))
            rules = self.book[stage].get(level)
            self._rulings[stage, level] = LevelRuling.nothing(rows.size) if rules is None else rules.ruling(rows)
        return self._rulings[stage, level]

    @cached_property
    def _alone(self) -> LevelRuling:
        """What is said of each département and relay (`Frames.pairs`) by what depends on these alone."""
        pairs = self.day.frames.pairs
        return self.ruling("partner", "partner").take(pairs.p) & self.ruling("partner", "departement partner")

    @cached_property
    def hosts(self) -> LevelRuling:
        """What is said of each département × relay × session: the sessions of a pair stand together."""
        pairs, width = self.day.frames.pairs, self.day.width
        pair, s = np.repeat(np.arange(len(pairs.p)), width), np.tile(np.arange(width), len(pairs.p))
        rows = LevelRows(self.day, {"d": pairs.d[pair], "p": pairs.p[pair], "s": s})
        ruling = self._alone.take(pair)
        ruling &= self.ruling("partner", "session partner").take(rows.index("session partner"))
        rules = self.book["partner"].get("departement session partner")
        return ruling if rules is None else ruling & rules.ruling(rows)

    @cached_property
    def _alone_stops(self) -> Ints:
        """How far those came in each département that are stopped by what depends on it and them alone."""
        stopped = self._alone.place != PASSES
        pairs, place = self.day.frames.pairs, self._alone.place.astype(np.int64)
        return latest(pairs.d[stopped], place[stopped], self.day.frames.departements.height, NONE)

    @cached_property
    def last_relays(self) -> Ints:
        """The relay that comes furthest in each département and session, by what depends on these alone."""
        best = self._of_departements(self.hosts.place.astype(np.int64) * _CODES + (_CODES - 1 - self._pair_relays))
        return np.where(best == NOBODY, NONE, number_in(best))

    @property
    def _pair_relays(self) -> Ints:
        return np.repeat(self.day.frames.pairs.p, self.day.width)

    def _of_departements(self, keys: Ints, able: Array | slice = slice(None)) -> Ints:
        """Return the greatest key of each département and session among those of `hosts` whose pair is able."""
        shape = (self.day.frames.departements.height, self.day.width)
        d, best = self.day.frames.pairs.d[able], np.full(shape, NOBODY)
        starts = np.flatnonzero(np.diff(d, prepend=NONE))
        if len(starts):
            best[d[starts]] = np.maximum.reduceat(keys.reshape(-1, shape[1])[able], starts, axis=0)
        return best

    def places(self, stage: Stage, rows: LevelRows) -> Array:
        """Return the place of the first requirement of a stage that stops each of ``rows``, of whatever candidates."""
        rulings = (rules.ruling(rows).place for rules in self.book[stage].values())
        return reduce(np.minimum, rulings, np.full(rows.size, PASSES, np.uint8))

    @cached_property
    def _hosts_best(self) -> Ints:
        """The best relay of each département and session, as a key."""
        return self._of_departements(keys_of(self.hosts, self._pair_relays), self._alone.place == PASSES)

    def _sifted(self, first: int, last: int, territories: Ints) -> SessionCells:
        block = self.day.block(first, last)
        rows = self.rows(block, territories)
        ruling = self.sessions(block, territories, rows)
        axes = block.axes_of(territories)
        size, steps = rows.size, self.steps
        stage, step = np.zeros(size, np.uint8), np.full(size, NONE)
        p, r, units = np.full(size, NONE), np.full(size, NONE), ruling.units.copy()
        stops = ruling.place != PASSES
        step[stops] = steps["session"][ruling.place[stops]]
        here = np.flatnonzero(~stops)
        numbers = {"t": rows.number("t")[here], "s": rows.number("s")[here], "x": axes[here]}
        for key, best, name in ((p, self._relays, "partner"), (r, self._trainers, "trainer")):
            stage[here] = STAGES.index(name)
            keys, reasons = best(block, numbers)
            passes = keys >= 0
            step[here[~passes]] = reasons[~passes]
            here, numbers = here[passes], {name: values[passes] for name, values in numbers.items()}
            key[here], units[here] = number_in(keys[passes]), units[here] + keys[passes] // _CODES
        stage[here] = len(STAGES)
        return SessionCells(rows.number("t"), rows.number("s"), axes, stage, step, p, r, units, ruling.waits)

    def _relays(self, block: Block, numbers: Mapping[str, Ints]) -> tuple[Ints, Ints]:
        """Return the key of the best relay of each cell, below 0 where there is none, and the reason why then."""
        d, s = self.day.frames.number_of("t", "d")[numbers["t"]], numbers["s"]
        rules = self.book["partner"].get("territory session partner")
        if rules is None:
            keys = self._hosts_best[d, s]
        else:
            pairs = self.day.frames.pairs
            able = np.flatnonzero(self._alone.place == PASSES)
            starts = np.searchsorted(pairs.d[able], np.arange(self.day.frames.departements.height + 1))
            cell, place = ragged((starts[1:] - starts[:-1])[d])
            pair = able[starts[d[cell]] + place]
            rows = LevelRows(self.day, {"t": numbers["t"][cell], "s": s[cell], "p": pairs.p[pair]}, block)
            ruling = self.hosts.take(pair * self.day.width + s[cell]) & rules.ruling(rows)
            keys = best_of(cell, keys_of(ruling, pairs.p[pair]), len(d))
        return keys, self._reasons("partner", keys, self._alone_stops[d])

    def _reasons(self, stage: Stage, keys: Ints, before: Ints) -> Ints:
        """Return the reasons of cells without a passing candidate: those of the one that came furthest."""
        places = np.where(keys == NOBODY, before, keys + PASSES + 1)
        return np.asarray(self.steps[stage][np.where((keys >= 0) | (places < 0), -1, places)])

    @cached_property
    def _able(self) -> Array:
        """Which trainers no rule about them alone stops."""
        return np.asarray(self.ruling("trainer", "trainer").place == PASSES)

    @cached_property
    def _least(self) -> int:
        """The furthest reason that a trainer alone, or that there is none, gives."""
        place, steps = self.ruling("trainer", "trainer").place, self.steps["trainer"]
        return int(max([steps[-1], *steps[place[place != PASSES]]]))

    @cached_property
    def _unknowing(self) -> Ints:
        """The furthest reason of the trainers who are stopped by what they know of each axis."""
        place = self.ruling("trainer", "axis trainer").place.reshape(self.day.frames.axes.height, -1)
        steps = np.append(self.steps["trainer"], np.full(PASSES + 1, NONE))
        return np.asarray(np.max(np.where(place == PASSES, NONE, steps[place]), axis=1, initial=NONE), np.int64)

    def _trainers(self, block: Block, numbers: Mapping[str, Ints]) -> tuple[Ints, Ints]:
        """Return the same of the best trainer."""
        frames, rules = self.day.frames, self.book["trainer"]
        t, s, x = numbers["t"], numbers["s"], numbers["x"]
        # The trainers around each territory that has such cells, then those of them who can come there.
        begins = np.flatnonzero(np.diff(t, prepend=NONE))
        those = t[begins]
        j, place = frames.around.rows(those)
        r = frames.numbers("reach", "r")["r"][j]
        able = np.flatnonzero(self._able[r])
        j, r, place = j[able], r[able], place[able]
        units = self.ruling("trainer", "trainer").units[r]
        if near := rules.get("territory trainer"):
            ruling = near.ruling(LevelRows(self.day, {"t": those[place], "r": r, "j": j}, block))
            able = np.flatnonzero(ruling.place == PASSES)
            j, r, place, units = j[able], r[able], place[able], (units + ruling.units)[able]
        # Each cell with each of them who knows its axis.
        own = np.searchsorted(place, np.arange(len(those) + 1))
        of = np.repeat(np.arange(len(those)), np.diff(np.append(begins, len(t))))
        counts = (own[1:] - own[:-1])[of]
        cell, row = ragged(counts, own[of])
        known = self.ruling("trainer", "axis trainer")
        pair = np.repeat(x * frames.trainers.height, counts) + r[row]
        able = np.flatnonzero((known.place == PASSES)[pair])
        cell, row, pair = cell[able], row[able], pair[able]
        ruling = LevelRuling.nothing(len(cell))._replace(units=units[row] + known.units[pair])
        if both := rules.get("row"):
            columns = {"t": t[cell], "s": s[cell], "x": x[cell], "r": r[row], "j": j[row]}
            ruling &= both.ruling(LevelRows(self.day, columns, block))
        keys = best_of(cell, keys_of(ruling, r[row]), len(t))
        reasons = self._reasons("trainer", keys, np.full(len(x), NONE))
        return keys, np.where(keys == NOBODY, np.maximum(self._unknowing[x], self._least), reasons)


def keys_of(ruling: LevelRuling, numbers: Ints) -> Ints:
    """Return one number for each candidate: the most points, then the lowest number, which is the first code, is best.

    Those that don't pass have a number below 0, the higher the further they come.
    """
    keys = ruling.units * _CODES + (_CODES - 1 - numbers)
    return np.where(ruling.place == PASSES, keys, ruling.place.astype(np.int64) - PASSES - 1)


def number_in(keys: Ints) -> Ints:
    return _CODES - 1 - keys % _CODES


def best_of(groups: Ints, keys: Ints, size: int) -> Ints:
    """Return the best key of each group; they stand in the order of the groups."""
    best = np.full(size, NOBODY)
    if len(groups):
        starts = np.flatnonzero(np.diff(groups, prepend=NONE))
        best[groups[starts]] = np.maximum.reduceat(keys, starts)
    return best


def spans(territories: Ints, height: int) -> Iterator[tuple[int, int, Ints]]:
    """Cut territories, in order, into blocks of numbers no more than ``height`` apart."""
    if not len(territories):
        yield 0, 0, territories
    for _, start in zip(*np.unique(territories // height, return_index=True), strict=True):
        part = territories[
            start : start + np.searchsorted(territories[start:], (territories[start] // height + 1) * height)
        ]
        yield int(part[0]), int(part[-1]) + 1, part


def _whole(block: Block, territories: Ints, level: str) -> frozenset[str]:
    return frozenset([level] if len(territories) == block.height else [])


def _numbers(day: Snapshot, level: str) -> dict[str, Ints]:
    """Return the numbers of all rows of a level that isn't about territories."""
    frames, worlds = day.frames, len(day.whole.people)
    if level == "departement partner":
        return {"d": frames.pairs.d, "p": frames.pairs.p}
    tables = {
        "s": frames.sessions,
        "x": frames.axes,
        "d": frames.departements,
        "p": frames.partners,
        "r": frames.trainers,
    }

    def make() -> dict[str, Ints]:
        sizes = [worlds if key == "w" else tables[key].height for key in _ORDER[level]]
        return dict(zip(_ORDER[level], np.indices(sizes).reshape(len(sizes), -1), strict=True))

    return frames.memo.once(f"rows {level}", make, worlds, *tables.values())


# The keys by which the rows of such a level are in order.
_ORDER: Final = {
    "world": "w", "session": "s", "world session": "ws", "departement": "d", "partner": "p", "session partner": "ps",
    "trainer": "r", "axis trainer": "xr",
}  # fmt: skip
