"""What would be recommended if something were otherwise."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, strategies as st

from made import FREEZE, ON, POLICY, SESSIONS, WORKSHOPS, attendances, data, programme, small, with_policy
from prai_match import FollowUps, PolicyError, Programme, Recommendations
from prai_match.explain import Changes
from prai_match.needs import Lexicon, wanted
from thorough import examples

if TYPE_CHECKING:
    import polars as pl

    from goldens import Golden

DAYS = st.dates(dt.date(2007, 1, 1), dt.date(2008, 12, 31))


NEW = {
    "id": "new",
    "organisation": "Organisme",
    "role": "Intervenant",
    "expertise": [{"session": session} for session in SESSIONS],
    "home": "09001",
    "latitude": 43.2,
    "longitude": 1.1,
    "reach_km": 60.0,
}
SETTINGS: dict[str, st.SearchStrategy[Any]] = {
    "notice_days": st.integers(0, 60),
    "travel_km": st.integers(1, 90),
    "with_budget": st.sampled_from([None, {"total": "900"}]),
}
PARTS = ("needs", "attendances", "trainers", "partners", "sessions", *SETTINGS)


@st.composite
def cases(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """A programme as data, changes to it, and the data that must result, written out in plain Python."""
    raw = draw(data())
    members = [member for territory in raw["territories"] for member in territory["members"]]
    changes: dict[str, Any] = {}
    after = dict(raw)
    parts = draw(st.lists(st.sampled_from(PARTS), unique=True))
    for part in parts:
        if part in SETTINGS:
            changes[part] = after[part.removeprefix("with_")] = draw(SETTINGS[part])
            continue
        keys = ("collectivity",) if part in {"needs", "attendances"} else ("id",)
        gone = draw(st.none() | st.sampled_from([row[keys[0]] for row in raw[part]])) if raw[part] else None
        added = {"needs": _need(members), "attendances": attendances(members), "trainers": st.just(NEW)}
        new = [draw(added[part])] if part in added else []
        if gone is not None:
            changes[f"without_{part}"] = [gone] if keys == ("id",) else [{keys[0]: gone}]
        changes[f"with_{part}"] = new
        after[part] = [*(row for row in raw[part] if row[keys[0]] != gone), *new]
    for name in ("partner", "trainer"):
        gone = changes.get(f"without_{name}s", [])
        after["sessions"] = [{**row, name: None if row[name] in gone else row[name]} for row in after["sessions"]]
    gone = changes.get("without_sessions", [])
    after["attendances"] = [
        {**row, "held": None if row["held"] in gone else row["held"]} for row in after["attendances"]
    ]
    after["decisions"] = [row for row in after["decisions"] if row["held"] not in gone]
    return raw, changes, after


def _need(members: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "collectivity": st.sampled_from(members),
            "date": DAYS.map(dt.date.isoformat),
            "workshop": st.sampled_from(WORKSHOPS),
            "people": st.integers(1, 25),
        }
    )


@given(cases(), DAYS, st.fixed_dictionaries({}, optional={"on": DAYS, "weights": st.just({"equity": 70})}))
@examples(15)
def test_it_equals_computing_from_scratch(
    case: tuple[dict[str, Any], dict[str, Any], dict[str, Any]], on: dt.date, otherwise: dict[str, Any]
) -> None:
    raw, changes, after = case
    made, remade = (with_policy(Programme.model_validate(rows)) for rows in (raw, after))
    recs = made.recommend(on)
    policy = POLICY.with_weights(**otherwise.get("weights", {}))
    expected = remade.recommend(otherwise.get("on", on), policy=policy)
    assert made.changed(Changes.of(**changes)) == remade
    found = recs.what_if(**changes, **otherwise)
    assert found.before is recs
    assert list(found.after) == list(expected)
    assert found.text() == (expected - recs).text()
    alone = recs["T0"].what_if(**changes, **otherwise)
    assert list(alone.after) == [expected["T0"]]
    assert [one.text() for one in alone] == [one.text() for one in found if one.territory == "T0"]


RECS = programme().recommend(ON)


def same(one: Recommendations, other: Recommendations) -> bool:
    return list(one) == list(other)


def test_without_changes_nothing_changes() -> None:
    assert not RECS.what_if()
    assert same(RECS.what_if().after, RECS)


def test_a_trainer_is_gone() -> None:
    difference = RECS["T1"].what_if(without_trainers=["web"])
    assert difference.changes() == {"session": 1}
    assert [cause.code for cause in difference["T1"].causes][:1] == ["trainer_removed"]
    assert [cause.code for cause in difference.facts] == ["trainer_removed"]
    assert difference.after["T1"].trainer == "geo"


def test_another_day_and_other_weights() -> None:
    assert RECS.what_if(on=FREEZE).changes() == {"lost": 3}
    assert same(
        RECS.what_if(weights={"equity": 20}).after,
        programme().recommend(ON, policy=POLICY.with_weights(equity=20)),
    )
    other = POLICY.without("past_rating")
    heavier = RECS.what_if(with_policy=other, weights={"equity": 20}).after
    assert same(heavier, programme().recommend(ON, policy=other.with_weights(equity=20)))
    with pytest.raises(PolicyError, match="did you mean equity"):
        RECS.what_if(weights={"equty": 20})


def test_what_was_asked_is_asked_again() -> None:
    declared = FollowUps.declared(programme().catalogue)
    policy = POLICY.with_column("priority", "number").prefer("priority", id="priority", kind="workshop", weight=5)
    extra = {"territory": ["T1", "T3"], "priority": [1.0, 0.2]}
    asked: dict[str, Any] = {
        "top": 1,
        "policy": policy,
        "territories": ["T3", "T1"],
        "follow_ups": declared,
        "extra": extra,
    }
    recs = programme().recommend(ON, **asked)
    after = recs.what_if(notice_days=40, on=dt.date(2007, 10, 1)).after
    assert same(after, programme(notice_days=40).recommend(dt.date(2007, 10, 1), **asked))
    assert (after.top, after.follow_ups, len(after)) == (1, declared, 2)
    assert RECS.what_if(on=FREEZE).after.follow_ups is not RECS.follow_ups


def test_needs_are_read_again_only_where_they_change(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"workshop": None, "axis": None, "text": "refonte du site internet"}
    recs = programme(needs=[{**need, **said} for need in small()["needs"]]).recommend(ON)
    read: list[int] = []

    def counted(texts: pl.Series, lexicon: Lexicon) -> list[list[tuple[str | None, str | None, float]]]:
        read.append(len(texts))
        return wanted(texts, lexicon)

    monkeypatch.setattr("prai_match.offers._tables.wanted", counted)
    recs.what_if(notice_days=3, on=FREEZE)
    assert read == []
    recs.what_if(without_trainers=["web"])
    assert read == [0]
    recs.what_if(without_needs=[{"collectivity": "09001"}])
    assert read == [0, 2]
    programme().changed(Changes.of(notice_days=3))
    assert read == [0, 2]


def test_the_lexicon_is_kept() -> None:
    made = programme()
    own = made.lexicon
    assert made.changed(Changes.of(notice_days=3)).lexicon is own
    assert programme().changed(Changes.of(notice_days=3)) == programme(notice_days=3)


@pytest.mark.french
def test_the_region_without_its_busiest_trainer(golden: Golden) -> None:
    recs = with_policy(Programme.example()).recommend(dt.date(2007, 9, 3))
    difference = recs.what_if(without_trainers=["web_toulouse"])
    assert {changed.territory for changed in difference} == {
        rec.territory for rec in recs if rec.trainer == "web_toulouse"
    }
    golden("without_web_toulouse_fr.txt", difference.text() + "\n")
    assert recs.what_if(weights={"equity": 20}).changes() == {"details": 100}
