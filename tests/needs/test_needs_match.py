"""What is found in a text: phrases, combinations, sentences and the actions in them, with a lexicon made for it."""

from __future__ import annotations

import pytest

from needs.jardin import lexicon, said
from prai_match.needs import classify


@pytest.mark.parametrize(
    ("text", "decided"),
    [
        # A longer phrase hides what lies in it; its own workshop is told with the words that it was typed with.
        ("pain", "pain"),
        ("pain complet", "pain complet"),
        ("pain et pain complet", "pain + pain complet"),
        # What says nothing of the need hides all that lies in it.
        ("pain béni", "no_term"),
        ("pain béni. pain", "pain"),
        ("pain et pain béni", "pain"),
    ],
)
def test_the_longer_phrase_counts(text: str, decided: str) -> None:
    assert said(text) == decided


@pytest.mark.parametrize(
    ("text", "decided"),
    [
        # In any order, at most twelve words apart, in one sentence.
        ("arrosoir tuyau", "arrosoir … tuyau"),
        ("tuyau x x arrosoir", "tuyau … arrosoir"),
        ("arrosoir", "no_term"),
        (f"arrosoir {'x ' * 11}tuyau", "arrosoir … tuyau"),
        (f"arrosoir {'x ' * 12}tuyau", "no_term"),
        (f"tuyau {'x ' * 12}arrosoir", "no_term"),
        ("arrosoir. tuyau", "no_term"),
        ("arrosoir mais tuyau", "no_term"),
        # Nothing with what must not be in the sentence.
        ("arrosoir tuyau chat", "no_term"),
        ("chat. arrosoir tuyau", "arrosoir … tuyau"),
        # Of each part the nearest, and the first of two as near.
        ("tuyau x x arrosoir x tuyau", "arrosoir … tuyau"),
        ("x x tuyau arrosoir x tuyau", "tuyau … arrosoir"),
        ("tuyau x arrosoir x tuyau", "tuyau … arrosoir"),
        (f"arrosoir {'x ' * 20}arrosoir tuyau", "arrosoir … tuyau"),
        # The parts are of one action.
        ("arrosoir, pose tuyau", "no_term"),
        ("achat x, pose arrosoir tuyau", "arrosoir … tuyau"),
        ("tuyau, pose arrosoir x x x tuyau", "arrosoir … tuyau"),
        # One word isn't two parts; a part in the phrase of a place or a subject is none, unless it is the whole phrase.
        ("bac sable", "no_term"),
        ("bac sable et sable", "bac sable … sable"),
        ("arrosoir, fuite tuyau", "no_term"),
        ("cave et tuyau", "cave … tuyau"),
        # A combination may be a place.
        ("télescope cour préau", "excluded_context"),
        ("télescope cour x préau", "excluded_context"),
        ("télescope cour x préau, mairie", "télescope"),
        ("télescope cour x préau de la mairie", "excluded_context"),
        ("télescope cour", "télescope"),
        # Combinations and phrases are told in the order of the text.
        ("arrosoir rose tuyau", "arrosoir … tuyau + rose"),
        ("rose arrosoir tuyau", "rose + arrosoir … tuyau"),
        ("haie, arrosoir tuyau", "haie + arrosoir … tuyau"),
        ("cave seau tuyau", "cave … tuyau + cave … seau … tuyau"),
        ("arrosoir tuyau, haie", "arrosoir … tuyau + haie"),
    ],
)
def test_a_combination_counts_when_its_parts_are_together(text: str, decided: str) -> None:
    assert said(text) == decided


@pytest.mark.parametrize(
    ("text", "decided"),
    [
        # An action after a comma or "et" begins another matter…
        ("télescope, pose musée", "télescope"),
        ("télescope et pose musée", "télescope"),
        ("télescope pose musée", "excluded_context"),
        ("télescope, x pose musée", "excluded_context"),
        # …a plural is no action, and two actions may be of one thing, or one of the other.
        ("télescope, poses musée", "excluded_context"),
        ("TÉLESCOPE, POSES MUSÉE", "excluded_context"),
        ("télescope achat et pose musée", "excluded_context"),
        ("télescope et sa pose musée", "excluded_context"),
        ("télescope et SA pose musée", "excluded_context"),
        ("télescope et de sa pose musée", "excluded_context"),
        ("télescope et la pose musée", "télescope"),
        ("télescope le leur, pose musée", "télescope"),
    ],
)
def test_an_action_begins_another_matter(text: str, decided: str) -> None:
    assert said(text) == decided


@pytest.mark.parametrize(
    ("text", "decided"),
    [
        # A refusal stays in its sentence, up to an opposition, and no sentence is longer than two hundred words.
        ("sans x. télescope", "télescope"),
        ("sans x ! télescope", "télescope"),
        ("sans x ? télescope", "télescope"),
        ("sans x mais télescope", "télescope"),
        ("sans x mais x télescope", "télescope"),
        (f"sans {'x ' * 198}télescope", "negated"),
        (f"sans {'x ' * 199}télescope", "télescope"),
        (f"{'x ' * 120}. sans {'x ' * 120}télescope", "negated"),
        (f"{'x ' * 199}arrosoir tuyau", "no_term"),
        (f"{'x ' * 200}arrosoir tuyau", "arrosoir … tuyau"),
        (f"{'x ' * 200}sans télescope", "negated"),
        # The words of a short sentence are its own.
        ("x. pas besoin x x x x", "negated"),
        ("x mais pas besoin x x x", "negated"),
        ("x. pas besoin x x x x x", "no_term"),
        # Only a sentence with its mark is a question.
        ("x. télescope marche bien", "already_has"),
        ("x. télescope marche bien ?", "télescope"),
        ("x ? télescope marche bien.", "already_has"),
        ("x ? télescope marche bien", "already_has"),
    ],
)
def test_a_sentence_is_read_by_itself(text: str, decided: str) -> None:
    assert said(text) == decided


def test_the_first_two_thousand_words_and_signs_decide() -> None:
    texts = [f"{'x ' * 1999}télescope", f"{'x ' * 2000}télescope", f"{'x, ' * 1000}télescope"]
    assert classify(texts, lexicon())["reason"].to_list() == [None, "no_term", "no_term"]
