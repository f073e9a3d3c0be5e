"""The life of needs on a day, beside a second reading of it in plain Python."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest
from hypothesis import given, strategies as st

from made import ON, programme
from prai_match import Programme, ProgrammeError
from prai_match.errors import ArgumentError
from prai_match.model import Decision
from prai_match.testing import Oracle, decisions, programmes
from thorough import examples

DAYS = st.dates(dt.date(2006, 9, 1), dt.date(2010, 1, 1))


def need(day: str, **others: Any) -> dict[str, Any]:
    return {"collectivity": "09002", "date": day, "workshop": "sig", **others}


def came(day: str, **others: Any) -> dict[str, Any]:
    return {"collectivity": "09001", "session": "sig", "date": day, "elected": 2, **others}


def decided(day: str, event: str, **others: Any) -> dict[str, Any]:
    return {"collectivity": "09002", "date": day, "event": event, **others}


def states(prog: Programme, on: dt.date | str) -> list[tuple[str, dt.date]]:
    return [(state, since) for state, since in prog.needs_on(on).select("state", "since").rows()]  # type: ignore[arg-type]


def state(on: str, *decisions: dict[str, Any], attendances: Any = ()) -> tuple[str, str]:
    made = programme(needs=[need("2007-03-01")], attendances=attendances, decisions=decisions)
    ((name, since),) = states(made, on)
    return name, since.isoformat()


ELECTION = "2008-03-16"


@pytest.mark.parametrize(
    ("on", "given", "expected"),
    [
        ("2007-03-01", {}, ("open", "2007-03-01")),
        ("2008-03-16", {}, ("open", "2007-03-01")),
        ("2008-03-17", {}, ("to_confirm", ELECTION)),
        ("2009-02-28", {}, ("to_confirm", ELECTION)),
        ("2009-03-01", {}, ("lapsed", "2009-03-01")),
        ("2007-05-01", {"attendances": [came("2007-05-01")]}, ("met", "2007-05-01")),
        ("2007-04-30", {"attendances": [came("2007-05-01")]}, ("open", "2007-03-01")),
        ("2007-05-01", {"attendances": [came("2007-03-01")]}, ("open", "2007-03-01")),
        ("2009-03-01", {"attendances": [came("2007-05-01")]}, ("met", "2007-05-01")),
        ("2007-05-01", {"attendances": [came("2007-05-01", collectivity="09003")]}, ("open", "2007-03-01")),
    ],
)
def test_the_life_of_a_need(on: str, given: dict[str, Any], expected: tuple[str, str]) -> None:
    assert state(on, **given) == expected


def test_confirming_brings_it_back_and_withdrawing_takes_it_away_for_good() -> None:
    attended = [came("2007-05-01")]
    confirmed, withdrawn = decided("2008-04-01", "confirmed"), decided("2008-05-01", "withdrawn", session="sig")
    assert state("2008-04-30", confirmed, attendances=attended) == ("open", "2008-04-01")
    assert state("2010-04-01", confirmed) == ("lapsed", "2010-04-01")
    assert state("2008-05-01", confirmed, withdrawn) == ("withdrawn", "2008-05-01")
    assert state("2008-07-01", confirmed, withdrawn, decided("2008-06-01", "confirmed")) == ("withdrawn", "2008-05-01")
    assert state("2008-07-01", decided("2008-05-01", "withdrawn", session="site_internet")) == ("to_confirm", ELECTION)
    assert state("2008-07-01", decided("2007-02-01", "withdrawn")) == ("to_confirm", ELECTION)


def test_a_need_of_an_axis_is_met_by_a_session_of_that_axis() -> None:
    held = [
        {"id": axis or "none", "session": "site_internet", "date": "2007-05-01", "host": "T1", "axis": axis}
        for axis in ("creation", "refonte", None)
    ]
    asked = need("2007-03-01", workshop="site_internet", axis="creation")
    for name, expected in (("creation", "met"), ("refonte", "open"), ("none", "met")):
        attended = came("2007-05-01", session="site_internet", held=name)
        made = programme(needs=[asked], sessions=held, attendances=[attended])
        assert states(made, "2007-06-01")[0][0] == expected


def test_why_is_said_in_both_languages() -> None:
    made = programme(needs=[need("2007-03-01", people=3)], attendances=[came("2007-05-01")])
    (row,) = made.needs_on(dt.date(2007, 6, 1), "fr").iter_rows(named=True)
    assert row == {
        "territory": "T1",
        "collectivity": "09002",
        "date": dt.date(2007, 3, 1),
        "workshop": "sig",
        "axis": None,
        "people": 3,
        "score": 100.0,
        "state": "met",
        "since": dt.date(2007, 5, 1),
        "by": "09001",
        "why": f"Satisfait le 1er mai 2007 : {made.collectivities[0].name} a suivi cet atelier.",
    }
    assert made.needs_on(dt.date(2007, 4, 1), "en")["why"].item() == "Expressed or confirmed on 1 March 2007."
    gone = made.with_decisions([decided("2007-03-20", "withdrawn", why="Réglé."), decided("2007-03-25", "withdrawn")])
    assert gone.needs_on(dt.date(2007, 6, 1), "fr")["why"].item() == "Retiré le 20 mars 2007 : « Réglé. »"
    with pytest.raises(ArgumentError, match="day"):
        made.needs_on("soon")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"event": "made"}, r"decisions\[\d\].collectivity: found nothing, expected what the decision is about"),
        ({"event": "made", "territory": "T1", "held": "h1", "session": "sig"}, "found territory, held, expected only one of"),
        ({"event": "accepted", "collectivity": "09001"}, "found 'accepted', expected an event of a need: confirmed, withdrawn"),
        ({"event": "withdrawn", "territory": "T1", "session": "sig"}, "expected an event of an offer: made, accepted"),
        ({"event": "made", "held": "h1"}, "expected an event of a booked session: asked, confirmed, cancelled"),
        ({"event": "made", "territory": "T1"}, "session: found nothing, expected the session that is offered"),
        ({"event": "asked", "held": "h1", "trainer": "web"}, "territory: found nothing, expected the territory of the offer"),
        ({"event": "made", "territory": "T1", "session": "sig", "replaced_by": "b_web"}, "replaced_by: found 'b_web', expected nothing"),
        ({"event": "made", "territory": "T0", "session": "sig"}, "'T0' is not a known territory"),
        ({"event": "asked", "held": "h0"}, "'h0' is not a known held or booked session"),
        ({"event": "refused", "held": "h1"}, "event: found 'refused', expected 'confirmed'"),
        ({"event": "asked", "held": "h1", "who": "Jeanne"}, "who: found 'Jeanne', expected 'officer'"),
    ],
)  # fmt: skip
def test_a_decision_that_says_nothing_is_refused(row: dict[str, Any], message: str) -> None:
    with pytest.raises(ProgrammeError, match=message):
        programme().with_decisions([{"date": "2007-09-01", **row}])


def test_who_is_gone_is_named_no_longer() -> None:
    offer = {
        "date": "2007-09-01",
        "event": "made",
        "territory": "T1",
        "session": "sig",
        "trainer": "geo",
        "partner": "cg09",
    }
    booked = {"date": "2007-09-01", "event": "asked", "held": "h1"}
    made = programme().with_decisions([offer, booked])
    recs = made.recommend(ON)
    after = recs.what_if(without_trainers=["geo"], without_sessions=["h1"]).after.programme
    assert [(each.trainer, each.partner) for each in after.decisions] == [(None, "cg09")]
    kept = recs.what_if(without_trainers=[{"id": "geo", "since": ON}]).after.programme
    assert list(kept.decisions) == list(made.decisions)


@given(programmes(), DAYS)
@examples(40)
def test_states_are_those_of_the_oracle(prog: Programme, on: dt.date) -> None:
    read = Oracle(prog, on, day=on).asked
    assert states(prog, on) == [(each.state, each.since) for each in read]


@given(programmes(), DAYS, st.integers(0, 400), st.data())
@examples(30)
def test_states_never_depend_on_what_comes_later_or_on_the_order_of_rows(
    prog: Programme, on: dt.date, later: int, draw: st.DataObject
) -> None:
    before = prog.needs_on(on)
    tomorrow = st.just(on + dt.timedelta(days=later + 1))
    more = prog.with_decisions([draw.draw(decisions(prog, on=tomorrow))])
    assert more.needs_on(on).equals(before)
    assert prog.as_of(on).needs_on(on).equals(before)
    turned = prog.model_copy(
        update={name: list(reversed(getattr(prog, name))) for name in ("needs", "attendances", "decisions", "sessions")}
    )
    assert turned.needs_on(on).sort(pl.all()).equals(before.sort(pl.all()))


@given(programmes(), DAYS, st.data())
@examples(30)
def test_a_need_that_lapsed_never_opens_by_itself_and_one_withdrawn_never(
    prog: Programme, on: dt.date, draw: st.DataObject
) -> None:
    later = on + dt.timedelta(days=draw.draw(st.integers(1, 600)))
    now, then = (prog.with_decisions([]).needs_on(day) for day in (on, later))
    known = [need.date <= on for need in prog.needs if need.date <= later]
    moves = {*zip(now["state"], then.filter(pl.Series(known, dtype=pl.Boolean))["state"], strict=True)}
    said = {each.event for each in prog.decisions if on < each.date <= later}
    if "confirmed" not in said:
        assert moves.isdisjoint({("lapsed", "open"), ("lapsed", "to_confirm"), ("met", "open"), ("to_confirm", "open")})
    assert {after for before, after in moves if before == "withdrawn"} <= {"withdrawn"}


def test_a_decision_is_of_a_role() -> None:
    assert Decision(date=ON, event="withdrawn", collectivity="09001").who == "officer"


def test_what_was_sent_out_is_recorded_in_one_line() -> None:
    made = programme()
    recs = made.recommend(ON)
    sent = recs.decisions()
    after = made.with_decisions(sent)
    assert [each.territory for each in after.decisions] == [rec.territory for rec in recs if rec.offer]
    assert {(each.event, each.who, each.date, each.host == each.territory) for each in after.decisions} == {
        ("made", "officer", ON, True)
    }
    first = next(rec for rec in recs if rec.offer)
    assert (sent["session"][0], sent["day"][0], sent["trainer"][0]) == (first.session, first.day, first.trainer)
    assert set(recs.decisions("declined")["event"]) == {"declined"}
    with pytest.raises(ArgumentError, match="event"):
        recs.decisions("sent")
