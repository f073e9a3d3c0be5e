"""Strategies of scenarios to simulate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

if TYPE_CHECKING:
    from prai_match.model import ProgrammeData
    from prai_match.simulate import Behaviour, Scenario

_NAMES = ("now", "other", "third")


@st.composite
def behaviours(draw: st.DrawFn) -> Behaviour:
    """Behaviours: a few numbers anywhere in their range, all else as it is by default.

    Example:
        >>> from hypothesis import find
        >>> find(behaviours(), lambda behaviour: behaviour.comes < 0.8).elected
        0.6
    """
    from prai_match.simulate import Behaviour, parameters  # noqa: PLC0415 - an extra

    ranges = {name: (each.low, each.high) for name, each in parameters().items() if each.low is not None}
    fields: dict[str, Any] = {}
    for name in draw(st.lists(st.sampled_from(sorted(ranges)), max_size=4, unique=True)):
        low, high = ranges[name]
        whole = Behaviour.model_fields[name].annotation is int
        steps = draw(st.integers(0, 10))
        value = low + (high - low) * steps / 10  # type: ignore[operator]
        fields[name] = round(value) if whole else round(value, 6)
    fields |= draw(st.sampled_from([{}, {"freeze_known_days": 0}, {"buffets": False}]))
    return Behaviour(**fields)


@st.composite
def scenarios(draw: st.DrawFn, programme: ProgrammeData | None = None) -> Scenario:
    """Scenarios, without the solver, which would take long: they fit any programme, or change the one given.

    Args:
        draw: Given by Hypothesis.
        programme: One whose relays and trainers may be taken away; None: nothing that a programme has is named.

    Example:
        >>> from hypothesis import find
        >>> find(scenarios(), lambda scenario: scenario.budget_times < 1).budget_times
        0.0
    """
    from prai_match.simulate import Scenario  # noqa: PLC0415 - an extra

    fields: dict[str, Any] = {
        "planner": draw(st.sampled_from(["quick", "requests"])),
        "budget_times": draw(st.sampled_from([1.0, 0.0, 0.5, 2.0])),
        "trainers_times": draw(st.sampled_from([1, 2])),
        "blackouts": draw(st.sampled_from([None, ()])),
        "weights": draw(st.sampled_from([{}, {"equity": 0.0}, {"equity": 20.0}])),
    }
    if programme is not None:
        for name, actors in (("remove_partners", programme.partners), ("remove_trainers", programme.trainers)):
            codes = [actor.id for actor in actors]
            fields[name] = draw(st.lists(st.sampled_from(codes), max_size=1)) if codes else []
    scenario = Scenario.of(
        draw(st.sampled_from(_NAMES)), **{name: value for name, value in fields.items() if value or value == 0.0}
    )
    return scenario.model_copy(update={"behaviour": draw(behaviours()), "blackouts": fields["blackouts"]})
