"""The rules of a policy by the level at which they run, and their rulings on the rows there, computed on demand."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from prai_match.offers._facts import Array, Ints
from prai_match.offers._frames import TABLES
from prai_match.offers._levels import LevelRows, level_of
from prai_match.policy import STAGE_REASONS, STAGES, Policy, Preference, Requirement, Stage

if TYPE_CHECKING:
    from prai_match.offers._snapshot import Snapshot

CODES, NOBODY = 2**24, -(2**62)  # room for the numbers of candidates in keys; the key of none
PASSES: Final = 255  # the place of a candidate that no requirement stops


class LevelRuling(NamedTuple):
    """The ruling of a stage's rules on some rows; a part without dimensions is the same for all rows."""

    place: Array = np.array(PASSES, np.uint8)  # of the first requirement, as they are sifted, that stops each; PASSES
    units: Ints = np.array(0)  # points, in whole multiples of 1/GRID

    def take(self, rows: Array) -> LevelRuling:
        return LevelRuling(*(part[rows] if part.ndim else part for part in self))

    def of(self, size: int) -> LevelRuling:
        """Return it with a value for each of so many rows."""
        return LevelRuling(*(part if part.ndim else np.full(size, part) for part in self))

    def __and__(self, other: LevelRuling) -> LevelRuling:
        return LevelRuling(np.minimum(self.place, other.place), self.units + other.units)


NOTHING: Final = LevelRuling()  # what is said where there are no rules


class LevelRules(NamedTuple):
    """The rules of one stage that run at one level."""

    requirements: list[tuple[int, Requirement]]  # each with its place in the order of sifting, the last first
    preferences: list[Preference]
    names: list[str]  # the columns that they read

    def ruling(self, rows: LevelRows) -> LevelRuling:
        return LevelRuling(self.stops(rows), self.units(rows))

    def stops(self, rows: LevelRows) -> Array:
        """Return the place of the first requirement that stops each of them."""
        place = NOTHING.place
        for number, rule in self.requirements:
            place = np.where(rule.holds(rows), place, np.uint8(number))
        return place

    def units(self, rows: LevelRows) -> Ints:
        """Return the points that preferences give."""
        return sum((rule.units(rows) for rule in self.preferences), NOTHING.units)


NO_RULES: Final = LevelRules([], [], [])


class Rulebook(NamedTuple):
    """The rules of a policy by stage and level, and the reasons for which they stop candidates."""

    rules: Mapping[Stage, Mapping[str, LevelRules]]
    fixed: frozenset[str]  # columns that are the same on every day
    steps: Mapping[Stage, Array]  # the number of the reason of each place in the order of sifting; then the stage's own


def rulebook(policy: Policy, levels: Mapping[str, str], fixed: frozenset[str]) -> Rulebook:
    book: dict[Stage, dict[str, LevelRules]] = {stage: {} for stage in STAGES}
    places = {rule.id: place for stage in STAGES for place, rule in enumerate(in_order(policy, stage))}

    def at(stage: Stage, columns: Iterable[str]) -> LevelRules:
        here = book[stage].setdefault(level_of(stage, {levels[name] for name in columns}), LevelRules([], [], []))
        here.names.extend(columns)
        return here

    for rule in sorted(policy.requirements, key=lambda rule: -places[rule.id]):
        at(rule.stage, rule.condition.columns).requirements.append((places[rule.id], rule))
    for preference in policy.preferences:
        at(preference.stage, preference.value.columns).preferences.append(preference)
    number, own = policy.reasons.index, {stage: [rule.reason for rule in in_order(policy, stage)] for stage in STAGES}
    steps = {stage: np.array([*map(number, own[stage]), number(STAGE_REASONS[stage])]) for stage in STAGES}
    return Rulebook(book, fixed, steps)


class Rulings:
    def __init__(self, day: Snapshot, policy: Policy) -> None:
        self.day, self.policy = day, policy
        self.book: Rulebook = day.frames.memo.once(
            "rules", lambda: rulebook(policy, day.levels, day.fixed), policy, day.extra
        )
        self._kept: dict[tuple[Stage, str], LevelRuling] = {}

    def at(self, stage: Stage, level: str) -> LevelRuling:
        """Return what the rules of one level say of all its rows: what they said before, where no column changed."""
        if (stage, level) not in self._kept:
            self._kept[stage, level] = self._ruling(stage, level)
        return self._kept[stage, level]

    def _ruling(self, stage: Stage, level: str) -> LevelRuling:
        rules = self.book.rules[stage].get(level)
        if rules is None:
            return NOTHING
        day, keys = self.day, _ORDER[level]
        counts = {"w": len(day.whole.people), "k": len(day.first_days), "y": len(day.year_days)}
        tables = (counts.get(key) or getattr(day.frames, TABLES[key]) for key in keys)

        def make() -> LevelRuling:
            return rules.ruling(LevelRows(day, _numbers(day, keys, counts), whole=level))

        columns = map(day.column, rules.names)
        return day.frames.memo.once(f"{stage} {level}", make, self.policy, *tables, *columns)

    def places(self, stage: Stage, rows: LevelRows, but: Container[str] = ()) -> Array:
        """Return the place of the first requirement of a stage that stops each of ``rows``, at levels ``but`` some."""
        places = np.full(rows.size, PASSES, np.uint8)
        for level, rules in self.book.rules[stage].items():
            if level in but:
                continue
            stops = rows.gather(level, self.at(stage, level).place) if level in _ORDER else rules.stops(rows)
            places = np.minimum(places, stops)
        return places


def _numbers(day: Snapshot, keys: str, counts: Mapping[str, int]) -> dict[str, Ints]:
    """Return the numbers of all rows of a level that isn't about territories."""
    frames = day.frames
    if "ep" in keys:  # the pairs that there are, and their sessions
        pairs, years, width = frames.pairs, counts["y"] if "y" in keys else 1, day.width if "s" in keys else 1
        y, row, s = np.indices((years, len(pairs.p), width)).reshape(3, -1)
        return {"y": y, "e": pairs.d[row], "p": pairs.p[row], "s": s}
    sizes = [counts.get(key) or getattr(frames, TABLES[key]).height for key in keys]
    return dict(zip(keys, np.indices(sizes).reshape(len(sizes), -1), strict=True))


# The keys by which the rows of such a level are in order.
_ORDER: Final = {
    "world": "w", "session": "s", "world session": "ws", "departement": "d", "partner": "p", "session partner": "ps",
    "departement partner": "ep", "departement session partner": "eps", "trainer": "r", "axis trainer": "xr",
    "start trainer": "kr", "year partner": "yp", "year departement session partner": "yeps",
}  # fmt: skip


def in_order(policy: Policy, stage: Stage) -> list[Requirement]:
    """Return the requirements of ``stage``: the first that a candidate breaks gives the reason."""
    rules = (rule for rule in policy.requirements if rule.stage == stage)
    return sorted(rules, key=lambda rule: (policy.reasons.index(rule.reason), rule.id))


def of_calendar(rule: Requirement) -> bool:
    """Return whether a rule requires open days at the territory's own place; guests of a host don't need any."""
    return rule.limit and "open_days" in rule.condition.columns


def keys_of(ruling: LevelRuling, numbers: Ints) -> Ints:
    """Return one number for each candidate that passes, the greatest for the most points, then for the first code."""
    return np.where(ruling.place == PASSES, ruling.units * CODES + (CODES - 1 - numbers), NOBODY)


def number_in(keys: Ints) -> Ints:
    return CODES - 1 - keys % CODES


def best_of(counts: Ints, keys: Ints) -> Ints:
    """Return the best key of each group of so many; they stand one after the other."""
    best, filled = np.full(len(counts), NOBODY), np.flatnonzero(counts)
    if len(filled):
        best[filled] = np.maximum.reduceat(keys, (np.cumsum(counts) - counts)[filled])
    return best
