"""The same answers again, after changes: only what depends on them is computed again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from prai_match.explain._changes import apply
from prai_match.needs import lexicon_of
from prai_match.offers import Frames, prepare
from prai_match.recommend import recommend

if TYPE_CHECKING:
    from prai_match.explain._changes import Changes
    from prai_match.model import ProgrammeData, ProgrammeT
    from prai_match.recommend import Answers

_CARRIED = frozenset({"budget", "notice_days"})
"""Settings that the frames carry and nothing in them is made from."""

_NEEDS = frozenset({"add_needs", "remove_needs"})


def again(before: Answers, after: ProgrammeData, changes: Changes) -> Answers:
    """Recommend as before, but for the changes.

    Args:
        before: The answers, of which the territories, the graph given and the joined columns are kept.
        after: The programme as changed.
        changes: What changes; the day and the policy are those of before where they don't change them.
    """
    policy = changes.policy or before.policy
    if changes.weights:
        policy = policy.with_weights(**changes.weights)
    return recommend(
        after,
        changes.on or before.on,
        top=before.top,
        policy=policy,
        territories=before.chosen["territory"].to_list(),
        follow_ups=before.given,
        extra=before.snapshot.joined,
    )


def changed(programme: ProgrammeT, changes: Changes) -> ProgrammeT:
    """Return the programme as changed, with what was computed for it and the changes don't touch (see `apply`)."""
    after = apply(programme, changes)
    if after is not programme:
        after.beside |= programme.beside
        if "frames" in programme.computed:
            after.computed["frames"] = _frames(programme.computed["frames"], after, changes.of_programme)
    return after


def _frames(before: Frames, after: ProgrammeData, parts: frozenset[str]) -> Frames:
    """Prepare the frames of the changed programme from those of before; entities that facts cite keep their numbers."""
    if parts <= _CARRIED:
        return replace(before, budget=after.budget, notice_days=after.notice_days)
    if parts.isdisjoint(_NEEDS):
        # Reading needs is the long part, and no change touches what they cite.
        frames = prepare(after.model_copy(update={"needs": ()}), lexicon_of(after))
        return replace(frames, needs=before.needs)
    return prepare(after, lexicon_of(after))
