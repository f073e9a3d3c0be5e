"""A programme over time: what a day knows, what comes later, and what is added bit by bit."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, strategies as st

import lively
import made
from prai_match import Programme, Recommendations, Record, reproduce, testing
from prai_match.model import Attribute
from thorough import examples

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = testing.Sizes(territories=3, partners=3, trainers=3, needs=5, sessions=3, attendances=5)
DRAWN = testing.programmes(sizes=SIZES, texts=testing.need_texts())
DAYS = st.dates(dt.date(2006, 9, 1), dt.date(2008, 6, 30))
ADDED: dict[str, Callable[[Programme], st.SearchStrategy[Any]]] = {
    "needs": testing.needs,
    "attendances": testing.attendances,
    "sessions": testing.held_sessions,
    "trainers": testing.trainers,
    "partners": testing.relay_partners,
}
KEYS = {"collectivities": "code", **dict.fromkeys(("sessions", "trainers", "partners", "territories"), "id")}


def said(recs: Recommendations) -> list[Any]:
    """All that is answered on a day, and why and why not."""
    return [
        recs.to_polars("en").to_dicts(),
        [rec.why() for rec in recs],
        recs.why_not("en").to_dicts(),
        next(iter(recs)).notice().text(),
    ]


def plus(programme: Programme, table: str, *rows: Any) -> Programme:
    after: Programme = getattr(programme, f"with_{table}")(rows)
    return after


@st.composite
def later(draw: st.DrawFn, programme: Programme, day: dt.date) -> Programme:
    """The programme with something that isn't visible on the day."""
    after = st.dates(day + dt.timedelta(days=1), dt.date(2009, 1, 1))
    table = draw(st.sampled_from(["needs", "attendances", "sessions", "trainers", "partners", "leaver"]))
    if table == "leaver":
        kind = draw(st.sampled_from(["trainer", "partner"]))
        actors = [each.id for each in getattr(programme, f"{kind}s") if each.since is None or each.since <= day]
        if not actors:
            return programme
        without: Programme = getattr(programme, f"without_{kind}")(draw(st.sampled_from(actors)), since=draw(after))
        return without
    row = draw(ADDED[table](programme))
    dated = "since" if table in {"trainers", "partners"} else "date"
    nothing = {"trainers": "until", "partners": "until", "attendances": "held"}.get(table)
    other = {} if nothing is None else {nothing: None}
    return plus(programme, table, row.model_copy(update={dated: draw(after), **other}))


@examples(12)
@given(DRAWN, DAYS)
def test_a_day_answers_as_it_was_known(programme: Programme, day: dt.date) -> None:
    known, whole = programme.as_of(day).recommend(day), programme.recommend(day)
    assert said(known) == said(whole)
    assert known.fingerprint == whole.fingerprint
    assert known.programme.as_of(day) == known.programme


def test_the_lively_day_answers_as_it_was_known() -> None:
    comes = lively.programme().without_trainer("anna", since=dt.date(2007, 11, 1))
    comes = comes.with_trainers([{**lively.lively()["trainers"][0], "id": "zoe", "since": "2007-10-01", "fee": "1"}])
    known, whole = comes.as_of(lively.ON).recommend(lively.ON), comes.recommend(lively.ON)
    assert said(known) == said(whole) == said(lively.programme().recommend(lively.ON))
    assert known.fingerprint == whole.fingerprint == lively.programme().recommend(lively.ON).fingerprint


@pytest.mark.parametrize("booked", ["2007-08-01", "2007-09-10"])
def test_who_is_booked_before_coming_is_known(booked: str) -> None:
    trainer = {**made.SMALL["trainers"][0], "id": "zoe", "since": "2007-10-01"}
    session = {**made.SMALL["sessions"][0], "id": "h9", "date": "2007-10-05", "booked_on": booked, "trainer": "zoe"}
    known = made.programme().with_trainers([trainer]).with_sessions([session]).as_of(made.ON)
    assert ("zoe" in {each.id for each in known.trainers}) is (booked < "2007-09-03")
    assert Programme.model_validate_json(known.model_dump_json()) == known
    assert all(rec.trainer != "zoe" for rec in known.recommend(made.ON))


@examples(20)
@given(DRAWN, DAYS, st.data())
def test_records_of_the_past_stay_what_they_are(programme: Programme, day: dt.date, data: st.DataObject) -> None:
    before = programme.recommend(day)
    answers, records = said(before), [rec.record() for rec in before]
    after = programme
    for _ in range(data.draw(st.integers(1, 3))):
        after = data.draw(later(after, day))
    assert said(after.recommend(day)) == answers
    for again in (reproduce(record, after) for record in records[:1]):
        assert (again.same_inputs, again.same_answer) == (True, True)


def test_the_record_names_what_is_visible() -> None:
    record: Record = made.programme().recommend(on=made.ON)["T1"].record()
    comes = made.programme().with_trainers([{**made.SMALL["trainers"][0], "id": "zoe", "since": "2007-09-03"}])
    assert reproduce(record, comes).changed == ("trainers", "expertise"), "the limit on presence is no change of rules"
    leaves = made.programme().without_trainer("web", since=made.ON)
    assert reproduce(record, leaves).changed == ("trainers",)
    assert reproduce(record, leaves).differences["trainer"] == ("web", "geo")
    day_before = made.ON - dt.timedelta(days=1)
    assert said(leaves.recommend(day_before)) == said(made.programme().recommend(day_before))


@examples(20)
@given(DRAWN, DAYS, st.data())
def test_adding_rows_is_building_anew(programme: Programme, day: dt.date, data: st.DataObject) -> None:
    table = data.draw(st.sampled_from(sorted(ADDED)))
    rows = [data.draw(ADDED[table](programme)) for _ in range(data.draw(st.integers(1, 2)))]
    if table in KEYS:
        # A session that others name stays as they have it.
        named = {row.held for rows_of in (programme.attendances, programme.decisions) for row in rows_of}
        old = [row.id for row in getattr(programme, table) if table != "sessions" or row.id not in named]
        ids = data.draw(st.permutations([*old, "new_1", "new_2"]))
        rows = [row.model_copy(update={"id": code}) for row, code in zip(rows, ids, strict=False)]
    if data.draw(st.booleans()):
        programme.recommend(day)  # its frames are handed on
    after = plus(programme, table, *rows)
    kept = {row.id for row in rows} if table in KEYS else set()
    rest = [row for row in getattr(programme, table) if not kept or row.id not in kept]
    new = [row for row in getattr(after, table) if row in rows]
    anew = Programme.model_validate(
        {
            **{name: getattr(programme, name) for name in type(programme).model_fields},
            table: list(getattr(after, table)),
        }
    )
    other_order = anew.model_copy(update={table: [*reversed(rows), *rest]})
    assert len(new) >= len(rows)
    assert len(getattr(after, table)) == len(rest) + len(rows)
    assert after == anew
    recs = after.recommend(day)
    for built in (anew, other_order):
        again = built.recommend(day)
        assert said(again) == said(recs)
        assert again.fingerprint == recs.fingerprint


@pytest.mark.parametrize("asked", [False, True])
def test_settings_that_are_set_are_those_of_a_programme_built_so(*, asked: bool) -> None:
    programme = made.programme()
    if asked:
        programme.recommend(made.ON)
    policy = made.POLICY.with_weights(equity=20)
    lexicon: dict[str, Any] = {"terme": [{"atelier": "sig", "niveau": "fort", "mots": ["cadastre"]}]}
    calendar: dict[str, Any] = {"elections": [{"date": "2007-06-01", "name": made.both("v")}]}
    pairs = [
        (programme.with_calendar(calendar), made.programme(calendar=calendar)),
        (programme.with_budget(500), made.programme(budget={"total": "500"})),
        (programme.with_policy(policy), made.programme(policy=policy)),
        (programme.with_lexicon(lexicon), made.programme(lexicon=lexicon)),
        (
            programme.with_territories([{**made.SMALL["territories"][0], "population": 9}]),
            made.programme(territories=[{**made.SMALL["territories"][0], "population": 9}, *made.SMALL["territories"][1:]]),
        ),
        (
            programme.with_collectivities([{**made.SMALL["collectivities"][0], "population": 9}]),
            made.programme(
                collectivities=[{**made.SMALL["collectivities"][0], "population": 9}, *made.SMALL["collectivities"][1:]]
            ),
        ),
    ]  # fmt: skip
    for after, anew in pairs:
        assert after == anew
        assert after != programme
        assert said(after.recommend(made.ON)) == said(anew.recommend(made.ON))
        assert after.recommend(made.ON).fingerprint == anew.recommend(made.ON).fingerprint


@examples(10)
@given(DRAWN, DAYS, st.data())
def test_what_no_rule_reads_changes_no_answer(programme: Programme, day: dt.date, data: st.DataObject) -> None:
    kinds = {"boolean": True, "integer": 3, "decimal": 1.5, "text": "oc", "date": dt.date(2007, 1, 1)}
    of, kind = (
        data.draw(st.sampled_from(["collectivities", "partners", "territories", "trainers"])),
        data.draw(st.sampled_from(sorted(kinds))),
    )
    attribute = Attribute.model_validate({"of": of, "name": "own_fact", "type": kind, "fr": "Fait", "en": "Fact"})
    rows = [
        row.model_copy(update={"attributes": {"own_fact": kinds[kind]} if data.draw(st.booleans()) else {}})
        for row in getattr(programme, of)
    ]
    after = programme.model_copy(update={"attributes": [attribute], of: rows})
    assert said(after.recommend(day))[:3] == said(programme.recommend(day))[:3]
