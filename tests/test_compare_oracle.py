"""What `scripts/compare_oracle.py` compares and counts, and that it ends with 1 where engine and oracle disagree."""

from __future__ import annotations

import datetime as dt
from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest

import _france
import agreement
import compare_oracle
from compare_oracle import Question
from drawn import KINDS
from made import ON, programme
from prai_match import Programme
from test_count_offers import ASKS, BOOKED

if TYPE_CHECKING:
    from prai_match import Recommendation

PROG = programme(sessions=[BOOKED], attendances=[], needs=ASKS)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare_oracle, "BATCH", 3)


def test_territories_and_what_is_joined_are_counted() -> None:
    counts = compare_oracle.count([Question("made", "all", PROG, ON), Question("made", "some", PROG, ON, None, ["T1"])])
    assert counts == {"made": {"compared": 2, "territory-days": 4, "joins": 3, "disagreements": 0}}


@pytest.mark.usefixtures("few")
def test_a_seed_draws_the_same_every_time_and_kinds_take_turns() -> None:
    every = list(islice(compare_oracle.programmes(1), 7))
    again = list(islice(compare_oracle.programmes(2), 4))
    assert [each.sort for each in every] == [*[KINDS[1]] * 3, *[KINDS[2]] * 3, KINDS[0]]
    assert [(each.name, each.on, each.programme) for each in every[3:]] == [
        (each.name, each.on, each.programme) for each in again
    ]
    assert every[0].name.startswith(f"{KINDS[1]}, seed 1, case 0 on ")


def test_the_regions_are_compared_on_a_day_a_fortnight_and_all_territories_have_their_turn() -> None:
    every = list(compare_oracle.regions(13))
    assert [each.on for each in every[:2]] == [dt.date(2006, 1, 1), dt.date(2006, 1, 15)]
    for region in ("midi_pyrenees", "occitanie_2026"):
        days = [each for each in every if each.sort == region]
        assert len(days) == 105
        codes = {each.id for each in Programme.example(region).territories}
        assert {code for each in days[:13] for code in each.territories or ()} == codes


def test_some_communes_of_france_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    some = _france.programme(_france.tables(departements=["09"], trainers=20, most=12))
    monkeypatch.setattr(compare_oracle, "PART", 2)
    counts = compare_oracle.count(compare_oracle.france(some, 3))
    assert counts == {"france": {"compared": 2, "territory-days": 3, "joins": 0, "disagreements": 0}}


@pytest.mark.usefixtures("few")
def test_it_ends_with_1_where_they_disagree_and_says_on_what(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert compare_oracle.main(["4", "--seed", "2"]) == 0
    said = capsys.readouterr()
    lines = said.out.splitlines()
    assert "4/4" in said.err
    assert [line.split(", terr")[0] for line in lines] == [f"{KINDS[2]}: compared 3", f"{KINDS[0]}: compared 1"]

    def told(_: Any, rec: Recommendation) -> list[str]:
        return [f"{rec.territory}: something"]

    monkeypatch.setattr(agreement, "_of_answers", told)
    assert compare_oracle.count([Question("made", "T1 alone", PROG, ON, None, ["T1"])])["made"]["disagreements"] == 1
    assert capsys.readouterr().out == "T1 alone: T1: something\n"
    monkeypatch.setattr(compare_oracle, "regions", lambda _: [Question("made", "T1 alone", PROG, ON, None, ["T1"])])
    assert compare_oracle.main(["--regions"]) == 1


def test_an_error_is_a_disagreement(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delattr(agreement, "Oracle")
    counts = compare_oracle.count([Question("made", "the small one", PROG, ON)])
    assert counts["made"]["disagreements"] == 1
    assert capsys.readouterr().out.startswith("the small one: NameError: ")
