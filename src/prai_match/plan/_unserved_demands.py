"""Why each demand that a plan doesn't serve is not served, and what would serve it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from prai_match import explain, offers
from prai_match.plan._draft import STRICT, Draft, Option
from prai_match.plan._greedy import best
from prai_match.plan._sentences import serves
from prai_match.plan._tables import tables

if TYPE_CHECKING:
    from prai_match.model import Lang
    from prai_match.plan._book import Book
    from prai_match.plan._inputs import Inputs
    from prai_match.plan._tables import Demand, Tables

UNSERVED = {
    "territory": pl.String,
    "session": pl.String,
    "axis": pl.String,
    "score": pl.Float64,
    "elected": pl.Int64,
    "technicians": pl.Int64,
    "label": pl.String,
    "rule": pl.String,
    "sentence": pl.String,
}
"""Columns of the answer."""

_NEVER_OFFERED = ("all_attended", "no_need_and_no_buffet")
"""Reasons of the policy for which nobody waits."""


def unserved(plan: Book, lang: Lang) -> pl.DataFrame:
    """Return the demands that a plan doesn't serve (see `Plan.unserved`), by territory and session."""
    inputs = plan.inputs
    blocks = Blocks(plan)
    served = set(plan.numbered.seats["n"])
    labels = {demand.n: blocks.label(demand) for demand in blocks.tables.demands if demand.n not in served}
    frames = inputs.snapshot.frames
    rows = pl.DataFrame(
        {"n": list(labels), "label": list(labels.values())}, schema={"n": pl.UInt32, "label": pl.String}
    )
    told = (
        inputs.demands.join(rows, on="n")
        .join(frames.territories.select("t", "territory"), on="t")
        .join(frames.axes.select("x", "session", "axis"), on="x")
        .with_columns(rule=pl.lit(None, pl.String))
    )
    said = [serves(label, inputs.each, lang) for label in told["label"]]
    told = told.with_columns(pl.Series("sentence", said, dtype=pl.String))
    parts = [told.select(*UNSERVED), _refused(inputs, lang)]
    return pl.concat(parts).sort("territory", "session")


def _refused(inputs: Inputs, lang: Lang) -> pl.DataFrame:
    """Return what the rules on sessions refuse to a territory that waits for it: too few people, mostly."""
    snapshot, policy = inputs.snapshot, inputs.policy
    furthest = offers.furthest(snapshot, policy, snapshot.frames.territories.select("t"))
    losers = explain.losers(snapshot, policy, furthest.filter(stage="session"), furthest.clear(), lang)
    return (
        losers.filter(~pl.col("reason").is_in([*_NEVER_OFFERED]))
        .with_columns(label=pl.lit("policy"), elected=pl.lit(None), technicians=pl.lit(None))
        .select(pl.col(name).cast(kind) for name, kind in UNSERVED.items())
    )


class Blocks:
    """A plan as it stands, and what stops each demand from being added to it."""

    def __init__(self, plan: Book) -> None:
        """Take in the sessions of a plan and who comes."""
        self.tables = tables(plan.inputs, plan.weights)
        self.draft = redrafted(self.tables, plan)
        self._unpriced = set(plan.inputs.unpriced["g"])
        self._reached: dict[int, list[int]] = {}
        for g, seats in self.tables.seats.items():
            for n, _ in seats:
                self._reached.setdefault(n, []).append(g)

    def label(self, demand: Demand) -> str:
        """Return the label of the condition that blocks a demand; ``better``: only that other sessions bring more."""
        tables = self.tables
        around = [g for g in self._reached.get(demand.n, ()) if not tables.places[g].booked]
        if not tables.month:
            return self._closed()
        if tables.since(demand, tables.begin) > tables.last:
            return "lag"
        if not any(g in tables.leads for g in around):
            return "priced" if any(g in self._unpriced for g in around) else "trainer_expertise"
        if not any(g in tables.relays for g in around):
            return "relay_covers"
        if self._too_few(around):
            return "seats_min"
        return self._in_the_way(demand, around)

    def _closed(self) -> str:
        """What closes most days of a period without any open day."""
        closed = self.tables.inputs.days["closed"].drop_nulls().value_counts().sort("count", "closed", descending=True)
        return str(closed["closed"][0])

    def _too_few(self, around: list[int]) -> bool:
        """Whether all the people around are too few for a session."""
        tables = self.tables
        return all(sum(tables.demands[n].counted for n, _ in tables.seats[g]) < tables.places[g].least for g in around)

    def _in_the_way(self, demand: Demand, around: list[int]) -> str:
        """What stops a session of those who are left: the first condition without which there is one."""
        if self.draft.count.get(demand.t, 0) >= self.tables.inputs.each:
            return "pace"
        if self._option(demand, around, STRICT):
            return "better"
        for relaxed, label in _WITHOUT:
            if self._option(demand, around, relaxed):
                return label
        return "seats_min"

    def _option(self, demand: Demand, around: list[int], relaxed: frozenset[str]) -> Option | None:
        """A session for a demand among those who are left."""
        for g in around:
            found = best(self.draft, self.tables.places[g], relaxed)
            if found is not None and demand.n in found.members:
                return found
        return None


_WITHOUT: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"budget"}), "budget"),
    (frozenset({"relay"}), "relay_room"),
    (frozenset({"trainer"}), "trainer_free"),
    (frozenset({"lag"}), "lag"),
    (frozenset({"territory_day"}), "territory_day"),
    (frozenset({"budget", "relay", "trainer"}), "trainer_free"),
)
"""Conditions left aside, one after the other, and the label that each leaves to tell."""


def redrafted(tables: Tables, plan: Book) -> Draft:
    """Return a plan as a draft; sessions and seats that the inputs don't have are left out."""
    draft = Draft(tables)
    frames, inputs = plan.inputs.snapshot.frames, plan.inputs
    seats = (
        plan.seats.select(id="session", territory="territory")
        .join(frames.territories.select("t", "territory"), on="territory")
        .join(plan.sessions.select("id", "session"), on="id")
        .join(frames.sessions.select("session", "s"), on="session")
        .join(inputs.demands.select("n", "t", "s"), on=["t", "s"])
        .unique("n", keep="first", maintain_order=True)
    )
    members = {id_: group["n"].to_list() for (id_,), group in seats.group_by("id", maintain_order=True)}
    costs = dict(plan.numbered.costs.select("id", "counted").iter_rows())
    held = (
        plan.sessions.join(frames.territories.select("t", host="territory"), on="host")
        .join(frames.sessions.select("session", "s"), on="session")
        .join(frames.partners.select("partner", "p"), on="partner", how="left")
        .join(frames.trainers.select("trainer", "r"), on="trainer", how="left")
    )
    new = held.filter(~pl.col("booked")).join(
        inputs.places.filter(~pl.col("booked")).select("g", "t", "s"), on=["t", "s"]
    )
    for row in new.filter(pl.col("date").is_in(list(inputs.open_days["date"]))).iter_rows(named=True):
        if row["g"] not in draft.sessions and row["r"] is not None and row["p"] is not None:
            euros = costs[row["id"]]
            cents = round((inputs.dearest if euros is None else euros) * 100)
            day = row["date"].toordinal()
            draft.months.setdefault((row["r"], tables.month[day]), 0)
            draft.add(Option(0.0, row["g"], row["r"], row["p"], day, cents, tuple(members.get(row["id"], ()))))
    booked = held.filter("booked").join(inputs.places.filter("booked").select("g", "id"), on="id")
    for g, id_ in booked.select("g", "id").iter_rows():
        draft.seat(g, members.get(id_, ()))
    return draft
