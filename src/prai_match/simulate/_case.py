"""What the sessions of a month are decided from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prai_match.model import Blackout
    from prai_match.simulate._draws import Flags, Ints
    from prai_match.simulate._trace import Trace
    from prai_match.simulate._worlds import Offers


@dataclass(frozen=True, eq=False)
class Case:
    """A month to decide on, in every world.

    Attributes:
        trace: What happened so far.
        offers: What the recommender offers.
        expected: (W, T, S) people who would come.
        slots: (W, P) sessions that each relay has time for.
        known: Ordinal of the day of the decision.
        first: Ordinal of the first day after the notice.
        open: (L,) whether a session can be held on each day from there.
        blackouts: Those that are known.
        buffets: Whether buffets are held.
    """

    trace: Trace
    offers: Offers
    expected: Ints
    slots: Ints
    known: int
    first: int
    open: Flags
    blackouts: tuple[Blackout, ...]
    buffets: bool
