"""Who decides on the sessions of a month: a quick planner, the requests as they come, or the plan's solver.

The quick planner takes in every world at once the session that brings most, then the next, as relays have time for. It
keeps the conditions of a plan (`prai_match.plan.CONDITIONS`), and one more: one session a day in the whole programme.
Sums are of whole numbers, so that no result depends on how many worlds are computed together.
"""

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl

from prai_match._words import catalogue
from prai_match.calendar import EPOCH
from prai_match.model import Blackout, Text
from prai_match.plan import EACH, Plan, plan, with_numbers
from prai_match.simulate._region import Arrays, Flags, Floats, Ints
from prai_match.simulate._state import Bookings, State
from prai_match.simulate._worlds import DecisionMonth

AHEAD = 75  # days after the notice within which a session gets its date
_POINTS = 1024  # scores are counted in so many parts of a point
_RETRIES = 12  # places that may turn out not to be possible, in a month, before a world gives up
_NEVER = np.iinfo(np.int64).max


class _Spots(NamedTuple):
    """Where and what: one place a world at most."""

    world: Ints
    host: Ints
    session: Ints


@dataclass(eq=False)
class _Open:
    """What is still open while a month is decided; arrays change from session to session."""

    mask: Flags  # (W, T, S) who can still be invited to what
    host: Flags  # (W, T, S) where what can still be held
    value: Floats  # (W, T, S) whole points of serving each
    people: Floats  # (W, T, S) who would come
    silent: Flags  # (W, T, S) of whom it isn't known how many they are: they don't count towards the fewest
    slots: Ints  # (W, P) sessions that each relay still has time for
    days: Flags  # (W, L) whether a session can be held, from the first day after the notice
    free: Flags  # (W, R, L) whether each trainer is free
    monthly: Ints  # (W, R, M) sessions that each trainer can still lead in each month
    cents: Ints | None  # (W,) money left; None: no limit
    invitations: Ints  # (W, T) sessions that each territory is invited to
    release: Ints  # (W, T, S) ordinal from which each can come: the lag after what it follows


def quick(case: DecisionMonth) -> Bookings:
    """Decide on the sessions of a month, as the scores of the recommender say."""
    return _decide(case, np.floor(case.offers.score * _POINTS), case.trace.region.near)


def requests(case: DecisionMonth) -> Bookings:
    """Decide on the sessions of a month as the requests come: a workshop for which most people asked, or a buffet.

    No score counts, and only those are invited who live in the département of the host.
    """
    region = case.trace.region
    people = np.minimum(case.offers.interest, case.people) * region.workshop
    value = people * _POINTS + np.where(region.workshop, 0, case.people)
    same = region.departement[:, None] == region.departement[None, :]
    return _decide(case, value.astype(np.float64), region.near & same)


def _decide(case: DecisionMonth, value: Floats, near: Flags) -> Bookings:
    """Decide one session after the other in each world.

    ``value`` is in whole points of serving each: (W, T, S); who is ``near`` can be invited: (T, T).
    """
    left, reach, parts = _open(case, value), near.astype(np.float64), [Bookings.none(len(near))]
    failures = np.zeros(len(value), np.int64)
    while len((spots := _best(case, left, reach, failures)).world):
        bookings, good = _place(case, left, near, spots)
        parts.append(bookings)
        failures[spots.world[~good]] += 1
        left.host[spots] = False
    return Bookings.concat(*parts)


def _open(case: DecisionMonth, value: Floats) -> _Open:
    region, state, waiting = case.trace.region, case.trace.state, case.trace.state.waiting()
    # What leads to a session that somebody is invited to, or follows it, waits for its lag.
    links = np.matmul(waiting.astype(np.float64), region.links.astype(np.float64)) > 0
    mask = case.offers.possible & ~waiting & ~links & (region.workshop | case.trace.scenario.behaviour.buffets)
    window = slice(case.first - region.start, case.first - region.start + len(case.open))
    room = np.where(region.per_year < 0, _NEVER, region.per_year - state.load(case.today))
    return _Open(
        mask=mask,
        host=mask.copy(),
        value=value,
        people=case.people.astype(np.float64),
        silent=case.offers.silent,
        slots=np.minimum(case.slots, np.maximum(room, 0)),
        days=case.open & ~state.full[:, window],
        free=region.free[:, window] & ~state.busy[:, :, window],
        monthly=_monthly(region, state),
        cents=state.left(),
        invitations=np.zeros(mask.shape[:2], np.int64),
        release=_release(state.last, case.offers.lags),
    )


def _release(last: Ints, lags: Ints) -> Ints:
    """Return the ordinal from which each territory can come: the lag after what it follows; 0: from now on."""
    release = np.full(last.shape, _NEVER)
    for source, target in np.argwhere((lags >= 0).any(axis=0)):
        soonest = np.minimum(release[:, :, target], last[:, :, source] + lags[:, None, source, target])
        release[:, :, target] = np.where(last[:, :, source] > 0, soonest, release[:, :, target])
    return np.where(release == _NEVER, 0, release)


def _monthly(region: Arrays, state: State) -> Ints:
    """Return the sessions that each trainer can still lead in each month: (W, R, M)."""
    number = region.month_of_day
    left = np.zeros((*state.busy.shape[:2], int(number.max(initial=-1)) + 1), np.int64) + region.per_month[:, None]
    world, trainer, day = np.unravel_index(np.flatnonzero(state.busy), state.busy.shape)
    np.add.at(left, (world, trainer, number[day]), -1)
    return left


def _best(case: DecisionMonth, left: _Open, reach: Floats, failures: Ints) -> _Spots:
    """Return the place that brings most in each world that still has one."""
    region, offers = case.trace.region, case.offers
    slots = np.concatenate([left.slots, np.zeros((len(left.slots), 1), np.int64)], axis=1)  # for no relay
    able = np.take_along_axis(slots, offers.relay.reshape(len(slots), -1), axis=1).reshape(offers.relay.shape) > 0
    possible = left.host & left.mask & able & (offers.trainer >= 0) & (failures < _RETRIES)[:, None, None]
    live = np.flatnonzero(possible.any(axis=(1, 2)))
    mask = left.mask[live]
    people = np.matmul(reach, left.people[live] * mask)
    certain = np.matmul(reach, left.people[live] * (mask & ~left.silent[live])) if left.silent.any() else people
    points = np.matmul(reach, left.value[live] * mask)
    worth = np.where(people > 0, points * np.minimum(people, region.most) / np.maximum(people, 1), 0.0)
    worth[~(possible[live] & (certain >= region.least))] = 0.0
    flat = worth.reshape(len(live), mask.shape[1] * mask.shape[2])
    place = flat.argmax(axis=1) if len(live) else live
    good = flat[np.arange(len(live)), place] > 0
    return _Spots(live[good], *np.divmod(place[good], len(region.workshop)))


def _place(case: DecisionMonth, left: _Open, near: Flags, spots: _Spots) -> tuple[Bookings, Flags]:
    """Give sessions their day and their people; return them, and which could be held."""
    region, offers = case.trace.region, case.offers
    trainer = offers.trainer[spots]
    ordinals = case.first + np.arange(left.days.shape[1])
    days = left.days[spots.world] & left.free[spots.world, trainer]
    days &= left.monthly[spots.world, trainer][:, region.month_of_day[ordinals - region.start]] > 0
    days &= ordinals >= left.release[spots][:, None]
    day = ordinals[days.argmax(axis=1)]
    cents = region.cents(spots.host, trainer, spots.session)
    people = _seat(case, left, near, spots, day)
    certain = people * ~left.silent[spots.world, :, spots.session]
    good = days.any(axis=1) & (certain.sum(axis=1) >= region.least[spots.session])
    if left.cents is not None:
        # What isn't known, and isn't assumed, can't be said to be within the money left.
        good &= (cents >= 0) & (cents <= left.cents[spots.world])
    bookings = Bookings(
        world=spots.world,
        session=spots.session,
        host=spots.host,
        axis=offers.axis[spots],
        relay=offers.relay[spots],
        trainer=trainer,
        day=day,
        known=np.full(len(day), case.today),
        cents=cents,
        invited=people,
    ).only(good)
    _take(case, left, bookings)
    return bookings, good


def _seat(case: DecisionMonth, left: _Open, near: Flags, spots: _Spots, day: Ints) -> Ints:
    """Seat the host, then those around whom it serves best, as long as there is room: (N, T) people."""
    region, (world, host, session) = case.trace.region, spots
    each, trainer = np.arange(len(world)), case.offers.trainer[spots]
    able = left.mask[world, :, session] & near[host] & (left.invitations[world] < EACH)
    able &= region.knows[trainer[:, None], case.offers.axis[world, :, session]]
    able &= left.release[world, :, session] <= day[:, None]
    value = np.where(able, left.value[world, :, session], -1.0)
    value[each, host] = np.where(able[each, host], np.inf, -1.0)
    order = np.argsort(-value, axis=1, kind="stable")
    party = np.where(able, left.people[world, :, session], 0).astype(np.int64)
    room, seats = region.most[session].copy(), np.zeros_like(party)
    for rank in range(int(able.sum(axis=1).max(initial=0))):
        t = order[:, rank]
        people = party[each, t]
        fits = (people > 0) & (people <= room)
        seats[each[fits], t[fits]] = people[fits]
        room = room - np.where(fits, people, 0)
    seats[seats[each, host] == 0] = 0
    return seats


def _take(case: DecisionMonth, left: _Open, bookings: Bookings) -> None:
    world, day = bookings.world, bookings.day - case.first
    row, territory = np.nonzero(bookings.invited)
    left.mask[world[row], territory] &= ~case.trace.region.links[bookings.session[row]]
    left.mask[world[row], territory, bookings.session[row]] = False
    left.invitations[world[row], territory] += 1
    left.slots[world, bookings.relay] -= 1
    left.days[world, day] = False
    left.free[world, bookings.trainer, day] = False
    left.monthly[world, bookings.trainer, case.trace.region.month_of_day[bookings.day - case.trace.region.start]] -= 1
    if left.cents is not None:
        left.cents[world] -= bookings.cents


def solver(case: DecisionMonth, extra: pl.DataFrame | None = None) -> Bookings:
    """Decide on the sessions of a month as the best plan of each world does, each relay as far as it has time.

    Territories that are invited to the same session already, which the plan can't know, are taken out of it.
    """
    worlds = map(int, np.flatnonzero(case.slots.any(axis=1)))
    parts = [_bookings(case, world, _best_plan(case, world, extra)) for world in worlds]
    return Bookings.concat(Bookings.none(len(case.trace.region.size)), *parts)


def _best_plan(case: DecisionMonth, world: int, extra: pl.DataFrame | None) -> Plan:
    region, scenario, now = case.trace.region, case.trace.scenario, case.trace.programme(world)
    most = case.trace.state.load(case.today)[world] + case.slots[world]
    rooms = dict(zip(region.frames.partners["partner"], map(int, most), strict=True))
    # As many more sessions over twelve months as each relay has time for now.
    partners = tuple(
        each.model_copy(update={"sessions_a_year": room if limit is None else min(limit, room)})
        for each in now.partners
        for room, limit in [(rooms[each.id], each.sessions_a_year)]
    )
    reason = Text(**catalogue("prai_match.simulate", "display")["closed"])
    shut = [dt.date.fromordinal(case.first + int(day)) for day in np.flatnonzero(~case.open)]
    blackouts = (*case.blackouts, *(Blackout(start=day, end=day, reason=reason) for day in shut))
    calendar = now.calendar.model_copy(update={"blackouts": blackouts})
    return plan(
        now.model_copy(update={"partners": partners, "calendar": calendar}),
        dt.date.fromordinal(case.first),
        dt.date.fromordinal(case.first + len(case.open) - 1),
        on=dt.date.fromordinal(case.today),
        policy=scenario.policy(now),
        extra=extra,
        time_limit=None,
        gap=scenario.gap,
    )


def _bookings(case: DecisionMonth, world: int, best: Plan) -> Bookings:
    region, frames = case.trace.region, case.trace.region.frames
    new = with_numbers(frames, best.sessions.filter(~pl.col("booked"))).sort("date", "id").with_row_index("n")
    seats = (
        best.seats.join(new.select("n", "s", session="id"), on="session")
        .join(frames.territories.select("t", "territory"), on="territory")
        .select("n", "t", "s", people=pl.col("elected") + pl.col("technicians"))
        .cast(pl.Int64)
        .to_numpy()
    )
    invited = np.zeros((new.height, len(region.size)), np.int64)
    free = ~case.trace.state.waiting()[world, seats[:, 1], seats[:, 2]]
    invited[seats[free, 0], seats[free, 1]] = seats[free, 3]
    cost = (new["cost"] * 100).round()
    s, t, p, r = (new[name].cast(pl.Int64).to_numpy() for name in ("s", "t", "p", "r"))
    return Bookings(
        world=np.full(new.height, world),
        session=s,
        host=t,
        axis=case.offers.axis[world, t, s],
        relay=p,
        trainer=r,
        day=new["date"].to_physical().cast(pl.Int64).to_numpy() + EPOCH,
        known=np.full(new.height, case.today),
        cents=np.where(cost.is_null(), region.cents(t, r, s), cost.fill_null(0).cast(pl.Int64).to_numpy()),
        invited=invited,
    ).only(invited.sum(axis=1) >= region.least[s])
