"""What a score of a need means, on texts that no reader learned from; the pages on needs tell what is measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import build_reliability
from _needs.learning import Labelled
from build_reliability import SETS, Reading, calibration_error, measured, page, read, tenths
from prai_match.needs import Lexicon

if TYPE_CHECKING:
    from goldens import Golden


@pytest.fixture(scope="module")
def readings() -> dict[str, Reading]:
    return measured()


@pytest.mark.french
def test_the_pages_on_needs_tell_what_is_measured(golden: Golden) -> None:
    for path, text in build_reliability.pages().items():
        golden(path, text)


def test_a_score_is_a_probability(readings: dict[str, Reading]) -> None:
    every = [each for reading in readings.values() for each in reading.named]
    assert len(every) >= 1400
    assert calibration_error(every) <= 0.03


@pytest.mark.parametrize(
    ("name", "accuracy", "macro_f1"),
    [
        ("everyday", 0.94, 0.93),
        ("officials", 0.96, 0.96),
        ("grants", 0.97, 0.97),
        ("everyday_2026", 0.945, 0.935),
        ("phrases_2026", 0.96, 0.96),
    ],
)
def test_texts_that_no_reader_learned_from_are_read(
    readings: dict[str, Reading], name: str, accuracy: float, macro_f1: float
) -> None:
    assert name in SETS
    assert readings[name].accuracy >= accuracy
    assert readings[name].macro_f1 >= macro_f1


@pytest.mark.parametrize(
    ("name", "precision", "recall", "out"), [("everyday", 0.97, 0.89, 0.97), ("everyday_2026", 0.98, 0.88, 0.97)]
)
def test_several_needs_of_a_text_are_found_and_what_is_refused_is_kept_out(
    readings: dict[str, Reading], name: str, precision: float, recall: float, out: float
) -> None:
    found, wrong, missed = readings[name].several
    assert found / (found + wrong) >= precision
    assert found / (found + missed) >= recall
    kept, named = readings[name].kept_out
    assert kept / named >= out


def test_texts_are_counted_by_hand() -> None:
    refused = "Pas besoin de site internet, nous voulons un SIG."
    texts = [
        Labelled("refonte du site internet", (("site_internet", "wanted"),)),
        Labelled("Réfection du toit", ()),
        Labelled("un SIG", (("teleservices", "wanted"),)),
        Labelled(refused, (("site_internet", "refused"), ("sig", "wanted"))),
    ]
    reading = read(texts, Lexicon.bundled())
    assert reading.first == [("site_internet", "site_internet"), ("none", "none"), ("teleservices", "sig")]
    assert reading.accuracy == pytest.approx(2 / 3)
    assert reading.macro_f1 == pytest.approx(2 / 3)
    assert reading.several == (1, 0, 0)
    assert reading.kept_out == (1, 1)


def test_scores_are_grouped_by_tenths() -> None:
    named = [(0.05, False), (0.91, True), (0.95, False), (1.0, True)]
    assert tenths(named) == [
        (0, 1, 0.05, 0.0),
        (9, 3, pytest.approx(2.86 / 3), pytest.approx(2 / 3)),
    ]
    assert calibration_error(named) == pytest.approx((0.05 + 0.86) / 4)


def test_a_page_without_markers_is_not_written() -> None:
    text = "a\n<!-- x: by a script -->\nold\n<!-- end -->\nb\n"
    assert page(text, {"x": "new\n"}) == "a\n<!-- x: by a script -->\n\nnew\n\n<!-- end -->\nb\n"
    with pytest.raises(ValueError, match="the page has no markers for y"):
        page(text, {"y": "new"})
