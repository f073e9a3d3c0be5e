"""What finds where a plan breaks a condition: rows that say where, the value found and the value wanted."""

import datetime as dt
from typing import Literal

import polars as pl

from prai_match.plan._candidates import offer_columns, rules_of
from prai_match.plan._schedule import Numbers
from prai_match.policy import Stage
from prai_match.register import haversine_km

FAULTS = {  # columns of what a condition finds: where, the value found and the value wanted
    **dict.fromkeys(("session", "territory", "trainer", "partner"), pl.String),
    "date": pl.Date,
    **dict.fromkeys(("found", "wanted"), pl.String),
}

_SEAT = {"session": "session", "territory": "territory", "date": "date"}
_PEOPLE = pl.col("elected") + pl.col("technicians")
_NUMBER = {"trainer": "r", "partner": "p"}


def _rows(
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
    """Codes that the programme doesn't have, sessions that stand twice, seats of a session that isn't there."""
    sessions, seats = plan.new, plan.seats
    parts = [
        _rows(sessions.filter(pl.col(number).is_null()), pl.col(code).cast(pl.String).fill_null("-"), session="id")
        for code, number in {"session": "s", "host": "t", "partner": "p", "trainer": "r", "date": "date"}.items()
    ]
    parts += [
        _rows(plan.sessions.filter(pl.col("id").is_duplicated()).unique("id"), "id", session="id"),
        _rows(seats.filter(pl.col("t").is_null()), "territory", session="session", territory="territory"),
        _rows(seats.filter(~pl.col("session").is_in(plan.sessions["id"].implode())), "session", session="session"),
    ]
    return pl.concat(parts)


def bookings(plan: Numbers) -> pl.DataFrame:
    """Booked sessions that are no longer there, or were changed."""
    names = ["id", "session", "date", "host", "partner", "trainer"]
    booked = plan.inputs.places.filter("booked").select("id")
    should = plan.inputs.record.join(booked, on="id", how="semi").select(names)
    there = plan.sessions.filter("booked").select(names)
    missing = should.join(there, on=names, how="anti", nulls_equal=True)
    more = there.join(should, on="id", how="anti")
    return pl.concat([_rows(frame, "id", session="id", date="date") for frame in (missing, more)])


def closure(label: str, plan: Numbers) -> pl.DataFrame:
    """Sessions on days that ``label`` closes; ``day`` is outside the period."""
    days = plan.new.drop_nulls("date").join(plan.inputs.days, on="date", how="left")
    start, end, outside = plan.inputs.request.start, plan.inputs.request.end, label == "day"
    faults = days.filter(~pl.col("date").is_between(start, end) if outside else pl.col("closed") == label)
    return _rows(faults, "date", f"{start}/{end}" if outside else None, session="id", date="date")


def _without(plan: Numbers, keys: list[str], pairs: pl.DataFrame) -> pl.DataFrame:
    """Return the new sessions whose ``keys`` aren't among the ``pairs``."""
    return plan.new.drop_nulls(keys).join(pairs, on=keys, how="anti")


def trainer_expertise(plan: Numbers) -> pl.DataFrame:
    """Sessions that their trainer doesn't lead, and axes asked for that the trainer doesn't know."""
    frames = plan.inputs.snapshot.frames
    leads = frames.expertise.join(frames.axes.select("x", "s"), on="x").select("r", "s").unique()
    chosen = plan.seats.filter(pl.col("chosen")).drop_nulls(["r", "n"]).join(frames.axes.select("x", "axis"), on="x")
    axes = chosen.join(frames.expertise, on=["r", "x"], how="anti")
    return pl.concat(
        [
            _rows(_without(plan, ["r", "s"], leads), "session", session="id", trainer="trainer"),
            _rows(axes, "axis", session="session", trainer="trainer", territory="territory"),
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
    return _rows(far, pl.col("km").round(1), pl.col("reach_km"), session="id", trainer="trainer")


def trainer_free(plan: Numbers) -> pl.DataFrame:
    frames, sessions = plan.inputs.snapshot.frames, plan.new.drop_nulls(["r", "date"])
    busy = sessions.join(frames.taken.select("r", "date"), on=["r", "date"], how="semi")
    bound = sessions.join(frames.free.select("r").unique(), on="r", how="semi")
    inside = bound.join(frames.free, on="r").filter(pl.col("date").is_between("start", "end"))
    rows = pl.concat([busy, bound.join(inside.select("id"), on="id", how="anti")]).unique("id", maintain_order=True)
    return _rows(rows, "date", session="id", trainer="trainer", date="date")


def _with_record(plan: Numbers, code: str) -> pl.DataFrame:
    """Return every session that has the trainer or relay ``code``: those of the plan, and those on record."""
    number = _NUMBER[code]
    parts = ((plan.new.drop_nulls([number, "date"]), True), (plan.inputs.record.drop_nulls(number), False))
    return pl.concat([rows.select("id", code, number, "date", new=pl.lit(value=new)) for rows, new in parts])


def one_a_day(code: Stage, plan: Numbers) -> pl.DataFrame:
    """Trainers or relays who would have two sessions on a day."""
    days = (
        _with_record(plan, code)
        .group_by(_NUMBER[code], "date")
        .agg(pl.col("id").filter("new").min(), pl.col(code).first(), count=pl.len(), new=pl.col("new").any())
    )
    twice = days.filter(pl.col("count") > 1, "new").sort("date", code)
    return _rows(twice, "count", 1, session="id", date="date", **{code: code})


def trainer_month(plan: Numbers) -> pl.DataFrame:
    months = (
        _with_record(plan, "trainer")
        .group_by("r", month=pl.col("date").dt.truncate("1mo"))
        .agg(pl.col("trainer").first(), count=pl.len(), new=pl.col("new").any())
        .join(plan.inputs.snapshot.frames.trainers.select("r", "per_month"), on="r")
        .filter(pl.col("count") > pl.col("per_month"), "new")
        .sort("month", "trainer")
    )
    return _rows(months, "count", pl.col("per_month"), trainer="trainer", date="month")


def relay(what: Literal["covers", "carries"], plan: Numbers) -> pl.DataFrame:
    """Sessions in a département that their relay doesn't cover, or that it doesn't host."""
    number, value = ("d", "host") if what == "covers" else ("s", "session")
    pairs = getattr(plan.inputs.snapshot.frames, what)
    return _rows(_without(plan, ["p", number], pairs), value, session="id", partner="partner")


def relay_room(plan: Numbers) -> pl.DataFrame:
    each = plan.new.group_by("p", "partner").agg(count=pl.len()).join(plan.inputs.room, on="p").sort("partner")
    return _rows(each.filter(pl.col("count") > pl.col("left")), "count", pl.col("left"), partner="partner")


def rules(stage: Stage, plan: Numbers) -> pl.DataFrame:
    """Sessions whose trainer or relay a rule of the policy refuses there."""
    number = _NUMBER[stage]
    rows = plan.new.drop_nulls(["t", "s", number]).select("id", stage, "t", "s", number)
    columns = offer_columns(plan.inputs.snapshot, rows)
    parts = (
        _rows(rows.filter(pl.Series(~rule.holds(columns))), pl.lit(rule.id), session="id", **{stage: stage})
        for rule in rules_of(plan.inputs.policy, stage)
    )
    return pl.concat([pl.DataFrame(schema=FAULTS), *parts])


def cost(plan: Numbers) -> pl.DataFrame:
    """Sessions that don't cost what they are said to."""
    wrong = plan.costs.filter((pl.col("cost") - pl.col("due")).abs() > 0.005)  # noqa: PLR2004 - half a cent
    return _rows(wrong, pl.col("cost"), pl.col("due"), session="id", trainer="trainer")


def price(plan: Numbers) -> pl.DataFrame:
    """Sessions whose cost is unknown, where money is limited and no fee is assumed."""
    unknown = plan.costs.drop_nulls(["t", "s", "r"]).filter(pl.col("counted").is_null(), plan.inputs.budget is not None)
    return _rows(unknown, pl.coalesce("trainer", "id"), session="id", trainer="trainer")


def budget(plan: Numbers) -> pl.DataFrame:
    limit, cost = plan.inputs.budget, round(float(plan.costs["counted"].sum()), 2)
    over = [] if limit is None or cost <= limit else [(f"{cost:.2f}", f"{limit:.2f}")]
    frame = pl.DataFrame(over, schema={"found": pl.String, "wanted": pl.String}, orient="row")
    return _rows(frame, "found", pl.col("wanted"))


# Those who come: the size of the room, the travel, what may be offered, the lags.


def seats_min(plan: Numbers) -> pl.DataFrame:
    """New sessions with too few people that are known to come."""
    few = plan.people.filter(~pl.col("booked"), pl.col("counted") < pl.col("least"))
    return _rows(few, "counted", pl.col("least"), session="id", date="date")


def seats_max(plan: Numbers) -> pl.DataFrame:
    many = plan.people.filter(pl.col("people") > pl.col("most"))
    return _rows(many, "people", pl.col("most"), session="id", date="date")


def host(plan: Numbers) -> pl.DataFrame:
    alone = _without(plan, ["id", "host"], plan.seats.select(id="session", host="territory"))
    return _rows(alone, "host", session="id", territory="host")


def travel(plan: Numbers) -> pl.DataFrame:
    limit = plan.inputs.programme.travel_km
    return _rows(plan.seats.filter(pl.col("away") > limit), pl.col("away").round(1), limit, **_SEAT)


def policy(plan: Numbers) -> pl.DataFrame:
    """Sessions that the rules don't allow to a territory."""
    out = plan.seats.filter(pl.col("n").is_null(), pl.col("t").is_not_null(), pl.col("s").is_not_null())
    return _rows(out, "territory", **_SEAT)


def people(plan: Numbers) -> pl.DataFrame:
    """Seats for nobody, or for more people than would come."""
    most = plan.inputs.demands.select("n", expected=_PEOPLE)
    negative = pl.min_horizontal("elected", "technicians") < 0
    wrong = plan.seats.join(most, on="n").filter((pl.col("expected") < _PEOPLE) | (_PEOPLE < 1) | negative)
    return _rows(wrong, _PEOPLE, pl.col("expected"), **_SEAT)


def once(plan: Numbers) -> pl.DataFrame:
    twice = plan.seats.filter(pl.struct("territory", "s").is_duplicated(), pl.col("s").is_not_null())
    last = pl.col("session", "date").sort_by("date", "session").last()
    return _rows(twice.group_by("territory", "s").agg(last, count=pl.len()).sort("territory", "s"), "count", 1, **_SEAT)


def pace(plan: Numbers) -> pl.DataFrame:
    counts, most = plan.seats.group_by("territory").agg(count=pl.len()).sort("territory"), plan.inputs.request.each
    return _rows(counts.filter(pl.col("count") > most), "count", most, territory="territory")


def territory_day(plan: Numbers) -> pl.DataFrame:
    days = plan.seats.drop_nulls("date").group_by("territory", "date")
    twice = days.agg(pl.col("session").max(), count=pl.col("session").n_unique()).filter(pl.col("count") > 1)
    return _rows(twice.sort("date", "territory"), "count", 1, **_SEAT)


def lag(plan: Numbers) -> pl.DataFrame:
    """What follows something attended, before or in the plan, by less than its lag."""
    came = plan.seats.drop_nulls(["n", "date"]).unique("n", keep="first", maintain_order=True)
    after = plan.inputs.after.join(came.select(n_source="n", before="date"), on="n_source")
    in_plan = after.select("n", start=pl.col("before") + pl.duration(days="lag_days"))
    before = plan.inputs.demands.drop_nulls("release").select("n", start="release")
    first = pl.concat([in_plan, before]).group_by("n").agg(pl.col("start").min())
    return _rows(came.join(first, on="n").filter(pl.col("date") < pl.col("start")), "date", pl.col("start"), **_SEAT)
