"""A plan of a country: what its régions share is shared out, each is planned by itself, and the plans are joined."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match.plan._dates import placed
from prai_match.plan._draft import Draft
from prai_match.plan._greedy import extended, points
from prai_match.plan._inputs import EACH, Asked, prepare
from prai_match.plan._model import Choice, model
from prai_match.plan._plan import Plan
from prai_match.plan._search import search
from prai_match.plan._shares import shares
from prai_match.plan._solver import Limits, relax
from prai_match.plan._tables import tables
from prai_match.plan._weights import Weights
from prai_match.plan._written import written
from prai_match.policy import Policy

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Executor
    from decimal import Decimal

    from prai_match._programme import Programme
    from prai_match.plan._days import Zone
    from prai_match.plan._draft import Option
    from prai_match.plan._plan import Status
    from prai_match.plan._search import Status as Searched
    from prai_match.plan._shares import Share
    from prai_match.plan._tables import Tables

REGIONS: dict[str, Any] = {
    "region": pl.String,
    "demands": pl.Int64,
    "budget": pl.Float64,
    "sessions": pl.Int64,
    "served": pl.Int64,
    "objective": pl.Float64,
    "bound": pl.Float64,
    "status": pl.String,
}
"""Columns of `RegionalPlan.regions`."""


@dataclass(frozen=True, eq=False, repr=False)
class RegionalPlan(Plan):
    """A plan made région by région: a plan of the whole, that knows how each région was planned.

    Attributes:
        regions: One row a région, by code, as it was planned with its part of what is shared: ``region``, ``demands``,
            ``budget`` (€; null: no limit), new ``sessions``, demands ``served``, ``objective``, ``bound`` (of its part)
            and ``status``.
    """

    regions: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=REGIONS))

    @property
    def regional_bound(self) -> float:
        """The sum of the regional bounds: what the régions could reach as things were shared out.

        It is no bound of the whole, which may do better by sharing otherwise, or by inviting across a border.
        """
        return float(self.regions["bound"].sum())

    @property
    def shared_loss(self) -> float:
        """The share of the bound that sharing out may have cost, at most: how far `regional_bound` is below it.

        The rest of the `gap` is what the regional searches didn't find, and the points lost for days on which several
        régions hold sessions (see `Weights.spread`), less what was won when the plans were joined. Plans made at once
        (``time_limit=0``) have bounds too weak to tell.
        """
        missing = self.bound - self.regional_bound
        return missing / abs(self.bound) if missing > 0 and self.bound else 0.0


def plan_by_region(  # noqa: PLR0913 - as for plan
    programme: Programme,
    start: dt.date,
    end: dt.date,
    *,
    executor: Executor | None = None,
    budget: Decimal | float | None = None,
    policy: Policy | None = None,
    on: dt.date | None = None,
    weights: Weights | None = None,
    each: int = EACH,
    school_holidays: Zone | None = None,
    time_limit: float | None = 60.0,
    node_limit: int | None = None,
    gap: float = 0.002,
    seed: int = 0,
) -> RegionalPlan:
    """Plan the sessions of a programme that covers several régions, each of them by itself.

    What would serve the whole best without whole numbers, dates and borders is computed first. It bounds every plan
    of the whole (`Plan.bound`), and says how money, trainers and relays are shared out (see `RegionalPlan.regions`):
    money in proportion to what each région spends in it, the months of a trainer and the room of a relay that several
    régions can use in proportion to the sessions that it has them lead or host there. The régions are then planned
    with nobody invited across a border. The plans are joined: a session whose relay hosts another of another région
    that day gets its next best day, then whoever can still come is seated and sessions are added with what is left,
    across borders too.

    The plan doesn't depend on the executor or its number of workers; like that of `plan`, it depends on the machine
    where a time limit stops a search. Ctrl-C ends the search of the région under way, and the others are planned at
    once, where there is no executor; with one, it is raised.

    Args:
        programme: The programme.
        start: First day of the period.
        end: Last day.
        executor: Where the régions are planned; None: here, one after the other. Workers of other processes get
            pickled inputs; start those with ``spawn`` or ``forkserver``, since the computation uses threads.
        budget: Most euros of the new sessions; None: what the programme has left.
        policy: Rules and weights; the default policy where none is given.
        on: The day of planning; nothing that comes later is looked at. None: ``start``.
        weights: The objective; the default weights where none are given.
        each: Most sessions of the plan to which one territory is invited.
        school_holidays: The zone (``A``, ``B`` or ``C``) whose school holidays are closed; None: none are.
        time_limit: Seconds of search of each région; None: none. 0 gives plans made at once.
        node_limit: Nodes of each search; None: none.
        gap: Share of the bound of a région that may be missing when its search ends; and of the whole's, for the plan
            to be called ``optimal``.
        seed: Of the solver's choices.

    Raises:
        PraiError: The extra ``plan`` is not installed, or the school holidays of the period aren't known.
        PolicyError: The policy names a session that isn't in the catalogue.
        ValueError: The period ends before it starts, ``each`` is below 1, or the budget below 0.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme
        >>> made = plan_by_region(Programme.example(), dt.date(2007, 9, 3), dt.date(2008, 2, 29), time_limit=0)
        >>> made.regions["region"].to_list(), made.check().height
        (['76'], 0)
    """
    asked = Asked(policy or Policy.default(), start if on is None else on, budget, each, school_holidays)
    inputs = prepare(programme, start, end, asked)
    known = tables(inputs, weights or Weights())
    choice = model(known)
    whole = relax(choice.matrix, Limits(None, None, gap, seed))
    limits = Limits(0 if whole.interrupted else time_limit, node_limit, gap, seed)
    tasks = [Task(share, known.weights, limits) for share in shares(choice, whole.values)]
    found = sorted(_found(tasks, executor), key=lambda each: each.region)
    draft = _joined(known, [option for region in found for option in region.sessions])
    bound = max(min(whole.bound, choice.most()), points(draft))
    sessions, seats = written(inputs, draft)
    enough = bound - points(draft) <= gap * abs(bound)
    status = _status(draft, [region.status for region in found], enough=enough)
    made = Plan.made(inputs, known.weights, sessions, seats, bound=bound, status=status)
    rows = pl.DataFrame([region.row() for region in found], schema=REGIONS, orient="row")
    return RegionalPlan(inputs, known.weights, made.sessions, made.seats, bound, status, rows)


@dataclass(frozen=True, eq=False, slots=True)
class Task:
    """A région to plan, as it is sent to a worker."""

    share: Share
    weights: Weights
    limits: Limits


@dataclass(frozen=True, eq=False, slots=True)
class Region:
    """How a région was planned; the numbers of its ``sessions`` (those booked among them) are those of the whole."""

    region: str
    demands: int
    budget: float | None
    new: int
    sessions: tuple[Option, ...]
    objective: float
    bound: float
    status: Searched

    def row(self) -> tuple[Any, ...]:
        """Return it as a row of `RegionalPlan.regions`."""
        served = sum(len(session.members) for session in self.sessions)
        return (
            *(self.region, self.demands, self.budget, self.new, served),
            *(round(self.objective, 6), self.bound, self.status),
        )


def _found(tasks: list[Task], executor: Executor | None) -> Iterable[Region]:
    """Plan each région; the largest first, which leaves no worker waiting for it at the end."""
    tasks = sorted(tasks, key=lambda task: (-task.share.inputs.seats.height, task.share.region))
    return _one_by_one(tasks) if executor is None else executor.map(_region, tasks)


def _one_by_one(tasks: list[Task]) -> Iterator[Region]:
    interrupted = False
    for task in tasks:
        found = _region(replace(task, limits=replace(task.limits, seconds=0)) if interrupted else task)
        interrupted = interrupted or found.status == "interrupted"
        yield found


def _region(task: Task) -> Region:
    share = task.share
    known = tables(share.inputs, task.weights)
    found = search(known, task.limits, None)
    held = found.draft.sessions.values()
    return Region(
        share.region,
        len(share.demands),
        share.inputs.budget,
        sum(not known.places[session.g].booked for session in held),
        tuple(
            replace(session, g=share.places[session.g], members=tuple(share.demands[n] for n in session.members))
            for session in held
        ),
        points(found.draft),
        found.bound,
        found.status,
    )


def _joined(known: Tables, sessions: list[Option]) -> Draft:
    """Put the sessions of all régions in one plan, by day, and add to it what can still be."""
    draft = Draft(known)
    for session in sorted(sessions, key=lambda session: (session.day, session.g)):
        place = known.places[session.g]
        worth, members = draft.filled(place, session.r, session.day, session.members)
        if place.booked:
            draft.seat(session.g, members)
        elif members and session.day in draft.days_of(session.r, session.p):
            draft.add(replace(session, gain=worth, members=members))
        elif other := placed(draft, Choice(session.g, session.r, session.p, session.members), 0):
            draft.add(other)
    return extended(draft)


def _status(draft: Draft, statuses: list[Searched], *, enough: bool) -> Status:
    """Return how the whole came about: proven, or as the least finished of its régions."""
    if not draft.sessions:
        return "empty"
    if enough:
        return "optimal"
    return next((status for status in ("interrupted", "limit") if status in statuses), "bounded")
