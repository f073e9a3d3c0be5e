"""The worlds of a run: what is known in all of them on a day, and their history."""

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Self

import numpy as np
import polars as pl

from prai_match.calendar import EPOCH, day_number
from prai_match.followups import Estimates, FollowUps, History, count, learn
from prai_match.model import Attendance, Blackout, HeldSession, Need, ProgrammeData, Reading, Rows
from prai_match.needs import STATES
from prai_match.offers import NONE, EveryDay, Frames, Memo, Snapshot, Whole
from prai_match.policy import Policy
from prai_match.simulate import _scenario, _state, _summary
from prai_match.simulate._people import NOTHING, Texts
from prai_match.simulate._region import Arrays, Flags, Ints


@dataclass(eq=False)
class Worlds:
    """The frames that don't change, copied for each world, and the declared follow-ups.

    Their memo is kept from the day before: what was computed from them stays valid.
    """

    region: Arrays  # the programme as arrays
    frames: Frames  # of all worlds, without a history
    declared: FollowUps  # before any history
    count: int  # how many worlds there are
    reads_next: bool  # whether the policy reads what is attended next
    extra: pl.DataFrame | None = None  # extra columns, copied for each world

    @classmethod
    def of(cls, region: Arrays, count: int, policy: Policy, extra: pl.DataFrame | None = None) -> Self:
        frames = region.frames
        size = frames.territories.height
        own = [] if extra is None else [extra.with_columns(pl.col("t") + world * size) for world in range(count)]
        known = pl.col("date") < dt.date.fromordinal(region.start)
        past = {name: getattr(frames, name).filter(known) for name in ("decisions", "replies", "answers")}
        past |= {
            name: getattr(frames, name).clear() for name in ("needs", "attendances", "held", "expected", "bookings")
        }
        declared = FollowUps.declared(region.programme.catalogue)
        whole, reads_next = _copies(replace(frames, **past), count), "next_probability" in policy.reads
        return cls(region, whole, declared, count, reads_next, pl.concat(own) if own else None)

    def day(self, state: _state.State, on: dt.date, blackouts: tuple[Blackout, ...]) -> EveryDay:
        """Return what is known on a day in all worlds, with the blackouts known then, under the council in office."""
        region = self.region
        days = replace(self.frames.days, calendar=self.frames.calendar.model_copy(update={"blackouts": blackouts}))
        self.frames = replace(self.frames, memo=self.frames.memo.given(**state.facts()))
        frames = replace(self.frames, days=days)
        visits, edges = frames.visits.rows, self.declared.numbered
        history, shape = History(visits["t"], visits["s"], visits["date"]), state.last.shape
        today, horizon = day_number(on), region.programme.offer_horizon_days
        longest = today - int(history.days.min(initial=today))

        def learned(reading: Reading) -> Estimates:
            return learn(edges, count(edges, history, today, shape, blackouts, longest, reading), horizon)

        money = state.left()
        totals = Whole(
            people=np.full(self.count, float(region.frames.territories["population"].sum())),
            served=state.event_count.astype(np.float64),
            budget_left=np.full(self.count, np.nan) if money is None else money / 100,
            ratings=state.ratings(),
            estimates=learned("eventually"),
            by_next=learned("next") if self.reads_next else (),
        )
        return EveryDay.of(Snapshot(frames, on, self.declared, self.extra, totals)).views[0]


def interest(day: EveryDay, shape: tuple[int, int, int]) -> tuple[Ints, Flags]:
    """Return how many people are interested in each session, and where all needs are for an unknown number of them."""
    size, width, spells = int(np.prod(shape)), shape[2], day.frames.spells.rows
    asks, unsure = day.interested, (day.states == STATES.index("open")) & (spells["people"] == NONE)
    people = np.bincount(asks["t"] * width + asks["s"], asks["people"], size).astype(np.int64).reshape(shape)
    silent = np.bincount((spells["t"] * width + spells["s"])[unsure], minlength=size).reshape(shape) > 0
    return people, silent & (people == 0)


def _copies(frames: Frames, count: int) -> Frames:
    """Return the frames with a copy of all territories, relays and trainers for each world, without history."""
    worlds = pl.DataFrame({"w": range(count)}, schema={"w": pl.UInt32})
    squares = frames.territories["z"].n_unique()
    sizes = {
        "t": frames.territories.height,
        "d": frames.departements.height,
        "p": frames.partners.height,
        "r": frames.trainers.height,
        "c": frames.collectivities,
        "z": squares,
        "z_near": squares,
    }

    def copies_of(frame: pl.DataFrame) -> pl.DataFrame:
        numbers = [
            (pl.col(name) + pl.col("w") * size).cast(frame.schema[name]).alias(name)
            for name, size in sizes.items()
            if name in frame.columns
        ]
        own = frame.drop("w", strict=False)
        return worlds.join(own, how="cross", maintain_order="left_right").with_columns(numbers).select(frame.columns)

    tables = ("territories", "departements", "partners", "covers", "carries", "hosted_before", "trainers")
    also = ("expertise", "free", "taken", "near", "reach", "decisions", "replies", "answers")
    copies: dict[str, Any] = {name: copies_of(getattr(frames, name)) for name in (*tables, *also)}
    return replace(frames, **copies, collectivities=frames.collectivities * count, budget=None, memo=Memo())


@dataclass(eq=False)
class Trace:
    """The complete history of the worlds of a run."""

    region: Arrays
    scenario: _scenario.Scenario
    texts: Texts  # the texts of needs
    state: _state.State  # the worlds at their end
    measures: _summary.Measures  # the counts
    policy: Policy

    def programme(self, world: int = 0) -> ProgrammeData:
        """Return the programme at the end of a world, with the simulated history added to its own.

        Needs have their texts; attendances are those of one collectivity per territory.
        """
        whole, start = self.region.programme, dt.date.fromordinal(self.region.start)
        budget, lost = whole.budget, Decimal(int(self.state.lost[world])) / 100
        if budget is not None and lost:
            budget = budget.model_copy(update={"other_spending": budget.other_spending + lost})
        before = pl.col("date") < start
        sessions = whole.sessions.to_polars().filter(pl.coalesce("booked_on", "date") < start)
        parts: dict[str, tuple[type[Any], pl.DataFrame, pl.DataFrame]] = {
            "needs": (Need, whole.needs.to_polars().filter(before), self._needs(world)),
            "sessions": (HeldSession, sessions, self._sessions(world)),
            "attendances": (Attendance, whole.attendances.to_polars().filter(before), self._attendances(world)),
        }
        history: dict[str, Rows[Any]] = {
            name: Rows.over(row, pl.concat([old, new.select(pl.col(c).cast(t) for c, t in old.schema.items())]))
            for name, (row, old, new) in parts.items()
        }
        known = pl.col("held").is_null() | pl.col("held").is_in(sessions["id"].implode())
        decisions = Rows.over(whole.decisions.row, whole.decisions.to_polars().filter(before, known))
        expected = whole.registrations.to_polars().filter(pl.col("session").is_in(sessions["id"].implode()))
        history["registrations"] = Rows.over(whole.registrations.row, expected)
        return whole.model_copy(update={**history, "decisions": decisions, "budget": budget})

    def _codes(self, name: str, code: str) -> Any:  # noqa: ANN401 - an array of texts
        return np.array([*getattr(self.region.frames, name)[code], None], object)  # the last one stands for -1, none

    def _needs(self, world: int) -> pl.DataFrame:
        rows = _rows(self.state.requests, world, ("c", "text", "day", "people", "after", "channel"))
        sessions = self._codes("sessions", "form")
        names = np.array([*sorted(self.scenario.behaviour.channels), None], object)
        channels = np.where(rows["after"] == NOTHING, names[rows["channel"]], sessions[rows["after"]])
        text: pl.DataFrame = self.texts.frame[rows["text"]]
        return text.with_columns(
            pl.Series("collectivity", self.region.collectivities[rows["c"]]),
            _dates("date", rows["day"]),
            pl.Series("channel", list(channels), pl.String),
            pl.Series("people", rows["people"]),
            score=pl.lit(None, pl.Float64),
        )

    def _sessions(self, world: int) -> pl.DataFrame:
        sessions = self.state.sessions
        new = sessions.only((sessions.world == world) & (sessions.known >= self.region.start))
        frame = pl.DataFrame(
            {
                "session": self._codes("sessions", "session")[new.session],
                "host": self._codes("territories", "territory")[new.host],
                "axis": pl.Series(list(self._codes("axes", "axis")[new.axis]), dtype=pl.String),
                "partner": self._codes("partners", "partner")[new.relay],
                "trainer": self._codes("trainers", "trainer")[new.trainer],
                "cost": pl.Series(new.cents).set(pl.Series(new.cents < 0), None).cast(pl.Decimal(12, 2)) / 100,
            }
        ).with_columns(_dates("date", new.day), _dates("booked_on", new.known))
        return frame.with_columns(id=pl.format("{}-{}-{}", "date", "session", "host"))

    def _attendances(self, world: int) -> pl.DataFrame:
        rows = _rows(self.state.came, world, ("c", "s", "day", "elected", "technicians", "rating", "host"))
        frame = pl.DataFrame(
            {
                "collectivity": self.region.collectivities[rows["c"]],
                "session": self._codes("sessions", "session")[rows["s"]],
                "elected": rows["elected"],
                "technicians": rows["technicians"],
                "rating": pl.Series(rows["rating"], dtype=pl.Float64, nan_to_null=True),
                "host": self._codes("territories", "territory")[rows["host"]],
            }
        ).with_columns(_dates("date", rows["day"]))
        return frame.with_columns(held=pl.format("{}-{}-{}", "date", "session", "host"))


def _rows(parts: list[dict[str, Any]], world: int, names: tuple[str, ...]) -> dict[str, Any]:
    none = np.zeros(0, np.int64)
    return {name: np.concatenate([none, *(part[name][part["w"] == world] for part in parts)]) for name in names}


def _dates(name: str, ordinals: Any) -> pl.Series:  # noqa: ANN401 - an array
    return pl.Series(name, (ordinals - EPOCH).astype(np.int32)).cast(pl.Date)
