"""What `to_json` gives: as its schema says, in both languages, with the same figures as the object."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from made import FREEZE, ON, programme
from outcomes_by_hand import by_hand
from prai_match import Policy, Programme, Record, UnknownCodeError, reproduce
from prai_match.explain import Changes
from prai_match.plan import Weights
from prai_match.simulate import Scenario
from schemas import SCHEMAS, wrong

if TYPE_CHECKING:
    from pathlib import Path

    from prai_match import Recommendation, Recommendations
    from prai_match.model import Lang

REGIONS = {"midi_pyrenees": dt.date(2007, 9, 3), "occitanie_2026": dt.date(2026, 11, 2)}
RECS = programme().recommend(on=ON)


def same(name: str, data: dict[str, Any]) -> dict[str, Any]:
    """The data, as read again from a file; they are as the schema says, and in its order."""
    written = json.dumps(data, allow_nan=False)
    read: dict[str, Any] = json.loads(written)
    assert read == data
    assert wrong(name, read) == []
    assert read["schema"] == SCHEMAS[name]["properties"]["schema"]["const"] == 2
    assert list(read) == list(SCHEMAS[name]["properties"])
    return read


@pytest.fixture(scope="module", params=REGIONS)
def region(request: pytest.FixtureRequest) -> Recommendations:
    return Programme.example(request.param).recommend(on=REGIONS[request.param])


def some(recs: Recommendations) -> list[Recommendation]:
    """A recommendation with each reason, and each kind of offer."""
    table = recs.to_polars().unique(["kind", "reason"], keep="first", maintain_order=True)
    return [recs[code] for code in table["territory"]]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_why_not_any_session(region: Recommendations, lang: Lang) -> None:
    verdicts = set()
    for rec in some(region):
        for session in region.programme.catalogue.sessions:
            why_not = rec.why_not(session=session.id, lang=lang)
            data = same("why_not", why_not.to_json())
            assert (data["lang"], data["title"]) == (lang, why_not.title[lang])
            for name in ("territory", "session", "partner", "verdict", "stage", "reason", "score", "gap"):
                assert data[name] == getattr(why_not, name)
            assert [each["holds"] for each in data["conditions"]] == [each.holds for each in why_not.conditions]
            assert [each["values"] for each in data["conditions"]] == [dict(each.found) for each in why_not.conditions]
            assert sum(each["difference"] for each in data["gaps"]) == pytest.approx(data["gap"] or 0, abs=1e-5)
            verdicts.add(data["verdict"])
    assert verdicts == {"recommended", "outscored", "refused"}


@pytest.mark.french
def test_why_not_where_no_day_is_open_and_with_an_actor() -> None:
    rec = programme().recommend(on=FREEZE)["T1"]
    data = same("why_not", rec.why_not(session="site_internet").to_json("en"))
    assert (data["verdict"], data["reason"], data["score"], data["gaps"]) == ("refused", "no_open_day", None, [])
    other = RECS["T2"]
    assert same("why_not", RECS["T1"].why_not(partner=other.partner, trainer=other.trainer).to_json())["lang"] == "fr"


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_what_it_takes_is_what_makes_it_so(region: Recommendations, lang: Lang) -> None:
    among = region.where(departement=region.to_polars()["departement"][0])
    answers = 0
    for needed in among.what_would_it_take(lang).values():
        data = same("needed", needed.to_json())
        assert (data["lang"], data["title"], data["no_way"]) == (lang, needed.title[lang], needed.no_way)
        assert [each["sentence"] for each in data["answers"]] == [each.text(lang) for each in needed]
        assert [Changes.of(**each["changes"]) for each in data["answers"]] == [each.changes for each in needed]
        answers += len(data["answers"])
    assert answers > 0


def test_moves_of_every_kind_but_those_of_known_actors() -> None:
    kinds = set()
    regions = [(Programme.example(name), on) for name, on in (*REGIONS.items(), ("midi_pyrenees", FREEZE))]
    without = [(programme(sessions=[], attendances=[], **{name: []}), ON) for name in ("partners", "trainers")]
    for prog, on in regions + without:
        recs = prog.recommend(on=on).where(departement=["09", "32", "48"])
        for needed in recs.what_would_it_take("en").values():
            data = same("needed", needed.to_json())
            kinds |= {move["kind"] for answer in data["answers"] for move in answer["moves"]}
    assert kinds >= {"need", "attend", "relay", "trainer", "wait"}


def test_a_sentence_is_in_the_language_asked_for_last() -> None:
    why_not, needed = RECS["T1"].why_not(session="sig"), RECS["T1"].what_would_it_take(session="sig")
    assert why_not.to_json("en") == RECS["T1"].why_not(session="sig", lang="en").to_json()
    assert needed.to_json("en") == RECS["T1"].what_would_it_take(session="sig", lang="en").to_json()
    for each in (why_not, needed):
        with pytest.raises(UnknownCodeError, match="unknown language: 'de'"):
            each.to_json("de")  # type: ignore[arg-type]


def test_a_plan(region: Recommendations) -> None:
    prog, start = region.programme, region.on
    end = start + dt.timedelta(days=15)
    plan = prog.plan(start, end, time_limit=0)
    data = same("plan", plan.to_json())
    assert data["sessions"][0].keys() == dict.fromkeys(plan.sessions.columns).keys()
    assert len(data["sessions"]) == plan.sessions.height
    assert len(data["seats"]) == plan.seats.height
    assert sum(data["parts"].values()) == pytest.approx(data["objective"])
    assert data["on"] == start.isoformat()
    again = same("plan", plan.with_weights(Weights(score=2)).to_json())
    assert (again["bound"], again["gap"], again["weights"]["score"]) == (None, 1.0, 2)
    by_region = prog.plan_by_region(start, end, time_limit=0)
    data = same("regional_plan", by_region.to_json())
    (only,) = data["regions"]
    assert (only["region"], only["sessions"], data["regional_bound"]) == (
        "76",
        by_region.regions["sessions"][0],
        only["bound"],
    )
    assert only["budget"] == f"{by_region.regions['budget'][0]:.2f}" == data["budget"]


def test_a_plan_without_a_limit_of_money_and_an_unknown_cost() -> None:
    trainers = [trainer.model_dump() | {"fee": None} for trainer in programme().trainers]
    made = programme(budget=None, trainers=trainers)
    data = same("plan", made.plan(ON, dt.date(2007, 12, 31), time_limit=0).to_json())
    assert data["budget"] is None
    assert None in {session["cost"] for session in data["sessions"]}
    regions = same("regional_plan", made.plan_by_region(ON, dt.date(2007, 12, 31), time_limit=0).to_json())["regions"]
    assert {each["budget"] for each in regions} == {None}


def test_outcomes(tmp_path: Path) -> None:
    outcomes = by_hand(tmp_path)
    data = same("outcomes", outcomes.to_json(0.8))
    assert (data["scenarios"], data["replications"], data["level"]) == (["baseline", "cut", "open"], 3, 0.8)
    for name, frame in (("summary", outcomes.summary(0.8)), ("differences", outcomes.differences(level=0.8))):
        assert pl.DataFrame(data[name], schema=frame.schema).equals(frame)
    with pytest.raises(ValueError, match="level: 2 is not valid; give a number above 0 and below 1"):
        outcomes.to_json(2)


@pytest.mark.parametrize("name", REGIONS)
def test_outcomes_of_a_region(name: str) -> None:
    days = REGIONS[name], REGIONS[name] + dt.timedelta(days=30)
    outcomes = Programme.example(name).simulate([Scenario(name="now")], *days, replications=1)
    data = same("outcomes", outcomes.to_json())
    assert data["differences"] == []
    assert {each["error"] for each in data["summary"]} == {None}, "of one replication there is no error"


def test_a_record_and_its_reproduction(region: Recommendations) -> None:
    for rec in some(region):
        record = rec.record()
        assert (wrong("record", record.to_json()), record.to_json()["schema"]) == ([], 2)
        assert Record.from_json(json.loads(json.dumps(record.to_json()))) == record
    again = reproduce(record, region.programme)
    assert same("reproduction", again.to_json())["same_answer"]
    other = reproduce(record, programme())
    data = same("reproduction", other.to_json())
    assert (data["now"], data["same_answer"], data["changed"]) == (None, False, list(other.changed))


def test_the_difference_of_two_policies() -> None:
    default = Policy.default()
    other = default.with_weights(equity=20).without("full_room").with_column("mayor", "boolean", unit="")
    other = other.require("mayor", id="mayor", unknown="accept")
    data = same("policy_difference", default.diff(other).to_json())
    assert data["before"] == data["after"] == {"id": "prai", "name": default.name.model_dump()}
    assert [(row["id"], row["change"], row["fields"]) for row in data["rules"]] == [
        ("equity", "weight", ["weight"]),
        ("full_room", "removed", []),
        ("mayor", "added", []),
    ]
    assert [row["weight"] for row in (data["rules"][0]["before"], data["rules"][0]["after"])] == [30, 20]
    assert [(row["id"], row["before"], row["after"]["type"]) for row in data["columns"]] == [("mayor", None, "boolean")]
    assert same("policy_difference", other.diff(other).to_json())["rules"] == []


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_what_stands_by_itself_has_the_schema_and_a_row_has_none(region: Recommendations, lang: Lang) -> None:
    for rec in some(region):
        same("why", rec.why(lang).to_json())
        same("notice", rec.notice(lang).to_json())
        if rec.next:
            same("brief", rec.brief(lang).to_json())
        assert wrong("recommendation", rec.to_json(lang)) == []
        assert "schema" not in rec.to_json(lang)
        for offer in rec.alternatives:
            assert wrong("alternative", offer.to_json()) == []
    same("error", UnknownCodeError("session", "sgi", ["sig"]).to_json(lang))
