"""The inputs of a plan, prepared once, as frames."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from decimal import Decimal

import polars as pl

from prai_match import _arguments as given
from prai_match.calendar import SessionDays, day_numbers
from prai_match.model import ProgrammeData
from prai_match.offers import EveryDay, Frames, Snapshot, seen_on
from prai_match.packing import _candidates
from prai_match.packing._candidates import SEATS, SESSIONS, with_numbers
from prai_match.packing._options import PackingRequest
from prai_match.packing._possible import Possible, possible
from prai_match.policy import Policy, policy_of
from prai_match.recommend import day_of


@dataclass(frozen=True, eq=False)
class Before:
    """The sessions and seats of the previous plan, without booked ones; empty if there was none."""

    sessions: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SESSIONS))
    seats: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SEATS))
    confirmed: Collection[str] = ()  # identifiers of sessions that must stay
    until: dt.date = dt.date.min  # sessions before this day stay: people are invited

    def fixed(self, record: pl.DataFrame, frames: Frames) -> pl.DataFrame:
        """Return the sessions that stay, as rows of ``record``; not those whose trainer or relay is no longer there."""
        stays = pl.col("id").is_in(pl.Series(sorted(self.confirmed), dtype=pl.String).implode())
        rows = self.sessions.filter(stays | (pl.col("date") < self.until)).join(record, on="id", how="anti")
        rows = with_numbers(frames, rows.with_columns(pl.col("cost").cast(pl.Float64)))
        return rows.drop_nulls(["t", "s", "p", "r"]).select(record.columns)

    def places(self, places: pl.DataFrame, frames: Frames) -> pl.DataFrame:
        """Return the place, trainer, relay and date of each session before that isn't fixed."""
        return (
            with_numbers(frames, self.sessions.join(places.filter("booked").select("id"), on="id", how="anti"))
            .join(places.filter(~pl.col("booked")).select("g", "t", "s"), on=["t", "s"], maintain_order="left")
            .select("g", "r", "p", "date")
            .unique("g", keep="first", maintain_order=True)
            .sort("g")
        )

    def came(self, demands: pl.DataFrame, places: pl.DataFrame, frames: Frames) -> pl.DataFrame:
        """Return the place at which each demand was served before: ``n``, ``g`` and whether it is ``booked``."""
        new = places.filter(~pl.col("booked")).select("g", "t", "s", "booked")
        rows = with_numbers(frames, self.sessions.drop("booked")).join(new, on=["t", "s"], maintain_order="left")
        at = pl.concat([frame.select("id", "g", "s", "booked") for frame in (places.filter("booked"), rows)])
        return (
            self.seats.select("territory", id="session")
            .join(at.unique("id", keep="first", maintain_order=True), on="id", maintain_order="left")
            .join(frames.territories.select("t", "territory"), on="territory", maintain_order="left")
            .join(demands.select("n", "t", "s"), on=["t", "s"], maintain_order="left")
            .select("n", "g", "booked")
            .unique("n", keep="first", maintain_order=True)
            .sort("n")
        )


@dataclass(frozen=True, eq=False)
class Inputs:
    """The prepared frames. Numbers are those of `prai_match.offers.Frames` (``t``, ``s``, ``x``, ``p``, ``r``).

    Sessions can be held at ``places``: one per demand (its territory hosts), then those ``booked`` in the period, with
    their ``id``, ``date``, trainer ``r``, relay ``p`` and ``cost``. ``leads`` has the trainers who can lead at each
    place that isn't booked, with the ``cost`` (€; null if unknown), the cost ``counted`` (with the assumed fee if
    unknown) and the cost ``weighed`` in choices (``dearest`` if nothing is assumed, so that trainers without a stated
    fee have no advantage).
    """

    programme: ProgrammeData
    request: PackingRequest
    snapshot: Snapshot  # what is known on the day of planning
    policy: Policy
    demands: pl.DataFrame  # what may be offered (see `_possible.possible`), numbered ``n``
    after: pl.DataFrame  # ``n``, ``n_source``, ``lag_days``: demands of one territory of which one leads to the other
    places: pl.DataFrame  # numbered ``g``
    seats: pl.DataFrame  # ``n``, ``g`` and ``km``: the demands that each place can serve
    leads: pl.DataFrame  # ``g``, ``r``, ``z`` (when), ``cost``, ``counted``, ``points`` and ``weighed``
    unpriced: pl.DataFrame  # ``g`` and ``r``: those left out because their cost is unknown, and money is limited
    dearest: float  # the highest cost known of any of them
    able: pl.DataFrame  # ``g``, ``r`` and ``x``: the axes for which each of them can be there
    relays: pl.DataFrame  # ``g``, ``p`` and ``points``: the relays that can host at each place that isn't booked
    days: pl.DataFrame  # ``zone``, ``date`` and ``closed``: every day of the period and the label of what closes it
    free: pl.DataFrame  # ``z`` and ``date``: open days on which a trainer can be at a place
    taken: pl.DataFrame  # ``t`` and ``date``: days on which territories are at sessions that are booked
    months: pl.DataFrame  # ``r``, ``month`` and ``left``: the sessions that each trainer can still lead in each month
    room: pl.DataFrame  # ``p`` and ``left``: the sessions that each relay can still host, null for no limit
    record: pl.DataFrame  # sessions known, held or booked (see `_candidates.record`), and those fixed
    budget: float | None  # euros left for new sessions, as far as costs are known; None: no limit
    unknown: int  # sessions held or booked whose cost isn't known
    before: pl.DataFrame  # ``g``, ``r``, ``p`` and ``date``: sessions of the plan before that should stay
    came: pl.DataFrame  # ``n``, ``g`` and ``booked``: who came to which session of the plan before

    @property
    def open_days(self) -> pl.DataFrame:
        """The days that are open somewhere."""
        return self.days.filter(pl.col("closed").is_null()).select("date").unique().sort("date")

    def council(self, days: pl.Series) -> pl.Series:
        """Return which of `Snapshot.councils` is in office on some days; null if none of them is."""
        elected = self.snapshot.elected_before(day_numbers(days))
        each = {int(day): number for number, day in enumerate(self.snapshot.councils[0])}
        return pl.Series("council", [each.get(int(day)) for day in elected], dtype=pl.Int64)


def prepare(
    programme: ProgrammeData, request: PackingRequest, previous: Before | None = None, day: Snapshot | None = None
) -> Inputs:
    """Prepare them; ``day`` is that of planning, where it is at hand."""
    start, end, on = request.start, request.end, request.day
    given.in_order(start, end)
    seen = seen_on(programme, on)
    policy = (request.policy or policy_of(programme)).checked(seen)
    day = day or day_of(seen, on, policy, extra=request.extra)
    frames = replace(day.frames, horizon_days=max(0, (end - on).days))
    snapshot, before = EveryDay.of(replace(day, frames=frames, council=None)), previous or Before()
    first = given.later(on, programme.notice_days)
    sessions = _candidates.record(programme, snapshot)
    fixed = before.fixed(sessions, snapshot.frames)
    record = pl.concat([sessions, fixed]).sort("date", "id")
    since = start if previous else max(start, on)
    each = possible(snapshot, policy, record.filter(pl.col("date").is_between(since, end)), start)
    came = before.came(each.demands, each.places, snapshot.frames)
    budget = _left(snapshot, sessions, fixed, request.budget)
    unpriced = each.leads.filter(pl.col("counted").is_null(), budget is not None).select("g", "r")
    leads = each.leads.join(unpriced, on=["g", "r"], how="anti", maintain_order="left")
    dearest = float(each.leads["counted"].max() or 0.0)  # type: ignore[arg-type]
    return Inputs(
        programme=programme,
        request=request,
        snapshot=snapshot,
        policy=policy,
        demands=each.demands,
        after=_candidates.after(snapshot, each.demands),
        places=each.places,
        seats=_staying(each, came),
        leads=leads.with_columns(weighed=pl.col("counted").fill_null(dearest)),
        unpriced=unpriced,
        dearest=dearest,
        able=each.able,
        relays=each.relays,
        days=_days(programme, start, end, first),
        free=each.free,
        taken=_taken(snapshot),
        months=_candidates.months(snapshot, record, leads.join(each.free, on="z").select("r", "date").unique()),
        room=_candidates.room(snapshot, record, pl.date_range(start, end, eager=True)),
        record=record,
        budget=budget,
        unknown=sessions["cost"].null_count(),
        before=before.places(each.places, snapshot.frames),
        came=came,
    )


def _staying(each: Possible, came: pl.DataFrame) -> pl.DataFrame:
    """Return who can attend where: participants of a session that stays attend only that one."""
    stays = came.filter("booked").select("n", "g")
    others = each.seats.join(stays, on="n", how="anti", maintain_order="left")
    return pl.concat([others, stays.with_columns(km=pl.lit(0.0)).select("n", "g", "km")]).sort("g", "n")


def _days(programme: ProgrammeData, start: dt.date, end: dt.date, invited: dt.date) -> pl.DataFrame:
    """Return the days of the period by zone of public holidays (see `Frames.days`), and what closes each."""
    calendar = SessionDays.of(programme)
    tables = (calendar.table(start, end, invited, [group]) for group in calendar.groups)
    zones = [table.with_columns(zone=pl.lit(zone, pl.UInt32)) for zone, table in enumerate(tables)]
    return pl.concat(zones).select("zone", "date", "closed")


def _taken(snapshot: Snapshot) -> pl.DataFrame:
    """Return the days on which territories host booked sessions, or are registered for them."""
    t, held = snapshot.ahead
    dates = snapshot.frames.held["date"].gather(held)
    return pl.DataFrame({"t": pl.Series(t, dtype=pl.UInt32), "date": dates}).unique(maintain_order=True)


def _left(snapshot: Snapshot, record: pl.DataFrame, fixed: pl.DataFrame, most: Decimal | float | None) -> float | None:
    """Return the money left for new sessions: that of the programme, and no more than ``most``.

    Unknown costs count as 0; sessions that were planned with an assumed fee count with it.
    """
    amounts = [] if most is None else [float(most)]
    if (budget := snapshot.frames.budget) is not None:
        amounts.append(float(budget.total - budget.other_spending) - float(record["cost"].sum()))
    cost = float(_candidates.with_costs(snapshot, fixed)["counted"].sum())
    return round(max(0.0, min(amounts) - cost), 2) if amounts else None
