"""Entry points: make a plan from a programme and a period, for the whole programme or région by région."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import zip_longest
from typing import Any, NamedTuple, Unpack

import polars as pl

from prai_match import _arguments as given
from prai_match._executors import refuse_forks, workers_ended
from prai_match._words import catalogue
from prai_match.explain import Changes, after_changes, rows_of
from prai_match.model import Blackout, ProgrammeData, Text
from prai_match.packing import (
    MOST_SEATS,
    Before,
    Draft,
    Inputs,
    Option,
    PackingRequest,
    Tables,
    Weights,
    by_priority,
    extend,
    points,
    prepare,
    tables,
    wishes,
)
from prai_match.plan._conditions import model_of
from prai_match.plan._model import UndatedSession
from prai_match.plan._options import LIMITS, OPTIONS, PlanOptions, PlanRequest, SearchLimits, SearchOptions
from prai_match.plan._plan import Plan, euros_in_json
from prai_match.plan._schedule import Status
from prai_match.plan._search import best_day, search
from prai_match.plan._shares import RegionShare, shares
from prai_match.plan._solver import Progress, relax
from prai_match.recommend import Answers
from prai_match.text import line


@given.takes(progress=given.optional(given.function), **OPTIONS)
def plan(
    programme: ProgrammeData,
    start: dt.date,
    end: dt.date,
    *,
    progress: Callable[[Progress], None] | None = None,
    **options: Unpack[PlanOptions],
) -> Plan:
    """Plan the sessions of a period (see `Programme.plan`)."""
    request = PlanRequest(start=start, end=end, **options)
    return _best(prepare(programme, request), request.weights or Weights(), request, progress)


@given.takes(
    before=given.a(Plan),
    lost=given.each(given.day),
    budget=given.optional(given.amount),
    confirmed=given.keys,
    progress=given.optional(given.function),
    **LIMITS,
)
def replan(  # noqa: PLR0913 - all but the plan and the changes by keyword
    before: Plan,
    changes: Changes | None = None,
    *,
    on: dt.date | None = None,
    lost: Iterable[dt.date] = (),
    budget: Decimal | float | None = None,
    confirmed: Iterable[str] = (),
    progress: Callable[[Progress], None] | None = None,
    **options: Unpack[SearchOptions],
) -> Plan:
    """Plan again after a change, so that as few sessions as possible change.

    What stays the same earns points (see `Weights.stay`). Sessions to which people have already been invited (those
    before the end of the notice period after ``on``) and confirmed ones don't change, as long as their trainer and
    relay are available: they are booked in the new plan.

    Args:
        before: The plan to change.
        changes: What changed in the programme, such as a trainer who leaves; None if nothing.
        on: The day of the new planning; None means that of the plan.
        lost: Days on which sessions can no longer be held.
        budget: Maximum cost of the plan's sessions, in euros; None means that of the plan before.
        confirmed: Identifiers of sessions that must stay.
        progress: Called when the best plan or its bound changes.
        **options: ``time_limit``, ``node_limit``, ``gap`` and ``seed``, as for `Programme.plan`.

    Raises:
        UnknownCodeError: Something to remove isn't in the programme.
        ProgrammeError: The changed programme contradicts itself.

    Example:
        >>> from prai_match import Programme
        >>> from prai_match.explain import Changes
        >>> season = plan(Programme.example(), "2007-09-03", "2007-10-31", time_limit=0)
        >>> again = replan(season, Changes(without_trainers=["sig_figeac"]), time_limit=0)
        >>> "sig_figeac" in set(again.sessions["trainer"])
        False
    """
    limits = SearchLimits(**options)
    programme = before.inputs.programme if changes is None else after_changes(before.inputs.programme, changes)
    reason, request = Text(**catalogue("prai_match.plan", "plan")["lost"]), before.inputs.request
    if blackouts := tuple(Blackout(start=day, end=day, reason=reason) for day in sorted(lost)):
        calendar = programme.calendar.model_copy(update={"blackouts": programme.calendar.blackouts + blackouts})
        programme = programme.model_copy(update={"calendar": calendar})
    request = replace(request, on=on or request.on, budget=request.budget if budget is None else budget)
    until = given.later(request.day, programme.notice_days)
    previous = Before(before.sessions.filter(~pl.col("booked")), before.seats, tuple(confirmed), until)
    return _best(prepare(programme, request, previous), before.weights, limits, progress)


def _best(inputs: Inputs, weights: Weights, limits: SearchLimits, progress: Callable[[Progress], None] | None) -> Plan:
    with _bar(limits.time_limit) if progress is None else nullcontext(progress) as report:
        result = search(tables(inputs, weights), limits, report)
    return Plan.made(inputs, weights, result.draft.frames(), result.bound, result.status)


_SECONDS = 2.0  # delay before the line of progress appears


@contextmanager
def _bar(seconds: float | None) -> Iterator[Callable[[Progress], None] | None]:
    """Show a search of at most ``seconds`` on a line of the terminal, if it takes long and tqdm is installed."""
    if (bar := line(total=seconds, unit="s", delay=_SECONDS)) is None:
        yield None
        return

    def draw(progress: Progress) -> None:
        bar.set_postfix_str(f"{progress.objective:.0f} / {progress.bound:.0f}", refresh=False)
        bar.update(round(progress.seconds if seconds is None else min(progress.seconds, seconds), 1) - bar.n)

    with bar:
        yield draw


REGIONS: dict[str, Any] = {  # columns of `RegionalPlan.regions`
    "region": pl.String,
    "demands": pl.Int64,
    "budget": pl.Float64,
    **dict.fromkeys(("sessions", "served"), pl.Int64),
    **dict.fromkeys(("objective", "bound"), pl.Float64),
    "status": pl.String,
}


@dataclass(frozen=True, eq=False, repr=False)
class RegionalPlan(Plan):
    """A plan made région by région: a plan of the whole programme, with how each région was planned.

    Attributes:
        regions: One row per région, by code, as planned with its share of the resources: ``region``, ``demands``,
            ``budget`` (€; null if unlimited), new ``sessions``, demands ``served``, ``objective``, ``bound`` (with its
            share) and ``status``.

    Example:
        >>> from prai_match import Programme
        >>> season = Programme.example().plan_by_region("2007-09-03", "2007-09-28", time_limit=0)
        >>> season.regions["region"].to_list(), season.check().height
        (['76'], 0)
    """

    regions: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=REGIONS))

    @property
    def regional_bound(self) -> float:
        """The sum of the regional bounds: what the régions could reach with the resources as shared out.

        It isn't a bound of the whole plan, which may do better by sharing differently or by inviting across borders.
        """
        return float(self.regions["bound"].sum())

    @property
    def shared_loss(self) -> float:
        """The maximum share of the bound that sharing out may have cost: how far `regional_bound` is below it.

        The rest of the `gap` comes from what the regional searches didn't find and from points lost on days when
        several régions hold sessions (see `Weights.spread`), minus what was gained when the plans were joined.
        """
        missing = self.bound - self.regional_bound
        return missing / abs(self.bound) if missing > 0 and self.bound else 0.0

    def to_json(self) -> dict[str, Any]:
        """Return the same data as `Plan.to_json`, with those of its régions.

        The format is in ``docs/reference/schemas/regional_plan.json``.
        """
        return {
            **super().to_json(),
            "regional_bound": self.regional_bound,
            "shared_loss": self.shared_loss,
            "regions": [{**row, "budget": euros_in_json(row["budget"])} for row in rows_of(self.regions)],
        }


@given.takes(**OPTIONS)
def plan_by_region(
    programme: ProgrammeData,
    start: dt.date,
    end: dt.date,
    *,
    executor: Executor | None = None,
    **options: Unpack[PlanOptions],
) -> RegionalPlan:
    """Plan each région separately, then join the plans (see `Programme.plan_by_region`)."""
    refuse_forks(executor)
    request = PlanRequest(start=start, end=end, **options)
    inputs = prepare(programme, request)
    everything = tables(inputs, request.weights or Weights())
    model = model_of(everything)
    whole = relax(model.matrix, replace(request, time_limit=None, node_limit=None))
    # The largest région first, so that the other workers don't wait for it at the end.
    parts = sorted(shares(model, whole.values), key=lambda share: (-share.inputs.seats.height, share.region))
    plans = (
        _one_by_one(parts, request, interrupted=whole.interrupted)
        if executor is None or whole.interrupted
        else _side_by_side(parts, request, executor)
    )
    regions = sorted(plans, key=lambda each: each.row["region"])
    draft = _join(everything, [session for region in regions for session in region.sessions])
    bound = max(min(whole.bound, model.most()), points(draft))
    enough = bound - points(draft) <= request.gap * abs(bound)
    status = _status(draft, [region.row["status"] for region in regions], enough=enough)
    season = RegionalPlan.made(inputs, everything.weights, draft.frames(), bound, status)
    return replace(season, regions=pl.DataFrame([region.row for region in regions], schema=REGIONS))


class RegionResult(NamedTuple):
    """How a région was planned: its row of `RegionalPlan.regions`, and its sessions, numbered as in the whole."""

    row: dict[str, Any]
    sessions: tuple[Option, ...]


def _one_by_one(parts: list[RegionShare], limits: SearchLimits, *, interrupted: bool) -> Iterator[RegionResult]:
    for share in parts:
        result = _at_once(share, limits) if interrupted else _region(share, limits)
        interrupted = interrupted or result.row["status"] == "interrupted"
        yield result


def _side_by_side(parts: list[RegionShare], limits: SearchLimits, executor: Executor) -> list[RegionResult]:
    """Plan régions on an executor; after Ctrl-C, unfinished ones get their first plan, in this process."""
    futures: list[Future[RegionResult]] = []
    try:
        for share in parts:
            futures.append(executor.submit(_region, share, limits))  # noqa: PERF401 - those submitted before Ctrl-C are kept
        return [future.result() for future in futures]
    except KeyboardInterrupt:
        # Ctrl-C reaches workers too, and their results are then errors.
        there = [each.done() and not each.cancelled() and each.exception() is None for each in futures]
        results = [future.result() if whole else None for future, whole in zip(futures, there, strict=True)]
        return [result or _at_once(share, limits) for share, result in zip_longest(parts, results)]
    except BrokenExecutor as error:
        raise workers_ended() from error
    finally:
        for future in futures:
            future.cancel()


def _at_once(share: RegionShare, limits: SearchLimits) -> RegionResult:
    result = _region(share, replace(limits, time_limit=0))
    if result.row["status"] == "at_once":
        result.row["status"] = "interrupted"
    return result


def _region(share: RegionShare, limits: SearchLimits) -> RegionResult:
    result = search(tables(share.inputs, share.inputs.request.weights or Weights()), limits, None)
    draft = result.draft
    sessions = (
        replace(session, g=share.places[session.g], members=tuple(share.demands[n] for n in session.members))
        for session in draft.sessions.values()
    )
    row = {
        "region": share.region,
        "demands": len(share.demands),
        "budget": share.inputs.budget,
        "sessions": sum(not draft.tables.places[g].booked for g in draft.sessions),
        "served": len(draft.at),
        "objective": round(points(draft), 6),
        "bound": result.bound,
        "status": result.status,
    }
    return RegionResult(row, tuple(sessions))


def _join(everything: Tables, sessions: list[Option]) -> Draft:
    """Join the sessions of all régions in one plan, by day, and add what is still possible."""
    draft = Draft(everything)
    for session in sorted(sessions, key=lambda session: (session.day, session.g)):
        place = everything.places[session.g]
        worth, members = draft.fill(place, session.r, session.day, session.members)
        if place.booked:
            draft.seat(session.g, members)
        elif members and session.day in draft.days_of(session.g, session.r, session.p):
            draft.add(replace(session, gain=worth, members=members))
        elif other := best_day(draft, UndatedSession(session.g, session.r, session.p, session.members), 0):
            draft.add(other)
    return extend(draft)


def _status(draft: Draft, statuses: list[Status], *, enough: bool) -> Status:
    """Return the status of the whole: proven, or that of its least finished région."""
    if enough or not draft.sessions:
        return "optimal" if draft.sessions else "empty"
    return next((status for status in ("interrupted", "limit", "at_once") if status in statuses), "bounded")


def together(answers: Answers, until: dt.date | None = None) -> Plan:
    """Build the set of offers that can be carried out together, by priority (see `Recommendations.together`)."""
    programme, on = answers.programme, answers.on
    last = min(programme.period.end, given.later(on, programme.offer_horizon_days))
    end = max(on, last if until is None else given.day(until, "until"))
    request = PackingRequest(start=on, end=end, policy=answers.policy, on=on, each=MOST_SEATS)
    inputs = prepare(programme, request, day=answers.snapshot)
    every = tables(inputs, Weights())
    draft = by_priority(every, wishes(inputs, answers.territories))
    return Plan.made(inputs, every.weights, draft.frames(), float("inf"), "by_priority")


def together_of_all(answers: Answers) -> Plan:
    """Build this set for all territories, whichever were asked about: others need rooms, people and days too."""
    return together(replace(answers, territories=answers.snapshot.frames.territories))
