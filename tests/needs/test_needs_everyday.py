"""The texts in everyday French: how they were made, and what reading them in parts and by examples brings."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from build_readers import TEXTS, texts, turns
from build_reliability import SETS, Reading, read
from prai_match import Programme
from prai_match.needs import _understanding
from prai_match.needs._pairs import pairs_of

if TYPE_CHECKING:
    from _needs.learning import Labelled

REGIONS = ("midi_pyrenees", "occitanie_2026")
EVERYDAY = TEXTS / "everyday"


def tables(region: str, kind: str) -> list[Labelled]:
    return [labelled for path in sorted(EVERYDAY.glob(f"{region}_{kind}_*.csv")) for labelled in texts(path)]


def aside(region: str, *, is_alone: bool = False) -> Reading:
    return read(tables(region, "aside"), replace(Programme.example(region).lexicon, is_alone=is_alone))


@pytest.mark.parametrize("region", REGIONS)
def test_reading_in_parts_costs_texts_with_one_need_little(region: str, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = aside(region)
    monkeypatch.setattr(
        _understanding, "pairs_of", lambda *told: (each := pairs_of(*told))._replace(runs=0 * each.runs)
    )
    whole = aside(region)
    assert whole.several[0] < parts.several[0]
    assert parts.accuracy >= whole.accuracy - 0.01


def test_the_tables_are_those_that_their_authors_wrote() -> None:
    lines = (EVERYDAY / "digests.txt").read_text("utf-8").splitlines()
    digests = {name: digest for digest, name in (line.split("  ") for line in lines)}
    assert {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in EVERYDAY.glob("*.csv")} == digests


@pytest.mark.parametrize("region", REGIONS)
def test_the_tables_are_made_of_all_that_people_write(region: str) -> None:
    requests = [each for kind in ("known", "aside") for each in tables(region, kind)]
    names = {workshop for each in requests for workshop, _ in each.needs}
    assert names == set(Programme.example(region).lexicon.workshops)
    assert sum(not each.needs for each in requests) / len(requests) >= 0.2
    assert sum(len(each.needs) > 1 for each in requests) / len(requests) >= 0.13


@pytest.mark.parametrize("region", REGIONS)
def test_turns_of_phrase_name_the_workshops_of_a_region_in_the_place_of_letters(region: str) -> None:
    filled = turns(region)
    assert {workshop for each in filled for workshop, _ in each.needs} == set(
        Programme.example(region).lexicon.workshops
    )
    assert all(len({workshop for workshop, _ in each.needs}) == len(each.needs) for each in filled)
    assert {stance for each in filled for _, stance in each.needs} == {"wanted", "refused", "has"}


def test_the_lexicon_alone_reads_less() -> None:
    assert {"everyday", "everyday_2026"} <= set(SETS)
    assert aside("midi_pyrenees", is_alone=True).accuracy < aside("midi_pyrenees").accuracy
