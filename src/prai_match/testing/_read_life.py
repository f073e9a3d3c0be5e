"""The states of needs, what became of offers and their rates, read a second time, in plain Python."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from prai_match.model import HeldSession, RelayPartner, Territory, Trainer
from prai_match.needs import classify

if TYPE_CHECKING:
    from prai_match._front import Programme


def known(programme: Programme, on: dt.date) -> Iterator[HeldSession]:
    """Give the sessions held, or booked and not cancelled, as known on a day."""
    said = [(row.date, row.event == "cancelled", row.held) for row in programme.decisions if row.held]
    last = {held: gone for date, gone, held in sorted(said) if date <= on}
    booked = (each for each in programme.sessions if (each.booked_on or each.date) <= on)
    return (each for each in booked if not last.get(each.id))


def declined(  # noqa: PLR0913 - what may have changed since
    programme: Programme,
    on: dt.date,
    territory: Territory,
    session: str,
    *,
    renewed: dt.date | None,
    asked: Iterable[dt.date],
    came: Iterable[dt.date],
) -> str:
    """Return what changed since a territory declined a session; ``no`` where it didn't, ``unchanged`` if nothing did.

    Needs for the session, or for what it leads to, were ``asked`` for or confirmed on some days; the territory ``came``
    to what leads to it on some.
    """
    said = [
        (each.date, each.event, each.partner or "", each.trainer or "")
        for each in programme.decisions
        if (each.territory, each.session) == (territory.id, session)
        and each.event in {"accepted", "declined"}
        and each.date <= on
    ]
    day, event, partner, trainer = max(said, default=(on, "", "", ""))
    if event != "declined":
        return "no"
    relays = {each.id: each for each in programme.partners}
    trainers = {each.id: each for each in programme.trainers}
    can_host = [
        each for each in programme.partners
        if territory.departement in each.departements and (not each.carries or session in each.carries)
    ]  # fmt: skip
    can_lead = [each for each in programme.trainers if any(skill.session == session for skill in each.expertise)]
    changes = {
        "need": any(day < start for start in asked),
        "renewal": renewed is not None and day < renewed,
        "attendance": any(day < date for date in came),
        "relay": _moved(relays, partner, can_host, day, on),
        "trainer": _moved(trainers, trainer, can_lead, day, on),
    }
    return next((name for name, holds in changes.items() if holds), "unchanged")


def _moved(
    known: Mapping[str, RelayPartner | Trainer],
    offered: str,
    able: Iterable[RelayPartner | Trainer],
    day: dt.date,
    on: dt.date,
) -> bool:
    """Whether the one who was offered left, or somebody else came who can take it."""
    until = known[offered].until if offered in known else None
    return (until is not None and until < on) or any(each.since and day < each.since <= on for each in able)


_ORDER = ["unanswered", "made", "declined", "accepted", "asked", "confirmed", "cancelled"]


def all_rates(programme: Programme, on: dt.date, *codes: str) -> dict[str, float | bool | str | None]:
    """Return the rates of a session's kind, of a relay and of a trainer."""
    kind = next(session.kind for session in programme.catalogue.sessions if session.id == codes[0])
    of = {"kind": kind, "partner": codes[1], "trainer": codes[2]}
    return {name: value for each, code in of.items() for name, value in rates(programme, on, each, code).items()}


def rates(programme: Programme, on: dt.date, of: str, code: str) -> dict[str, float | None]:
    """Return the counts and shares of a ``kind`` of session, a ``partner`` or a ``trainer`` on a day."""
    kinds = {session.id: session.kind for session in programme.catalogue.sessions}
    rows = [row for row in programme.decisions if row.date <= on and row.event in _ORDER and not row.collectivity]
    rows.sort(key=lambda row: (row.date, _ORDER.index(row.event), row.partner or "", row.trainer or ""))
    made: dict[tuple[str | None, ...], int] = {}
    offers: dict[tuple[str | int | None, ...], dict[str, str | None]] = {}
    for row in rows:
        pair = row.held, row.territory, None if row.held else row.session
        made[pair] = made.get(pair, 0) + (row.event == "made")
        offer = offers.setdefault((*pair, made[pair]), {"kind": kinds.get(row.session or "")})
        names = {"partner": row.partner, "trainer": row.trainer, "answer": row.event}
        offer |= {name: value for name, value in names.items() if value not in {None, "made"}}
    answers = [offer["answer"] for offer in offers.values() if offer.get(of) == code and "answer" in offer]
    booked = [
        offers.get((each.id, None, None, 0), {}).get("answer")
        for each in programme.sessions
        if (each.booked_on or each.date) <= on and {"kind": kinds[each.session], **dict(each)}[of] == code
    ]
    shares = {"acceptance": ("accepted", answers), "no_answer": ("unanswered", answers)}
    return {f"{of}_answers": float(len(answers)), f"{of}_bookings": float(len(booked))} | {
        f"{of}_{name}": among.count(event) / len(among) if among else None
        for name, (event, among) in {**shares, "cancellation": ("cancelled", booked)}.items()
    }


_STATED = 100.0
_Asked = tuple[str, str, str | None]  # collectivity, session, axis


class ReadNeed(NamedTuple):
    """A need that names a workshop, or whose text does, and its state.

    Its ``row`` is its place in the table; it counts from its ``start``, its own day or that of its last confirmation,
    and is in its ``state`` ``since`` a day.
    """

    row: int
    collectivity: str
    session: str
    axis: str | None
    score: float
    date: dt.date
    people: int | None
    start: dt.date
    state: str
    since: dt.date


def read_needs(programme: Programme, on: dt.date, vote: dt.date | None) -> Iterator[ReadNeed]:
    """Give the needs until a day, stated or read from their text, in their order, each with its state.

    ``vote`` is the election of the council that is asked.
    """
    rows = [(place, need) for place, need in enumerate(programme.needs) if need.date <= on]
    read = classify([need.text for _, need in rows], programme.lexicon)["workshop", "axis", "score"].rows()
    axes = {session.id: {axis.id for axis in session.axes} for session in programme.catalogue.sessions}
    for (place, need), (code, its_axis, score) in zip(rows, read, strict=True):
        # A workshop counts with its score where it was read in words that are forgotten, or else as stated.
        stated = (need.workshop, need.axis, _STATED if need.score is None else need.score)
        session, asked, strength = (code, its_axis, score) if need.workshop is None else stated
        if session in axes:
            axis = asked if asked in axes[session] else None
            life = _life(programme, on, vote, (need.collectivity, session, axis), need.date)
            yield ReadNeed(place, need.collectivity, session, axis, strength, need.date, need.people, *life)


def renewal(programme: Programme, on: dt.date) -> dt.date | None:
    """Return the day of the last election of councils before a day."""
    return max((vote.date for vote in programme.calendar.elections if vote.date < on), default=None)


def months_after(day: dt.date, months: int) -> dt.date:
    """Return the same day of the month some months later, or the last of the month where it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _life(
    programme: Programme, on: dt.date, vote: dt.date | None, asked: _Asked, date: dt.date
) -> tuple[dt.date, str, dt.date]:
    """Return from when a need counts on a day, its state, and since when it is in it."""
    said = [
        (each.date, each.event)
        for each in programme.decisions
        if each.collectivity == asked[0] and date <= each.date <= on and each.session in {None, asked[1]}
    ]
    start = max([date, *(day for day, event in said if event == "confirmed")])
    lapse = months_after(start, programme.needs_lapse_months)
    states = {
        "withdrawn": min((day for day, event in said if event == "withdrawn"), default=None),
        "met": min((day for day in _answers(programme, *asked) if start < day <= on), default=None),
        "lapsed": lapse if lapse <= on else None,
        "to_confirm": vote if vote is not None and start <= vote else None,
        "open": start,
    }
    return next((start, state, since) for state, since in states.items() if since is not None)


def _answers(programme: Programme, collectivity: str, session: str, axis: str | None) -> Iterator[dt.date]:
    """Give the days on which its territory attended its session, of its axis where both have one."""
    members = next((each.members for each in programme.territories if collectivity in each.members), ())
    axes = {held.id: held.axis for held in programme.sessions}
    for row in programme.attendances:
        both = {axes.get(row.held or ""), axis} - {None}
        if row.collectivity in members and row.session == session and len(both) <= 1:
            yield row.date
