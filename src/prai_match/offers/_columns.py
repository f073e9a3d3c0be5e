"""The columns of a day that don't depend on territories: of the programme, of sessions, relay partners and trainers.

Also a few columns of territories, computed from their numbers.
"""

from collections.abc import Callable
from functools import cache
from typing import Final, Literal

import numpy as np

from prai_match.calendar import NEVER
from prai_match.needs import STATES
from prai_match.offers._day import Day
from prai_match.offers._facts import Array, Ints, latest
from prai_match.offers._outcomes import RATES, maybe, rates
from prai_match.policy import Values, Vocabulary

_YEAR_DAYS, _MONTH_DAYS, _DATES = 365, 30, 2**32
LIMITS: Final = ("strong_need", "trainer_load_limit", "trainer_wait_limit", "travel_km")  # settings that are columns


@cache
def counts_of(name: str) -> Array:
    """Return which states a column of the vocabulary counts."""
    states = Vocabulary.standard().column(name).states
    return np.array([state in states for state in STATES])


def days_since(day: int, dates: Ints) -> Values:
    """Return how many days before ``day`` each date is; unknown if there is none."""
    never, since = np.abs(dates) == NEVER, (day - dates).astype(np.float64)
    return Values(np.where(never, 0.0, since), ~never) if never.any() else Values(since)


def beginnings(day: Day) -> Ints:
    """Count the territories whose first session was in the year before: worlds × sessions, and in all."""
    visits, came, size = day.frames.visits.rows, day.came, day.frames.territories.height
    t, s, date = (visits[name][came] for name in ("t", "s", "date"))
    first = -latest(t, -date, size, -NEVER)
    rows = (date == first[t]) & (date > day.today - _YEAR_DAYS)
    world, columns = day.frames.number_of("t", "w"), day.width + 1
    began = np.unique(np.concatenate([t[rows] * columns + s[rows], t[rows] * columns + day.width]))
    cells = world[began // columns] * columns + began % columns
    worlds = int(world.max(initial=0)) + 1
    return np.bincount(cells, minlength=worlds * columns).reshape(worlds, columns)


def began_of(day: Day) -> Ints:
    """Return the same for the whole programme; a part of it was given the result."""
    return beginnings(day) if day.whole.began is None else day.whole.began


def _beginnings(day: Day) -> dict[str, Values]:
    began = began_of(day).astype(np.float64)
    every = np.broadcast_to(began[:, -1:], began[:, :-1].shape)
    return {"began_with": Values(began[:, :-1].ravel()), "began": Values(every.ravel())}


def _programme(day: Day) -> dict[str, Values]:
    return {
        **{name: Values(np.array(value, np.float64)) for name, value in day.frames.limits.items()},
        "budget_left": maybe(day.whole.budget_left),
    }


def year_days(day: Day) -> Ints:
    """Return the days, to the horizon, from each of which on relays have other sessions in the year around."""
    held, last = day.frames.booked.rows, day.today + day.frames.horizon_days
    dates = held["date"][day.held & (held["p"] >= 0)]
    first, changes = min(day.first, last), np.concatenate([dates - _YEAR_DAYS + 1, dates + _YEAR_DAYS])
    return np.append(first, np.unique(changes[(changes > first) & (changes <= last)]))


def years(day: Day) -> Ints:
    """Return the place there of each first day (see `Day.first_days`); after the last day, that of the last."""
    return np.searchsorted(year_days(day), day.first + day.first_days % (day.length + 1), side="right") - 1


def _rooms(day: Day) -> dict[str, Values]:
    rooms = rooms_around(day, np.arange(day.frames.partners.height), year_days(day)[:, None])
    return {"partner_room": maybe(rooms.ravel())}


def rooms_around(day: Day, p: Ints, dates: Ints) -> Array:
    """Return how many sessions more relays can carry in the years around dates; not a number: unknown."""
    held, mine = day.frames.booked.rows, day.held & (day.frames.booked.rows["p"] >= 0)
    each, at = np.sort(held["p"][mine] * _DATES + held["date"][mine]), p * _DATES + dates
    before, until = np.searchsorted(each, at - _YEAR_DAYS, "right"), np.searchsorted(each, at + _YEAR_DAYS)
    return np.asarray(np.append(day.frames.actors("partners")["most"], np.nan)[p] - (until - before))


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


def _present(day: Day, of: Literal["partner", "trainer"]) -> dict[str, Values]:
    """Return who has joined the programme and hasn't left it."""
    actors = day.frames.actors("partners" if of == "partner" else "trainers")
    since, until = actors["since"], actors["until"]
    return {f"{of}_present": Values(((since == NEVER) | (since <= day.today)) & (until >= day.today))}


def _starts(day: Day) -> dict[str, Values]:
    """Return for each place of a first day (see `Day.starts`) and trainer the first day on which both are free."""
    size, length, most = day.frames.trainers.height, day.length, day.frames.actors("trainers")["most"]
    free = np.full((len(day.is_open), size, length + 1), length, np.int32)  # … × trainers × days
    np.copyto(free[..., :length], np.arange(length, dtype=np.int32), where=_is_free(day) & day.is_open[:, None])
    following = np.minimum.accumulate(free[..., ::-1], axis=2)[..., ::-1]
    row, start = np.divmod(day.first_days, length + 1)
    place = following[row, :, start].astype(np.int64)  # places × trainers
    known = place < length
    around = np.where(known, _sessions_around(day)[np.arange(size), place], 0)
    return {
        "day": Values(np.where(known, day.first + place, NEVER).ravel()),
        "wait_days": _of_known(place + day.frames.notice_days, known),
        "trainer_wait_days": _of_known(place - start[:, None], known),
        "trainer_load": maybe(_load(around, most).ravel()),
    }


def loads_joined(day: Day) -> Array:
    """Return the load of the trainer of each session that can be joined around its day; not a number: unknown."""
    booked, b, (r, date) = day.frames.booked.rows, day.joinable, _led(day)
    near = np.abs(date + day.first - booked["date"][b][:, None]) <= _MONTH_DAYS
    around = (near & (r == booked["r"][b][:, None])).sum(axis=1)
    most = np.append(day.frames.actors("trainers")["most"], np.nan)[booked["r"][b]]
    loads = np.full(len(booked["r"]), np.nan)
    loads[b] = _load(around, most)
    return loads


def _load(around: Array, most: Array) -> Array:
    """Return the share of two months that is full; a trainer who takes none a month is full from the start."""
    return np.asarray(np.where(most == 0, 1.0, around / np.where(most == 0, np.nan, 2 * most)))


def _of_known(numbers: Ints, known: Array) -> Values:
    return Values(np.where(known, numbers, 0).astype(np.float64).ravel(), known.ravel())


def _led(day: Day) -> tuple[Ints, Ints]:
    """Return who leads the sessions held and booked, and how many days after the first day."""
    held = day.frames.booked.rows
    leads = day.held & (held["r"] >= 0)
    return held["r"][leads], held["date"][leads] - day.first


def _sessions_around(day: Day) -> Array:
    """Return how many sessions each trainer leads in the month before and after each day: trainers × days."""
    r, date = _led(day)
    size = day.length + 1 + 2 * _MONTH_DAYS
    near = (date >= -_MONTH_DAYS) & (date < size - _MONTH_DAYS)
    counts = np.zeros((day.frames.trainers.height, size + 1), np.int64)
    np.add.at(counts, (r[near], date[near] + _MONTH_DAYS + 1), 1)
    until = np.cumsum(counts, axis=1)
    return np.asarray(until[:, 2 * _MONTH_DAYS + 1 :] - until[:, : -2 * _MONTH_DAYS - 1])


def _is_free(day: Day) -> Array:
    """Return on which days each trainer is free: not taken, in a month that isn't full, in a free period."""
    frames, length = day.frames, day.length
    size, most = frames.trainers.height, frames.actors("trainers")["most"]
    free = np.ones((size, length), bool)
    if not length:
        return free
    r, date = _led(day)
    taken = frames.numbers("taken", "r", "date")
    for who, when in ((r, date), (taken["r"], taken["date"] - day.first)):
        here = (when >= 0) & (when < length)
        free[who[here], when[here]] = False
    months = _months(day.first + np.arange(length))
    then, last = _months(day.first + date) - months[0], int(months[-1] - months[0])
    inside = (then >= 0) & (then <= last)
    booked = np.zeros((size, last + 1))
    np.add.at(booked, (r[inside], then[inside]), 1)
    if (full := booked >= most[:, None]).any():
        free &= ~full[:, months - months[0]]
    periods = frames.numbers("free", "r", "start", "end")
    if len(periods["r"]):
        bounds = np.zeros((size, length + 1), np.int64)
        np.add.at(bounds, (periods["r"], np.clip(periods["start"] - day.first, 0, length)), 1)
        np.add.at(bounds, (periods["r"], np.clip(periods["end"] + 1 - day.first, 0, length)), -1)
        free &= ~np.isin(np.arange(size), periods["r"])[:, None] | (np.cumsum(bounds, axis=1)[:, :-1] > 0)
    return free


def _months(days: Ints) -> Ints:
    return days.view("datetime64[D]").astype("datetime64[M]").view(np.int64)


Source = tuple[str, tuple[str, ...], Callable[["Day"], dict[str, Values]]]


def _rates(level: str, of: Literal["kind", "partner", "trainer"]) -> Source:
    return level, tuple(sorted(name for name in RATES if name.startswith(f"{of}_"))), lambda day: rates(day, of)


# Where columns stand that are worked out for a day, and what works them out.
SOURCES: Final[tuple[Source, ...]] = (
    ("world", ("budget_left", "days_since_renewal", *LIMITS), _programme),
    ("world session", ("session_rating",), lambda day: {"session_rating": maybe(day.whole.ratings.ravel())}),
    ("world session", ("began_with", "began"), _beginnings),
    _rates("world session", "kind"),
    ("partner", ("partner_present",), lambda day: _present(day, "partner")),
    ("year partner", ("partner_room",), _rooms),
    _rates("partner", "partner"),
    (
        "host departement",
        ("host_departement",),
        lambda day: {"host_departement": Values.of(day.frames.departements["departement"])},
    ),
    ("host", ("host",), lambda day: {"host": Values.of(day.hosting.frames.territories["territory"])}),
    ("departement partner", ("partner_covers", "partner_hosted"), _hosts),
    ("trainer", ("trainer_present",), lambda day: _present(day, "trainer")),
    ("start trainer", ("day", "wait_days", "trainer_wait_days", "trainer_load"), _starts),
    _rates("trainer", "trainer"),
)
# The same of what is worked out for all days, and what it is of the frames.
FIXED: Final[dict[str, tuple[str, Literal["carried", "sessions_known", "axes_known", "axes_fitted", "distances"]]]] = {
    "partner_carries": ("session partner", "carried"),
    "trainer_knows_session": ("session trainer", "sessions_known"),
    "trainer_knows_axis": ("axis trainer", "axes_known"),
    "trainer_fits_axis": ("axis trainer", "axes_fitted"),
    "distance_km": ("host trainer", "distances"),
}
# Where columns stand that the tables of the frames have as they are.
STORED: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "sessions": ("session", ("session", "kind", "form", "min_seats", "max_seats", "session_cost")),
    "departements": ("departement", ("departement",)),
    "partners": ("partner", ("partner", "partner_kind", "partner_brings_both")),
    "trainers": ("trainer", ("trainer", "reach_km", "fee", "trainer_rating")),
    "territories": ("territory", ("territory", "territory_name", "population")),
}


def service_gap(served: Ints, population: Array, all_served: Array, people: Array) -> Values:
    """Return what each territory lacks of its share, by inhabitants, of the events of its world."""
    with np.errstate(divide="ignore", invalid="ignore"):
        share = population / people * all_served
        return Values(np.where(share > 0, np.clip(1 - served / share, 0.0, 1.0), 0.0))


def sessions_attended(t: Ints, recent: Array, together: Ints, height: int) -> dict[str, Values]:
    """Count the events of territories, those since the renewal, and whether officials and technicians came to one.

    Of each event: its territory, whether it is recent, and whether both came (-1: it isn't known).
    """
    count, both, maybe = (
        np.bincount(t[recent & holds], minlength=height) for holds in (recent, together == 1, together == -1)
    )
    return {
        "sessions_received": Values(np.bincount(t, minlength=height).astype(np.float64)),
        "sessions_attended": Values(count.astype(np.float64)),
        "elected_and_technician": Values(both > 0, (both > 0) | ((count > 0) & (maybe == 0))),
    }
