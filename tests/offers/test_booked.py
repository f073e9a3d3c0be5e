"""What a territory hosts or is registered for is named, not offered; registrations are checked as they are added."""

from __future__ import annotations

import copy
import datetime as dt
import pickle
from dataclasses import replace
from math import isnan
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, strategies as st

from made import ON, programme
from prai_match import Booking, Programme, ProgrammeError, Recommendation
from prai_match.model import rooms
from prai_match.offers import frames_of
from prai_match.testing import Oracle, programmes
from prai_match.text import LANGUAGES
from thorough import examples

if TYPE_CHECKING:
    from collections.abc import Callable

DAY = dt.date(2007, 10, 2)
BOOKED: dict[str, Any] = {
    "id": "b1", "session": "site_internet", "date": DAY, "booked_on": "2007-08-01", "host": "T2", "partner": "adm09",
    "trainer": "web",
}  # fmt: skip
ASKED = {"collectivity": "09001", "date": "2007-05-02", "workshop": "site_internet", "people": 12}
WHO = {"session": "b1", "collectivity": "09001", "people": 4}
CANCELLED = {"date": "2007-08-20", "event": "cancelled", "held": "b1"}
NAMED = Booking("site_internet", DAY, "T2", "adm09", "web", 16)


def made(*registrations: dict[str, Any], **fields: Any) -> Programme:
    return programme(sessions=[BOOKED], attendances=[], needs=[ASKED], registrations=[*registrations], **fields)


def answer(made: Programme, on: dt.date = ON, territory: str = "T1") -> Recommendation:
    return made.recommend(on, top=9)[territory]


def offered(rec: Recommendation) -> set[str]:
    return {offer.session for offer in (rec.next, *rec.alternatives) if offer}


def test_who_hosts_or_is_registered_is_told_and_not_offered_it() -> None:
    host, other = (answer(made(), territory=code) for code in ("T2", "T1"))
    assert host.booked == (replace(NAMED, room=None),)
    assert (other.booked, "site_internet" in offered(other)) == ((), True)
    registered = answer(made(WHO))
    assert registered.booked == (NAMED,)
    assert "site_internet" not in offered(registered)
    assert registered.why_not(session="site_internet").reason == "booked"


@pytest.mark.parametrize(
    ("on", "is_booked"), [("2007-07-31", False), ("2007-08-01", True), ("2007-10-01", True), ("2007-10-02", False)]
)
def test_it_counts_from_the_booking_to_the_day_before(on: str, is_booked: bool) -> None:  # noqa: FBT001 - a parameter
    rec = answer(made(WHO), dt.date.fromisoformat(on))
    assert bool(rec.booked) is is_booked
    assert ("site_internet" in offered(rec)) is not is_booked


def test_a_cancelled_session_is_offered_again() -> None:
    gone = programme(sessions=[{**BOOKED, "host": "T1"}], attendances=[], needs=[ASKED], decisions=[CANCELLED])
    assert answer(gone).booked == ()
    assert "site_internet" in offered(answer(gone))
    assert answer(gone, dt.date(2007, 8, 19)).booked


def test_what_is_booked_comes_the_soonest_first_and_with_its_names() -> None:
    later = {"id": "a1", "session": "sig", "date": "2007-11-06", "booked_on": "2007-08-01", "host": "T1"}
    rec = answer(programme(sessions=[later, BOOKED], attendances=[], needs=[ASKED], registrations=[WHO]))
    assert rec.booked == (NAMED, Booking("sig", dt.date(2007, 11, 6), "T1", None, None, 20))
    host = next(each.name for each in made().territories if each.id == "T2")
    said = {lang: rec.notice(lang).booked for lang in ("fr", "en")}
    assert said["fr"].startswith("Déjà prévu : ")
    assert f", le 2 octobre 2007 (accueil : {host} ; places restantes : 16) ; " in said["fr"]
    assert f", on 2 October 2007 (host: {host}; seats left: 16); " in said["en"]
    assert said["en"] in rec.notice("en").text()
    assert said["en"] in rec._repr_html_()
    assert NAMED.text(lang="en") == "site_internet, on 2 October 2007 (host: T2; seats left: 16)"


def test_a_copy_and_a_pickle_have_it() -> None:
    rec = answer(made(WHO))
    assert copy.deepcopy(rec).booked == pickle.loads(pickle.dumps(rec)).booked == (NAMED,)  # noqa: S301 - made here


def test_registrations_are_added_as_if_they_had_been_there() -> None:
    before, after = made(), made(WHO)
    added = before.with_registrations([WHO])
    assert added == after
    before.recommend(ON)
    assert before.with_registrations([WHO]).recommend(ON).to_polars().equals(after.recommend(ON).to_polars())
    assert len(added.as_of(dt.date(2007, 7, 31)).registrations) == 0
    difference = before.recommend(ON).what_if(with_registrations=[WHO])
    assert "registrations_added" in {cause.code for cause in difference.facts}
    assert len(after.recommend(ON).what_if(without_sessions=["b1"]).after.programme.registrations) == 0


@pytest.mark.parametrize(
    ("row", "where", "says"),
    [
        ({**WHO, "session": "b2"}, "session", "is not a known held or booked session"),
        ({**WHO, "collectivity": "09999"}, "collectivity", "is not a known collectivity of a territory"),
        (WHO, "collectivity", "keep one row, with the number of people"),
        ({**WHO, "people": 0}, "people", "expected a value of at least 1"),
    ],
)
def test_a_registration_that_does_not_fit_is_told(row: dict[str, Any], where: str, says: str) -> None:
    ways: list[Callable[[], Programme]] = [lambda: made(WHO, row), lambda: made(WHO).with_registrations([row])]
    for whole in ways:
        with pytest.raises(ProgrammeError) as caught:
            whole()
        (problem,) = caught.value.problems
        assert problem.where.endswith(f".{where}")
        assert says in problem.text("en")


def test_who_is_registered_for_a_cancelled_session_is_expected_nowhere() -> None:
    gone = made(WHO, decisions=[CANCELLED])
    assert gone == made(WHO).with_decisions([CANCELLED]) == made(decisions=[CANCELLED]).with_registrations([WHO])
    assert answer(gone).booked == ()
    assert "site_internet" in offered(answer(gone))


SEATS = 20
"""Of the workshop that is booked."""


@pytest.mark.parametrize(
    ("registrations", "room"),
    [
        ([], None),
        ([WHO], SEATS - 4),
        ([WHO, {**WHO, "collectivity": "09003", "people": 5}], SEATS - 9),
        ([WHO, {**WHO, "collectivity": "09003", "people": None}], None),
        ([{**WHO, "people": SEATS}], 0),
        ([{**WHO, "people": SEATS + 1}], 0),
    ],
)
def test_room_is_what_registrations_leave(registrations: list[dict[str, Any]], room: int | None) -> None:
    prog = made(*registrations)
    assert rooms(prog)["id", "room"].rows() == [("b1", room)]
    (booking,) = answer(prog, territory="T2").booked
    assert booking.room == room
    left = {"fr": "nombre inconnu", "en": "unknown"} if room is None else dict.fromkeys(LANGUAGES, str(room))
    assert booking.text(lang="fr").endswith(f" ; places restantes : {left['fr']})")
    assert booking.text(lang="en").endswith(f"; seats left: {left['en']})")


def test_room_is_known_of_what_was_booked_since_the_first_registration() -> None:
    others = {"b0": "2007-07-31", "b2": "2007-08-01", "b3": "2007-08-20"}
    booked = [BOOKED, *({**BOOKED, "id": code, "booked_on": day} for code, day in others.items())]
    prog = programme(sessions=booked, attendances=[], registrations=[WHO])
    assert dict(rooms(prog)["id", "room"].rows()) == {"b1": SEATS - 4, "b0": None, "b2": SEATS, "b3": SEATS}


def test_the_engine_has_the_room_of_each_session_however_it_came_to_know() -> None:
    before = made()
    before.recommend(ON)
    for prog in (before, before.with_registrations([WHO]), made(WHO)):
        frames = frames_of(prog)
        found = zip(frames.held["id"], frames.rooms, strict=True)
        assert {code: None if isnan(room) else room for code, room in found} == dict(rooms(prog)["id", "room"].rows())


@given(st.data())
@examples(20)
def test_room_is_that_of_what_was_known(data: st.DataObject) -> None:
    prog = data.draw(programmes())
    on = data.draw(st.dates(prog.period.start, prog.period.end))
    known = prog.as_of(on)
    assert rooms(known).rows() == rooms(prog).filter(pl.col("id").is_in([each.id for each in known.sessions])).rows()


@given(st.data())
@examples(20)
def test_nobody_is_offered_what_it_hosts_or_is_registered_for(data: st.DataObject) -> None:
    prog = data.draw(programmes())
    on = data.draw(st.dates(prog.period.start, prog.period.end))
    oracle = Oracle(prog, on)
    ahead = [each for each in oracle.held if each.date > on]
    for rec in prog.recommend(on, top=9):
        members = oracle.territories[rec.territory].members
        registered = {each.session for each in prog.registrations if each.collectivity in members}
        own = [each for each in ahead if each.host == rec.territory or each.id in registered]
        assert [(each.session, each.day) for each in rec.booked] == [
            (each.session, each.date) for each in sorted(own, key=lambda each: (each.date, each.id))
        ]
        assert offered(rec).isdisjoint({each.session for each in own})
