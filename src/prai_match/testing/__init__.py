"""Support for tests of other tools: Hypothesis strategies, laws of policies, a programme's life as a state machine.

It needs the extra ``testing``; the state machine plans and simulates, which needs the extra ``simulate``.

Stability: provisional.
"""

try:
    from prai_match.testing._any_model import days, models
    from prai_match.testing._attributes import attributes
    from prai_match.testing._broken_laws import IMPORTS, BrokenLawError, code, expect
    from prai_match.testing._choices import behaviours, joined_columns, policies, scenarios
    from prai_match.testing._elements import (
        blackouts,
        budgets,
        calendars,
        catalogues,
        paces,
        relay_partners,
        territories,
        trainers,
    )
    from prai_match.testing._history import (
        NeedText,
        attendances,
        decisions,
        held_sessions,
        need_texts,
        needs,
        registrations,
    )
    from prai_match.testing._laws import DIRECTIONS, LAWS, Direction, assert_policy_laws
    from prai_match.testing._life import ProgrammeLife
    from prai_match.testing._noise import NOISES, NoisyName, commune_names, noisy_names, unaccented
    from prai_match.testing._oracle import Candidate, CandidateVerdict, Oracle
    from prai_match.testing._programmes import CASES, SMALL, Case, Sizes, programmes
except ModuleNotFoundError as _error:
    if _error.name != "hypothesis":
        raise
    from prai_match.errors import missing_extra

    raise missing_extra("testing", "testing", "hypothesis") from _error

__all__ = [
    "CASES", "DIRECTIONS", "IMPORTS", "LAWS", "NOISES", "SMALL", "BrokenLawError", "Candidate",
    "CandidateVerdict", "Case", "Direction", "NeedText", "NoisyName", "Oracle", "ProgrammeLife", "Sizes",
    "assert_policy_laws", "attendances", "attributes", "behaviours", "blackouts", "budgets", "calendars", "catalogues",
    "code", "commune_names", "days", "decisions", "expect", "held_sessions", "joined_columns", "models", "need_texts",
    "needs", "noisy_names", "paces", "policies", "programmes", "registrations", "relay_partners", "scenarios",
    "territories", "trainers", "unaccented",
]  # fmt: skip
