"""From the plan that is there at once to the best that the limits allow, with the bound that proves how good it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import monotonic
from typing import TYPE_CHECKING, Literal

from prai_match.plan._dates import dated
from prai_match.plan._greedy import greedy, points
from prai_match.plan._model import model
from prai_match.plan._solver import WIDE, Progress, inside, relax, solve

if TYPE_CHECKING:
    from collections.abc import Callable

    from prai_match.plan._dates import Dated
    from prai_match.plan._draft import Draft
    from prai_match.plan._matrix import Array
    from prai_match.plan._model import Model
    from prai_match.plan._solver import Limits, Solved
    from prai_match.plan._tables import Tables

Status = Literal["optimal", "bounded", "limit", "at_once", "interrupted", "empty"]

_ROUNDS = 8
"""Times that the choice is cut and made again where the days don't suit it."""

_FIRST_GAP = 0.005
"""Gap of the first choice, made among the places that the relaxation uses."""

_FIRST_ROUNDS = 3

_UNUSED = 1e-6


@dataclass(frozen=True, slots=True)
class Found:
    """The best plan found, the bound that no plan passes, and how the search ended."""

    draft: Draft
    bound: float
    status: Status


def search(tables: Tables, limits: Limits, told: Callable[[Progress], None] | None) -> Found:
    """Look for the best plan.

    A plan is made at once. The relaxation of the choice without dates then gives a bound, also where there is no time
    to search unless the model is wide, and the places that matter:
    a choice among them is found soon, and the choice among all is proven from there. Dates are given to each choice;
    where no day suits a part of it, that part is left out, others are seated in its place, and the choice is made
    again without it.

    Args:
        tables: The inputs.
        limits: When to stop.
        told: Called as the best plan or the bound changes.
    """
    since = monotonic()
    best = greedy(tables)
    if not tables.seats:
        return Found(best, points(best), "optimal" if best.sessions else "empty")
    made = model(tables)
    run = _Run(made, limits, told, since, best, made.most())
    status = run.at_once() if limits.seconds == 0 else run.search()
    return Found(run.best, max(run.bound, points(run.best)), status if run.best.sessions else "empty")


@dataclass
class _Run:
    """A search under way: the best plan so far and the least bound."""

    model: Model
    limits: Limits
    told: Callable[[Progress], None] | None
    since: float
    best: Draft
    bound: float

    def at_once(self) -> Status:
        """Search nothing: lower the bound where that takes no longer than the plan did."""
        if self.model.matrix.width <= WIDE:
            relaxed = inside(self.model.matrix, replace(self.limits, seconds=None, nodes=None))
            self.bound = min(self.bound, relaxed.bound)
            if relaxed.interrupted:
                return "interrupted"
        return "optimal" if self._is_enough() else "at_once"

    def search(self) -> Status:
        """Search until a limit, Ctrl-C or the gap; return which."""
        relaxed = relax(self.model.matrix, self.limits.left(self.since))
        self.bound = min(self.bound, relaxed.bound)
        start = self.model.start(self.best)
        if relaxed.values is not None and not relaxed.interrupted:
            first = self._first(relaxed.values)
            if first.values is not None and self.model.matrix.worth(first.values) > self.model.matrix.worth(start):
                start = first.values
            if self._is_enough():
                return "optimal"
            relaxed = first
        return "interrupted" if relaxed.interrupted else self._prove(start)

    def _first(self, relaxed: Array) -> Solved:
        """Choose among the places that the relaxation uses, a few times as long as the days don't suit."""
        unused = (relaxed[: len(self.model.tables.places)] < _UNUSED).nonzero()[0]
        trial = self.model.copy()
        first: Solved | None = None
        for _ in range(_FIRST_ROUNDS):
            limits = self.limits.left(self.since)
            limits = replace(limits, gap=max(limits.gap, _FIRST_GAP))
            solved = solve(trial.matrix.without(unused), None, limits, lambda _: self._tell())
            first = first or solved
            planned = self._consider(solved)
            if solved.interrupted or planned is None or planned.complete:
                break
            _cut(trial, planned)
        return replace(first or solved, interrupted=solved.interrupted)

    def _prove(self, start: Array | None) -> Status:
        """Choose among all places, and again as long as the days don't suit."""
        for turn in range(_ROUNDS):
            solved = solve(self.model.matrix, start, self.limits.left(self.since), self._tell)
            if turn == 0:
                self.bound = min(self.bound, solved.bound)
            planned = self._consider(solved)
            if solved.interrupted:
                return "interrupted"
            if self._is_enough():
                return "optimal"
            if not solved.done:
                return "limit"
            if planned is None or planned.complete:
                break
            _cut(self.model, planned)
            start = None
        return "bounded"

    def _consider(self, solved: Solved) -> Dated | None:
        """Give dates to a choice, and keep the plan if it is better."""
        if solved.values is None:
            return None
        planned = dated(self.model.tables, self.model.choices(solved.values))
        self.best = max(self.best, planned.draft, key=points)
        self._tell()
        return planned

    def _is_enough(self) -> bool:
        """Whether the gap asked for is reached."""
        return self.bound - points(self.best) <= self.limits.gap * abs(self.bound)

    def _tell(self, bound: float = float("inf")) -> None:
        if self.told is not None:
            self.told(Progress(monotonic() - self.since, points(self.best), abs(min(self.bound, bound))))


def _cut(model: Model, planned: Dated) -> None:
    """Leave out of the next choice what found no day in this one."""
    for n, source in planned.pairs:
        model.forbid(n, source)
    model.exclude(planned.seats, planned.leads)
