"""What those who come can break: the size of the room, the travel, what may be offered, the lags."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from prai_match.plan._faults._violations import told

if TYPE_CHECKING:
    from prai_match.plan._numbers import Numbered

_SEAT = {"session": "session", "territory": "territory", "date": "date"}
_PEOPLE = pl.col("elected") + pl.col("technicians")


def seats_min(numbered: Numbered) -> pl.DataFrame:
    """New sessions with too few people that are known to come."""
    few = numbered.people.filter(~pl.col("booked"), pl.col("counted") < pl.col("least"))
    return told(few, "counted", pl.col("least"), session="id", date="date")


def seats_max(numbered: Numbered) -> pl.DataFrame:
    """Sessions with too many people."""
    many = numbered.people.filter(pl.col("people") > pl.col("most"))
    return told(many, "people", pl.col("most"), session="id", date="date")


def host(numbered: Numbered) -> pl.DataFrame:
    """New sessions whose host sends nobody."""
    comes = numbered.seats.select(id="session", host="territory").unique()
    alone = numbered.new.join(comes, on=["id", "host"], how="anti")
    return told(alone, "host", None, session="id", territory="host")


def travel(numbered: Numbered) -> pl.DataFrame:
    """People who would travel too far."""
    limit = numbered.inputs.travel_km
    return told(numbered.seats.filter(pl.col("away") > limit), pl.col("away").round(1), limit, **_SEAT)


def offered(numbered: Numbered) -> pl.DataFrame:
    """Sessions that the rules don't allow to a territory."""
    out = numbered.seats.filter(pl.col("n").is_null(), pl.col("t").is_not_null(), pl.col("s").is_not_null())
    return told(out, "territory", None, **_SEAT)


def people(numbered: Numbered) -> pl.DataFrame:
    """Seats for nobody, or for more people than would come."""
    expected = numbered.inputs.demands.select("n", expected=_PEOPLE)
    negative = pl.min_horizontal("elected", "technicians") < 0
    wrong = numbered.seats.join(expected, on="n").filter((pl.col("expected") < _PEOPLE) | (_PEOPLE < 1) | negative)
    return told(wrong, _PEOPLE, pl.col("expected"), **_SEAT)


def once(numbered: Numbered) -> pl.DataFrame:
    """Territories invited twice to the same buffet or workshop."""
    twice = numbered.seats.filter(pl.struct("territory", "s").is_duplicated(), pl.col("s").is_not_null())
    each = twice.group_by("territory", "s").agg(
        pl.col("session", "date").sort_by("date", "session").last(), count=pl.len()
    )
    return told(each.sort("territory", "s"), "count", 1, **_SEAT)


def pace(numbered: Numbered) -> pl.DataFrame:
    """Territories invited to more sessions than one plan should."""
    many = numbered.seats.group_by("territory").agg(count=pl.len()).filter(pl.col("count") > numbered.inputs.each)
    return told(many.sort("territory"), "count", numbered.inputs.each, territory="territory")


def territory_day(numbered: Numbered) -> pl.DataFrame:
    """Territories invited to two sessions on a day."""
    days = (
        numbered.seats.drop_nulls("date")
        .group_by("territory", "date")
        .agg(pl.col("session").max(), count=pl.col("session").n_unique())
    )
    return told(days.filter(pl.col("count") > 1).sort("date", "territory"), "count", 1, **_SEAT)


def lag(numbered: Numbered) -> pl.DataFrame:
    """What follows something attended, before or in the plan, by less than its lag."""
    came = numbered.seats.drop_nulls(["n", "date"]).unique("n", keep="first", maintain_order=True)
    after = numbered.inputs.after.join(came.select(n_source="n", before="date"), on="n_source")
    in_plan = after.select("n", start=pl.col("before") + pl.duration(days="lag_days"))
    attended = numbered.inputs.demands.drop_nulls("release").select("n", start="release")
    first = pl.concat([in_plan, attended]).group_by("n").agg(pl.col("start").min())
    soon = came.join(first, on="n").filter(pl.col("date") < pl.col("start"))
    return told(soon, "date", pl.col("start"), **_SEAT)
