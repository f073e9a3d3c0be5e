"""The user's own columns: what is joined, and how each problem is told."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

import made
from lively import day
from prai_match import Policy, PraiError, ProgrammeError, language
from prai_match.offers import extra_columns
from prai_match.simulate import Scenario

FRAMES = day().frames
POLICY = (
    Policy.default()
    .with_column("income", "number")
    .with_column("asked", "boolean")
    .with_column("label", "text")
    .prefer("income / 9", id="income", stage="territory", weight=1)
    .prefer("asked AND label = 'x'", id="asked", stage="territory", weight=1)
)


def problems(extra: Any, policy: Policy = POLICY) -> list[str]:
    with pytest.raises(ProgrammeError) as refused:
        extra_columns(extra, policy, FRAMES)
    assert str(refused.value).splitlines()[0].startswith(("extra columns: ", "colonnes ajoutées : "))
    return [line.removeprefix("  - ") for line in str(refused.value).splitlines()[1:]]


def given(**changes: Any) -> dict[str, Any]:
    return {"territory": ["B1", "A1"], "income": [2, 1], "asked": [True, None], "label": ["x", None], **changes}


def test_columns_are_joined_by_the_territory_s_number_with_the_types_that_rules_expect() -> None:
    found = extra_columns(given(ignored=[1, 2]), POLICY, FRAMES)
    assert found is not None
    assert found.schema == {"income": pl.Float64, "asked": pl.Boolean, "label": pl.String, "t": pl.UInt32}
    assert sorted(found.rows(named=True), key=lambda row: int(row["t"])) == [
        {"income": 1.0, "asked": None, "label": None, "t": 0},
        {"income": 2.0, "asked": True, "label": "x", "t": 2},
    ]


def test_nothing_is_joined_where_nothing_is_declared() -> None:
    assert extra_columns(given(), Policy.default(), FRAMES) is None
    assert extra_columns(None, Policy.default(), FRAMES) is None


def test_not_a_number_is_unknown_and_stays_so_in_a_text() -> None:
    found = extra_columns(given(income=[float("nan"), 3.5]), POLICY, FRAMES)
    assert found is not None
    assert dict(found.select("t", "income").rows()) == {2: None, 0: 3.5}


def test_all_that_is_asked_for_is_named_where_nothing_is_given() -> None:
    assert problems(None) == ["extra: found nothing, expected a frame with the columns territory, income, asked, label"]


def test_each_missing_column_is_told_with_what_there_is() -> None:
    assert problems({"town": ["A1"], "incomes": [1], "asked": [True]}) == [
        "extra: found columns town, incomes, asked, expected a column 'territory'",
        "extra: found columns town, incomes, asked, expected a column 'income'; did you mean incomes?",
        "extra: found columns town, incomes, asked, expected a column 'label'",
    ]


def test_every_unknown_or_repeated_territory_is_told_once_in_their_order() -> None:
    many = {"territory": ["Z9", "B1", "A11", "B1", "Z9", "A1", "A1"], **dict.fromkeys(("income", "asked"), [None] * 7)}
    assert problems({**many, "label": ["x"] * 7}) == [
        "extra, territory 'A11': found an unknown territory, expected a territory of the programme; did you mean A1?",
        "extra, territory 'Z9': found an unknown territory, expected a territory of the programme",
        "extra, territory 'A1': found several rows, expected one row per territory",
        "extra, territory 'B1': found several rows, expected one row per territory",
        "extra, territory 'Z9': found several rows, expected one row per territory",
    ]


def test_each_problem_is_said_in_french_as_a_whole() -> None:
    with language("fr"):
        assert problems(None) == [
            "extra : aucune colonne ajoutée ; il faut un tableau avec les colonnes territory, income, asked, label"
        ]
        assert problems({"territory": [], "asked": [], "label": []}) == [
            "extra : les colonnes territory, asked, label ; il faut une colonne « income »"
        ]
        assert problems({**given(), "territory": ["Z9", "Z9"]}) == [
            "extra, territoire « Z9 » : un territoire inconnu ; il faut un territoire du programme",
            "extra, territoire « Z9 » : plusieurs lignes pour ce territoire ; il faut une seule ligne par territoire",
        ]
        assert problems(given(income=["much", "1"])) == [
            "extra, colonne « income » : des valeurs d’un autre type ; il faut des nombres"
        ]


def test_every_column_of_another_type_is_told_with_what_polars_says_of_it_in_one_line() -> None:
    first, second = problems(given(income=["much", "1"], asked=["perhaps", "no"]))
    assert first.startswith("extra, column 'income': found conversion from `str` to `f64` failed")
    assert first.endswith("expected numbers")
    assert second.startswith("extra, column 'asked': found ")
    assert second.endswith("expected values that are true or false")


def test_a_code_may_be_given_as_a_number() -> None:
    assert problems({**given(), "territory": [12, 13]})[0].startswith("extra, territory '12': found an unknown")


def test_a_simulation_wants_the_columns_that_its_policy_reads() -> None:
    scenario = Scenario.of("own", with_policy=made.POLICY.with_column("mayor_asked", "boolean"))
    end = made.ON + dt.timedelta(days=30)
    with pytest.raises(
        PraiError, match="extra: found nothing, expected a frame with the columns territory, mayor_asked"
    ) as caught:
        made.programme().simulate(scenario, made.ON, end, replications=1)
    assert "extra : aucune colonne ajoutée ; il faut un tableau" in caught.value.text("fr")
