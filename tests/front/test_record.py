"""A recommendation that is kept, and computed again."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

import prai_match as pm
from made import CATALOGUE, CLOSED, FREEZE, ON, POLICY, SMALL, both, programme
from prai_match import Answer, Policy, PraiError, Programme, Record, reproduce
from prai_match.errors import ArgumentError
from schemas import wrong

if TYPE_CHECKING:
    from pathlib import Path

RECS = programme().recommend(on=ON)
RECORD = RECS["T1"].record()


def copied(record: Record) -> Record:
    return Record.from_json(json.loads(json.dumps(record.to_json())))


def first(table: str, **values: Any) -> dict[str, Any]:
    """The small programme's table with other values in its first row."""
    row, *others = SMALL[table]
    return {table: [{**row, **values}, *others]}


def test_a_record_says_what_was_recommended() -> None:
    rec, answer = RECS["T1"], RECORD.answer
    assert (RECORD.territory, RECORD.name, RECORD.on, RECORD.top) == ("T1", "Territoire 1", ON, 3)
    assert (answer.kind, answer.session, answer.axis) == (rec.kind, rec.session, rec.axis)
    assert (answer.partner, answer.trainer, answer.cost) == (rec.partner, rec.trainer, rec.cost)
    assert (answer.score, answer.day, answer.reason) == (rec.score, rec.day, None)
    assert answer.contributions == rec.why().contributions
    assert RECORD.fingerprint == RECS.fingerprint


@pytest.mark.parametrize("on", [ON, FREEZE])
def test_a_record_goes_through_json(on: dt.date) -> None:
    for rec in programme(partners=[], sessions=[], attendances=[]).recommend(on=on), programme().recommend(on=on):
        for record in (one.record() for one in rec):
            assert copied(record) == record
            assert hash(copied(record)) == hash(record)


def test_where_no_day_is_open_the_record_says_why() -> None:
    closed = programme(calendar=CLOSED)
    record = closed.recommend(on=ON)["T1"].record()
    assert record.answer == Answer("no_open_day")
    assert reproduce(record, closed).same_answer
    opened = reproduce(record, programme())
    assert (opened.changed, opened.same_answer) == (("calendar",), False)
    assert opened.differences["day"] == (None, dt.date(2007, 9, 24))


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({}, "territory: found nothing, expected a value: the field is required"),
        ({**RECORD.to_json(), "on": "soon"}, "on: 'soon' is not"),
        ({**RECORD.to_json(), "schema": 1}, "schema: found 1, expected 2"),
        ({**RECORD.to_json(), "schema": 3}, "schema: found 3, expected 2"),
        (
            {name: value for name, value in RECORD.to_json().items() if name != "schema"},
            "schema: found None, expected 2",
        ),
        ([], r"\[\] is not"),
    ],
)
def test_what_is_no_record_is_refused(data: Any, told: str) -> None:
    with pytest.raises(PraiError, match=f"this is not a record of a recommendation:\n.*{told}"):
        Record.from_json(data)


@pytest.mark.french
def test_the_same_inputs_give_the_same_answer() -> None:
    again = reproduce(copied(RECORD), programme())
    assert (again.same_inputs, again.same_answer, again.differences, again.versions) == (True, True, {}, {})
    assert (
        str(again) == "Territoire 1 (T1), recommandation du 3 septembre 2007\nReproduite : mêmes données, même réponse."
    )
    assert again.to_json()["changed"] == []


def test_another_process_gives_the_same_answer(tmp_path: Path) -> None:
    record = Programme.example().recommend(on=ON)["200066231"].record()
    kept = tmp_path / "record.json"
    kept.write_text(json.dumps(record.to_json()), "utf-8")
    code = (
        "import json, sys, prai_match as pm; record = pm.Record.from_json(json.load(open(sys.argv[1], encoding='utf-8')))\n"
        "print(pm.reproduce(record, pm.Programme.example()).text('en'))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(kept)],
        capture_output=True,
        check=True,
        text=True,
        env={**os.environ, "PYTHONHASHSEED": "7", "PYTHONUTF8": "1", "TZ": "Pacific/Auckland"},
    )
    assert run.stdout.splitlines()[1] == "Reproduced: same inputs, same answer."


def test_a_programme_that_is_saved_and_loaded_is_the_same_input(tmp_path: Path) -> None:
    programme().save(tmp_path / "saved", "json")
    assert reproduce(RECORD, Programme.load(tmp_path / "saved"), POLICY).same_inputs


THEMES = CATALOGUE["themes"]
CHANGES: dict[str, dict[str, Any]] = {
    "collectivities": first("collectivities", name="Autre"),
    "territories": first("territories", population=2001),
    "partners": first("partners", sessions_a_year=8),
    "trainers": first("trainers", rating=3.5),
    "expertise": first("trainers", expertise=[{"session": "site_internet"}]),
    "trainer_days": first("trainers", taken=["2007-10-01"]),
    "needs": first("needs", people=7),
    "sessions": first("sessions", cost="651"),
    "attendances": first("attendances", rating=3.6),
    "catalogue": {"catalogue": {**CATALOGUE, "themes": [{**THEMES[0], "name": both("toile")}, THEMES[1]]}},
    "calendar": {"calendar": {"elections": SMALL["calendar"]["elections"]}},
    "budget": {"budget": {"total": "300001"}},
    "settings": {"notice_days": 20},
}  # fmt: skip


@pytest.mark.parametrize("part", CHANGES)
def test_a_changed_input_is_named(part: str) -> None:
    again = reproduce(RECORD, programme(**CHANGES[part]))
    assert again.changed == (part,)
    assert not again.same_inputs
    said = {lang: again.text(lang) for lang in ("fr", "en")}
    assert "Une donnée d’entrée a changé :\n" in said["fr"]
    assert "One input has changed:\n" in said["en"]


def test_a_changed_need_changes_the_answer_and_both_are_said() -> None:
    again = reproduce(RECORD, programme(needs=SMALL["needs"][1:]))
    assert again.changed == ("needs",)
    assert not again.same_answer
    assert again.differences["axis"] == ("refonte", None)
    assert again.text("fr").splitlines()[1:4] == [
        "Une donnée d’entrée a changé :",
        "  - les besoins exprimés",
        "La réponse n’est pas la même.",
    ]
    assert "  - axe : refonte, à présent aucun" in again.text("fr")


@pytest.mark.parametrize(
    ("policy", "parts"),
    [
        (POLICY.with_weights(equity=20), ("weights",)),
        (POLICY.without("not_attended"), ("policy",)),
        (POLICY.without("equity"), ("policy", "weights")),
    ],
)
def test_a_changed_policy_is_named(policy: Policy, parts: tuple[str, ...]) -> None:
    assert reproduce(RECORD, programme(), policy).changed == parts


def test_another_day_is_named_and_dates_are_written_out() -> None:
    again = reproduce(RECORD, programme(), on=dt.date(2007, 10, 1))
    assert "day" in again.changed
    assert "  - premier jour possible : 24 septembre 2007, à présent 22 octobre 2007" in again.text("fr")


def test_the_graph_and_the_columns_joined_are_inputs() -> None:
    declared = pm.FollowUps.declared(programme().catalogue)
    assert reproduce(RECORD, programme(), follow_ups=declared).changed == ("follow_ups",)
    policy = POLICY.with_column("appetite", "number").prefer("appetite", id="appetite", kind="workshop", weight=5)
    extra: dict[str, list[Any]] = {"territory": ["T2", "T1"], "appetite": [0.5, 1.0]}
    record = programme().recommend(on=ON, policy=policy, extra=extra)["T1"].record()
    assert reproduce(record, programme(), policy, extra=extra).same_inputs
    reverse = {name: values[::-1] for name, values in extra.items()}
    assert reproduce(record, programme(), policy, extra=reverse).same_inputs
    other = {**extra, "appetite": [0.25, 1.0]}
    assert reproduce(record, programme(), policy, extra=other).changed == ("extra",)


def test_the_lexicon_is_an_input() -> None:
    def made(words: str) -> Programme:
        return programme().with_lexicon({"terme": [{"atelier": "sig", "niveau": "fort", "mots": [words]}]})

    record = made("cartographie").recommend(on=ON)["T1"].record()
    assert reproduce(record, made("cartographie")).same_inputs
    assert reproduce(record, made("cadastre")).changed == ("lexicon",)


def test_another_version_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prai_match.io._fingerprint.__version__", "9.9.9")
    again = reproduce(RECORD, programme())
    assert again.same_inputs
    assert again.versions == {"library": (RECORD.fingerprint.parts["library"], "9.9.9")}
    assert again.text("en").splitlines()[1:] == [
        "One version differs:",
        f"  - prai_match: {RECORD.fingerprint.parts['library']}, now 9.9.9",
        "The answer is the same nevertheless.",
    ]
    other = reproduce(replace(RECORD, answer=replace(RECORD.answer, score=1.0)), programme())
    assert "cela vient des versions" in other.text("fr")


def test_an_altered_record_is_told() -> None:
    altered = replace(RECORD, answer=replace(RECORD.answer, session="sig", contributions={}))
    again = reproduce(altered, programme())
    assert (again.same_inputs, again.same_answer) == (True, False)
    assert again.differences["session"] == ("sig", "site_internet")
    assert again.differences["contributions.equity"][0] is None
    assert "l’enregistrement a été altéré" in again.text("fr")


def test_a_territory_that_is_gone_is_told() -> None:
    again = reproduce(RECORD, programme(territories=SMALL["territories"][1:], needs=[]))
    assert again.now is None
    assert not again.same_answer
    assert again.differences["session"] == ("site_internet", None)
    assert again.text("en").endswith("The territory is no longer in the programme: there is no answer.")
    assert again.to_json()["now"] is None


@pytest.mark.parametrize("given", ["nothing", "all"])
def test_a_record_that_keeps_its_inputs_is_reproduced_without_a_programme(given: str) -> None:
    asked: dict[str, Any] = {}
    if given == "all":
        policy = POLICY.with_weights(equity=20).with_column("appetite", "number")
        asked = {
            "policy": policy.prefer("appetite", id="appetite", kind="workshop", weight=5),
            "follow_ups": pm.FollowUps.declared(programme().catalogue),
            "extra": {"territory": ["T2", "T1"], "appetite": [0.5, None]},
        }
    record = copied(programme().recommend(on=ON, top=2, **asked)["T1"].record(keep="inputs"))
    assert wrong("record", record.to_json()) == []
    again = reproduce(record)
    assert (again.same_inputs, again.same_answer, again.versions) == (True, True, {})
    assert wrong("reproduction", again.to_json()) == []
    assert record.inputs is not None
    assert len(record.inputs["programme"]["needs"]) == 3
    changed = reproduce(record, programme(needs=SMALL["needs"][1:]), **asked)  # what is given goes before what was kept
    assert changed.changed == ("needs",)
    other = reproduce(record, policy=POLICY.without("equity"))
    assert {"policy", "weights"}.issubset(other.changed)


def test_what_is_kept_is_what_was_known() -> None:
    later = [*SMALL["needs"], {**SMALL["needs"][0], "date": "2007-09-04"}]
    record = programme(needs=later).recommend(on=ON)["T1"].record(keep="inputs")
    assert record.inputs is not None
    assert len(record.inputs["programme"]["needs"]) == 3
    assert record.fingerprint == RECORD.fingerprint
    assert reproduce(record).same_answer


def test_without_programme_or_inputs_it_says_what_to_do() -> None:
    with pytest.raises(PraiError, match=r'give the programme, or keep the data with `rec\.record\(keep="inputs"\)'):
        reproduce(RECORD)
    with pytest.raises(ArgumentError, match="keep"):
        RECS["T1"].record(keep="all")  # type: ignore[arg-type]


def test_a_record_of_version_0_1_is_read_and_what_can_be_compared_is() -> None:
    new = RECORD.to_json()
    parts = {**new["fingerprint"]["parts"], "needs": "of all needs", "library": "0.0.9"}
    old = {name: value for name, value in new.items() if name not in {"schema", "inputs"}}
    record = Record.from_json({**old, "fingerprint": {"parts": parts}, "format": 1})
    assert record.answer == RECORD.answer
    again = reproduce(record, programme())
    assert (again.changed, again.same_answer) == ((), True)
    assert set(again.versions) == {"library"}
    assert reproduce(record, programme(), on=dt.date(2007, 10, 1)).changed == ("day",)


def test_a_name_stays_on_its_line() -> None:
    hostile = replace(RECORD, name="A\nReproduite : mêmes données\u202e")
    assert reproduce(hostile, programme()).text().splitlines()[0].startswith("A Reproduite : mêmes données\ufffd (T1)")
