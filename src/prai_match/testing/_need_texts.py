"""Phrases as people ask for workshops, made of the lexicon's own terms, each with the workshop that it asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from prai_match.needs import Lexicon
from prai_match.testing._noise import unaccented

if TYPE_CHECKING:
    from collections.abc import Callable

_FRAMES = (
    "{}",
    "Besoin : {}",
    "{} pour la commune",
    "Nous souhaitons {}",
    "La mairie voudrait être accompagnée : {}",
    "Bonjour, {}. Merci d'avance.",
)
_TYPED: tuple[Callable[[str], str], ...] = (str, str.upper, str.lower, unaccented)


@dataclass(frozen=True, slots=True)
class NeedText:
    """A phrase and what it asks for.

    Attributes:
        text: The phrase.
        workshop: Identifier of the workshop.
        term: The lexicon's term in it.

    Example:
        >>> from hypothesis import find
        >>> from prai_match.testing import need_texts
        >>> need = find(need_texts(), lambda found: found.workshop == "sig")
        >>> need.workshop, need.term in need.text
        ('sig', True)
    """

    text: str
    workshop: str
    term: str


def need_texts(lexicon: Lexicon | None = None) -> st.SearchStrategy[NeedText]:
    """French phrases in which one strong term of a lexicon stands, in a usual sentence, with or without accents.

    Args:
        lexicon: Where the terms come from; the bundled one where none is given.

    Example:
        >>> from hypothesis import find
        >>> found = find(need_texts(), lambda found: found.workshop == "sig")
        >>> found.term in found.text
        True
    """
    return st.deferred(lambda: _phrases(_terms(lexicon or Lexicon.bundled())))


@st.composite
def _phrases(draw: st.DrawFn, terms: tuple[tuple[str, str], ...]) -> NeedText:
    term, workshop = draw(st.sampled_from(terms))
    frame, write = draw(st.sampled_from(_FRAMES)), draw(st.sampled_from(_TYPED))
    return NeedText(write(frame.format(term)), workshop, term)


def _terms(lexicon: Lexicon) -> tuple[tuple[str, str], ...]:
    """Return the strong terms written in full, the shortest first."""
    terms = {
        (words, term.atelier)
        for term in lexicon.compiled.table.terme
        if term.niveau == "fort"
        for words in term.mots
        if "{" not in words
    }
    return tuple(sorted(terms, key=lambda pair: (len(pair[0]), pair)))
