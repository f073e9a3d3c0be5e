"""The year of a relay is the one around the session's day: the first open day at the host, or the day that is booked."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from agreement import compare
from made import CLOSED, ON, both, programme, small
from prai_match import Programme, offers

if TYPE_CHECKING:
    from prai_match import Recommendation

RELAY = {**small()["partners"][0], "sessions_a_year": 1}
FREEZE = {"start": "2007-09-10", "end": "2007-10-31", "reason": both("gel")}  # the first open day: 2 November 2007
ASKED = [{"collectivity": "09001", "date": "2007-08-01", "workshop": "teleservices", "people": 12}]


def made(date: str, *, relays: list[dict[str, Any]] | None = None, **changes: Any) -> Programme:
    """The small programme, frozen until November, with one session of its relay, which was booked long ago."""
    held = {**small()["sessions"][0], "date": date, "booked_on": "2006-09-01"}
    fields: dict[str, Any] = {
        "calendar": {"blackouts": [FREEZE]}, "sessions": [held], "attendances": [], "needs": ASKED,
        "period": {"start": "2005-01-01", "end": "2009-12-31"}, "partners": [RELAY] if relays is None else relays,
    }  # fmt: skip
    return programme(**{**fields, **changes})


def answer(of: Programme, territory: str = "T1") -> Recommendation:
    return of.recommend(ON)[territory]


@pytest.mark.parametrize(
    ("date", "room"),
    [
        ("2006-11-02", 1),  # 365 days before the first open day, 305 before the decision
        ("2006-11-03", 0),
        ("2008-10-31", 0),  # 364 days after the first open day, 424 after the decision
        ("2008-11-01", 1),
    ],
)
def test_the_year_is_the_one_around_the_first_open_day(date: str, room: int) -> None:
    rec = answer(made(date))
    said = rec.why_not(session="teleservices", partner="adm09")
    found = {each.rule: (each.holds, dict(each.found)) for each in said.conditions}
    assert found["partner_has_room"] == (room == 1, {"partner_room": room})
    assert (rec.reason, rec.session) == ((None, "teleservices") if room else ("no_relay", None))


BUFFET = {"collectivity": "09003", "session": "b_web", "date": "2007-08-01", "elected": 8, "technicians": 4}
ROOMS = ("partner_room / 4", "partner_room / max_seats / (1 + partner_hosted)")


@pytest.mark.parametrize("room", [None, *ROOMS])
def test_what_follows_after_its_lag_has_another_year(room: str | None) -> None:
    """T1's strong need doesn't wait; T2 waits for the lag, after which its relay's session is a year ago."""
    of = made("2006-10-15", calendar={}, attendances=[BUFFET])
    assert (answer(of).reason, answer(of).session) == ("no_relay", None)
    assert answer(of, "T2").session == "teleservices"
    assert answer(of, "T2").day == dt.date(2007, 10, 30)
    if room:
        of = of.with_policy(of.policy.prefer(room, id="room", stage="partner", weight=30))
        partners = [{**RELAY, "sessions_a_year": 3}, small()["partners"][1]]
        of = Programme.model_validate(of.model_dump() | {"partners": partners})
    assert compare(of, ON).disagreements == ()


@pytest.mark.parametrize(("date", "room"), [("2007-01-01", 1), ("2007-01-02", 0), ("2008-12-30", 0), ("2008-12-31", 1)])
def test_without_an_open_day_the_last_of_the_horizon_counts(date: str, room: int) -> None:
    recs = made(date, calendar=CLOSED).recommend(ON)
    every = offers.candidates(recs.answers.snapshot, pl.DataFrame({key: [0] for key in "tsxpr"}))
    assert every["partner_room"].value.tolist() == [room]


def test_it_takes_one_more_session_in_that_year() -> None:
    needed = answer(made("2006-11-03")).what_would_it_take(session="teleservices", partner="adm09", lang="en")
    assert "2 sessions" in str(needed)
