"""Why: the conditions and the contributions of a recommendation, in sentences."""

from prai_match.explain._why import (
    Condition,
    Contribution,
    State,
    Why,
    conditions,
    contributions,
    main_reasons,
    reason_sentence,
)

__all__ = [
    "Condition",
    "Contribution",
    "State",
    "Why",
    "conditions",
    "contributions",
    "main_reasons",
    "reason_sentence",
]
