"""Laws of reading needs: each text alone decides, however it is typed and whatever it is made of."""

from __future__ import annotations

import sys
import unicodedata

import polars as pl
import pytest
from hypothesis import given, strategies as st
from polars.testing import assert_frame_equal

import labelled
from huge_cells import UNITS, huge
from prai_match import UnknownCodeError
from prai_match.needs import REASONS, classify, reason_sentence

PHRASES = [phrase.text for phrase in labelled.phrases("dev_phrases")]

phrases = st.sampled_from(PHRASES)
words = st.lists(phrases.map(str.split).flatmap(st.sampled_from), max_size=12).map(" ".join)
texts = st.one_of(phrases, words, st.text(max_size=60), st.none())
ANSWER = ["workshop", "axis", "score", "reason"]


@given(st.lists(texts, max_size=12), st.randoms(use_true_random=False))
def test_the_answer_for_a_text_depends_on_no_other(column: list[str | None], shuffler: object) -> None:
    order = list(range(len(column)))
    shuffler.shuffle(order)  # type: ignore[attr-defined]
    together = classify(column)
    assert together["text"].to_list() == column
    assert_frame_equal(classify([column[index] for index in order]), together[order])
    for index, text in enumerate(column):
        assert_frame_equal(classify([text]), together[index : index + 1])


@given(st.one_of(phrases, words))
def test_case_and_accents_decide_nothing(text: str) -> None:
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    as_typed = classify([text]).select(ANSWER)
    for other in (text.upper(), text.lower(), bare, unicodedata.normalize("NFD", text)):
        assert_frame_equal(classify([other]).select(ANSWER), as_typed)


@given(
    phrases, st.sampled_from([" Cordialement.", " Merci d'avance", ".\nBien à vous.", ". Dans l'attente de vous lire"])
)
def test_a_sentence_that_asks_for_nothing_changes_nothing(text: str, neutral: str) -> None:
    assert_frame_equal(classify([text + neutral]).select(ANSWER), classify([text]).select(ANSWER))


def test_a_series_and_a_list_are_read_alike() -> None:
    column = ["un SIG", None, "", "  ", "RGPD"]
    assert_frame_equal(classify(pl.Series(column)), classify(column))
    assert classify(pl.Series([1, None]))["reason"].to_list() == ["no_term", "empty"]


def test_an_empty_column_keeps_the_columns() -> None:
    empty = classify([])
    assert empty.height == 0
    assert empty.schema == classify(["un SIG"]).schema


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (None, "empty"),
        (" \t", "empty"),
        ("réfection de la toiture", "no_term"),
        ("ordinateurs pour l'école", "excluded_context"),
        ("panneaux lumineux", "excluded_context"),
        ("nous n'avons pas besoin d'un SIG", "negated"),
        ("RAS", "negated"),
        ("le SIG est déjà en place", "already_has"),
        ("la communication", "too_weak"),
    ],
)
def test_each_reason_for_saying_nothing(text: str | None, reason: str) -> None:
    answer = classify([text]).row(0, named=True)
    assert answer == {"text": text, "workshop": None, "axis": None, "score": 0.0, "terms": [], "reason": reason}
    assert reason_sentence(reason) != reason_sentence(reason, "en")


def test_a_reason_that_is_not_known_is_refused_with_the_nearest() -> None:
    assert len(REASONS) == 9
    with pytest.raises(UnknownCodeError, match="did you mean negated"):
        reason_sentence("negate")


@pytest.mark.parametrize("unit", UNITS)
def test_the_work_grows_with_the_length_of_a_huge_cell(unit: str) -> None:
    assert classify([huge(unit)]).height == 1
    assert calls(huge(unit)) <= 5 * calls(huge(unit, 25_000))


def calls(text: str) -> int:
    """Count the calls that reading a text takes, once it was read: unlike its time, the same on every machine."""
    count = 0

    def counted(*_: object) -> None:
        nonlocal count
        count += 1

    classify([text])
    sys.setprofile(counted)
    try:
        classify([text])
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "text",
    [
        "\u202esite\u202c inter\u00adnet \u200fde la \u200bmairie",
        "🏛️ site internet 🙏🙏",
        "\x00site\x07 internet\x1b",
        "s\u0301ite\ufeff internet",
        "SITE\u00a0INTERNET",
        "site\u2028internet",
    ],
)
def test_what_cannot_be_seen_hides_nothing(text: str) -> None:
    assert classify([text])["workshop"][0] == "site_internet"


def test_the_terms_are_the_words_as_typed() -> None:
    assert classify(["NUMERISATION des vieux Registres"])["terms"].to_list() == [
        ["NUMERISATION", "NUMERISATION … Registres"]
    ]
    assert classify(["Télé-procédures"])["terms"].to_list() == [["Télé procédures"]]
