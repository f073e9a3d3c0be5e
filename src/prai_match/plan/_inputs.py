"""What a plan is made from, as frames prepared once: demands, places, seats, trainers, relays, days and money."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from prai_match.calendar import days
from prai_match.offers import on_day, without_columns
from prai_match.plan import _candidates, _demands
from prai_match.plan._columns import SEATS, SESSIONS
from prai_match.plan._previous import Before, stayed
from prai_match.policy import policy_of

if TYPE_CHECKING:
    from decimal import Decimal

    from prai_match.model import ProgrammeData
    from prai_match.offers import Snapshot
    from prai_match.plan._options import Asked
    from prai_match.policy import Policy


@dataclass(frozen=True, eq=False)
class Inputs:
    """The prepared frames. Numbers are those of `prai_match.offers.Frames` (``t``, ``s``, ``x``, ``p``, ``r``).

    Attributes:
        programme: The programme.
        snapshot: What is known on the day of planning.
        policy: The rules.
        start: First day of the period.
        end: Last day.
        each: Most sessions of the plan to which one territory is invited.
        demands: What may be offered (see `_demands.demands`), numbered ``n``.
        after: ``n``, ``n_source`` and ``lag_days``: demands of one territory of which one leads to the other.
        places: Where and what sessions can be held, numbered ``g``: one a demand (its territory hosts), then those
            ``booked`` in the period, with their ``id``, ``date``, trainer ``r``, relay ``p`` and ``cost``.
        seats: ``n``, ``g`` and ``km``: the demands that each place can serve.
        leads: ``g``, ``r``, ``km``, ``cost`` (€; null: unknown), ``counted`` (with the fee assumed where it is unknown)
            and ``weighed`` (for choosing among them: `dearest` where nothing is assumed): the trainers who can lead at
            each place that isn't booked.
        unpriced: ``g`` and ``r``: those left out because their cost is unknown, and money is limited.
        dearest: The highest cost known of any of them: leaving a fee out is no way to be chosen.
        relays: ``g`` and ``p``: the relays that can host at each place that isn't booked.
        days: ``date`` and ``closed``: every day of the period and the label of what closes it.
        free: ``r`` and ``date``: open days on which each trainer is free.
        months: ``r``, ``month`` and ``left``: the sessions that each trainer can still lead in each month.
        room: ``p`` and ``left``: the sessions that each relay can still host, null for no limit.
        held: Sessions known, held or booked: ``id``, ``session``, ``date``, ``r``, ``p``…
        budget: Euros left for new sessions, as far as costs are known; None: no limit.
        unknown: Sessions held or booked whose cost isn't known.
        asked: What the plan was asked for.
        before: ``g``, ``r``, ``p`` and ``date``: sessions of the plan before, if there is one, that should stay.
        came: ``n``, ``g`` and ``booked``: who came to which session of the plan before.
    """

    programme: ProgrammeData
    snapshot: Snapshot
    policy: Policy
    start: dt.date
    end: dt.date
    each: int
    demands: pl.DataFrame
    after: pl.DataFrame
    places: pl.DataFrame
    seats: pl.DataFrame
    leads: pl.DataFrame
    unpriced: pl.DataFrame
    dearest: float
    relays: pl.DataFrame
    days: pl.DataFrame
    free: pl.DataFrame
    months: pl.DataFrame
    room: pl.DataFrame
    held: pl.DataFrame
    budget: float | None
    unknown: int
    asked: Asked
    before: pl.DataFrame
    came: pl.DataFrame

    @property
    def open_days(self) -> pl.DataFrame:
        """The days on which a session can be held."""
        return self.days.filter(pl.col("closed").is_null()).select("date")

    @property
    def travel_km(self) -> float:
        """How far people travel."""
        return self.programme.travel_km


def prepare(programme: ProgrammeData, asked: Asked, before: Before | None = None) -> Inputs:
    """Prepare the frames of a plan.

    Args:
        programme: The programme.
        asked: What is asked for.
        before: The plan that is planned again; None: there is none.
    """
    start, end, on = asked.start, asked.end, asked.day
    if end < start or asked.each < 1 or (asked.budget is not None and asked.budget < 0):
        msg = "a plan needs a period that ends after it starts, at least one session each and a budget from 0"
        raise ValueError(msg)
    snapshot = on_day(programme, on)
    policy = without_columns((asked.policy or policy_of(programme)).checked(programme.catalogue))
    first = on + dt.timedelta(days=programme.notice_days)
    calendar = days(start, end, first, programme.calendar.blackouts, asked.school_holidays)
    known = _candidates.held(programme, snapshot)
    since = on if before is None else start
    before = before or Before(pl.DataFrame(schema=SESSIONS), pl.DataFrame(schema=SEATS), (), start)
    fixed = before.fixed(known, snapshot)
    held = pl.concat([known, fixed]).sort("date", "id")
    free = _candidates.free(snapshot, held, calendar.filter(pl.col("closed").is_null()))
    demands = _demands.demands(snapshot, policy)
    places = _candidates.places(demands, held.filter(pl.col("date").is_between(max(start, since), end)))
    came = before.came(demands, places, snapshot)
    leads = _candidates.leads(snapshot, policy, places)
    budget = _left(snapshot, known, fixed, asked.budget)
    unpriced = leads.filter(pl.col("counted").is_null(), budget is not None)
    dearest = float(leads["counted"].max() or 0.0)  # type: ignore[arg-type]
    return Inputs(
        programme=programme,
        snapshot=snapshot,
        policy=policy,
        start=start,
        end=end,
        each=asked.each,
        demands=demands,
        after=_demands.after(snapshot, demands),
        places=places,
        seats=stayed(_candidates.seats(snapshot, demands, places, programme.travel_km), came),
        leads=leads.join(unpriced, on=["g", "r"], how="anti", maintain_order="left").with_columns(
            weighed=pl.col("counted").fill_null(dearest)
        ),
        unpriced=unpriced.select("g", "r"),
        dearest=dearest,
        relays=_candidates.relays(snapshot, policy, places),
        days=calendar,
        free=free,
        months=_candidates.months(snapshot, held, free),
        room=_candidates.room(snapshot, held),
        held=held,
        budget=budget,
        unknown=known["cost"].null_count(),
        asked=asked,
        before=before.places(places, snapshot),
        came=came,
    )


def _left(snapshot: Snapshot, known: pl.DataFrame, fixed: pl.DataFrame, asked: Decimal | float | None) -> float | None:
    """Return the money left for new sessions: that of the programme, and no more than what is asked.

    Of costs that aren't known, nothing is taken; of sessions that were planned with a fee assumed, what it makes.
    """
    amounts = [] if asked is None else [float(asked)]
    if (budget := snapshot.frames.budget) is not None:
        amounts.append(float(budget.total - budget.other_spending) - float(known["cost"].sum()))
    return round(max(0.0, min(amounts) - _candidates.spent(snapshot, fixed)), 2) if amounts else None
