"""Scenarios: fields by name, composition, TOML, what applies to a programme."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

import made
from prai_match import Programme
from prai_match.errors import ProgrammeError, UnknownCodeError
from prai_match.simulate import Behaviour, Scenario, parameters, read, standard

if TYPE_CHECKING:
    from pathlib import Path

TOML = """
[[scenario]]
name = "gers"
label = { fr = "Un relais dans le Gers", en = "A relay for Gers" }
comes = 0.95
with_partners = [{ id = "adm32", name = "ADM du Gers", kind = "adm", departements = ["32"] }]

[[scenario]]
name = "equity"
weights = { equity = 20 }
blackouts = []
planner = "requests"
"""


def test_fields_go_where_they_belong() -> None:
    found = Scenario.of("all", comes=0.5, notice_days=10, budget_times=0.5, planner="points")
    assert (found.behaviour.comes, found.changes.notice_days) == (0.5, 10)
    assert (found.budget_times, found.planner) == (0.5, "points")
    assert found.behaviour.elected == Behaviour().elected


def test_scenarios_compose() -> None:
    partner = {"name": "ADM", "kind": "adm", "departements": ["32"]}
    first = Scenario.of("one", with_partners=[{"id": "a", **partner}], weights={"equity": 20}, comes=0.7, notice_days=5)
    second = first.with_("two", with_partners=[{"id": "b", **partner}], weights={"full_room": 1}, elected=0.5)
    assert [each.id for each in second.changes.with_partners] == ["a", "b"]
    assert second.changes.weights == {"equity": 20, "full_room": 1}
    assert (second.behaviour.comes, second.behaviour.elected, second.changes.notice_days) == (0.7, 0.5, 5)
    assert first.name == "one"
    assert first.with_("three", notice_days=9).changes.notice_days == 9


def test_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "scenarios.toml"
    path.write_text(TOML, encoding="utf-8")
    found = read(path, Scenario.of("baseline", elected=0.7))
    assert list(found) == ["gers", "equity"]
    assert found["gers"].title("fr") == "Un relais dans le Gers"
    assert found["equity"].title("fr") == "equity"
    assert found["gers"].behaviour.comes == 0.95
    assert {each.behaviour.elected for each in found.values()} == {0.7}
    assert found["equity"].blackouts == ()
    programme = made.programme()
    assert found["equity"].policy(programme).describe("en") != found["gers"].policy(programme).describe("en")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[scenario]]\nname = 'a'\nbudgt_times = 1", "a.budgt_times.*did you mean budget_times"),
        ("[[scenario]]\nname = 'a'\ncomes = 2", "a.comes: found 2, expected a value of at most 1"),
        ("[[scenario]]\nname = 'a'\nadd_partners = [{ id = 'x' }]", "with_partners"),
        ("[[scenario]]\ncomes = 0.5", r"scenario\[1\].name"),
        ("[[scenario]]\nname = 'a'\n[[scenario]]\nname = 'a'", r"scenario\[2\].name"),
        ("[[scenarios]]\nname = 'a'", "tables"),
        ("scenario = 3", "tables"),
        ("scenario = [3]", r"scenario\[1\].name"),
        ("[[scenario", "a TOML file"),
    ],
)
def test_what_is_wrong_is_told(text: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "scenarios.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ProgrammeError, match=told):
        read(path)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ProgrammeError, match=r"nowhere\.toml"):
        read(tmp_path / "nowhere.toml")


def test_a_file_that_would_cost_too_much_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "scenarios.toml"
    path.write_text("a." * 20_000 + "a = 1", "utf-8")
    with pytest.raises(ProgrammeError, match="20000 points on line 1, expected at most 100"):
        read(path)


def test_a_bad_field_of_its_own_is_told() -> None:
    with pytest.raises(ProgrammeError, match=r"a\.trainers_times"):
        Scenario.of("a", trainers_times=0)


def test_changes_to_a_programme() -> None:
    before = made.programme()
    assert Scenario(name="same").programme(before) is before
    after = Scenario.of("more", trainers_times=2, budget_times=0.5, blackouts=[]).programme(before)
    assert [trainer.id for trainer in after.trainers] == ["web", "web-2", "geo", "geo-2"]
    assert after.budget is not None
    assert after.budget.total == Decimal(150_000)
    assert not after.calendar.blackouts
    assert after.calendar.elections == before.calendar.elections


def test_a_copy_may_not_take_a_name() -> None:
    trainers = [dict(each) for each in made.small()["trainers"]]
    trainers[1]["id"] = "web-2"
    with pytest.raises(ProgrammeError, match="web-2"):
        Scenario.of("twice", trainers_times=2).programme(made.programme(trainers=trainers))


def test_the_lexicon_goes_along(tmp_path: Path) -> None:
    loaded = Programme.example()
    assert Scenario.of("twice", trainers_times=2).programme(loaded).lexicon is loaded.lexicon
    loaded.save(tmp_path / "region")


def test_what_is_taken_away_must_be_there() -> None:
    with pytest.raises(UnknownCodeError, match="nobody"):
        Scenario.of("less", without_trainers=["nobody"]).programme(made.programme())


def test_the_usual_scenarios_fit_a_programme() -> None:
    example = Programme.example()
    found = standard(example, Scenario.of("baseline", elected=0.7))
    assert {"no_freeze", "budget_cut", "adm_everywhere", "hotline_only"} <= set(found)
    assert [each.id for each in found["adm_everywhere"].changes.with_partners] == ["adm32"]
    assert {each.behaviour.elected for each in found.values()} == {0.7}
    for each in found.values():
        each.programme(example)
        assert each.title("fr") != each.title("en") != each.name
    bare: dict[str, Any] = {"calendar": {}, "budget": None}
    assert {"no_freeze", "freeze_unforeseen", "budget_cut"}.isdisjoint(standard(made.programme(**bare)))
    assert "adm_everywhere" not in standard(made.programme())


def test_each_parameter_has_a_source_and_a_range_around_its_default() -> None:
    known = parameters()
    assert set(known) == set(Behaviour.model_fields)
    defaults = Behaviour()
    for name, each in known.items():
        assert each.given in {"report", "fitted", "assumed"}
        assert each.source("fr") != each.source("en")
        if each.low is not None and each.high is not None:
            assert each.low <= getattr(defaults, name) <= each.high, name
            for value in (each.low, each.high):
                Scenario.of("end", **dict[str, Any]({name: value}))


def test_a_byte_order_mark_opens_scenarios(tmp_path: Path) -> None:
    path = tmp_path / "scenarios.toml"
    path.write_text('[[scenario]]\nname = "now"\n', "utf-8-sig")
    assert list(read(path)) == ["now"]
