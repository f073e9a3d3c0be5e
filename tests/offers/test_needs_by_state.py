"""Needs count in what is answered while they are open, or to be confirmed, and no longer."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import polars as pl
from hypothesis import given, strategies as st

import lively
from prai_match import offers
from prai_match.offers import on_day
from prai_match.testing import Oracle, attendances, decisions, need_texts, needs, programmes
from thorough import examples

if TYPE_CHECKING:
    from prai_match import Programme
    from prai_match.offers import Snapshot

DAYS = st.dates(dt.date(2006, 11, 1), dt.date(2009, 6, 1))
LIVES = programmes(texts=need_texts()) | programmes(case="busy")
COUNTED = ("need_score", "need_served", "needs", "leads_to_need", "need_to_confirm", "interested")


def columns(prog: Programme, on: dt.date) -> pl.DataFrame:
    snapshot: Snapshot = on_day(prog, on)
    every = offers.sessions_of(snapshot, snapshot.frames.territories["t"])
    names = [name for name, level in snapshot.levels.items() if "session" in level or "territory" in level]
    own = [name for name in names if not name.startswith(("partner_", "trainer_", "distance_"))]
    return offers.with_columns(snapshot, every, own).sort("territory", "session")


def answers(prog: Programme, on: dt.date) -> list[str]:
    return [frame.write_ndjson() for frame in (columns(prog, on), prog.recommend(on, top=9).ranking())]


def anew(prog: Programme) -> Programme:
    return type(prog).model_validate({name: getattr(prog, name) for name in type(prog).model_fields})


def without(prog: Programme, over: set[int]) -> Programme:
    kept = [need for place, need in enumerate(prog.needs) if place not in over]
    return prog.model_copy(update={"needs": kept})


@given(LIVES, DAYS)
@examples(40)
def test_a_need_that_is_met_lapsed_or_withdrawn_counts_in_no_column_and_no_score(prog: Programme, on: dt.date) -> None:
    over = {need.row for need in Oracle(prog, on).asked if need.state not in {"open", "to_confirm"}}
    assert answers(without(prog, over), on) == answers(prog, on)


@given(LIVES, DAYS, st.data())
@examples(30)
def test_confirming_a_need_brings_it_back_on_that_day(prog: Programme, on: dt.date, draw: st.DataObject) -> None:
    gone = [need for need in Oracle(prog, on).asked if need.state != "withdrawn"]
    if not gone:
        return
    need = draw.draw(st.sampled_from(gone))
    said = {"date": on, "event": "confirmed", "collectivity": need.collectivity, "session": need.session}
    after = prog.with_decisions([said])
    read = {each.row: each for each in Oracle(after, on).asked}[need.row]
    assert (read.state, read.since) == ("open", on)
    territory = next(each.id for each in prog.territories if need.collectivity in each.members)
    (row,) = columns(after, on).filter(territory=territory, session=need.session).iter_rows(named=True)
    assert (row["need_age_days"], row["need_score"] >= need.score, row["needs"] >= 1) == (0, True, True)
    before, again = columns(prog, on), columns(after, on)
    for name in ("need_score", "needs", "interested", "leads_to_need"):
        assert (again[name] >= before[name]).all(), name
    assert (again["need_to_confirm"] <= before["need_to_confirm"]).all()


@given(LIVES, DAYS, st.data())
@examples(30)
def test_withdrawing_a_need_takes_it_away_for_good(prog: Programme, on: dt.date, draw: st.DataObject) -> None:
    asked = Oracle(prog, on).asked
    if not asked:
        return
    need = draw.draw(st.sampled_from(asked))
    said = {"collectivity": need.collectivity, "session": need.session}
    later = on + dt.timedelta(days=draw.draw(st.integers(0, 300)))
    gone = prog.with_decisions([{**said, "date": on, "event": "withdrawn"}])
    taken = {each.row for each in asked if (each.collectivity, each.session) == (need.collectivity, need.session)}
    assert answers(gone, later) == answers(without(prog, taken), later)
    again = gone.with_decisions([{**said, "date": later, "event": "confirmed"}])
    assert taken <= {each.row for each in Oracle(again, later).asked if each.state == "withdrawn"}
    assert again.needs_on(later).filter(state="withdrawn").equals(gone.needs_on(later).filter(state="withdrawn"))


@given(LIVES, DAYS, st.integers(1, 60))
@examples(20)
def test_the_longer_needs_are_kept_the_fewer_have_lapsed(prog: Programme, on: dt.date, more: int) -> None:
    longer = prog.model_copy(update={"needs_lapse_months": prog.needs_lapse_months + more})
    lapsed, still = ({each.row for each in Oracle(made, on).asked if each.state == "lapsed"} for made in (prog, longer))
    assert still <= lapsed
    for name in ("need_score", "needs", "need_to_confirm"):
        assert (columns(longer, on)[name] >= columns(prog, on)[name]).all(), name


@given(LIVES, DAYS, st.integers(1, 300), st.data())
@examples(20)
def test_answers_of_a_day_never_depend_on_what_came_later(
    prog: Programme, on: dt.date, later: int, draw: st.DataObject
) -> None:
    tomorrow = st.just(on + dt.timedelta(days=later))
    more = prog.with_decisions(draw.draw(st.lists(decisions(prog, on=tomorrow), max_size=3)))
    more = more.with_attendances(draw.draw(st.lists(attendances(prog, on=tomorrow), max_size=3)))
    assert answers(more, on) == answers(prog, on) == answers(prog.as_of(on), on)


@given(LIVES, DAYS)
@examples(20)
def test_the_order_of_rows_changes_no_answer(prog: Programme, on: dt.date) -> None:
    names = ("needs", "attendances", "decisions", "sessions")
    turned = prog.model_copy(update={name: list(reversed(getattr(prog, name))) for name in names})
    assert answers(turned, on) == answers(prog, on)


@given(LIVES, DAYS, st.data())
@examples(30)
def test_a_programme_that_goes_on_answers_as_one_that_is_made_anew(
    prog: Programme, on: dt.date, draw: st.DataObject
) -> None:
    some: dict[str, Any] = {"with_needs": needs, "with_decisions": decisions, "with_attendances": attendances}
    for name in draw.draw(st.lists(st.sampled_from(sorted(some)), min_size=1, max_size=3)):
        answers(prog, on)  # its frames are prepared, and the day
        prog = getattr(prog, name)(draw.draw(st.lists(some[name](prog), max_size=3)))
        assert "frames" in prog.computed
        offers.frames_of(prog)
    other = anew(prog)
    assert answers(prog, on) == answers(other, on)
    for name in ("needs", "attendances", "decisions", "lives"):
        mine, theirs = (getattr(offers.frames_of(each), name).drop("row", strict=False) for each in (prog, other))
        assert mine.sort(pl.all()).equals(theirs.sort(pl.all())), name


def test_a_need_more_or_less_counts_on_a_day_that_was_asked_about_before_it() -> None:
    prog = lively.programme()
    before = answers(prog, lively.ON)
    for said in ({"text": "refonte du site internet"}, {"workshop": "sig"}, {"text": "rien"}):
        prog = prog.with_needs([{"collectivity": "09003", "date": lively.ON, "people": 4, **said}])
        assert answers(prog, lively.ON) == answers(anew(prog), lively.ON) != before
    gone = prog.with_decisions([{"collectivity": "09003", "date": lively.ON, "event": "withdrawn"}])
    assert answers(gone, lively.ON) == answers(anew(gone), lively.ON) != answers(prog, lively.ON)
