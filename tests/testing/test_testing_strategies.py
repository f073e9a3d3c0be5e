"""Strategies draw what they say."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from itertools import product
from typing import Any

import pytest
from hypothesis import Phase, find, given, settings, strategies as st

from made import programme
from prai_match import Policy, Programme, register
from prai_match.model import Buffet, Catalogue, Workshop
from prai_match.needs import classify
from prai_match.testing import (
    CASES,
    NOISES,
    Candidate,
    Case,
    NeedText,
    NoisyName,
    Oracle,
    Sizes,
    attendances,
    calendars,
    catalogues,
    commune_names,
    days,
    decisions,
    held_sessions,
    joined_columns,
    need_texts,
    needs,
    policies,
    programmes,
    registrations,
    relay_partners,
    trainers,
)
from thorough import examples


@pytest.mark.parametrize("case", CASES)
@examples(6)
@given(draw=st.data())
def test_each_case_is_what_its_name_says(case: Case, draw: st.DataObject) -> None:
    drawn = draw.draw(programmes(case=case))
    match case:
        case "busy":
            known = {code for partner in drawn.partners for code in partner.departements}
            led = {expertise.session for trainer in drawn.trainers for expertise in trainer.expertise}
            assert known >= {territory.departement for territory in drawn.territories}
            assert led == {session.id for session in drawn.catalogue.sessions}
            assert len(drawn.needs) >= len(drawn.territories)
        case "no_relay":
            assert drawn.partners == ()
        case "no_trainer":
            assert drawn.trainers == ()
        case "no_capacity":
            assert {partner.sessions_a_year for partner in drawn.partners} <= {0}
            assert {trainer.sessions_a_month for trainer in drawn.trainers} <= {0}
        case "no_money":
            assert drawn.budget is not None
            assert drawn.budget.total == 0
        case "no_need":
            assert drawn.needs == ()
        case "no_history":
            assert not (drawn.needs)
            assert not (drawn.sessions)
            assert not (drawn.attendances)
        case "one_territory":
            assert len(drawn.territories) == 1
        case "all_attended":
            reasons = drawn.recommend(on=drawn.period.end).without()
            assert reasons == {"all_attended": len(drawn.territories)}


@examples(15)
@given(programmes(sizes=Sizes(territories=2, partners=0, trainers=1, needs=0, sessions=0, attendances=1)))
def test_sizes_are_the_most_there_is(drawn: Programme) -> None:
    counts = [len(rows) for rows in (drawn.territories, drawn.partners, drawn.trainers, drawn.needs, drawn.sessions)]
    assert all(count <= most for count, most in zip(counts, (2, 0, 1, 0, 0), strict=True))
    assert len(drawn.attendances) <= 1


def test_programmes_shrink_to_the_smallest() -> None:
    found = find(programmes(case="busy"), lambda drawn: len(drawn.trainers) == 2)
    assert len(found.territories) == len(found.needs) == 1
    assert len(found.sessions) == len(found.attendances) == 0
    assert found.needs[0].people == 10


def test_all_that_can_happen_to_a_need_is_drawn() -> None:
    often: Counter[str] = Counter()
    one = Sizes(territories=1, partners=0, trainers=0, decisions=8)

    @settings(max_examples=200, phases=[Phase.generate], derandomize=True, database=None)
    @given(programmes(sizes=one))
    def look(drawn: Programme) -> None:
        asked = Oracle(drawn, drawn.period.end).asked
        axes = {held.id: held.axis for held in drawn.sessions}
        came = {(row.session, axes[row.held]) for row in drawn.attendances if row.held and axes[row.held]}
        attended = {row.session for row in drawn.attendances}
        often.update({need.state for need in asked})
        often["confirmed"] += any(need.start > drawn.needs[need.row].date for need in asked)
        often["attended on an axis"] += any((need.session, need.axis) in came for need in asked)
        often["due again"] += any(each.id in attended and each.refresh_after for each in drawn.catalogue.sessions)

    look()
    wanted = {"open", "to_confirm", "met", "lapsed", "withdrawn", "confirmed", "attended on an axis", "due again"}
    assert {what for what in wanted if often[what] < 2} == set(), often


@given(st.data())
@examples(20)
def test_what_is_drawn_for_a_programme_fits_it(draw: st.DataObject) -> None:
    made = programme()
    more: dict[str, Any] = {
        "with_needs": [draw.draw(needs(made, texts=need_texts()))],
        "with_attendances": [draw.draw(attendances(made))],
        "with_sessions": [draw.draw(held_sessions(made))],
        "with_decisions": [draw.draw(decisions(made))],
        "with_registrations": [draw.draw(registrations(made))],
        "with_partners": [draw.draw(relay_partners(made))],
        "with_trainers": [draw.draw(trainers(made))],
    }
    after = Programme.recommend(made, on=dt.date(2007, 9, 3)).what_if(**more).after
    assert len(after.programme.needs) == len(made.needs) + 1


@given(catalogues(including=["sig", "buffet_9"]))
@examples(20)
def test_a_catalogue_has_the_sessions_asked_for(drawn: object) -> None:
    sessions = {session.id: session for session in drawn.sessions}  # type: ignore[attr-defined]
    assert {"sig", "buffet_9"} <= sessions.keys()
    assert isinstance(sessions["sig"], Workshop)
    assert sessions["buffet_9"].kind == "buffet"


@examples(30)
@given(catalogues())
def test_modules_fit_in_their_session(drawn: Catalogue) -> None:
    for session in drawn.sessions:
        assert {module.axis for module in session.modules} <= {None, *(axis.id for axis in session.axes)}
        assert sum(module.minutes for module in session.modules) <= session.minutes


def test_modules_of_the_core_and_of_axes_are_drawn() -> None:
    found = find(catalogues(), lambda drawn: any(_parts(session) > {None} for session in drawn.sessions))
    assert [len(_parts(session)) for session in found.sessions if session.modules] == [2]


def _parts(session: Buffet | Workshop) -> set[str | None]:
    return {module.axis for module in session.modules}


def test_the_freeze_of_the_model_case_is_among_the_calendars() -> None:
    found = find(calendars(), lambda calendar: bool(calendar.blackouts and calendar.elections))
    assert found.elections[0].date >= dt.date(2006, 9, 1)


@given(st.lists(need_texts(), min_size=1, max_size=20))
@examples(20)
def test_phrases_ask_for_a_workshop_that_is_read_in_them(drawn: list[NeedText]) -> None:
    found = classify([need.text for need in drawn])["workshop"].to_list()
    # Some terms of the lexicon are also a misspelling of another workshop's.
    wrong = sum(said not in {need.workshop, None} for need, said in zip(drawn, found, strict=True))
    assert wrong <= 1


@given(st.lists(commune_names(), min_size=1, max_size=10))
@examples(15)
def test_names_are_those_of_the_communes_they_say(drawn: list[NoisyName]) -> None:
    found = register.resolve([name.text for name in drawn], [name.department for name in drawn])
    for name, answer in zip(drawn, found, strict=True):
        assert name.kind in NOISES
        assert register.get(name.code, kind="commune").name == name.name
        assert answer.code in {name.code, None} or not name.told


@given(policies(), st.data())
@examples(20)
def test_columns_are_joined_as_a_policy_asks(drawn: Policy, draw: st.DataObject) -> None:
    asked = drawn.with_column("mayor", "boolean").with_column("size", "text").with_column("grade", "number")
    for value, id_ in (("mayor", "mayor_in"), ("grade > 3", "grade_over"), ("size = 'large'", "size_large")):
        asked = asked.prefer(value, id=id_, stage="territory", weight=1)
    frame = draw.draw(joined_columns(asked, programme()))
    assert frame is not None
    assert frame.columns == ["territory", "mayor", "size", "grade"]
    assert len(programme().recommend(on=dt.date(2007, 9, 3), policy=asked, extra=frame)) == 3


@examples(25)
@given(programmes(case="busy"), days())
def test_where_all_have_as_many_points_the_first_codes_are_offered(drawn: Programme, on: dt.date) -> None:
    required = {rule.id for rule in Policy.default().requirements}
    alike = Policy.default().with_rules(row for row in Policy.default().rows.rule if row.id in required)
    oracle = Oracle(drawn, on, policy=alike)
    for rec in drawn.recommend(on=on, policy=alike):
        wanted = next(iter(oracle.ranking(rec.territory)), None)
        assert (wanted and wanted.candidate) == (rec.next and Candidate.of(rec.territory, rec.next))


def test_a_policy_of_requirements_alone_is_tried_too() -> None:
    only = Policy.default().with_rules(Policy.default().rows.rule[:1])
    oracle = Oracle(programme(), dt.date(2007, 9, 3), policy=only)
    actors = product(sorted(oracle.sessions), sorted(oracle.partners), sorted(oracle.trainers))
    found = [oracle.verdict(Candidate("T1", session, None, "T1", *pair)) for session, *pair in actors]
    assert {each.score for each in found} == {0.0}
    assert not any(each.broken for each in found)
