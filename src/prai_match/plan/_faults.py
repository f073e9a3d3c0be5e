"""Functions that find violations of conditions: rows with the place, the value found and the value wanted."""

import datetime as dt
from typing import Literal

import numpy as np
import polars as pl

from prai_match import offers
from prai_match.packing import with_core
from prai_match.plan._schedule import Numbers
from prai_match.policy import Stage
from prai_match.register import haversine_km

FAULTS = {  # columns of violations: place, value found and value wanted
    **dict.fromkeys(("session", "territory", "trainer", "partner"), pl.String),
    "date": pl.Date,
    **dict.fromkeys(("found", "wanted"), pl.String),
}

_SEAT = {"session": "session", "territory": "territory", "date": "date"}
_PEOPLE = pl.col("elected") + pl.col("technicians")
NUMBER = {"trainer": "r", "partner": "p"}


def as_faults(
    frame: pl.DataFrame, value: str | pl.Expr, limit: float | str | dt.date | pl.Expr | None = None, **where: str
) -> pl.DataFrame:
    """Return the rows of ``frame`` as violations; ``where`` are its columns of the session, the territory and so on."""
    return frame.select(
        *(
            (pl.col(where[name]) if name in where else pl.lit(None)).cast(kind).alias(name)
            for name, kind in list(FAULTS.items())[:5]
        ),
        found=(pl.col(value) if isinstance(value, str) else value).cast(pl.String),
        wanted=(limit if isinstance(limit, pl.Expr) else pl.lit(limit)).cast(pl.String),
    )


# Sessions: their day, their trainer, their relay, their money.


def codes(plan: Numbers) -> pl.DataFrame:
    """Codes that the programme doesn't have, duplicate sessions, and seats of sessions that don't exist."""
    sessions, seats = plan.new, plan.seats
    parts = [
        as_faults(sessions.filter(pl.col(number).is_null()), pl.col(code).cast(pl.String).fill_null("-"), session="id")
        for code, number in {"session": "s", "host": "t", "partner": "p", "trainer": "r", "date": "date"}.items()
    ]
    parts += [
        as_faults(plan.sessions.filter(pl.col("id").is_duplicated()).unique("id"), "id", session="id"),
        as_faults(seats.filter(pl.col("t").is_null()), "territory", session="session", territory="territory"),
        as_faults(seats.filter(~pl.col("session").is_in(plan.sessions["id"].implode())), "session", session="session"),
    ]
    return pl.concat(parts)


def bookings(plan: Numbers) -> pl.DataFrame:
    """Booked sessions that are missing or were changed."""
    names = ["id", "session", "date", "host", "partner", "trainer"]
    booked = plan.inputs.places.filter("booked").select("id")
    should = plan.inputs.record.join(booked, on="id", how="semi").select(names)
    there = plan.sessions.filter("booked").select(names)
    missing = should.join(there, on=names, how="anti", nulls_equal=True)
    more = there.join(should, on="id", how="anti")
    return pl.concat([as_faults(frame, "id", session="id", date="date") for frame in (missing, more)])


def closure(label: str, plan: Numbers) -> pl.DataFrame:
    """Sessions on days that ``label`` closes at their host; the label ``day`` stands for days outside the period."""
    frames = plan.inputs.snapshot.frames
    zones = pl.DataFrame({"d": frames.departements["d"], "zone": pl.Series(frames.zones, dtype=pl.UInt32)})
    days = plan.new.drop_nulls("date").join(zones, on="d", how="left", maintain_order="left")
    days = days.join(plan.inputs.days, on=["zone", "date"], how="left", maintain_order="left")
    start, end, outside = plan.inputs.request.start, plan.inputs.request.end, label == "day"
    faults = days.filter(~pl.col("date").is_between(start, end) if outside else pl.col("closed") == label)
    return as_faults(faults, "date", f"{start}/{end}" if outside else None, session="id", date="date")


def _without(plan: Numbers, keys: list[str], pairs: pl.DataFrame) -> pl.DataFrame:
    """Return the new sessions whose ``keys`` aren't among the ``pairs``."""
    return plan.new.drop_nulls(keys).join(pairs, on=keys, how="anti")


def trainer_expertise(plan: Numbers) -> pl.DataFrame:
    """Sessions that their trainer can't lead, and requested axes that the trainer doesn't teach."""
    frames = plan.inputs.snapshot.frames
    leads = frames.expertise.join(frames.axes.select("x", "s"), on="x").select("r", "s").unique()
    chosen = plan.seats.filter(pl.col("chosen")).drop_nulls(["r", "n"]).join(frames.axes.select("x", "axis"), on="x")
    axes = chosen.join(frames.expertise, on=["r", "x"], how="anti")
    return pl.concat(
        [
            as_faults(_without(plan, ["r", "s"], leads), "session", session="id", trainer="trainer"),
            as_faults(axes, "axis", session="session", trainer="trainer", territory="territory"),
        ]
    )


def trainer_reach(plan: Numbers) -> pl.DataFrame:
    frames = plan.inputs.snapshot.frames
    far = (
        plan.new.join(frames.territories.select("t", "latitude", "longitude"), on="t")
        .join(frames.trainers.select("r", "reach_km", there_latitude="latitude", there_longitude="longitude"), on="r")
        .with_columns(km=haversine_km("latitude", "longitude", "there_latitude", "there_longitude"))
        .filter(pl.col("km") > pl.col("reach_km"))
    )
    return as_faults(far, pl.col("km").round(1), pl.col("reach_km"), session="id", trainer="trainer")


def trainer_free(plan: Numbers) -> pl.DataFrame:
    frames, sessions = plan.inputs.snapshot.frames, plan.new.drop_nulls(["r", "date"])
    busy = sessions.join(frames.taken.select("r", "date"), on=["r", "date"], how="semi")
    bound = sessions.join(frames.free.select("r").unique(), on="r", how="semi")
    inside = bound.join(frames.free, on="r").filter(pl.col("date").is_between("start", "end"))
    rows = pl.concat([busy, bound.join(inside.select("id"), on="id", how="anti")]).unique("id", maintain_order=True)
    return as_faults(rows, "date", session="id", trainer="trainer", date="date")


def relay(what: Literal["covers", "carries"], plan: Numbers) -> pl.DataFrame:
    """Sessions in a département that their relay doesn't cover, or of a kind that it doesn't carry."""
    number, value = ("d", "host") if what == "covers" else ("s", "session")
    pairs = getattr(plan.inputs.snapshot.frames, what)
    return as_faults(_without(plan, ["p", number], pairs), value, session="id", partner="partner")


# Columns that have separate conditions.
_OWN = frozenset(
    {"trainer_wait_days", "budget_left", "partner_room", "distance_km", "reach_km", "trainer_knows_session"}
    | {"trainer_knows_axis", "partner_covers", "partner_carries"}
)


def rules(stage: Stage, plan: Numbers) -> pl.DataFrame:
    """Sessions whose trainer or relay a rule of the policy refuses at that host, on their day."""
    number, snapshot = NUMBER[stage], plan.inputs.snapshot
    rows = plan.new.drop_nulls(["t", "s", "date", number]).with_columns(h="t")
    rows = offers.on_days(snapshot, with_core(snapshot.frames, rows))
    columns = offers.candidates(snapshot, rows.select("t", "s", "x", "h", "k", number), plan.inputs.policy)
    parts = (
        as_faults(
            rows.filter(pl.Series(~np.broadcast_to(rule.holds(columns), columns.size))),
            pl.lit(rule.id),
            session="id",
            **{stage: stage},
        )
        for rule in plan.inputs.policy.requirements
        if rule.stage == stage and _OWN.isdisjoint(rule.condition.columns)
    )
    return pl.concat([pl.DataFrame(schema=FAULTS), *parts])


def cost(plan: Numbers) -> pl.DataFrame:
    """Sessions whose stated cost is wrong."""
    wrong = plan.costs.filter((pl.col("cost") - pl.col("due")).abs() > 0.005)  # noqa: PLR2004 - half a cent
    return as_faults(wrong, pl.col("cost"), pl.col("due"), session="id", trainer="trainer")


def price(plan: Numbers) -> pl.DataFrame:
    """Sessions with unknown cost, if the budget is limited and no fee is assumed."""
    unknown = plan.costs.drop_nulls(["t", "s", "r"]).filter(pl.col("counted").is_null(), plan.inputs.budget is not None)
    return as_faults(unknown, pl.coalesce("trainer", "id"), session="id", trainer="trainer")


def budget(plan: Numbers) -> pl.DataFrame:
    limit, cost = plan.inputs.budget, round(float(plan.costs["counted"].sum()), 2)
    over = [] if limit is None or cost <= limit else [(f"{cost:.2f}", f"{limit:.2f}")]
    frame = pl.DataFrame(over, schema={"found": pl.String, "wanted": pl.String}, orient="row")
    return as_faults(frame, "found", pl.col("wanted"))


# Participants: the size of the room, the travel, what may be offered, the lags.


def seats_min(plan: Numbers) -> pl.DataFrame:
    """New sessions with too few people known to attend."""
    few = plan.people.filter(~pl.col("booked"), pl.col("counted") < pl.col("least"))
    return as_faults(few, "counted", pl.col("least"), session="id", date="date")


def seats_max(plan: Numbers) -> pl.DataFrame:
    many = plan.people.filter(pl.col("people") > pl.col("most"))
    return as_faults(many, "people", pl.col("most"), session="id", date="date")


def host(plan: Numbers) -> pl.DataFrame:
    alone = _without(plan, ["id", "host"], plan.seats.select(id="session", host="territory"))
    return as_faults(alone, "host", session="id", territory="host")


def travel(plan: Numbers) -> pl.DataFrame:
    limit = plan.inputs.programme.travel_km
    return as_faults(plan.seats.filter(pl.col("away") > limit), pl.col("away").round(1), limit, **_SEAT)


def policy(plan: Numbers) -> pl.DataFrame:
    """Seats at sessions that the rules refuse to the territory."""
    out = plan.seats.filter(pl.col("n").is_null(), pl.col("t").is_not_null(), pl.col("s").is_not_null())
    return as_faults(out, "territory", **_SEAT)


def place(plan: Numbers) -> pl.DataFrame:
    """Seats at hosts or booked sessions that the rules refuse, or at hosts that don't take part."""
    inputs, travel = plan.inputs, plan.inputs.programme.travel_km
    keys = inputs.places.join(inputs.demands.select("n", "council"), on="n", how="left", maintain_order="left")
    booked, new = plan.seats.filter("booked"), plan.seats.filter(~pl.col("booked"))
    hosts = inputs.snapshot.frames.territories.select(host="territory", h="t")
    at = keys.filter(~pl.col("booked")).select("g", "s", "council", h="t")
    seats = pl.concat(
        [
            booked.join(keys.filter("booked").select("g", session="id"), on="session", how="left"),
            new.join(hosts, on="host", how="left").join(at, on=["h", "s", "council"], how="left").drop("h"),
        ]
    )
    wrong = seats.filter(pl.col("away") <= travel).drop_nulls("n").join(inputs.seats, on=["n", "g"], how="anti")
    return as_faults(wrong.sort("session", "territory"), "host", **_SEAT)


def people(plan: Numbers) -> pl.DataFrame:
    """Seats for no people, or for more people than would attend."""
    most = plan.inputs.demands.select("n", expected=_PEOPLE)
    negative = pl.min_horizontal("elected", "technicians") < 0
    wrong = plan.seats.join(most, on="n").filter((pl.col("expected") < _PEOPLE) | (_PEOPLE < 1) | negative)
    return as_faults(wrong, _PEOPLE, pl.col("expected"), **_SEAT)


def pair(plan: Numbers) -> pl.DataFrame:
    """Territories that send at least two people, but no elected official or no technician."""
    alone = plan.seats.filter(pl.min_horizontal("elected", "technicians") < 1, _PEOPLE > 1)
    return as_faults(
        alone, pl.when(pl.col("elected") > 0).then(pl.lit("technicians")).otherwise(pl.lit("elected")), **_SEAT
    )


def once(plan: Numbers) -> pl.DataFrame:
    twice = plan.seats.filter(pl.struct("territory", "s").is_duplicated(), pl.col("s").is_not_null())
    last = pl.col("session", "date").sort_by("date", "session").last()
    return as_faults(
        twice.group_by("territory", "s").agg(last, count=pl.len()).sort("territory", "s"), "count", 1, **_SEAT
    )


def each(plan: Numbers) -> pl.DataFrame:
    counts, most = plan.seats.group_by("territory").agg(count=pl.len()).sort("territory"), plan.inputs.request.each
    return as_faults(counts.filter(pl.col("count") > most), "count", most, territory="territory")


def territory_day(plan: Numbers) -> pl.DataFrame:
    """Territories at two sessions on the same day, one of which may be a booked one."""
    names, here = plan.inputs.snapshot.frames.territories, ["territory", "date", "session"]
    taken = plan.inputs.taken.join(names.select("t", "territory"), on="t")
    taken = taken.select("territory", "date", session=pl.lit("")).join(plan.seats, on=["territory", "date"], how="semi")
    days = pl.concat([plan.seats.drop_nulls("date").select(here), taken]).group_by("territory", "date")
    twice = days.agg(pl.col("session").max(), count=pl.col("session").n_unique()).filter(pl.col("count") > 1)
    return as_faults(twice.sort("date", "territory"), "count", 1, **_SEAT)


def lag(plan: Numbers) -> pl.DataFrame:
    """Seats that follow an attendance, before or in the plan, sooner than the lag allows."""
    came = plan.seats.drop_nulls(["n", "date"]).unique("n", keep="first", maintain_order=True)
    after = plan.inputs.after.join(came.select(n_source="n", before="date"), on="n_source")
    before = plan.inputs.demands.drop_nulls("release").select("n", start="release")
    in_plan = after.select("n", start=pl.col("before") + pl.duration(days="lag_days")).join(before, on="n", how="anti")
    first = pl.concat([in_plan, before]).group_by("n").agg(pl.col("start").min())
    return as_faults(
        came.join(first, on="n").filter(pl.col("date") < pl.col("start")), "date", pl.col("start"), **_SEAT
    )
