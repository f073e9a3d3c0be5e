"""All that happened in the worlds of a run, one of them as a programme, and what a month of them is decided from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from prai_match.calendar import EPOCH
from prai_match.model import Attendance, HeldSession, Need, Rows
from prai_match.simulate._requests import NOTHING

if TYPE_CHECKING:
    from prai_match.model import Blackout, ProgrammeData
    from prai_match.simulate._behaviour import Behaviour
    from prai_match.simulate._draws import Flags, Ints
    from prai_match.simulate._measures import Measures
    from prai_match.simulate._region import Arrays
    from prai_match.simulate._requests import Texts
    from prai_match.simulate._state import State
    from prai_match.simulate._worlds import Offers


@dataclass(eq=False)
class Trace:
    """All that happened in the worlds of a run."""

    region: Arrays
    texts: Texts  # what was said
    state: State  # the worlds as they ended
    measures: Measures  # what was counted

    def programme(self, behaviour: Behaviour, world: int = 0) -> ProgrammeData:
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
            "needs": (Need, whole.needs.to_polars().filter(before), self._needs(behaviour, world)),
            "sessions": (HeldSession, sessions, self._sessions(world)),
            "attendances": (Attendance, whole.attendances.to_polars().filter(before), self._attendances(world)),
        }
        history: dict[str, Rows[Any]] = {
            name: Rows.over(row, pl.concat([old, new.select(pl.col(c).cast(t) for c, t in old.schema.items())]))
            for name, (row, old, new) in parts.items()
        }
        return whole.model_copy(update={**history, "budget": budget})

    def _codes(self, name: str, code: str) -> Any:  # noqa: ANN401 - an array of texts
        return np.array([*getattr(self.region.frames, name)[code], None], object)  # the last stands for -1: none

    def _needs(self, behaviour: Behaviour, world: int) -> pl.DataFrame:
        rows = _rows(self.state.requests, world, ("c", "text", "day", "people", "after", "channel"))
        sessions = self._codes("sessions", "kind")
        names = np.array([*sorted(behaviour.channels), None], object)
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
    """Return the rows of a world, month after month."""
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
    buffets: bool  # whether buffets are held
