"""The same recommendations again, after changes: only what depends on them is computed again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from prai_match import explain, recommend
from prai_match.model._catalogue import KEPT

if TYPE_CHECKING:
    import datetime as dt

    from prai_match._front._programme import Programme
    from prai_match._front._recommendations import Recommendations
    from prai_match.explain import Changes
    from prai_match.policy import Policy
    from prai_match.recommend import Frames

ProgrammeT = TypeVar("ProgrammeT", bound="Programme")

_CARRIED = frozenset({"budget", "notice_days"})
"""Settings that the frames carry and nothing in them is made from."""

_NEEDS = frozenset({"add_needs", "remove_needs"})


def again(
    programme: Programme,
    changes: Changes,
    *,
    on: dt.date,
    policy: Policy,
    **same: Any,  # noqa: ANN401 - what `Programme.recommend` takes
) -> Recommendations:
    """Recommend as before, but for the changes.

    Args:
        programme: What was recommended for.
        changes: To it, to the day or to the policy.
        on: The day, unless they change it.
        policy: The policy, unless they change it.
        same: The other arguments of `Programme.recommend`.
    """
    used = changes.policy or policy
    if changes.weights:
        used = used.with_weights(**changes.weights)
    return changed(programme, changes).recommend(changes.on or on, policy=used, **same)


def changed(programme: ProgrammeT, changes: Changes) -> ProgrammeT:
    """Return the programme as changed, with what was prepared for it and the changes don't touch (see `apply`)."""
    after = explain.apply(programme, changes)
    if after is not programme:
        # Kept where cached properties look first, as `Programme.load` keeps its lexicon and policy.
        kept = {name: programme.__dict__[name] for name in KEPT if name in programme.__dict__}
        after.__dict__.update(kept)
        if "_frames" in programme.__dict__:
            after.__dict__["_frames"] = _frames(programme.__dict__["_frames"], after, changes.of_programme)
    return after


def _frames(before: Frames, after: Programme, parts: frozenset[str]) -> Frames:
    """Prepare the frames of the changed programme from those of before; entities that facts cite keep their numbers."""
    if parts <= _CARRIED:
        return replace(before, budget=after.budget, notice_days=after.notice_days)
    if parts.isdisjoint(_NEEDS):
        # Reading needs is the long part, and no change touches what they cite.
        frames = recommend.prepare(after.model_copy(update={"needs": ()}), after.lexicon)
        return replace(frames, needs=before.needs)
    return recommend.prepare(after, after.lexicon)
