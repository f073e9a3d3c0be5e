"""Worlds as they begin: each with the history of the programme until the first day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from prai_match.calendar import EPOCH
from prai_match.simulate._state import Bookings, State

if TYPE_CHECKING:
    import datetime as dt

    from prai_match.simulate._region import Region


def begin(region: Region, count: int, start: dt.date) -> State:
    """Return ``count`` worlds with what was known before ``start``: needs, attendances, sessions held or booked."""
    state = State.empty(region, count)
    state.renewal = region.renewal(start.toordinal())
    frames = region.frames
    before = pl.col("date") < start
    needs = frames.needs.filter(before).with_columns(pl.col("chosen").cast(pl.Int64))
    attendances = frames.attendances.filter(before)
    state.ask(_each(needs, count, ("c", "s", "x", "score", "people", "chosen")))
    state.attend(_each(attendances, count, ("c", "s", "elected", "technicians", "rating")))
    sessions = _sessions(region, count, start)
    past = sessions.day < start.toordinal()
    state.held = sessions.only(past)
    state.book(sessions.only(~past))
    return state


_PEOPLE = frozenset({"people", "elected", "technicians"})


def _each(frame: pl.DataFrame, count: int, columns: tuple[str, ...]) -> dict[str, Any]:
    """Return the rows once for each world; a number of people that isn't known is -1."""
    w = np.repeat(np.arange(count), frame.height)
    rows: dict[str, Any] = {"w": w, "day": np.tile(_ordinals(frame["date"]), count)}
    for name in columns:
        column = frame[name].cast(pl.Float64).fill_null(-1.0 if name in _PEOPLE else float("nan")).to_numpy()
        if name not in {"score", "rating"}:
            column = column.astype(np.int64)
        rows[name] = np.tile(column, count)
    return rows


def _ordinals(dates: pl.Series) -> Any:  # noqa: ANN401 - an array
    return dates.to_physical().cast(pl.Int64).to_numpy() + EPOCH


def _sessions(region: Region, count: int, start: dt.date) -> Bookings:
    """Return the sessions known before the first day; who is invited to those that are booked is not known."""
    frames = region.frames
    core = frames.axes.filter(pl.col("axis").is_null()).select("s", "x")
    numbers = (
        region.programme.sessions.to_polars()
        .with_columns(known=pl.coalesce("booked_on", "date"))
        .filter(pl.col("known") < start)
        .join(frames.sessions.select("session", "s"), on="session")
        .join(core, on="s")
        .join(frames.territories.select("t", host="territory"), on="host", how="left")
        .join(frames.partners.select("partner", "p"), on="partner", how="left")
        .join(frames.trainers.select("trainer", "r"), on="trainer", how="left")
        .sort("date", "id")
    )

    def column(name: str) -> Any:  # noqa: ANN401 - an array
        return np.tile(numbers[name].cast(pl.Int64).fill_null(-1).to_numpy(), count)

    return Bookings(
        world=np.repeat(np.arange(count), numbers.height),
        session=column("s"),
        host=column("t"),
        axis=column("x"),
        relay=column("p"),
        trainer=column("r"),
        day=np.tile(_ordinals(numbers["date"]), count),
        known=np.tile(_ordinals(numbers["known"]), count),
        cents=np.tile((numbers["cost"].cast(pl.Float64) * 100).round().fill_null(-1).cast(pl.Int64).to_numpy(), count),
        invited=np.zeros((numbers.height * count, len(region.size)), np.int64),
    )
