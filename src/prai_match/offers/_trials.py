"""Trials on a day: territories with additional facts, each surrounded by its unchanged neighbours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple, Self

import numpy as np
import polars as pl

from prai_match.followups import Estimates, FollowUps
from prai_match.offers._extra import renumbered
from prai_match.offers._facts import NONE, Array, Asks, Edges, Groups, Ints, NeedDecisions, Refusals, Spells, Visits
from prai_match.offers._frames import Frames
from prai_match.offers._snapshot import Snapshot
from prai_match.offers._tables import STATED
from prai_match.policy import Values

Rows = list[tuple[int, ...]]


class TrialFacts(NamedTuple):
    """What trials add, in rows of whole numbers that begin with the number of the trial; days are numbers too."""

    needs: Rows  # ``t``, ``c``, ``s``, ``x`` (`NONE`: no axis was chosen), ``people`` and ``date``
    attendances: Rows  # ``t``, ``c``, ``s``, ``elected``, ``technicians`` and ``date``
    decisions: Rows  # ``t``, ``c``, ``s``, ``date`` and whether it withdraws a need, or else confirms it


@dataclass(frozen=True, eq=False)
class Trials(Snapshot):
    """The territories of trials on a day, by the number of the trial; then each of them once, unchanged."""

    day: Snapshot = field(kw_only=True)
    places: Ints = field(kw_only=True)  # the territories on the day
    same: Ints = field(kw_only=True)  # of each trial, the number of the same territory as it is

    def column(self, name: str) -> Values:
        """Return a column at its level: only territories aren't those of the day."""
        level = self.levels[name]
        if level.startswith(("territory", "start")):
            return super().column(name)
        values, worlds = self.day.column(name), len(self.whole.people)
        return values.take(np.tile(np.arange(values.value.size), worlds)) if level.startswith("world") else values

    @property
    def hosting(self) -> Snapshot:
        return self.day

    @property
    def homes(self) -> Ints:
        return self.places

    @property
    def alike(self) -> Ints:
        return self.same

    @property
    def edges(self) -> Edges:
        """Those of the day: how probable they are in each world is known of the whole."""
        return self.day.edges

    def _under(self, council: Ints) -> Self:
        after = replace(self, council=council, day=self.day.views[int(council[:1].sum())])
        after.__dict__.update({"whole": self.whole})
        return after

    @cached_property
    def people_around(self) -> Array:
        own = self.interest
        return self.day.people_around[self.day.frames.number_of("t", "z")[self.places]] + own - own[self.alike]


def trials(day: Snapshot, places: Sequence[int], facts: TrialFacts, worlds: Sequence[tuple[FollowUps, int]]) -> Trials:
    """Return the trials of territories ``places``, each with its graph and events more; all else is that of the day."""
    which = {world: number for number, world in enumerate(dict.fromkeys(worlds))}
    again, back = np.unique(np.array(places, np.int64), return_inverse=True)
    every, size = np.concatenate([places, again]), len(places) + len(again)
    world = np.array([*(which[each] for each in worlds), *[0] * len(again)])
    whole, sessions = day.whole, day.frames.sessions["session"]
    edges = [day.edges if graph is day.follow_ups else Edges.of(graph, sessions) for graph, _ in which]
    wider = whole._replace(
        people=np.repeat(whole.people, len(which)),
        served=whole.served + [more for _, more in which],
        budget_left=np.repeat(whole.budget_left, len(which)),
        ratings=np.repeat(whole.ratings, len(which), axis=0),
        estimates=Estimates.together(each.estimates for each in edges),
        by_next=tuple(graph for graph, _ in which),
    )
    extra = renumbered(day.extra, pl.Series(every, dtype=pl.UInt32))
    return Trials(
        _frames(day.frames, every, world, facts), day.on, day.follow_ups, extra, wider, day=day, places=every,
        same=np.concatenate([len(places) + back, np.arange(len(places), size)]),
    )  # fmt: skip


def _frames(frames: Frames, places: Ints, worlds: Ints, facts: TrialFacts) -> Frames:
    size, numbers, copies = len(places), np.arange(len(places)), _Copies(places, frames.collectivities)
    needs = _table(facts.needs, "t", "c", "s", "x", "people", "date", score=STATED)
    came = _table(facts.attendances, "t", "c", "s", "elected", "technicians", "date", x=NONE, rating=np.nan)
    said = _table(facts.decisions, "t", "c", "s", "date", "withdraws")
    asks, visits, words, refusals = frames.asks, frames.visits, frames.words, frames.refusals
    declined = Groups.of(refusals.rows["t"], frames.territories.height)
    asked = copies.of(asks.of, {**asks.rows, "score": asks.score}, needs)
    attended = copies.of(visits.of, {**visits.rows, "rating": visits.rating}, came)
    told = copies.of(words.of, {**words.rows, "withdraws": words.withdraws}, said)
    replies = copies.of(declined, {**refusals.rows, "refuses": refusals.refuses})
    booked = {name: values for name, values in frames.guests.items() if name != "t"}
    guests = copies.of(Groups.of(frames.guests["t"], frames.territories.height), booked)
    new = pl.Series(numbers)
    seen = Visits.grouped(attended, attended.pop("rating"), size, frames.sessions.height)
    said_of = NeedDecisions(told, told.pop("withdraws") > 0, Groups.of(told["t"], size))
    spells = Spells.laid_out(
        Asks(asked, asked.pop("score"), Groups.of(asked["t"], size)), seen, said_of, frames.lapse_months, size
    )
    return replace(
        frames,
        territories=frames.territories[places].with_columns(t=new.cast(pl.UInt32), z=new, w=pl.Series(worlds)),
        near=pl.DataFrame({"z": numbers, "z_near": numbers}),
        memo=frames.memo.given(
            guests=guests, visits=seen, spells=spells, refusals=Refusals(replies, replies.pop("refuses"))
        ),
    )


class _Copies:
    """The facts of territories, numbered anew; each collectivity is another one in each."""

    def __init__(self, places: Ints, collectivities: int) -> None:
        self._places, self._collectivities = places, collectivities

    def of(self, of: Groups, facts: Mapping[str, Array], more: Mapping[str, Array] | None = None) -> dict[str, Array]:
        """Return the columns of facts, with those that ``more`` has, and its rows."""
        rows, new = of.rows(self._places)
        own = {name: values[rows] for name, values in facts.items()} | {"t": new}
        if more is not None:
            own = {name: np.concatenate([values, more[name]]) for name, values in own.items() if name in more}
            own |= {"c": own["t"] * self._collectivities + own["c"], "z": own["t"]}
        return own


def _table(rows: Rows, *names: str, **same: float) -> dict[str, Array]:
    """Return rows as columns, with columns that have the same value in each."""
    columns = dict(zip(names, np.array(rows, np.int64).reshape(-1, len(names)).T, strict=True))
    return columns | {name: np.full(len(rows), value) for name, value in same.items()}
