"""Needs: from French free text to workshop, axis, score and matched terms.

Stability: stable.
"""

from prai_match.needs._classification import (
    POLARITIES as POLARITIES,
    REASONS as REASONS,
    classify,
    read_needs as read_needs,
    reason_sentence as reason_sentence,
    wanted as wanted,
)
from prai_match.needs._lexicon import Lexicon, lexicon_of as lexicon_of
from prai_match.needs._life import (
    SPELL as SPELL,
    STATES as STATES,
    WAITING as WAITING,
    lives as lives,
    spells as spells,
    state_codes as state_codes,
    states as states,
)
from prai_match.needs._review import review as review

__all__ = ["Lexicon", "classify"]
