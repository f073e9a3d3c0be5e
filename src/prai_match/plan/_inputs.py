"""What a plan is made from, prepared once: as frames, and as lists and sets for building plans session by session."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import polars as pl

from prai_match import _arguments as given
from prai_match.calendar import SessionDays, ordinal
from prai_match.followups import follow_ups_of
from prai_match.model import ProgrammeData
from prai_match.offers import Frames, Snapshot, extra_columns, frames_of
from prai_match.plan import _candidates
from prai_match.plan._candidates import SEATS, SESSIONS, with_numbers
from prai_match.plan._options import PlanRequest, Weights
from prai_match.policy import Policy, policy_of


@dataclass(frozen=True, eq=False)
class Before:
    """The sessions and seats of the plan before, those booked aside; none where there was none."""

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

    Sessions can be held at ``places``: one a demand (its territory hosts), then those ``booked`` in the period, with
    their ``id``, ``date``, trainer ``r``, relay ``p`` and ``cost``. Who can lead at each place that isn't booked is in
    ``leads``, with the ``cost`` (€; null: unknown), the one ``counted`` (with the fee assumed where it is unknown) and
    ``weighed`` (for choosing: ``dearest`` where nothing is assumed, so that leaving a fee out is no way to be chosen).
    """

    programme: ProgrammeData
    request: PlanRequest
    snapshot: Snapshot  # what is known on the day of planning
    policy: Policy
    demands: pl.DataFrame  # what may be offered (see `_candidates.demands`), numbered ``n``
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
        return self.days.filter(pl.col("closed").is_null()).select("date")


def prepare(programme: ProgrammeData, request: PlanRequest, previous: Before | None = None) -> Inputs:
    start, end, on = request.start, request.end, request.day
    given.in_order(start, end)
    policy = (request.policy or policy_of(programme)).checked(programme)
    frames = frames_of(programme)
    # Whom a booked session expects has a seat at it like others: it is no less to be served.
    frames = replace(frames, horizon_days=max(0, (end - on).days), expected=frames.expected.clear())
    snapshot = Snapshot(frames, on, follow_ups_of(programme, on), extra_columns(request.extra, policy, frames))
    first, before = given.later(on, programme.notice_days), previous or Before()
    calendar = SessionDays.of(programme).table(start, end, first)
    sessions = _candidates.record(programme, snapshot)
    fixed = before.fixed(sessions, snapshot.frames)
    record = pl.concat([sessions, fixed]).sort("date", "id")
    free = _candidates.free(snapshot, record, calendar.filter(pl.col("closed").is_null()))
    demands = _candidates.demands(snapshot, policy)
    since = start if previous else max(start, on)
    places = _candidates.places(demands, record.filter(pl.col("date").is_between(since, end)))
    came = before.came(demands, places, snapshot.frames)
    staying = came.filter("booked").select("n", stays="g")  # who came to a session that stays comes to no other
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
        after=_candidates.after(snapshot, demands),
        places=places,
        seats=_candidates.seats(snapshot, demands, places, programme.travel_km)
        .join(staying, on="n", how="left", maintain_order="left")
        .filter(pl.col("stays").is_null() | (pl.col("stays") == pl.col("g")))
        .drop("stays"),
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
        before=before.places(places, snapshot.frames),
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


@dataclass(frozen=True, slots=True)
class Demand:
    """A session that may be offered to a territory; days are ordinals."""

    n: int
    t: int
    d: int
    x: int
    has_axis: bool
    people: int
    sure: int  # how many of them count towards the fewest of a session
    worth: float  # points of serving it anywhere, any day
    old: float  # points of serving it on the first day rather than on the last
    release: int | None  # first day after the lag of what it follows; None: it follows nothing attended


NOBODY = -1  # the number of a trainer or a relay that isn't known, or is left aside


@dataclass(frozen=True, slots=True)
class Place:
    """Where and what session can be held: ``n`` is its host's demand, ``day``, ``r`` and ``p`` are of a booked one."""

    g: int
    t: int
    s: int
    n: int | None
    booked: bool
    day: int | None
    r: int
    p: int
    least: int
    most: int


@dataclass(frozen=True, eq=False)
class Tables:
    """The inputs by number; see `Inputs` for what each holds."""

    inputs: Inputs
    weights: Weights
    demands: tuple[Demand, ...]
    places: tuple[Place, ...]
    seats: dict[int, list[tuple[int, float]]]
    leads: dict[int, list[tuple[int, int]]]
    relays: dict[int, list[int]]
    sources: dict[int, list[tuple[int, int]]]
    targets: dict[int, list[tuple[int, int]]]
    knows: frozenset[tuple[int, int]]
    free: dict[int, list[int]]
    months: dict[tuple[int, int], int]
    room: dict[int, int | None]
    capacity: dict[int, int]
    before: dict[int, tuple[int, int, int]]
    came: dict[int, int]
    half: dict[int, float]
    first: int
    last: int
    month: dict[int, int]

    def earliness(self, day: int) -> float:
        """From 1 on the first open day to 0 on the last."""
        return min(1.0, max(0.0, 1.0 - (day - self.first) / max(1, self.last - self.first)))

    @property
    def begin(self) -> int:
        """The first day on which anything can be held: the first open day, or that of a booked session before."""
        return min([self.first, *(place.day for place in self.places if place.day is not None)])

    def since(self, demand: Demand, begin: int) -> int:
        """Return the first day on which a demand can be served, whatever else is held from ``begin``."""
        lags = () if demand.release is None else self.sources.get(demand.n, ())
        return min([begin if demand.release is None else demand.release, *(begin + lag for _, lag in lags)])

    def stays(self, g: int, r: int, p: int, day: int) -> float:
        if g not in self.before:
            return 0.0
        same = sum(now == before for now, before in zip((r, p, day), self.before[g], strict=True))
        return self.weights.stay / 4 * (1 + same)

    def returns(self, n: int, g: int) -> float:
        """Points for a demand that is served where it was in the plan before."""
        return self.weights.stay / 10 if self.came.get(n) == g else 0.0

    @property
    def cents(self) -> int | None:
        """The budget in cents; None: no limit."""
        return None if self.inputs.budget is None else round(self.inputs.budget * 100)


_OR_NOBODY = tuple(pl.col(name).cast(pl.Int64).fill_null(NOBODY) for name in ("r", "p"))


def tables(inputs: Inputs, weights: Weights) -> Tables:
    open_days = inputs.open_days["date"].to_list()
    days = open_days or [inputs.request.start]
    cents = (pl.col("weighed") * 100).round().cast(pl.Int64)
    return Tables(
        inputs=inputs,
        weights=weights,
        demands=tuple(Demand(*row) for row in demand_rows(inputs, weights).iter_rows()),
        places=tuple(Place(*row) for row in place_rows(inputs).iter_rows()),
        seats=_groups(inputs.seats.select("g", "n", "km")),
        leads=_groups(inputs.leads.sort("g", "weighed", "r").select("g", "r", cents)),
        relays={g: [p for (p,) in rows] for g, rows in _groups(inputs.relays).items()},
        sources=_groups(inputs.after.select("n", "n_source", "lag_days")),
        targets=_groups(inputs.after.select("n_source", "n", "lag_days").sort("n_source", "n")),
        knows=frozenset(inputs.snapshot.frames.expertise.select("r", "x").iter_rows()),
        free={r: [day.toordinal() for (day,) in rows] for r, rows in _groups(inputs.free.select("r", "date")).items()},
        months={(r, day.toordinal()): n for r, day, n in inputs.months.select("r", "month", "left").iter_rows()},
        room=dict(inputs.room.iter_rows()),
        capacity=dict(inputs.months.group_by("r").agg(pl.col("left").sum()).sort("r").iter_rows()),
        before={g: (r, p, day) for g, r, p, day in inputs.before.select("g", *_OR_NOBODY, ordinal("date")).iter_rows()},
        came=dict(inputs.came.select("n", "g").iter_rows()),
        half=dict(inputs.demands.group_by("d").agg(pl.len() / 2).iter_rows()),
        first=days[0].toordinal(),
        last=days[-1].toordinal(),
        month={day.toordinal(): day.replace(day=1).toordinal() for day in open_days},
    )


def demand_rows(inputs: Inputs, weights: Weights) -> pl.DataFrame:
    """Return the fields of each `Demand`."""
    together = (pl.col("elected") > 0) & (pl.col("technicians") > 0)
    return inputs.demands.select(
        *("n", "t", "d", "x", "chosen"),
        people=pl.col("elected") + pl.col("technicians"),
        sure="counted",
        worth=weights.score * pl.col("score") + weights.together * together,
        old=weights.early * pl.col("age"),
        release=ordinal("release"),
    )


def place_rows(inputs: Inputs) -> pl.DataFrame:
    """Return the fields of each `Place`."""
    bounds = inputs.snapshot.frames.sessions.select("s", pl.col("min_seats", "max_seats").cast(pl.Int64))
    return inputs.places.join(bounds, on="s", how="left", maintain_order="left").select(
        "g", "t", "s", "n", "booked", ordinal("date"), *_OR_NOBODY, least="min_seats", most="max_seats"
    )


def _groups(frame: pl.DataFrame) -> dict[int, list[Any]]:
    """Return the rows of each value of the first column, as tuples of the others, in their order."""
    groups: dict[int, list[Any]] = {}
    for key, *rest in frame.iter_rows():
        groups.setdefault(key, []).append(tuple(rest))
    return groups
