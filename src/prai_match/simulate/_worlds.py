"""The worlds of a run: what the recommender offers in all of them, what happened, and what a month is decided from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from prai_match import recommend
from prai_match.calendar import EPOCH
from prai_match.followups import STRENGTH, FollowUps, observed
from prai_match.model import Attendance, Blackout, HeldSession, Need, ProgrammeData, Rows
from prai_match.offers import Frames, Snapshot, Whole
from prai_match.simulate._people import NOTHING, Texts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from prai_match.policy import Policy
    from prai_match.simulate._draws import Flags, Floats, Ints
    from prai_match.simulate._region import Arrays
    from prai_match.simulate._scenario import Scenario
    from prai_match.simulate._state import State
    from prai_match.simulate._summary import Measures


@dataclass(frozen=True, eq=False)
class Offers:
    """What the recommender offers, by world, territory and session."""

    possible: Flags  # (W, T, S) whether it is
    score: Floats  # (W, T, S) its score; 0 where it isn't
    axis: Ints  # (W, T, S) the axis ``x`` asked for
    relay: Ints  # (W, T, S) the best relay ``p``
    trainer: Ints  # (W, T, S) the best trainer ``r``
    lags: Ints  # (W, S, S) the usual lag, as learned, where one session leads to another, days; -1: it doesn't


@dataclass(frozen=True, eq=False)
class Worlds:
    """The frames that don't change, a copy for each world, and the declared follow-ups."""

    region: Arrays  # the programme as arrays
    frames: Frames  # of all worlds, without a history
    edges: pl.DataFrame  # declared follow-ups by number: ``source``, ``target``, ``prior`` and ``lag_days``
    declared: FollowUps  # the same as a graph
    count: int  # how many worlds there are
    extra: pl.DataFrame | None = None  # columns of one's own, a copy for each world

    @classmethod
    def of(cls, region: Arrays, count: int, extra: pl.DataFrame | None = None) -> Worlds:
        frames = region.frames
        declared = FollowUps.declared(region.programme.catalogue)
        number = frames.sessions.select("session", "s")
        edges = (
            declared.edges()
            .join(number.rename({"session": "source", "s": "source_s"}), on="source")
            .join(number.rename({"session": "target", "s": "target_s"}), on="target")
            .select("prior", "lag_days", source="source_s", target="target_s")
        )
        size = frames.territories.height
        own = [] if extra is None else [extra.with_columns(pl.col("t") + world * size) for world in range(count)]
        known = pl.col("date") < dt.date.fromordinal(region.start)
        names = ("decisions", "replies", "answers")
        past = {name: getattr(frames, name).filter(known) for name in names}
        frames = replace(frames, **past, bookings=frames.bookings.clear())
        return cls(region, _copies(frames, count), edges, declared, count, pl.concat(own) if own else None)

    def offers(self, state: State, on: dt.date, policy: Policy, blackouts: tuple[Blackout, ...]) -> Offers:
        """Return what is offered on a day to every territory of every world, with the blackouts that are known."""
        edges = self._edges(state, on)
        calendar = self.frames.calendar.model_copy(update={"blackouts": blackouts})
        frames = replace(self._frames(state), held=state.frame(), calendar=calendar)
        snapshot = Snapshot(frames, on, self.declared, self.extra, self._whole(state, edges))
        state.hear(snapshot.open_needs)
        sessions = self.frames.sessions.height
        ranked = recommend.rank(snapshot, policy, sessions, self.frames.territories).offers
        return self._laid_out(ranked, edges)

    def open_needs(self, state: State, on: dt.date) -> pl.DataFrame:
        """Return the needs of all worlds that are open on a day."""
        return Snapshot(self._frames(state), on, self.declared, None).open_needs

    def _frames(self, state: State) -> Frames:
        return replace(self.frames, needs=state.needs.drop("w"), attendances=state.attendances.drop("w"))

    def _edges(self, state: State, on: dt.date) -> pl.DataFrame:
        """Return the follow-ups as each world learned them: ``w``, ``s``, ``s_next``, ``probability``, ``lag_days``."""
        came = state.attendances.select("w", "date", territory="t", session="s")
        counts = observed(self.edges, came, on, strength=STRENGTH, by=("w",))
        worlds = pl.DataFrame({"w": range(self.count)}, schema={"w": pl.UInt32})
        return (
            worlds.join(self.edges.rename({"lag_days": "usual"}), how="cross")
            .join(counts, on=["w", "source", "target"], how="left")
            .select(
                *("w", pl.col("source").alias("s"), pl.col("target").alias("s_next")),
                probability=pl.coalesce("probability", "prior"),
                lag_days=pl.coalesce("lag_days", "usual"),
            )
        )

    def _whole(self, state: State, edges: pl.DataFrame) -> Whole:
        people = float(self.region.frames.territories.select(pl.col("population").sum()).item())
        money = state.left()
        totals = pl.DataFrame(
            {
                "people": np.full(self.count, people),
                "served": state.event_count.astype(np.float64),
                "budget_left": [None] * self.count if money is None else money / 100,
            },
            schema=dict.fromkeys(("people", "served", "budget_left"), pl.Float64),
        )
        # As the engine adds them up: a sum of floats depends on its order.
        ratings = (
            state.attendances.drop_nulls("rating")
            .group_by("w", "s", "rating")
            .agg(times=pl.len())
            .sort("w", "s", "rating")
            .group_by("w", "s", maintain_order=True)
            .agg(session_rating=(pl.col("rating") * pl.col("times")).sum() / pl.sum("times"))
        )
        return Whole(totals, ratings, edges.drop("lag_days"))

    def _laid_out(self, ranked: pl.DataFrame, edges: pl.DataFrame) -> Offers:
        region = self.region
        territories, sessions = len(region.size), len(region.workshop)
        shape = (self.count, territories, sessions)
        place = ranked["t"].cast(pl.Int64).to_numpy() * sessions + ranked["s"].cast(pl.Int64).to_numpy()
        world = ranked["t"].cast(pl.Int64).to_numpy() // max(1, territories)

        def laid(values: NDArray[Any], nothing: float) -> Any:  # noqa: ANN401 - an array of the values' type
            cells = np.full(self.count * territories * sessions, nothing, values.dtype)
            cells[place] = values
            return cells.reshape(shape)

        lags = np.full((self.count, sessions, sessions), -1, np.int64)
        w, s, s_next = (edges[name].cast(pl.Int64).to_numpy() for name in ("w", "s", "s_next"))
        lags[w, s, s_next] = edges["lag_days"].to_numpy()
        x, p, r = (ranked[name].cast(pl.Int64).to_numpy() for name in ("x", "p", "r"))
        return Offers(
            lags=lags,
            possible=laid(np.ones(len(place), bool), False),  # noqa: FBT003 - where nothing is
            score=laid(ranked["score"].to_numpy(), 0.0),
            axis=laid(x, 0),
            relay=laid(p - world * region.frames.partners.height, -1),
            trainer=laid(r - world * region.frames.trainers.height, -1),
        )


def _copies(frames: Frames, count: int) -> Frames:
    """Return the frames with a copy of every territory, relay and trainer in each world, and no history."""
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
        wide = worlds.join(own, how="cross", maintain_order="left_right").with_columns(numbers)
        return wide.select(frame.columns)

    tables = ("territories", "departements", "partners", "covers", "carries", "hosted_before", "trainers")
    also = ("expertise", "free", "taken", "near", "reach", "decisions", "replies", "answers")
    copies: dict[str, Any] = {name: copies_of(getattr(frames, name)) for name in (*tables, *also)}
    return replace(frames, **copies, collectivities=frames.collectivities * count, budget=None)


@dataclass(eq=False)
class Trace:
    """All that happened in the worlds of a run."""

    region: Arrays
    scenario: Scenario
    texts: Texts  # what was said
    state: State  # the worlds as they ended
    measures: Measures  # what was counted

    def programme(self, world: int = 0) -> ProgrammeData:
        """Return the programme as it stands in a world, with the history of the simulation on top of its own.

        Needs have the texts that were said; attendances are of one collectivity a territory.
        """
        whole, start = self.region.programme, dt.date.fromordinal(self.region.start)
        budget = whole.budget
        lost = Decimal(int(self.state.lost[world])) / 100
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
        decisions = Rows.over(whole.decisions.row, whole.decisions.to_polars().filter(before))
        return whole.model_copy(update={**history, "decisions": decisions, "budget": budget})

    def _codes(self, name: str, code: str) -> Any:  # noqa: ANN401 - an array of texts
        return np.array([*getattr(self.region.frames, name)[code], None], object)  # the last stands for -1: none

    def _needs(self, world: int) -> pl.DataFrame:
        rows = _rows(self.state.requests, world, ("c", "text", "day", "people", "after", "channel"))
        sessions = self._codes("sessions", "kind")
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
        axes = self._codes("axes", "axis")
        frame = pl.DataFrame(
            {
                "session": self._codes("sessions", "session")[new.session],
                "host": self._codes("territories", "territory")[new.host],
                "axis": pl.Series(list(axes[new.axis]), dtype=pl.String),
                "partner": self._codes("partners", "partner")[new.relay],
                "trainer": self._codes("trainers", "trainer")[new.trainer],
                "cost": pl.Series(new.cents).set(pl.Series(new.cents < 0), None).cast(pl.Decimal(12, 2)) / 100,
            }
        ).with_columns(_dates("date", new.day), _dates("booked_on", new.known))
        return frame.with_columns(id=pl.format("{}-{}-{}", "date", "session", "host"))

    def _attendances(self, world: int) -> pl.DataFrame:
        names = ("c", "s", "day", "elected", "technicians", "rating", "host")
        rows = _rows(self.state.came, world, names)
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


@dataclass(frozen=True, eq=False)
class DecisionMonth:
    """A month to decide on, in every world."""

    trace: Trace  # what happened so far
    offers: Offers
    people: Ints  # (W, T, S) who would come
    slots: Ints  # (W, P) sessions that each relay has time for
    today: int  # ordinal of the day of the decision
    first: int  # ordinal of the first day after the notice
    open: Flags  # (L,) whether a session can be held on each day from there
    blackouts: tuple[Blackout, ...]  # those that are known
