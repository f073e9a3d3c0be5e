"""What noise leaves undecided: an answer that rightly chooses nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapidfuzz.distance import DamerauLevenshtein

from prai_match import register

if TYPE_CHECKING:
    from prai_match.testing import NoisyName

SHOWN = 5


def undecided(row: NoisyName, answer: register.Resolution) -> bool:
    """Whether an answer rightly chooses nothing: the name alone tells no more than the candidates.

    The true one must be among them or, where more could be than are shown, be as near to the text as those are.
    """
    if answer.status != "ambiguous" or row.code in answer.candidates:
        return answer.status == "ambiguous"
    typed = _tight(row.text)
    name = _tight(row.name)
    shown = [_tight(shown.rpartition(" (")[0]) for shown in answer.candidate_names]
    farthest = max(DamerauLevenshtein.distance(typed, other) for other in shown)
    return len(shown) == SHOWN and (
        name.startswith(typed) or DamerauLevenshtein.distance(typed, name) <= farthest
    )  # fmt: skip


def _tight(name: str) -> str:
    return register.normalise(name).replace(" ", "")
