"""Whether the seats of a set of sessions can be had: each as `why_not` judges it, given what else the set books."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import polars as pl

from prai_match.model import cancelled_on, rooms

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from prai_match import Programme, Recommendation, Recommendations
    from prai_match.explain import WhyNot

_YEAR = dt.timedelta(365)
_BOOKED = ("id", "session", "date", "host", "axis", "partner", "trainer", "cost")


class Seats(Protocol):
    """Dated sessions, and the territories that come to each: a plan, or what is like one."""

    @property
    def sessions(self) -> pl.DataFrame:
        """Rows with ``id``, ``session``, ``date``, ``host``, ``axis``, ``partner``, ``trainer``, ``cost``, ``booked``."""

    @property
    def seats(self) -> pl.DataFrame:
        """Rows with ``session`` (its id), ``territory``, ``elected`` and ``technicians``."""


class Refusal(NamedTuple):
    """A seat that can't be had: the first rule that refuses it, and what `why_not` says."""

    held: Mapping[str, Any]  # a row of the sessions
    territory: str
    rule: str
    why_not: WhyNot


def with_booked(prog: Programme, made: Seats, on: dt.date, *, but: str | None = None) -> Programme:
    """The programme with the new sessions of a set booked on a day, but one."""
    new = made.sessions.filter(~pl.col("booked"), pl.col("id").ne_missing(pl.lit(but, pl.String)))
    return prog.with_sessions(new.select(_BOOKED).with_columns(booked_on=on).rows(named=True)) if new.height else prog


def refusals(prog: Programme, made: Seats, on: dt.date) -> Iterator[Refusal]:
    """The seats that are refused, each on the day of its session.

    A seat at a new session is judged as if all the other new ones of the set were booked, one at a session that was
    booked before as if all were: it must join this one.
    """
    territories = {code: rows["territory"].to_list() for (code,), rows in made.seats.group_by("session")}
    everything: Recommendations | None = None
    for held in made.sessions.filter(pl.col("id").is_in([*territories])).iter_rows(named=True):
        here = sorted(territories[held["id"]])
        if held["booked"]:
            everything = everything or with_booked(prog, made, on).recommend(on)
            recs = everything
        else:
            recs = with_booked(prog, made, on, but=held["id"]).recommend(on, territories=here)
        for territory in here:
            if (refusal := _refusal(recs[territory], held)) is not None:
                yield refusal


def _refusal(rec: Recommendation, held: Mapping[str, Any]) -> Refusal | None:
    actors = {} if held["booked"] else {name: held[name] for name in ("partner", "trainer")}
    why_not = rec.why_not(session=held["session"], host=held["host"], day=held["date"], **actors)
    if not why_not.possible:
        rule = next(finding.rule for finding in why_not.refuting if finding.rule != "engine:nearest")
        return Refusal(held, rec.territory, rule, why_not)
    if why_not.joins != (held["id"] if held["booked"] else None):
        return Refusal(held, rec.territory, "joins another" if why_not.joins else "joins none", why_not)
    return None


def told_nothing(prog: Programme, made: Seats, on: dt.date) -> list[str]:
    """The territories seated within the horizon of offers that are told that there is nothing for them."""
    soon = made.sessions.filter(pl.col("date") <= on + dt.timedelta(prog.offer_horizon_days))["id"]
    seated = sorted(set(made.seats.filter(pl.col("session").is_in(soon.implode()))["territory"]))
    recs = prog.recommend(on, territories=seated)
    return [code for code in seated if recs[code].next is None]


def collisions(prog: Programme, made: Seats, on: dt.date) -> Counter[str]:
    """How often a set takes twice what there is once; sessions known on the day count too."""
    known = prog.sessions.to_polars().filter(pl.col("booked_on").fill_null(pl.col("date")) <= on)
    known = known.join(cancelled_on(prog.decisions.to_polars(), on), on="id", how="anti")
    new = made.sessions.filter(~pl.col("booked"))
    every = pl.concat([each.select("id", "date", "host", "partner", "trainer") for each in (known, new)])
    there = (
        made.seats.join(made.sessions.select("date", session="id"), on="session").group_by("territory", "date").len()
    )
    found = Counter({"a territory twice a day": int((there["len"] - 1).sum())})
    for who, limit in (("trainer", 1), ("partner", prog.pace.relay.per_day)):
        both = every.drop_nulls(who).filter(pl.col("date") >= on).group_by(who, "date").agg("id")
        both = both.filter(pl.col("id").list.set_intersection(new["id"].to_list()).list.len() > 0)
        beyond = both["id"].list.len().cast(pl.Int64) - limit
        found[f"a {who} twice a day"] = int(beyond.clip(0).sum())  # of relays: more than their pace
    found["too many people"] = _crowded(prog, made)
    found["a relay's year"] = _beyond_a_year(prog, new, every)
    found["the pace"] = sum(_beyond_the_pace(prog, new, every))
    months = every.drop_nulls("trainer").group_by("trainer", pl.col("date").dt.truncate("1mo")).agg("id", pl.len())
    most = {each.id: each.sessions_a_month for each in prog.trainers if each.sessions_a_month is not None}
    found["a trainer's month"] = sum(
        min(len({*ids} & {*new["id"]}), max(0, count - most.get(trainer, count)))
        for trainer, _, ids, count in months.iter_rows()
    )
    return found


def _beyond_a_year(prog: Programme, new: pl.DataFrame, every: pl.DataFrame) -> int:
    """How many new sessions have more of their relay in the year around them than it carries."""
    most = {relay.id: relay.sessions_a_year for relay in prog.partners if relay.sessions_a_year is not None}
    rows = new.filter(pl.col("partner").is_in([*most])).select("partner", "date").rows()
    near = (every.filter(pl.col("partner") == relay, (pl.col("date") - day).abs() < _YEAR) for relay, day in rows)
    return sum(around.height > most[relay] for (relay, _), around in zip(rows, near, strict=True))


def _beyond_the_pace(prog: Programme, new: pl.DataFrame, every: pl.DataFrame) -> Iterator[int]:
    """How many days, weeks and months with a new session have more than the pace of the team, or of a relay, allows."""
    for keys, limits in (((), prog.pace.team), (("partner",), prog.pace.relay)):
        for name, step in (("per_day", "1d"), ("per_week", "1w"), ("per_month", "1mo")):
            most = getattr(limits, name)
            times = every.drop_nulls([*keys]).group_by(*keys, pl.col("date").dt.truncate(step)).agg("id")
            for ids in times["id"].to_list():
                yield most is not None and len(ids) > most and not set(ids).isdisjoint(new["id"])


def _crowded(prog: Programme, made: Seats) -> int:
    """How many sessions have more people than seats; of those booked before, than the seats that are left."""
    most = {each.id: each.max_seats for each in prog.catalogue.sessions}
    left = dict(rooms(prog)["id", "room"].iter_rows())
    people = dict(made.seats.group_by("session").agg((pl.col("elected") + pl.col("technicians")).sum()).iter_rows())
    rows = made.sessions.select("id", "session", "booked").iter_rows()
    room = {code: left.get(code) if booked else most[session] for code, session, booked in rows}
    return sum(count > room[code] for code, count in people.items() if room[code] is not None)
