"""How well everyday French is read, on the texts that were set aside: those are only measured, never shown."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import cache

import pytest

import labelled
from labelled import Requests
from prai_match import Programme
from prai_match.needs import Lexicon, _understanding

REGIONS = ("midi_pyrenees", "occitanie_2026")


@cache
def _lexicon(region: str) -> Lexicon:
    return Programme.example(region).lexicon


@cache
def _aside(region: str) -> Requests:
    return labelled.read_requests(labelled.requests(region, "aside"), _lexicon(region))


@pytest.mark.parametrize(
    ("region", "accuracy", "macro_f1", "precision", "recall", "kept_out", "gap"),
    [
        ("midi_pyrenees", 0.895, 0.88, 0.85, 0.865, 0.75, 0.035),
        ("occitanie_2026", 0.93, 0.92, 0.79, 0.80, 0.76, 0.045),
    ],
)
def test_what_was_set_aside_is_read(  # noqa: PLR0913, PLR0917 - the bounds of a region
    region: str, accuracy: float, macro_f1: float, precision: float, recall: float, kept_out: float, gap: float
) -> None:
    read = _aside(region)
    assert read.single.accuracy >= accuracy
    assert read.single.macro_f1 >= macro_f1
    assert read.precision >= precision
    assert read.recall >= recall
    assert read.kept_out / read.refused >= kept_out
    assert read.calibration_error <= gap


@pytest.mark.parametrize(("region", "cost"), [("midi_pyrenees", 0.02), ("occitanie_2026", 0.01)])
def test_splitting_costs_texts_with_one_need_little(region: str, cost: float, monkeypatch: pytest.MonkeyPatch) -> None:
    split = _aside(region).single.accuracy
    monkeypatch.setattr(_understanding, "_SEVERAL", 1 - 1e-12)
    whole = labelled.read_requests(labelled.requests(region, "aside"), _lexicon(region))
    assert whole.recall < _aside(region).recall
    assert split >= whole.single.accuracy - cost


def test_the_tables_are_those_that_were_written_before_the_reader() -> None:
    lines = (labelled.EVERYDAY / "digests.txt").read_text("utf-8").splitlines()
    digests = {name: digest for digest, name in (line.split("  ") for line in lines)}
    assert {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in labelled.EVERYDAY.glob("*.csv")
    } == digests


@pytest.mark.parametrize("region", REGIONS)
def test_the_tables_are_made_of_all_that_people_write(region: str) -> None:
    requests = [each for kind in ("known", "aside") for each in labelled.requests(region, kind)]
    names = {workshop for each in requests for workshop, _ in each.needs}
    assert names == set(_lexicon(region).workshops)
    assert sum(not each.needs for each in requests) / len(requests) >= 0.2
    assert sum(len(each.needs) > 1 for each in requests) / len(requests) >= 0.13


def test_the_lexicon_alone_reads_less() -> None:
    texts = labelled.requests("midi_pyrenees", "aside")
    full = _aside("midi_pyrenees").single.accuracy
    words = _lexicon("midi_pyrenees")
    alone = labelled.read_requests(texts, replace(words, is_alone=True))
    assert alone.single.accuracy < full
