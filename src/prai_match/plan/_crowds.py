"""Functions that find where a plan holds more sessions than trainers, relays or the team allow over some days."""

from typing import Literal

import polars as pl

from prai_match.packing import AROUND_DAYS, YEAR_DAYS, around
from prai_match.plan._faults import FAULTS, NUMBER, as_faults
from prai_match.plan._schedule import Numbers
from prai_match.policy import Stage


def _with_record(plan: Numbers, *codes: str) -> pl.DataFrame:
    """Return all dated sessions with a trainer or relay (``codes``): those of the plan, and those of the history."""
    names = ["date", *(NUMBER[code] for code in codes)]
    parts = ((plan.new.drop_nulls(names), True), (plan.inputs.record.drop_nulls(names), False))
    return pl.concat([rows.select("id", *codes, *names, new=pl.lit(value=new)) for rows, new in parts])


def _counts(plan: Numbers, step: str, *codes: str) -> pl.DataFrame:
    """Return the number of sessions of each trainer or relay (``codes``), or of all, in periods with a new one."""
    times = _with_record(plan, *codes).group_by(*codes, date=pl.col("date").dt.truncate(step))
    counts = times.agg(pl.col("id").filter("new").min(), count=pl.len(), new=pl.col("new").any())
    return counts.filter("new").sort("date", *codes)


def trainer_day(plan: Numbers) -> pl.DataFrame:
    """Trainers who would have two sessions on a day."""
    twice = _counts(plan, "1d", "trainer").filter(pl.col("count") > 1)
    return as_faults(twice, "count", 1, session="id", date="date", trainer="trainer")


def trainer_month(plan: Numbers) -> pl.DataFrame:
    most = plan.inputs.snapshot.frames.trainers.select("trainer", "per_month")
    months = _counts(plan, "1mo", "trainer").join(most, on="trainer", maintain_order="left")
    over = months.filter(pl.col("count") > pl.col("per_month"))
    return as_faults(over, "count", pl.col("per_month"), trainer="trainer", date="date")


def trainer_load(plan: Numbers) -> pl.DataFrame:
    """Trainers who lead too many sessions in the days around a new one."""
    return _crowded(plan, "trainer", AROUND_DAYS, around(plan.inputs.snapshot))


def relay_room(plan: Numbers) -> pl.DataFrame:
    """Relays that carry too many sessions in the year around a new one, or more than their share in the period."""
    a_year = plan.inputs.snapshot.frames.partners.select("p", most=pl.col("per_year").cast(pl.Float64)).drop_nulls()
    each = plan.new.group_by("p", "partner").agg(count=pl.len()).join(plan.inputs.room, on="p").sort("partner")
    whole = as_faults(each.filter(pl.col("count") > pl.col("left")), "count", pl.col("left"), partner="partner")
    return whole if whole.height else _crowded(plan, "partner", YEAR_DAYS - 1, a_year, itself=1)


def _crowded(plan: Numbers, code: Stage, most_days: int, most: pl.DataFrame, *, itself: int = 0) -> pl.DataFrame:
    """Return the new sessions with at least ``most`` others around; ``itself`` is 1 if they count themselves."""
    every, number = _with_record(plan, code), NUMBER[code]
    others = every.select(number, other="id", then="date")
    days = (pl.col("date") - pl.col("then")).dt.total_days().abs()
    near = every.filter("new").join(others, on=number).filter(days <= most_days, pl.col("id") != pl.col("other"))
    counts = near.group_by("id", number, code, "date").agg(count=pl.len())
    over = counts.join(most, on=number).filter(pl.col("count") >= pl.col("most")).sort("id")
    return as_faults(over, pl.col("count") + itself, pl.col("most"), session="id", date="date", **{code: code})


_PERIODS = {"per_day": "1d", "per_week": "1w", "per_month": "1mo"}


def pace(who: Literal["team", "relay"], plan: Numbers) -> pl.DataFrame:
    """Days, weeks and months with more sessions than the pace of the team, or of a relay, allows."""
    limits, codes = getattr(plan.inputs.programme.pace, who), ["partner"] if who == "relay" else []
    where = {"session": "id", "date": "date", **{code: code for code in codes}}
    parts = [pl.DataFrame(schema=FAULTS)]
    for name, step in _PERIODS.items():
        if (most := getattr(limits, name)) is not None:
            parts.append(as_faults(_counts(plan, step, *codes).filter(pl.col("count") > most), "count", most, **where))
    return pl.concat(parts)
