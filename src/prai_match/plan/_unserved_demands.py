"""Why a plan doesn't serve some demands, and what would serve each."""

from collections.abc import Iterable

import polars as pl

from prai_match import explain, offers
from prai_match.model import Lang
from prai_match.packing import ASIDE, STRICT, Demand, Draft, Inputs, Option, Tables, best, groups, tables
from prai_match.plan._conditions import BEHIND, remedy
from prai_match.plan._schedule import Schedule
from prai_match.text import messages

_COLUMNS = {
    **dict.fromkeys(("territory", "session", "axis"), pl.String),
    "score": pl.Float64,
    **dict.fromkeys(("elected", "technicians"), pl.Int64),
    **dict.fromkeys(("label", "rule", "sentence"), pl.String),
}

_NEVER_OFFERED = ("all_attended", "no_need_and_no_buffet")  # reasons of the policy that leave no territory waiting


def unserved(plan: Schedule, lang: Lang) -> pl.DataFrame:
    inputs, blocks, served = plan.inputs, Blocks(plan), set(plan.numbers.seats["n"])
    frames, snapshot, policy = inputs.snapshot.frames, inputs.snapshot, inputs.policy
    furthest = offers.furthest(snapshot, policy, frames.territories.select("t"), alone=True)
    nowhere = _nowhere(inputs, furthest)
    labels = [
        (demand.n, blocks.label(demand, nowhere.get(demand.n, "trainer_expertise")))
        for demand in blocks.tables.demands
        if demand.n not in served
    ]
    rows = [(n, label, remedy(label, inputs.request.each, lang)) for n, label in labels]
    demands = (
        pl.DataFrame(rows, schema={"n": pl.UInt32, "label": pl.String, "sentence": pl.String}, orient="row")
        .join(inputs.demands, on="n")
        .join(frames.territories.select("t", "territory"), on="t")
        .join(frames.axes.select("x", "session", "axis"), on="x")
        .with_columns(rule=pl.lit(None, pl.String))
    )
    return pl.concat([demands.select(*_COLUMNS), _policy(inputs, furthest, lang)]).sort("territory", "session")


_NO_RULE = {"partner": "relay_covers", "trainer": "trainer_expertise"}
_ANY_RULE = {"place": "place", "partner": "relay_rules", "trainer": "trainer_rules"}


def _nowhere(inputs: Inputs, furthest: pl.DataFrame) -> dict[int, str]:
    """Return the label of the condition that refuses demands at their own place, if no host is near."""
    stopped = furthest.filter(pl.col("stage").is_in([*_ANY_RULE]))
    losers = explain.losers(inputs.snapshot, inputs.policy, stopped, furthest.clear(), None)
    reads = {rule.id: rule.condition.columns for rule in inputs.policy.requirements}

    def label(stage: str, rule: str | None) -> str:
        if rule not in reads:
            return _NO_RULE.get(stage, _ANY_RULE[stage])
        return next((label for name, label in BEHIND.items() if name in reads[rule]), _ANY_RULE[stage])

    rows = stopped.select("t", "s").hstack(losers.select("stage", "rule")).join(inputs.demands, on=["t", "s"])
    return {n: label(stage, rule) for n, stage, rule in rows.select("n", "stage", "rule").iter_rows()}


def _policy(inputs: Inputs, furthest: pl.DataFrame, lang: Lang) -> pl.DataFrame:
    """Return the sessions that rules refuse to waiting territories."""
    losers = explain.losers(inputs.snapshot, inputs.policy, furthest.filter(stage="session"), furthest.clear(), lang)
    return (
        losers.filter(~pl.col("reason").is_in([*_NEVER_OFFERED]))
        .with_columns(label=pl.lit("policy"), elected=pl.lit(None), technicians=pl.lit(None))
        .with_columns(sentence=pl.format(messages("prai_match.plan", "plan", lang)["to_meet"], "sentence"))
        .select(pl.col(name).cast(kind) for name, kind in _COLUMNS.items())
    )


class Blocks:
    """A plan, and the conditions that block adding each demand to it."""

    def __init__(self, plan: Schedule) -> None:
        self.tables = tables(plan.inputs, plan.weights)
        self.draft = _draft(self.tables, plan)
        self._unpriced = set(plan.inputs.unpriced["g"])
        new = ((g, seats) for g, seats in self.tables.seats.items() if not self.tables.places[g].booked)
        self._around: dict[int, list[int]] = groups((n, g) for g, seats in new for n in seats)

    def label(self, demand: Demand, nowhere: str) -> str:
        """Return the label of what blocks a demand: ``nowhere`` without a host near, ``better`` for better sessions."""
        tables, around = self.tables, self._around.get(demand.n, [])
        if not tables.days:
            counts = tables.inputs.days["closed"].drop_nulls().value_counts()
            return str(counts.sort("count", "closed", descending=True)["closed"][0])
        if tables.since(demand, tables.begin) > min(tables.last, demand.end):
            return "lag"
        if not around:
            return nowhere
        if not any(g in tables.leads for g in around):
            return "priced" if any(g in self._unpriced for g in around) else "trainer_expertise"
        if not any(g in tables.relays for g in around):
            return "relay_covers"
        return self._in_the_way(demand, around)

    def _in_the_way(self, demand: Demand, around: list[int]) -> str:
        tables = self.tables
        people = {g: sum(tables.demands[n].sure for n in tables.seats[g]) for g in around}
        if all(people[g] < tables.places[g].least for g in around):
            return "seats_min"
        if self.draft.count.get(demand.t, 0) >= self.tables.inputs.request.each:
            return "each"
        return self.at(demand.n, around)

    def at(self, n: int, around: Iterable[int]) -> str:
        """Return the label of the only condition that blocks adding a session for a demand at some places."""
        places = [self.tables.places[g] for g in around]
        options = ((best(self.draft, place, without), label) for without, label in _WITHOUT for place in places)
        return next((label for option, label in options if option and n in option.members), "seats_min")


# Conditions that are dropped one after the other, and the label to report for each.
_WITHOUT: tuple[tuple[frozenset[str], str], ...] = (
    (STRICT, "better"),
    *((frozenset({label}), label) for label in ASIDE),
    (frozenset(ASIDE) - {"lag", "territory_day"}, "trainer_free"),
)


def _draft(tables: Tables, plan: Schedule) -> Draft:
    """Return a plan as a draft, without sessions and seats that the inputs don't have."""
    draft, inputs, numbers = Draft(tables), plan.inputs, plan.numbers
    seats = numbers.seats.drop_nulls("n").unique("n", keep="first", maintain_order=True)
    members = {id_: group["n"].to_list() for (id_,), group in seats.group_by("session", maintain_order=True)}
    new = (
        numbers.costs.with_columns(pl.col("counted").fill_null(inputs.dearest))
        .drop_nulls(["r", "p"])
        .join(inputs.places.filter(~pl.col("booked")).select("g", "t", "s"), on=["t", "s"], maintain_order="left")
        .join(inputs.open_days, on="date", how="semi", maintain_order="left")
        .unique("g", keep="first", maintain_order=True)
    )
    for id_, g, r, p, date, euros in new.select("id", "g", "r", "p", "date", "counted").iter_rows():
        draft.add(Option(0.0, g, r, p, date.toordinal(), round(euros * 100), tuple(members.get(id_, ()))))
    booked = numbers.sessions.filter("booked").join(inputs.places.filter("booked").select("g", "id"), on="id")
    for g, id_ in booked.select("g", "id").iter_rows():
        draft.seat(g, members.get(id_, ()))
    return draft
