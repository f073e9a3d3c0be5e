"""The columns of a day that don't depend on territories: of the programme, of sessions, relay partners and trainers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from prai_match.calendar import NEVER
from prai_match.offers._facts import Array, Ints
from prai_match.offers._outcomes import RATES, maybe, rates
from prai_match.policy import Values

if TYPE_CHECKING:
    from prai_match.offers._day import Day

_YEAR_DAYS, _MONTH_DAYS = 365, 30


def days_since(day: int, dates: Ints) -> Values:
    """Return how many days before ``day`` each date is; unknown where there is none."""
    never, since = np.abs(dates) == NEVER, (day - dates).astype(np.float64)
    return Values(np.where(never, 0.0, since), ~never) if never.any() else Values(since)


def _programme(day: Day) -> dict[str, Values]:
    blackouts, worlds = day.frames.calendar.blackouts, len(day.whole.people)
    return {
        "in_blackout": Values(np.full(worlds, any(each.start <= day.on <= each.end for each in blackouts))),
        "budget_left": maybe(day.whole.budget_left),
        "days_since_renewal": days_since(day.today, np.full(worlds, day.renewed)),
    }


def _partners(day: Day) -> dict[str, Values]:
    partners, held = day.frames.actors("partners"), day.frames.booked.rows
    near = day.held & (held["p"] >= 0) & (np.abs(held["date"] - day.today) < _YEAR_DAYS)
    carried = np.bincount(held["p"][near], minlength=day.frames.partners.height)
    return {"partner_present": Values(_present(day, partners)), "partner_room": maybe(partners["most"] - carried)}


def _hosts(day: Day) -> dict[str, Values]:
    """Return what depends on the département and the relay partner."""
    frames, held = day.frames, day.frames.booked.rows
    pairs, size = frames.pairs, len(frames.pairs.p)
    covers = np.zeros(size, bool)
    covers[pairs.row(frames.numbers("covers", "d", "p"))] = True
    before = frames.numbers("hosted_before", "d", "p", "sessions")
    past = day.held & (held["p"] >= 0) & (held["d"] >= 0) & (held["date"] <= day.today)
    hosted = np.bincount(pairs.row(before), before["sessions"], size).astype(np.float64)
    hosted += np.bincount(pairs.row({name: held[name][past] for name in "dp"}), minlength=size)
    return {"partner_covers": Values(covers), "partner_hosted": Values(hosted)}


def _present(day: Day, actors: Mapping[str, Array]) -> Array:
    """Tell who has come and hasn't left."""
    since, until = actors["since"], actors["until"]
    return np.asarray(((since == NEVER) | (since <= day.today)) & (until >= day.today))


def _trainers(day: Day) -> dict[str, Values]:
    trainers, held = day.frames.actors("trainers"), day.frames.booked.rows
    leads = day.held & (held["r"] >= 0)
    r, date, free = held["r"][leads], held["date"][leads], _first_free(day)
    around = np.bincount(r[np.abs(date - free[r]) <= _MONTH_DAYS], minlength=len(free))
    wait = days_since(int(day.open_days[0]) if len(day.open_days) else NEVER, free)
    # Two months of sessions are full; a trainer who takes none is full from the start.
    with np.errstate(divide="ignore", invalid="ignore"):
        load = around / (2 * trainers["most"])
    return {
        "day": Values(free),
        "trainer_present": Values(_present(day, trainers)),
        "trainer_wait_days": Values(0.0 - wait.value, wait.known),
        "trainer_load": maybe(np.where(np.isnan(load) & ~np.isnan(trainers["most"]), 1.0, load)),
    }


def _first_free(day: Day) -> Ints:
    """Return the first day on which each trainer is free: not taken, in a month that isn't full, in a free period."""
    frames, held, days = day.frames, day.frames.booked.rows, day.open_days
    size, most = frames.trainers.height, frames.actors("trainers")["most"]
    if not len(days):
        return np.full(size, NEVER)
    leads = day.held & (held["r"] >= 0)
    r, date = held["r"][leads], held["date"][leads]
    free = np.ones((size, len(days)), bool)
    taken = frames.numbers("taken", "r", "date")
    for who, when in ((r, date), (taken["r"], taken["date"])):
        place = np.minimum(np.searchsorted(days, when), len(days) - 1)
        here = days[place] == when
        free[who[here], place[here]] = False
    first, last = _months(days[[0, -1]])
    then = _months(date) - first
    inside = (then >= 0) & (then <= last - first)
    booked = np.zeros((size, int(last - first) + 1))
    np.add.at(booked, (r[inside], then[inside]), 1)
    if (full := booked >= most[:, None]).any():
        free &= ~full[:, _months(days) - first]
    periods = frames.numbers("free", "r", "start", "end")
    if len(periods["r"]):
        bounds = np.zeros((size, len(days) + 1), np.int64)
        np.add.at(bounds, (periods["r"], np.searchsorted(days, periods["start"])), 1)
        np.add.at(bounds, (periods["r"], np.searchsorted(days, periods["end"], side="right")), -1)
        free &= ~np.isin(np.arange(size), periods["r"])[:, None] | (np.cumsum(bounds, axis=1)[:, :-1] > 0)
    return np.where(free.any(axis=1), days[free.argmax(axis=1)], NEVER)


def _months(days: Ints) -> Ints:
    return days.view("datetime64[D]").astype("datetime64[M]").view(np.int64)


Source = tuple[str, tuple[str, ...], Callable[["Day"], dict[str, Values]]]


def _rates(level: str, of: Literal["kind", "partner", "trainer"]) -> Source:
    return level, tuple(sorted(name for name in RATES if name.startswith(f"{of}_"))), lambda day: rates(day, of)


# Where columns stand that are worked out for a day, and what works them out.
SOURCES: Final[tuple[Source, ...]] = (
    ("world", ("in_blackout", "budget_left", "days_since_renewal"), _programme),
    ("world session", ("session_rating",), lambda day: {"session_rating": maybe(day.whole.ratings.ravel())}),
    _rates("world session", "kind"),
    ("partner", ("partner_present", "partner_room"), _partners),
    _rates("partner", "partner"),
    ("departement partner", ("partner_covers", "partner_hosted"), _hosts),
    ("trainer", ("day", "trainer_present", "trainer_wait_days", "trainer_load"), _trainers),
    _rates("trainer", "trainer"),
)
# The same of what is worked out for all days, and what it is of the frames.
FIXED: Final[dict[str, tuple[str, Literal["carried", "sessions_known", "axes_known", "distances"]]]] = {
    "partner_carries": ("session partner", "carried"),
    "trainer_knows_session": ("session trainer", "sessions_known"),
    "trainer_knows_axis": ("axis trainer", "axes_known"),
    "distance_km": ("territory trainer", "distances"),
}
# Where columns stand that the tables of the frames have as they are.
STORED: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "sessions": ("session", ("session", "kind", "form", "min_seats", "max_seats", "session_cost")),
    "departements": ("departement", ("departement",)),
    "partners": ("partner", ("partner", "partner_kind", "partner_brings_both")),
    "trainers": ("trainer", ("trainer", "reach_km", "fee", "trainer_rating")),
    "territories": ("territory", ("territory", "territory_name", "population")),
}
