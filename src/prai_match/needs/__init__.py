"""What collectivities ask for in their own words: French free text to workshop, axis, score and matched terms.

Stability: stable.
"""

from prai_match.needs import _display  # noqa: F401 - it registers what notebooks show
from prai_match.needs._classification import REASONS as REASONS, classify, reason_sentence as reason_sentence
from prai_match.needs._lexicon import Lexicon, lexicon_of as lexicon_of
from prai_match.needs._life import spells as spells, states as states

__all__ = ["Lexicon", "classify"]
