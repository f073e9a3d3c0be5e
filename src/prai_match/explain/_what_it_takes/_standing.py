"""Standings of candidates: the question about a territory, and the engine's results after sets of moves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, Self

import numpy as np
import polars as pl

from prai_match import offers, recommend
from prai_match.explain import _contest, _verdict, _why_not
from prai_match.explain._what_it_takes._result import Move, short
from prai_match.model import Lang, Territory
from prai_match.policy import GRID, STAGES, Policy
from prai_match.text import both

Moves = frozenset[Move]
NONE: Moves = frozenset()
# More than there can be sessions, so that points decide first and ties are broken by code.
_SESSIONS = 2**11


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A question about one territory (``session``, ``partner``, ``trainer``), with the engine's results so far.

    There is one trial per set of moves that the engine was run with; only those whose outcome was read count.
    """

    territory: Territory
    number: int
    request: Mapping[str, str | None]
    trials: dict[Moves, "Trial"] = field(default_factory=dict)
    standings: dict[Moves, "Standing"] = field(default_factory=dict)
    outcomes: set[Moves] = field(default_factory=set)

    def score(self, moves: Moves) -> float | None:
        """Return the score of the recommendation after tried moves; None if it isn't the candidate."""
        self.outcomes.add(moves)
        run, number = self.trials[moves]
        if (cell := run.first.get(number)) is None:
            return None
        is_it = all(run.code(cell, name) == code for name, code in self.request.items() if code is not None)
        return float(run.cells.units[cell] / GRID) if is_it else None

    def recommended(self, moves: Moves) -> str | None:
        """Return the session that is recommended after moves that were tried."""
        run, number = self.trials[moves]
        return run.code(run.first[number], "session") if number in run.first else None

    def can_hold(self, moves: Sequence[Move]) -> bool:
        """Whether each session to hold first is possible after the previous ones, all of which were tried."""
        held = [move for move in moves if move.kind == "hold"]
        sessions = [move.changes.with_attendances[0].session for move in held]
        return not any(self.lacking(frozenset(held[:place]), each)[0] for place, each in enumerate(sessions))

    def lacking(self, moves: Moves, session: str) -> tuple[int, int]:
        """Return how far a session is from being recommended after moves: stages not passed, then missing points."""
        run, number = self.trials[moves]
        return run.lacking(number, session)


@dataclass(frozen=True, eq=False)
class EngineRun:
    """The engine's results for every session of some territories, in the order of their numbers."""

    snapshot: offers.Snapshot
    policy: Policy
    cells: offers.SessionCells
    places: Mapping[int, int]  # the position of each territory among them

    @classmethod
    def of(cls, snapshot: offers.Snapshot, policy: Policy, territories: Sequence[int]) -> Self:
        numbers = pl.Series(territories, dtype=pl.UInt32)
        snapshot = offers.by_council(snapshot, policy, numbers)
        cells = offers.sift(snapshot, policy, numbers)
        return cls(snapshot, policy, cells, {number: place for place, number in enumerate(territories)})

    @cached_property
    def first(self) -> Mapping[int, int]:
        """The cell of the recommendation, for each territory that has one."""
        cells, width = self.cells, self.snapshot.width
        keys = cells.units * np.int64(_SESSIONS) + (_SESSIONS - 1 - cells.s)
        keys = np.where(cells.possible, keys, -1).reshape(len(self.places), width).max(axis=1, initial=-1)
        (here,) = np.nonzero(keys >= 0)
        first = here * width + (_SESSIONS - 1 - keys[here] % _SESSIONS)
        return dict(zip(cells.t[first].tolist(), first.tolist(), strict=True))

    def code(self, cell: int, name: str) -> str:
        number = getattr(self.cells, {"session": "s", "partner": "p", "trainer": "r"}[name])[cell]
        return str(getattr(self.snapshot.frames, f"{name}s")[name][int(number)])

    def lacking(self, t: int, session: str) -> tuple[int, int]:
        s = int(self.snapshot.frames.sessions["session"].index_of(session) or 0)
        cell, first = self.places[t] * self.snapshot.width + s, self.first.get(t)
        left = len(STAGES) - int(self.cells.stage[cell])
        return left, 0 if left or first is None else int(self.cells.units[first] - self.cells.units[cell])

    def contests(self, answers: recommend.Answers, numbers: Sequence[int]) -> list[_contest.Contest]:
        width = self.snapshot.width
        cells = ((np.array([self.places[number] for number in numbers]) * width)[:, None] + np.arange(width)).ravel()
        furthest = offers.beyond(self.snapshot, self.policy, self.cells.take(cells))
        cases = []
        for place, t in enumerate(numbers):
            own, cell = furthest[place * width : (place + 1) * width], self.first.get(t)
            cases.append(_contest.Contest(answers, self.snapshot, own, own[:0] if cell is None else own[cell % width]))
        return cases


class Trial(NamedTuple):
    """The location of the outcome of a set of moves: the run, and the number of the territory in it."""

    run: EngineRun
    number: int


@dataclass(frozen=True, slots=True)
class Standing:
    """The standing of a candidate: the part of `WhyNot` from which moves are found.

    There is no gap if the candidate is refused; otherwise ``beaten`` is the session that has more points.
    """

    session: str
    axis: str | None
    host: str
    partner: str | None
    refuting: tuple[_why_not.Finding, ...]
    gap: float | None
    beaten: str | None

    @property
    def lacks(self) -> tuple[Mapping[Lang, str], ...]:
        """What is still missing, in sentences: conditions or, if all hold, points."""
        if self.refuting or self.gap is None:
            return tuple(both(finding.told) for finding in self.refuting)
        return (both(short, self.gap),)

    @property
    def distance(self) -> tuple[int, float]:
        """How many conditions are missing, then how many points."""
        return len(self.refuting), self.gap or 0.0


def standings(
    answers: recommend.Answers, run: EngineRun, numbers: Sequence[int], requests: Sequence[Mapping[str, str | None]]
) -> list[Standing]:
    """Return the standing of the candidate (``session``, ``partner``, ``trainer``) of each given territory."""
    snapshot, policy = run.snapshot, run.policy
    cases = run.contests(answers, numbers)
    asked = [_verdict.candidate(case, axis=None, **request) for case, request in zip(cases, requests, strict=True)]
    own = pl.DataFrame([each for each, _ in asked], schema=_why_not.NUMBERS, orient="row")
    judgement = offers.Assessment(policy, offers.candidates(snapshot, own, policy))
    points = sum(judgement.units.values(), np.zeros(len(asked), np.int64))
    stands = []
    for place, (t, offer, (numbers_asked, own_axis)) in enumerate(zip(numbers, judgement, asked, strict=True)):
        broken = [rule for rule in policy.requirements if not offer.holds(rule.id)]
        every = _verdict.findings(cases[place], offer, own_axis, broken)
        refuting = tuple(each for each in every if not each.holds)
        cell, gap, beaten = run.first.get(t), None, None
        if cell is not None and not refuting:
            gap = float(run.cells.units[cell] - points[place]) / GRID
            winner = tuple(int(getattr(run.cells, name)[cell]) for name in [*_why_not.NUMBERS][1:])
            if policy.preferences and numbers_asked[1:] != winner:
                beaten = str(snapshot.frames.sessions["session"][winner[0]])
        codes: dict[str, Any] = {name: offer[name] for name in ("session", "axis", "host", "partner")}
        stands.append(Standing(**codes, refuting=refuting, gap=gap, beaten=beaten))
    return stands
