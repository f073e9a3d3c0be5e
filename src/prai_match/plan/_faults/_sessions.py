"""What a session can break: its day, its trainer, its relay, its money."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from prai_match.offers import with_columns
from prai_match.plan._candidates import as_offers, rules_of
from prai_match.plan._faults._violations import FAULTS, told
from prai_match.register import haversine_km

if TYPE_CHECKING:
    from collections.abc import Callable

    from prai_match.plan._numbers import Numbered
    from prai_match.policy import Stage

_MONTH = pl.col("date").dt.truncate("1mo")


def known(numbered: Numbered) -> pl.DataFrame:
    """Codes that the programme doesn't have, sessions that stand twice, seats of a session that isn't there."""
    sessions, seats = numbered.new, numbered.seats
    codes = {"session": "s", "host": "t", "partner": "p", "trainer": "r"}
    parts = [
        told(sessions.filter(pl.col(number).is_null()), pl.col(code).fill_null("-"), None, session="id")
        for code, number in codes.items()
    ]
    parts += [
        told(sessions.filter(pl.col("date").is_null()), pl.lit("-"), None, session="id"),
        told(numbered.sessions.filter(pl.col("id").is_duplicated()).unique("id"), "id", None, session="id"),
        told(seats.filter(pl.col("t").is_null()), "territory", None, session="session", territory="territory"),
        told(
            seats.filter(~pl.col("session").is_in(numbered.sessions["id"].implode())),
            "session",
            None,
            session="session",
        ),
    ]
    return pl.concat(parts)


def booked(numbered: Numbered) -> pl.DataFrame:
    """Booked sessions that are no longer there, or were changed."""
    names = ["id", "session", "date", "host", "partner", "trainer"]
    should = numbered.inputs.held.join(
        numbered.inputs.places.filter("booked").select("id"), on="id", how="semi"
    ).select(names)
    there = numbered.sessions.filter("booked").select(names)
    gone = should.join(there, on=names, how="anti", nulls_equal=True)
    more = there.join(should, on="id", how="anti")
    parts = [told(frame, "id", None, session="id", date="date") for frame in (gone, more)]
    return pl.concat(parts)


def closed(label: str) -> Callable[[Numbered], pl.DataFrame]:
    """Return what finds the sessions on days that ``label`` closes; ``day`` is outside the period."""

    def find(numbered: Numbered) -> pl.DataFrame:
        days = numbered.new.drop_nulls("date").join(numbered.inputs.days, on="date", how="left")
        if label == "day":
            start, end = numbered.inputs.start, numbered.inputs.end
            out = days.filter(~pl.col("date").is_between(start, end))
            wanted = f"{start}/{end}"
            return told(out, "date", wanted, session="id", date="date")
        return told(days.filter(pl.col("closed") == label), "date", None, session="id", date="date")

    return find


def trainer_expertise(numbered: Numbered) -> pl.DataFrame:
    """Sessions that their trainer doesn't lead, and axes asked for that the trainer doesn't know."""
    frames = numbered.inputs.snapshot.frames
    knows = frames.expertise.join(frames.axes.select("x", "s"), on="x")
    at = {"session": "id", "trainer": "trainer"}
    out = numbered.new.drop_nulls(["r", "s"]).join(knows.select("r", "s").unique(), on=["r", "s"], how="anti")
    asked = numbered.seats.filter(pl.col("chosen")).drop_nulls(["r", "n"]).join(frames.axes.select("x", "axis"), on="x")
    missed = asked.join(frames.expertise, on=["r", "x"], how="anti")
    return pl.concat(
        [
            told(out, "session", None, **at),
            told(missed, "axis", None, session="session", trainer="trainer", territory="territory"),
        ]
    )


def trainer_reach(numbered: Numbered) -> pl.DataFrame:
    """Trainers who would travel farther than they do."""
    frames = numbered.inputs.snapshot.frames
    here = frames.territories.select("t", "latitude", "longitude")
    home = frames.trainers.select("r", "reach_km", there_latitude="latitude", there_longitude="longitude")
    far = (
        numbered.new.join(here, on="t")
        .join(home, on="r")
        .with_columns(km=haversine_km("latitude", "longitude", "there_latitude", "there_longitude"))
        .filter(pl.col("km") > pl.col("reach_km"))
    )
    return told(far, pl.col("km").round(1), pl.col("reach_km"), session="id", trainer="trainer")


def trainer_free(numbered: Numbered) -> pl.DataFrame:
    """Days on which the trainer is taken, or that lie outside the free periods."""
    frames = numbered.inputs.snapshot.frames
    sessions = numbered.new.drop_nulls(["r", "date"])
    taken = sessions.join(frames.taken.select("r", "date"), on=["r", "date"], how="semi")
    limited = sessions.join(frames.free.select("r").unique(), on="r", how="semi")
    inside = limited.join(frames.free, on="r").filter(pl.col("date").is_between("start", "end"))
    out = limited.join(inside.select("id"), on="id", how="anti")
    rows = pl.concat([taken, out]).unique("id", maintain_order=True)
    return told(rows, "date", None, session="id", trainer="trainer", date="date")


def _led(numbered: Numbered) -> pl.DataFrame:
    """Return every session with a trainer: those of the plan, and those known that aren't in it."""
    new = numbered.new.drop_nulls(["r", "date"]).select("id", "trainer", "r", "date", new=pl.lit(value=True))
    known_ = numbered.inputs.held.drop_nulls("r").select("id", "trainer", "r", "date", new=pl.lit(value=False))
    return pl.concat([new, known_])


def trainer_day(numbered: Numbered) -> pl.DataFrame:
    """Trainers who would lead two sessions on a day."""
    days = (
        _led(numbered)
        .group_by("r", "date")
        .agg(pl.col("id").filter("new").min(), pl.col("trainer").first(), count=pl.len(), new=pl.col("new").any())
    )
    twice = days.filter(pl.col("count") > 1, "new").sort("date", "trainer")
    return told(twice, "count", 1, session="id", trainer="trainer", date="date")


def trainer_month(numbered: Numbered) -> pl.DataFrame:
    """Trainers who would lead more sessions than they do in a month."""
    limits = numbered.inputs.snapshot.frames.trainers.select("r", "per_month")
    months = (
        _led(numbered)
        .group_by("r", month=_MONTH)
        .agg(pl.col("trainer").first(), count=pl.len(), new=pl.col("new").any())
        .join(limits, on="r")
        .filter(pl.col("count") > pl.col("per_month"), "new")
        .sort("month", "trainer")
    )
    return told(months, "count", pl.col("per_month"), trainer="trainer", date="month")


def relay_covers(numbered: Numbered) -> pl.DataFrame:
    """Relays that don't cover the département of the host."""
    covers = numbered.inputs.snapshot.frames.covers
    out = numbered.new.drop_nulls(["p", "d"]).join(covers, on=["p", "d"], how="anti")
    return told(out, "host", None, session="id", partner="partner")


def relay_carries(numbered: Numbered) -> pl.DataFrame:
    """Relays that can't host the session."""
    carries = numbered.inputs.snapshot.frames.carries
    out = numbered.new.drop_nulls(["p", "s"]).join(carries, on=["p", "s"], how="anti")
    return told(out, "session", None, session="id", partner="partner")


def relay_day(numbered: Numbered) -> pl.DataFrame:
    """Relays that would host two sessions on a day."""
    columns = ("id", "partner", "p", "date")
    new = numbered.new.drop_nulls(["p", "date"]).select(*columns, new=pl.lit(value=True))
    known_ = numbered.inputs.held.drop_nulls("p").select(*columns, new=pl.lit(value=False))
    days = (
        pl.concat([new, known_])
        .group_by("p", "partner", "date")
        .agg(pl.col("id").filter("new").min(), count=pl.len(), new=pl.col("new").any())
    )
    twice = days.filter(pl.col("count") > 1, "new").sort("date", "partner")
    return told(twice, "count", 1, session="id", partner="partner", date="date")


def relay_room(numbered: Numbered) -> pl.DataFrame:
    """Relays that would host more sessions than they can over twelve months."""
    full = (
        numbered.new.group_by("p", "partner")
        .agg(count=pl.len())
        .join(numbered.inputs.room, on="p")
        .filter(pl.col("count") > pl.col("left"))
        .sort("partner")
    )
    return told(full, "count", pl.col("left"), partner="partner")


def rules(stage: Stage) -> Callable[[Numbered], pl.DataFrame]:
    """Return what finds the sessions whose trainer or relay a rule of the policy refuses there."""
    number = {"trainer": "r", "partner": "p"}[stage]

    def find(numbered: Numbered) -> pl.DataFrame:
        snapshot, policy = numbered.inputs.snapshot, numbered.inputs.policy
        rows = as_offers(snapshot, numbered.new.drop_nulls(["t", "s", number]).select("id", stage, "t", "s", number))
        parts = [pl.DataFrame(schema=FAULTS)]
        if rows.height:
            needed = rules_of(policy, stage)
            wanted = {name for rule in needed for name in rule.condition.columns}
            wide = with_columns(snapshot, rows, wanted | {"fee", "session_cost"})
            parts += [
                told(wide.filter(~rule.holds), pl.lit(rule.id), None, session="id", **{stage: stage}) for rule in needed
            ]
        return pl.concat(parts)

    return find


def cost(numbered: Numbered) -> pl.DataFrame:
    """Sessions that don't cost what they are said to."""
    wrong = numbered.costs.filter((pl.col("cost") - pl.col("due")).abs() > 0.005)  # noqa: PLR2004 - half a cent
    return told(wrong, pl.col("cost"), pl.col("due"), session="id", trainer="trainer")


def priced(numbered: Numbered) -> pl.DataFrame:
    """Sessions whose cost is unknown, where money is limited and no fee is assumed."""
    limited = numbered.inputs.budget is not None
    unknown = numbered.costs.drop_nulls(["t", "s", "r"]).filter(pl.col("counted").is_null(), limited)
    return told(unknown, pl.coalesce("trainer", "id"), None, session="id", trainer="trainer")


def budget(numbered: Numbered) -> pl.DataFrame:
    """More euros than are left."""
    limit = numbered.inputs.budget
    spent = round(float(numbered.costs["counted"].sum()), 2)
    over = [] if limit is None or spent <= limit else [(f"{spent:.2f}", f"{limit:.2f}")]
    frame = pl.DataFrame(over, schema={"found": pl.String, "wanted": pl.String}, orient="row")
    return told(frame, "found", pl.col("wanted"))
