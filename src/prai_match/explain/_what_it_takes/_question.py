"""What is asked of territories, what the engine said of them after sets of moves, and how candidates stand then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import polars as pl

from prai_match import offers
from prai_match.explain._why_not._entry import Contest, candidate, findings
from prai_match.explain._why_not._why_not import NUMBERS, Finding
from prai_match.model import Territory
from prai_match.policy import GRID, Policy

if TYPE_CHECKING:
    from prai_match.explain._what_it_takes._result import Move
    from prai_match.recommend import Answers

Moves = frozenset["Move"]
NONE: Moves = frozenset()
# More than there are of points and sessions: what only has to wait comes last, and the first code among equals.
_NOW, _SESSIONS = 2**28, 2**11


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What is asked of one territory (``session``, ``partner``, ``trainer``), with what the engine already said.

    There is a trial for each set of moves that the engine was run with; those whose outcome was looked at count.
    """

    territory: Territory
    number: int
    request: Mapping[str, str | None]
    trials: dict[Moves, Trial] = field(default_factory=dict)
    standings: dict[Moves, Standing] = field(default_factory=dict)
    outcomes: set[Moves] = field(default_factory=set)

    @property
    def count(self) -> int:
        return len(self.outcomes - {NONE})

    def score(self, moves: Moves) -> float | None:
        """Return the score of the recommendation after moves that were tried; None: it isn't the candidate."""
        self.outcomes.add(moves)
        trial = self.trials[moves]
        cell = trial.run.first.get(trial.number)
        if cell is None or trial.run.cells.waits[cell]:
            return None
        is_it = all(trial.run.code(cell, name) == code for name, code in self.request.items() if code is not None)
        return float(trial.run.cells.units[cell] / GRID) if is_it else None


@dataclass(frozen=True, eq=False)
class EngineRun:
    """What the engine said of every session of some territories, in the order of their numbers."""

    snapshot: offers.Snapshot
    policy: Policy
    cells: offers.SessionCells
    places: Mapping[int, int]  # the place of each territory among them

    @classmethod
    def of(cls, snapshot: offers.Snapshot, policy: Policy, territories: Sequence[int]) -> EngineRun:
        cells = offers.sift(snapshot, policy, pl.Series(territories, dtype=pl.UInt32))
        return cls(snapshot, policy, cells, {number: place for place, number in enumerate(territories)})

    @cached_property
    def first(self) -> Mapping[int, int]:
        """The cell of what is recommended or comes next, by territory that has one."""
        cells, width = self.cells, self.snapshot.width
        keys = (cells.units + np.where(cells.waits, 0, _NOW)) * _SESSIONS + (_SESSIONS - 1 - cells.s)
        keys = np.where(cells.possible, keys, -1).reshape(len(self.places), width).max(axis=1, initial=-1)
        (here,) = np.nonzero(keys >= 0)
        first = here * width + (_SESSIONS - 1 - keys[here] % _SESSIONS)
        return dict(zip(cells.t[first].tolist(), first.tolist(), strict=True))

    def code(self, cell: int, name: str) -> str:
        number = getattr(self.cells, {"session": "s", "partner": "p", "trainer": "r"}[name])[cell]
        return str(getattr(self.snapshot.frames, f"{name}s")[name][int(number)])

    def contests(self, answers: Answers, numbers: Sequence[int]) -> list[Contest]:
        width = self.snapshot.width
        cells = ((np.array([self.places[number] for number in numbers]) * width)[:, None] + np.arange(width)).ravel()
        furthest = offers.beyond(self.snapshot, self.policy, self.cells.take(cells))
        cases = []
        for place, number in enumerate(numbers):
            own, cell = furthest[place * width : (place + 1) * width], self.first.get(number)
            cases.append(Contest(answers, self.snapshot, own, own[:0] if cell is None else own[cell % width]))
        return cases


class Trial(NamedTuple):
    """Where the outcome of a set of moves stands: the run, and the number of the territory in it."""

    run: EngineRun
    number: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A candidate as it stands: the part of `WhyNot` that moves are found by.

    There is no gap where the candidate is refused; ``beaten`` is the session that has more points though it isn't.
    """

    session: str
    axis: str | None
    partner: str | None
    refuting: tuple[Finding, ...]
    gap: float | None
    beaten: str | None


def standings(
    answers: Answers, run: EngineRun, numbers: Sequence[int], requests: Sequence[Mapping[str, str | None]]
) -> list[Standing]:
    """Return how a candidate (``session``, ``partner``, ``trainer``) of each of some territories stands."""
    snapshot, policy = run.snapshot, run.policy
    cases = run.contests(answers, numbers)
    asked = [candidate(case, axis=None, **request) for case, request in zip(cases, requests, strict=True)]
    own = pl.DataFrame([each for each, _ in asked], schema=dict.fromkeys(NUMBERS, pl.UInt32), orient="row")
    judgement = offers.Assessment(policy, offers.candidates(snapshot, own))
    points = sum(judgement.units.values(), np.zeros(len(asked), np.int64))
    stands = []
    for place, (number, offer, (numbers_asked, own_axis)) in enumerate(zip(numbers, judgement, asked, strict=True)):
        broken = [rule for rule in policy.requirements if not offer.holds(rule.id)]
        every = findings(cases[place], offer, own_axis, broken)
        refuting = tuple(each for each in every if not each.holds)
        cell, gap, beaten = run.first.get(number), None, None
        if cell is not None and all(each.postpones for each in refuting):
            gap = float(run.cells.units[cell] - points[place]) / GRID
            winner = tuple(int(getattr(run.cells, name)[cell]) for name in NUMBERS[1:])
            if policy.preferences and numbers_asked[1:] != winner:
                beaten = str(snapshot.frames.sessions["session"][winner[0]])
        codes: dict[str, Any] = {name: offer[name] for name in ("session", "axis", "partner")}
        stands.append(Standing(**codes, refuting=refuting, gap=gap, beaten=beaten))
    return stands
