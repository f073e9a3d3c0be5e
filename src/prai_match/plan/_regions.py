"""A plan of a country: what its régions share is shared out, each is planned by itself, and the plans are joined."""

from __future__ import annotations

from concurrent.futures import BrokenExecutor
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Unpack

import polars as pl

from prai_match._executors import refuse_forks, workers_ended
from prai_match.plan._codes import written
from prai_match.plan._dates import placed
from prai_match.plan._draft import Draft
from prai_match.plan._greedy import extended, points
from prai_match.plan._inputs import prepare
from prai_match.plan._json import regions
from prai_match.plan._model import Choice, model
from prai_match.plan._options import Asked
from prai_match.plan._plan import Plan
from prai_match.plan._search import search
from prai_match.plan._shares import shares
from prai_match.plan._solver import relax
from prai_match.plan._tables import tables
from prai_match.plan._weights import Weights

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Executor, Future

    from prai_match.model import ProgrammeData
    from prai_match.plan._book import Status
    from prai_match.plan._draft import Option
    from prai_match.plan._options import Options
    from prai_match.plan._search import Status as Searched
    from prai_match.plan._shares import Share
    from prai_match.plan._solver import Limits
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

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme
        >>> prog = Programme.example()
        >>> season = prog.plan_by_region(dt.date(2007, 9, 3), dt.date(2007, 9, 28), time_limit=0)
        >>> season.regions["region"].to_list(), season.check().height
        (['76'], 0)
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
        régions hold sessions (see `Weights.spread`), less what was won when the plans were joined.
        """
        missing = self.bound - self.regional_bound
        return missing / abs(self.bound) if missing > 0 and self.bound else 0.0

    def to_json(self) -> dict[str, Any]:
        """Return it as a `Plan`, with what is known of its régions.

        It is as ``docs/reference/schemas/regional_plan.json`` says.
        """
        return {
            **super().to_json(),
            "regional_bound": self.regional_bound,
            "shared_loss": self.shared_loss,
            "regions": regions(self.regions),
        }


def plan_by_region(
    programme: ProgrammeData,
    start: dt.date,
    end: dt.date,
    *,
    executor: Executor | None = None,
    **options: Unpack[Options],
) -> RegionalPlan:
    """Plan each région by itself, then put their plans together (see `Programme.plan_by_region`)."""
    refuse_forks(executor)
    asked = Asked(start, end, **options)
    inputs = prepare(programme, asked)
    known = tables(inputs, asked.weights or Weights())
    choice = model(known)
    whole = relax(choice.matrix, replace(asked.limits, seconds=None, nodes=None))
    tasks = [Task(share, known.weights, asked.limits) for share in shares(choice, whole.values)]
    planned = map(_now, tasks) if whole.interrupted else _planned(tasks, executor)
    found = sorted(planned, key=lambda each: each.region)
    draft = _joined(known, [option for region in found for option in region.sessions])
    bound = max(min(whole.bound, choice.most()), points(draft))
    sessions, seats = written(inputs, draft)
    enough = bound - points(draft) <= asked.gap * abs(bound)
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


def _planned(tasks: list[Task], executor: Executor | None) -> Iterable[Region]:
    """Plan each région; the largest first, which leaves no worker waiting for it at the end."""
    tasks = sorted(tasks, key=lambda task: (-task.share.inputs.seats.height, task.share.region))
    return _one_by_one(tasks) if executor is None else _side_by_side(tasks, executor)


def _one_by_one(tasks: list[Task]) -> Iterator[Region]:
    interrupted = False
    for task in tasks:
        found = _now(task) if interrupted else _region(task)
        interrupted = interrupted or found.status == "interrupted"
        yield found


def _side_by_side(tasks: list[Task], executor: Executor) -> list[Region]:
    """Plan them on an executor; after Ctrl-C, those that aren't finished are planned here, at once."""
    futures: list[Future[Region]] = []
    try:
        for task in tasks:
            futures.append(executor.submit(_region, task))  # noqa: PERF401 - those submitted before Ctrl-C are kept
        return [future.result() for future in futures]
    except KeyboardInterrupt:
        finished = [future if _is_finished(future) else None for future in futures]
        each = zip_longest(tasks, finished)
        return [_now(task) if future is None else future.result() for task, future in each]
    except BrokenExecutor as error:
        raise workers_ended() from error
    finally:
        for future in futures:
            future.cancel()


def _is_finished(future: Future[Region]) -> bool:
    """Whether it has a result; Ctrl-C reaches workers too, and leaves errors there."""
    return future.done() and not future.cancelled() and future.exception() is None


def _now(task: Task) -> Region:
    """Plan a région at once, after Ctrl-C."""
    found = _region(replace(task, limits=replace(task.limits, seconds=0)))
    return replace(found, status="interrupted") if found.status == "at_once" else found


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
    return next((status for status in ("interrupted", "limit", "at_once") if status in statuses), "bounded")
