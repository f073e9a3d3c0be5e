"""Sessions decided on, as columns."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from prai_match.simulate._draws import Flags, Ints


@dataclass(frozen=True, eq=False)
class Bookings:
    """Sessions decided on; one row each, and who is invited."""

    world: Ints  # world
    session: Ints  # session ``s``
    host: Ints  # territory ``t``; -1: unknown
    axis: Ints  # axis ``x`` that the host asks for
    relay: Ints  # relay ``p``; -1: none
    trainer: Ints  # trainer ``r``; -1: none
    day: Ints  # ordinal
    known: Ints  # ordinal of the day from which it is known
    cents: Ints  # cost; -1: unknown
    invited: Ints  # (N, T) people that each territory would send; 0: it isn't invited

    @classmethod
    def none(cls, territories: int) -> Bookings:
        """Return no booking."""
        columns = {each.name: np.zeros(0, np.int64) for each in fields(cls)}
        return cls(**{**columns, "invited": np.zeros((0, territories), np.int64)})

    @classmethod
    def concat(cls, *parts: Bookings) -> Bookings:
        """Put bookings one after the other."""
        return cls(*(np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(cls)))

    def only(self, which: Flags | Ints) -> Bookings:
        """Return those of ``which``."""
        return Bookings(*(getattr(self, each.name)[which] for each in fields(self)))

    @property
    def cost(self) -> Ints:
        """The cost as far as it is known, in cents: (N,)."""
        return np.maximum(self.cents, 0)

    def __len__(self) -> int:
        """How many there are."""
        return len(self.world)
