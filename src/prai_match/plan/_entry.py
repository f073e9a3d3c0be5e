"""The entry: a programme and a period in, a plan out."""

from __future__ import annotations

import datetime as dt
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Unpack

import polars as pl

from prai_match._words import catalogue
from prai_match.explain import changed
from prai_match.model import Blackout, Text
from prai_match.plan._codes import written
from prai_match.plan._inputs import prepare
from prai_match.plan._options import Asked
from prai_match.plan._plan import Plan
from prai_match.plan._previous import Before
from prai_match.plan._progress import bar
from prai_match.plan._search import search
from prai_match.plan._solver import Limits
from prai_match.plan._tables import tables
from prai_match.plan._weights import Weights

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from decimal import Decimal

    from prai_match.explain import Changes
    from prai_match.model import ProgrammeData
    from prai_match.plan._inputs import Inputs
    from prai_match.plan._options import Options
    from prai_match.plan._solver import Progress


def plan(
    programme: ProgrammeData,
    start: dt.date,
    end: dt.date,
    *,
    progress: Callable[[Progress], None] | None = None,
    **options: Unpack[Options],
) -> Plan:
    """Plan the sessions of a period (see `Programme.plan`)."""
    asked = Asked(start, end, **options)
    return _searched(prepare(programme, asked), asked.weights or Weights(), asked.limits, progress)


def replan(  # noqa: PLR0913 - all but the plan and the changes by keyword
    before: Plan,
    changes: Changes | None = None,
    *,
    on: dt.date | None = None,
    lost: Iterable[dt.date] = (),
    budget: Decimal | float | None = None,
    confirmed: Iterable[str] = (),
    time_limit: float | None = 60.0,
    node_limit: int | None = None,
    gap: float = 0.002,
    seed: int = 0,
    progress: Callable[[Progress], None] | None = None,
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
        time_limit: As for `Programme.plan`, with what follows.
        node_limit: Nodes of the search; None: none.
        gap: Share of the bound that may be missing when the search ends.
        seed: Of the solver's choices.
        progress: Called as the best plan or its bound changes.

    Raises:
        UnknownCodeError: Something to take away isn't there.
        ProgrammeError: What results from the changes contradicts itself.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme
        >>> from prai_match.explain import Changes
        >>> made = plan(Programme.example(), dt.date(2007, 9, 3), dt.date(2007, 10, 31), time_limit=0)
        >>> again = replan(made, Changes(remove_trainers=["sig_figeac"]), time_limit=0)
        >>> "sig_figeac" in set(again.sessions["trainer"])
        False
    """
    programme = before.inputs.programme if changes is None else changed(before.inputs.programme, changes)
    reason = Text(**catalogue("prai_match.plan", "plan")["lost"])
    blackouts = tuple(Blackout(start=day, end=day, reason=reason) for day in sorted(lost))
    if blackouts:
        calendar = programme.calendar.model_copy(update={"blackouts": programme.calendar.blackouts + blackouts})
        programme = programme.model_copy(update={"calendar": calendar})
    asked = before.inputs.asked
    asked = replace(asked, on=on or asked.on, budget=asked.budget if budget is None else budget)
    new = before.sessions.filter(~pl.col("booked"))
    until = asked.day + dt.timedelta(days=programme.notice_days)
    kept = Before(new, before.seats, tuple(confirmed), until)
    inputs = prepare(programme, asked, kept)
    return _searched(inputs, before.weights, Limits(time_limit, node_limit, gap, seed), progress)


def _searched(inputs: Inputs, weights: Weights, limits: Limits, progress: Callable[[Progress], None] | None) -> Plan:
    known = tables(inputs, weights)
    with bar(limits.seconds) if progress is None else nullcontext(progress) as told:
        found = search(known, limits, told)
    sessions, seats = written(inputs, found.draft)
    return Plan.made(inputs, weights, sessions, seats, bound=found.bound, status=found.status)
