"""The search: from a first plan to the best that the limits allow, with a bound on its objective."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from time import monotonic

from prai_match.offers import Array
from prai_match.packing import Draft, Option, Tables, extend, greedy, points, refills
from prai_match.plan._conditions import model_of
from prai_match.plan._model import UndatedModel, UndatedSession
from prai_match.plan._options import SearchLimits
from prai_match.plan._schedule import Status
from prai_match.plan._solver import WIDE, Matrix, Progress, Solution, relax, solve

_ROUNDS = 8  # how many times the choice is cut and made again if days don't suit it
_FIRST_GAP = 0.005  # gap of the first choice, among the places that the relaxation uses
_FIRST_ROUNDS = 3
_UNUSED = 1e-6
_TRIES = 6  # how many times dates are given again if they don't suit


@dataclass
class Dates:
    """A plan with dates, and the demands and sessions that got no date."""

    draft: Draft
    pairs: list[tuple[int, int]] = field(default_factory=list)  # ``n`` and ``n_source`` that a lag excludes together
    seats: list[tuple[int, int]] = field(default_factory=list)  # ``n`` and ``g``: demands without a day
    leads: list[tuple[int, int]] = field(default_factory=list)  # ``g`` and ``r``: sessions without a day
    at: dict[int, int] = field(default_factory=dict)  # ``g`` that was chosen for each ``n`` of ``pairs``

    def in_the_way(self) -> Iterator[int]:
        """The places of demands left out, and of their sources that would have been early enough."""
        tables = self.draft.tables
        for n, source in self.pairs:
            if tables.first + dict(tables.sources[n])[source] <= tables.last:
                yield self.at[n]
                yield self.draft.at[source]
        yield from (g for _, g in self.seats)
        yield from (g for g, _ in self.leads)

    @property
    def complete(self) -> bool:
        """Whether everything that was chosen has a date."""
        return not (self.pairs or self.seats or self.leads)

    def cut(self, model: UndatedModel) -> None:
        """Exclude from the model's next choice what got no day in this one."""
        for n, source in self.pairs:
            model.forbid(n, source)
        model.exclude(self.seats, self.leads)

    def leave_out(self, session: UndatedSession, members: tuple[int, ...]) -> None:
        """Record the demands of a session that its day doesn't suit: all but ``members``."""
        for n in (n for n in session.members if n not in members):
            near = [m for m, _ in self.draft.tables.sources.get(n, ()) if m in self.draft.at]
            self.pairs += [(n, m) for m in near]
            self.at[n] = session.g
            if not near:
                self.seats.append((n, session.g))


def give_dates(tables: Tables, sessions: Sequence[UndatedSession]) -> Dates:
    """Give a date to each session; sessions without a possible day are left out, and no condition is violated.

    Sessions left out, and those that they would have followed, are dated earlier in further tries.
    """
    urgent: Counter[int] = Counter()
    best = dates = _once(tables, sessions, urgent)
    for _ in range(_TRIES):
        if dates.complete:
            break
        urgent.update(dates.in_the_way())
        dates = _once(tables, sessions, urgent)
        best = max(best, dates, key=lambda each: points(each.draft))
    return best


def _once(tables: Tables, sessions: Sequence[UndatedSession], urgent: Counter[int]) -> Dates:
    """Give dates to sessions that others follow, to urgent ones, then to those of old needs; then use what is left."""
    draft = Draft(tables)
    dates, step = Dates(draft), _steps(tables)

    def order(session: UndatedSession) -> tuple[bool, int, int, float, int]:
        old, place = sum(tables.demands[n].old for n in session.members), tables.places[session.g]
        return not place.booked, step.get(place.s, 0), -urgent[session.g], -old, session.g

    for session in sorted(sessions, key=order):
        members: tuple[int, ...] = ()
        if tables.places[session.g].booked:
            booked = draft.sessions[session.g]
            members = draft.fill(tables.places[session.g], booked.r, booked.day, session.members)[1]
            draft.seat(session.g, members)
        elif option := best_day(draft, session, urgent[session.g]):
            members = option.members
            draft.add(option)
        else:
            dates.leads.append((session.g, session.r))
        dates.leave_out(session, members)
    extend(draft)
    return dates


def best_day(draft: Draft, session: UndatedSession, urgency: int) -> Option | None:
    """Return the session on the day with most points; the higher ``urgency``, the earlier."""
    g, r, p = session.g, session.r, session.p
    if not any(n in draft.tables.targets for n in session.members):
        urgency = 0
    cents = draft.tables.leads[g][r]
    best: Option | None = None
    for day in draft.days_of(g, r, p):
        worth, members = draft.fill(draft.tables.places[g], r, day, session.members)
        gain = draft.net(worth, g, r, p, day, cents) + urgency * draft.tables.earliness(day)
        if members and (best is None or gain > best.gain):
            best = Option(gain, g, r, p, day, cents, members)
    return best


def _steps(tables: Tables) -> dict[int, int]:
    """Return the length of the longest chain of follow-ups that leads to each session."""
    sessions = {demand.n: s for demand, s in zip(tables.demands, tables.inputs.demands["s"], strict=True)}
    edges = {(sessions[m], sessions[n]) for n, sources in tables.sources.items() for m, _ in sources}
    step = dict.fromkeys(sessions.values(), 0)
    for _ in step:  # the number of steps ends cycles of follow-ups
        for source, target in sorted(edges):
            step[target] = min(len(step), max(step[target], step[source] + 1))
    return step


@dataclass(frozen=True, slots=True)
class Result:
    """The best plan of a search, the upper bound of the objective, and how the search ended."""

    draft: Draft
    bound: float
    status: Status


def search(tables: Tables, limits: SearchLimits, report: Callable[[Progress], None] | None) -> Result:
    """Look for the best plan, and ``report`` when it or the bound changes.

    A first plan is built at once. The relaxation of the undated model then gives a bound (even without time to search,
    unless the model is large) and the places that matter: a choice among them is found quickly, and the choice among
    all places is proven from there. Each choice is given dates; if no day suits a part of it, that part is left out,
    others are seated in its place, and the choice is made again without it.
    """
    since, best = monotonic(), greedy(tables)
    if not tables.seats:
        return Result(best, points(best), "optimal" if best.sessions else "empty")
    model = model_of(tables)
    run = _Search(model, limits, report, since, best, model.most())
    status = run.at_once() if limits.time_limit == 0 else run.search()
    return Result(run.best, max(run.bound, points(run.best)), status if run.best.sessions else "empty")


@dataclass
class _Search:
    """A running search: the best plan so far and the lowest bound."""

    model: UndatedModel
    limits: SearchLimits
    report: Callable[[Progress], None] | None
    since: float
    best: Draft
    bound: float

    def at_once(self) -> Status:
        """Don't search; only lower the bound, unless the model is so large that this takes long."""
        if self.model.matrix.width <= WIDE:
            relaxation = relax(self.model.matrix, replace(self.limits, time_limit=None, node_limit=None), inside=True)
            self.bound = min(self.bound, relaxation.bound)
            if relaxation.interrupted:
                return "interrupted"
        return "optimal" if self._is_enough() else "at_once"

    def search(self) -> Status:
        limit, first = self.limits.time_limit, None
        half = replace(self.limits, time_limit=None if limit is None else limit / 2)
        last = relax(self.model.matrix, half.left(self.since))
        self.bound = min(self.bound, last.bound)
        if last.is_proven and last.values is not None and not last.interrupted:
            last = self._first(last.values)
            first = last.values
            if self._is_enough():
                return "optimal"
        if last.interrupted or self._refill():
            return "interrupted"
        start = self.model.start(self.best)
        is_better = first is not None and self.model.matrix.worth(first) > self.model.matrix.worth(start)
        return self._prove(first if is_better else start)

    def _refill(self) -> bool:
        """Improve the plan without the solver; return whether Ctrl-C ended it."""
        try:
            for draft in refills(self.best, self.limits.seed):
                if draft is not self.best:
                    self.best = draft
                    self._report()
                if self.limits.left(self.since).time_limit == 0:
                    break
        except KeyboardInterrupt:
            return True
        return False

    def _first(self, relaxation: Array) -> Solution:
        """Choose among the places that the relaxation uses, and again a few times while days don't suit."""
        unused, matrix = (relaxation[: len(self.model.tables.places)] < _UNUSED).nonzero()[0], self.model.matrix
        trial = replace(self.model, matrix=Matrix([*matrix.columns], [*matrix.rows]))
        first: Solution | None = None
        for _ in range(_FIRST_ROUNDS):
            limits = replace(self.limits.left(self.since), gap=max(self.limits.gap, _FIRST_GAP))
            solution = solve(trial.matrix.without(unused), None, limits, lambda _: self._report())
            first = first or solution
            dates = self._consider(solution)
            if solution.interrupted or dates is None or dates.complete:
                break
            dates.cut(trial)
        return replace(first or solution, interrupted=solution.interrupted)

    def _prove(self, start: Array | None) -> Status:
        for turn in range(_ROUNDS):
            # After a cut, a bound of the choice is no longer a bound of the plan.
            report = self._report if turn == 0 else lambda _: self._report()
            solution = solve(self.model.matrix, start, self.limits.left(self.since), report)
            if turn == 0:
                self.bound = min(self.bound, solution.bound)
            dates = self._consider(solution)
            if solution.interrupted:
                return "interrupted"
            if self._is_enough():
                return "optimal"
            if not solution.is_proven:
                return "limit"
            if dates is None or dates.complete:
                break
            dates.cut(self.model)
            start = None
        return "bounded"

    def _consider(self, solution: Solution) -> Dates | None:
        if solution.values is None:
            return None
        dates = give_dates(self.model.tables, self.model.sessions(solution.values))
        self.best = max(self.best, dates.draft, key=points)
        self._report()
        return dates

    def _is_enough(self) -> bool:
        return self.bound - points(self.best) <= self.limits.gap * abs(self.bound)

    def _report(self, bound: float = float("inf")) -> None:
        if self.report is not None:
            self.report(Progress(monotonic() - self.since, points(self.best), abs(min(self.bound, bound))))
