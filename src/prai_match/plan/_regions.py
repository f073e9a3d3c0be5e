"""A plan of a country: what its régions share is shared out, each is planned by itself, and the plans are joined."""

from __future__ import annotations

from concurrent.futures import BrokenExecutor
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, NamedTuple, Unpack

import polars as pl

from prai_match import _arguments as given
from prai_match._executors import refuse_forks, workers_ended
from prai_match.explain import rows_of
from prai_match.plan._draft import Draft
from prai_match.plan._greedy import extend, points
from prai_match.plan._inputs import prepare
from prai_match.plan._model import UndatedSession, model_of
from prai_match.plan._options import OPTIONS, PlanRequest, Weights
from prai_match.plan._plan import Plan, euros_in_json
from prai_match.plan._search import best_day, search
from prai_match.plan._shares import shares
from prai_match.plan._solver import relax
from prai_match.plan._tables import tables

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Executor, Future

    from prai_match.model import ProgrammeData
    from prai_match.plan._draft import Option
    from prai_match.plan._options import PlanOptions, SearchLimits
    from prai_match.plan._schedule import Status
    from prai_match.plan._shares import RegionShare
    from prai_match.plan._tables import Tables

REGIONS: dict[str, Any] = {
    "region": pl.String,
    "demands": pl.Int64,
    "budget": pl.Float64,
    **dict.fromkeys(("sessions", "served"), pl.Int64),
    **dict.fromkeys(("objective", "bound"), pl.Float64),
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
        >>> season = Programme.example().plan_by_region(dt.date(2007, 9, 3), dt.date(2007, 9, 28), time_limit=0)
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
            "regions": [{**row, "budget": euros_in_json(row["budget"])} for row in rows_of(self.regions)],
        }


@given.takes(start=given.day, end=given.day, executor=given.optional(given.executor), **OPTIONS)
def plan_by_region(
    programme: ProgrammeData,
    start: dt.date,
    end: dt.date,
    *,
    executor: Executor | None = None,
    **options: Unpack[PlanOptions],
) -> RegionalPlan:
    """Plan each région by itself, then put their plans together (see `Programme.plan_by_region`)."""
    refuse_forks(executor)
    request = PlanRequest(start=start, end=end, **options)
    inputs = prepare(programme, request)
    everything = tables(inputs, request.weights or Weights())
    model = model_of(everything)
    whole = relax(model.matrix, replace(request, time_limit=None, node_limit=None))
    parts = shares(model, whole.values)
    plans = map(_at_once, parts) if whole.interrupted else _plans(parts, executor)
    regions = sorted(plans, key=lambda each: each.region)
    draft = _join(everything, [session for region in regions for session in region.sessions])
    bound = max(min(whole.bound, model.most()), points(draft))
    enough = bound - points(draft) <= request.gap * abs(bound)
    status = _status(draft, [region.status for region in regions], enough=enough)
    season = Plan.made(inputs, everything.weights, *draft.frames(), bound=bound, status=status)
    rows = pl.DataFrame([region[: len(REGIONS)] for region in regions], schema=REGIONS, orient="row")
    return RegionalPlan(inputs, everything.weights, season.sessions, season.seats, bound, status, rows)


class RegionResult(NamedTuple):
    """How a région was planned: a row of `RegionalPlan.regions`, and its sessions by their numbers in the whole."""

    region: str
    demands: int
    budget: float | None
    new: int
    served: int
    objective: float
    bound: float
    status: Status
    sessions: tuple[Option, ...]


def _plans(parts: list[RegionShare], executor: Executor | None) -> Iterable[RegionResult]:
    """Plan each région; the largest first, which leaves no worker waiting for it at the end."""
    parts = sorted(parts, key=lambda share: (-share.inputs.seats.height, share.region))
    return _one_by_one(parts) if executor is None else _side_by_side(parts, executor)


def _one_by_one(parts: list[RegionShare]) -> Iterator[RegionResult]:
    interrupted = False
    for share in parts:
        result = _at_once(share) if interrupted else _region(share)
        interrupted = interrupted or result.status == "interrupted"
        yield result


def _side_by_side(parts: list[RegionShare], executor: Executor) -> list[RegionResult]:
    """Plan them on an executor; after Ctrl-C, those that aren't finished are planned here, at once."""
    futures: list[Future[RegionResult]] = []
    try:
        for share in parts:
            futures.append(executor.submit(_region, share))  # noqa: PERF401 - those submitted before Ctrl-C are kept
        return [future.result() for future in futures]
    except KeyboardInterrupt:
        results = [future.result() if _has_result(future) else None for future in futures]
        return [result or _at_once(share) for share, result in zip_longest(parts, results)]
    except BrokenExecutor as error:
        raise workers_ended() from error
    finally:
        for future in futures:
            future.cancel()


def _has_result(future: Future[RegionResult]) -> bool:
    """Whether it is finished; Ctrl-C reaches workers too, and leaves errors there."""
    return future.done() and not future.cancelled() and future.exception() is None


def _at_once(share: RegionShare) -> RegionResult:
    """Plan a region at once, after Ctrl-C."""
    result = _region(share, replace(share.inputs.request, time_limit=0))
    return result._replace(status="interrupted") if result.status == "at_once" else result


def _region(share: RegionShare, limits: SearchLimits | None = None) -> RegionResult:
    request = share.inputs.request
    result = search(tables(share.inputs, request.weights or Weights()), limits or request, None)
    draft = result.draft
    sessions = tuple(
        replace(session, g=share.places[session.g], members=tuple(share.demands[n] for n in session.members))
        for session in draft.sessions.values()
    )
    new = sum(not draft.tables.places[g].booked for g in draft.sessions)
    part = (share.region, len(share.demands), share.inputs.budget)
    objective = round(points(draft), 6)
    return RegionResult(*part, new, len(draft.at), objective, result.bound, result.status, sessions)


def _join(everything: Tables, sessions: list[Option]) -> Draft:
    """Put the sessions of all régions in one plan, by day, and add to it what can still be."""
    draft = Draft(everything)
    for session in sorted(sessions, key=lambda session: (session.day, session.g)):
        place = everything.places[session.g]
        worth, members = draft.fill(place, session.r, session.day, session.members)
        if place.booked:
            draft.seat(session.g, members)
        elif members and session.day in draft.days_of(session.r, session.p):
            draft.add(replace(session, gain=worth, members=members))
        elif other := best_day(draft, UndatedSession(session.g, session.r, session.p, session.members), 0):
            draft.add(other)
    return extend(draft)


def _status(draft: Draft, statuses: list[Status], *, enough: bool) -> Status:
    """Return how the whole came about: proven, or as the least finished of its régions."""
    if not draft.sessions:
        return "empty"
    if enough:
        return "optimal"
    return next((status for status in ("interrupted", "limit", "at_once") if status in statuses), "bounded")
