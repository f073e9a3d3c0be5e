"""What a plan is made from, as frames prepared once, with what should stay of a plan that is planned again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from prai_match import _arguments as given
from prai_match.calendar import days
from prai_match.offers import Snapshot, extra_columns, on_day
from prai_match.plan import _candidates, _demands
from prai_match.plan._candidates import SEATS, SESSIONS, with_numbers
from prai_match.policy import policy_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from decimal import Decimal

    from prai_match.model import ProgrammeData
    from prai_match.plan._options import PlanRequest
    from prai_match.policy import Policy


@dataclass(frozen=True, eq=False)
class Before:
    """The sessions and seats of the plan before, as in `Plan`, those booked aside; none where there was none."""

    sessions: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SESSIONS))
    seats: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SEATS))
    confirmed: Collection[str] = ()  # identifiers of sessions that must stay
    until: dt.date = dt.date.min  # sessions before this day stay: people are invited

    def fixed(self, record: pl.DataFrame, snapshot: Snapshot) -> pl.DataFrame:
        """Return the sessions that stay, as rows of ``record``; not those whose trainer or relay is no longer there."""
        stays = pl.col("id").is_in(pl.Series(sorted(self.confirmed), dtype=pl.String).implode())
        rows = self.sessions.filter(stays | (pl.col("date") < self.until)).join(record, on="id", how="anti")
        rows = with_numbers(snapshot, rows.with_columns(pl.col("cost").cast(pl.Float64)))
        return rows.drop_nulls(["t", "s", "p", "r"]).select(record.columns)

    def places(self, places: pl.DataFrame, snapshot: Snapshot) -> pl.DataFrame:
        """Return the place, trainer, relay and date of each session before that isn't fixed."""
        at = places.filter(~pl.col("booked")).select("g", "t", "s")
        rows = self.sessions.join(places.filter("booked").select("id"), on="id", how="anti")
        return (
            with_numbers(snapshot, rows)
            .join(at, on=["t", "s"], maintain_order="left")
            .select("g", "r", "p", "date")
            .unique("g", keep="first", maintain_order=True)
            .sort("g")
        )

    def came(self, demands: pl.DataFrame, places: pl.DataFrame, snapshot: Snapshot) -> pl.DataFrame:
        """Return the place at which each demand was served before: ``n``, ``g`` and whether it is ``booked``."""
        new = places.filter(~pl.col("booked")).select("g", "t", "s", "booked")
        rows = with_numbers(snapshot, self.sessions.drop("booked")).join(new, on=["t", "s"], maintain_order="left")
        at = pl.concat([frame.select("id", "g", "s", "booked") for frame in (places.filter("booked"), rows)])
        return (
            self.seats.select("territory", id="session")
            .join(at.unique("id", keep="first", maintain_order=True), on="id", maintain_order="left")
            .join(snapshot.frames.territories.select("t", "territory"), on="territory", maintain_order="left")
            .join(demands.select("n", "t", "s"), on=["t", "s"], maintain_order="left")
            .select("n", "g", "booked")
            .unique("n", keep="first", maintain_order=True)
            .sort("n")
        )


def keep_seats(seats: pl.DataFrame, came: pl.DataFrame) -> pl.DataFrame:
    """Keep of the ``seats`` of those who came to a session that stays only that one."""
    fixed = came.filter("booked")
    others = seats.join(fixed.select("n"), on="n", how="anti")
    return pl.concat([others, seats.join(fixed.select("n", "g"), on=["n", "g"], how="semi")]).sort("g", "n")


@dataclass(frozen=True, eq=False)
class Inputs:
    """The prepared frames. Numbers are those of `prai_match.offers.Frames` (``t``, ``s``, ``x``, ``p``, ``r``).

    Sessions can be held at ``places``: one a demand (its territory hosts), then those ``booked`` in the period, with
    their ``id``, ``date``, trainer ``r``, relay ``p`` and ``cost``. Who can lead at each place that isn't booked is in
    ``leads``, with the ``cost`` (€; null: unknown), the one ``counted`` (with the fee assumed where it is unknown) and
    ``weighed`` (for choosing: ``dearest`` where nothing is assumed, so that leaving a fee out is no way to be chosen).
    """

    programme: ProgrammeData
    request: PlanRequest
    snapshot: Snapshot  # what is known on the day of planning
    policy: Policy
    demands: pl.DataFrame  # what may be offered (see `_demands.demands`), numbered ``n``
    after: pl.DataFrame  # ``n``, ``n_source``, ``lag_days``: demands of one territory of which one leads to the other
    places: pl.DataFrame  # numbered ``g``
    seats: pl.DataFrame  # ``n``, ``g`` and ``km``: the demands that each place can serve
    leads: pl.DataFrame  # ``g``, ``r``, ``km``, ``cost``, ``counted`` and ``weighed``
    unpriced: pl.DataFrame  # ``g`` and ``r``: those left out because their cost is unknown, and money is limited
    dearest: float  # the highest cost known of any of them
    relays: pl.DataFrame  # ``g`` and ``p``: the relays that can host at each place that isn't booked
    days: pl.DataFrame  # ``date`` and ``closed``: every day of the period and the label of what closes it
    free: pl.DataFrame  # ``r`` and ``date``: open days on which each trainer is free
    months: pl.DataFrame  # ``r``, ``month`` and ``left``: the sessions that each trainer can still lead in each month
    room: pl.DataFrame  # ``p`` and ``left``: the sessions that each relay can still host, null for no limit
    record: pl.DataFrame  # sessions known, held or booked (see `_candidates.record`), and those fixed
    budget: float | None  # euros left for new sessions, as far as costs are known; None: no limit
    unknown: int  # sessions held or booked whose cost isn't known
    before: pl.DataFrame  # ``g``, ``r``, ``p`` and ``date``: sessions of the plan before that should stay
    came: pl.DataFrame  # ``n``, ``g`` and ``booked``: who came to which session of the plan before

    @property
    def open_days(self) -> pl.DataFrame:
        """The days on which a session can be held."""
        return self.days.filter(pl.col("closed").is_null()).select("date")


def prepare(programme: ProgrammeData, request: PlanRequest, previous: Before | None = None) -> Inputs:
    """Prepare the frames of a plan; ``previous`` is the one that is planned again."""
    start, end, on = request.start, request.end, request.day
    given.in_order(start, end)
    snapshot = on_day(programme, on)
    policy = (request.policy or policy_of(programme)).checked(programme)
    columns = extra_columns(request.extra, policy, snapshot.frames)
    if columns is not None:
        snapshot = Snapshot(snapshot.frames, on, snapshot.follow_ups, columns)
    first = given.later(on, programme.notice_days)
    calendar = days(start, end, first, programme.calendar.blackouts, request.school_holidays)
    before = previous or Before()
    sessions = _candidates.record(programme, snapshot)
    fixed = before.fixed(sessions, snapshot)
    record = pl.concat([sessions, fixed]).sort("date", "id")
    free = _candidates.free(snapshot, record, calendar.filter(pl.col("closed").is_null()))
    demands = _demands.demands(snapshot, policy)
    since = start if previous else max(start, on)
    places = _candidates.places(demands, record.filter(pl.col("date").is_between(since, end)))
    came = before.came(demands, places, snapshot)
    leads = _candidates.leads(snapshot, policy, places)
    budget = _left(snapshot, sessions, fixed, request.budget)
    unpriced = leads.filter(pl.col("counted").is_null(), budget is not None).select("g", "r")
    dearest = float(leads["counted"].max() or 0.0)  # type: ignore[arg-type]
    return Inputs(
        programme=programme,
        request=request,
        snapshot=snapshot,
        policy=policy,
        demands=demands,
        after=_demands.after(snapshot, demands),
        places=places,
        seats=keep_seats(_candidates.seats(snapshot, demands, places, programme.travel_km), came),
        leads=leads.join(unpriced, on=["g", "r"], how="anti", maintain_order="left").with_columns(
            weighed=pl.col("counted").fill_null(dearest)
        ),
        unpriced=unpriced,
        dearest=dearest,
        relays=_candidates.relays(snapshot, policy, places),
        days=calendar,
        free=free,
        months=_candidates.months(snapshot, record, free),
        room=_candidates.room(snapshot, record),
        record=record,
        budget=budget,
        unknown=sessions["cost"].null_count(),
        before=before.places(places, snapshot),
        came=came,
    )


def _left(snapshot: Snapshot, record: pl.DataFrame, fixed: pl.DataFrame, most: Decimal | float | None) -> float | None:
    """Return the money left for new sessions: that of the programme, and no more than ``most``.

    Of costs that aren't known, nothing is taken; of sessions that were planned with a fee assumed, what it makes.
    """
    amounts = [] if most is None else [float(most)]
    if (budget := snapshot.frames.budget) is not None:
        amounts.append(float(budget.total - budget.other_spending) - float(record["cost"].sum()))
    cost = float(_candidates.with_costs(snapshot, fixed)["counted"].sum())
    return round(max(0.0, min(amounts) - cost), 2) if amounts else None
