"""The rules of a policy by the level at which they run, and what they say of the rows there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

import numpy as np

from prai_match.offers._facts import Array, Ints
from prai_match.offers._levels import LevelRows, level_of
from prai_match.policy import STAGES, Policy, Preference, Requirement, Stage

PASSES: Final = 255  # the place of a candidate that no requirement stops


class LevelRuling(NamedTuple):
    """What the rules of a stage say of some rows."""

    place: Array  # that of the first requirement, in the order of sifting, that stops each; PASSES
    units: Ints  # points, in whole multiples of 1/GRID
    waits: Array  # whether a requirement only makes it wait

    @classmethod
    def nothing(cls, size: int) -> LevelRuling:
        return cls(np.full(size, PASSES, np.uint8), np.zeros(size, np.int64), np.zeros(size, bool))

    def take(self, rows: Array) -> LevelRuling:
        return LevelRuling(*(part[rows] for part in self))

    def __and__(self, other: LevelRuling) -> LevelRuling:
        return LevelRuling(np.minimum(self.place, other.place), self.units + other.units, self.waits | other.waits)


class LevelRules(NamedTuple):
    """The rules of one stage that run at one level."""

    requirements: list[tuple[int, Requirement]]  # each with its place in the order of sifting
    waits: list[Requirement]
    preferences: list[Preference]

    def ruling(self, rows: LevelRows) -> LevelRuling:
        place, units, waits = LevelRuling.nothing(rows.size)
        for number, rule in self.requirements:
            place[~rule.holds(rows) & (place > number)] = number
        for preference in self.preferences:
            units += preference.units(rows)
        for rule in self.waits:
            waits |= ~rule.holds(rows)
        return LevelRuling(place, units, waits)


Rulebook = Mapping[Stage, Mapping[str, LevelRules]]  # the rules of a policy by stage and level


def rulebook(policy: Policy, levels: Mapping[str, str]) -> Rulebook:
    book: dict[Stage, dict[str, LevelRules]] = {stage: {} for stage in STAGES}
    places = {rule.id: place for stage in STAGES for place, rule in enumerate(in_order(policy, stage))}

    def at(stage: Stage, columns: Iterable[str]) -> LevelRules:
        return book[stage].setdefault(level_of(stage, {levels[name] for name in columns}), LevelRules([], [], []))

    for rule in policy.requirements:
        here = at(rule.stage, rule.condition.columns)
        if rule.postpones:
            here.waits.append(rule)
        else:
            here.requirements.append((places[rule.id], rule))
    for preference in policy.preferences:
        at(preference.stage, preference.value.columns).preferences.append(preference)
    return book


def in_order(policy: Policy, stage: Stage) -> list[Requirement]:
    """Return the requirements of ``stage`` that refuse: the first that a candidate breaks gives the reason."""
    rules = (rule for rule in policy.requirements if rule.stage == stage and not rule.postpones)
    return sorted(rules, key=lambda rule: (policy.reasons.index(rule.reason), rule.id))
