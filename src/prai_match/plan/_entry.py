"""The entry: a programme and a period in, a plan out."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Unpack

import polars as pl

from prai_match import _arguments as given
from prai_match._words import catalogue
from prai_match.explain import Changes, after_changes
from prai_match.model import Blackout, Text
from prai_match.plan._inputs import Before, prepare
from prai_match.plan._options import LIMITS, OPTIONS, PlanRequest, SearchLimits, Weights
from prai_match.plan._plan import Plan
from prai_match.plan._search import search
from prai_match.plan._tables import tables
from prai_match.text import line

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator
    from decimal import Decimal

    from prai_match.model import ProgrammeData
    from prai_match.plan._inputs import Inputs
    from prai_match.plan._options import PlanOptions, SearchOptions
    from prai_match.plan._solver import Progress


@given.takes(start=given.day, end=given.day, progress=given.optional(given.function), **OPTIONS)
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
    changes=given.optional(given.a(Changes)),
    on=given.optional(given.day),
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

    What stays as it was has points (see `Weights.stay`). Sessions for which people are invited already (those before
    the end of the notice after ``on``) and those confirmed stay as they are, as long as their trainer and relay are
    there: they are booked in the new plan.

    Args:
        before: The plan to change.
        changes: What changed in the programme, such as a trainer taken away; None: nothing.
        on: The day of planning again; None: that of the plan.
        lost: Days on which no session can be held any more.
        budget: Most euros of the sessions of the plan; None: as for the plan before.
        confirmed: Identifiers of sessions that must stay.
        progress: Called as the best plan or its bound changes.
        **options: ``time_limit``, ``node_limit``, ``gap`` and ``seed``, as for `Programme.plan`.

    Raises:
        UnknownCodeError: Something to take away isn't there.
        ProgrammeError: What results from the changes contradicts itself.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme
        >>> from prai_match.explain import Changes
        >>> season = plan(Programme.example(), dt.date(2007, 9, 3), dt.date(2007, 10, 31), time_limit=0)
        >>> again = replan(season, Changes(remove_trainers=["sig_figeac"]), time_limit=0)
        >>> "sig_figeac" in set(again.sessions["trainer"])
        False
    """
    limits = SearchLimits(**options)
    programme = before.inputs.programme if changes is None else after_changes(before.inputs.programme, changes)
    reason = Text(**catalogue("prai_match.plan", "plan")["lost"])
    blackouts = tuple(Blackout(start=day, end=day, reason=reason) for day in sorted(lost))
    if blackouts:
        calendar = programme.calendar.model_copy(update={"blackouts": programme.calendar.blackouts + blackouts})
        programme = programme.model_copy(update={"calendar": calendar})
    request = before.inputs.request
    request = replace(request, on=on or request.on, budget=request.budget if budget is None else budget)
    until = given.later(request.day, programme.notice_days)
    previous = Before(before.sessions.filter(~pl.col("booked")), before.seats, tuple(confirmed), until)
    return _best(prepare(programme, request, previous), before.weights, limits, progress)


def _best(inputs: Inputs, weights: Weights, limits: SearchLimits, progress: Callable[[Progress], None] | None) -> Plan:
    with _bar(limits.time_limit) if progress is None else nullcontext(progress) as report:
        result = search(tables(inputs, weights), limits, report)
    return Plan.made(inputs, weights, *result.draft.frames(), bound=result.bound, status=result.status)


_SECONDS = 2.0
"""After which the line of progress appears."""


@contextmanager
def _bar(seconds: float | None) -> Iterator[Callable[[Progress], None] | None]:
    """Draw a search of ``seconds`` at most on a line of the terminal, where it lasts and tqdm is installed."""
    if (bar := line(total=seconds, unit="s", delay=_SECONDS)) is None:
        yield None
        return

    def draw(progress: Progress) -> None:
        bar.set_postfix_str(f"{progress.objective:.0f} / {progress.bound:.0f}", refresh=False)
        now = round(progress.seconds if seconds is None else min(progress.seconds, seconds), 1)
        bar.update(now - bar.n)

    with bar:
        yield draw
