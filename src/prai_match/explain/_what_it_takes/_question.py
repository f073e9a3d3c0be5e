"""What is asked of territories, and what the engine said of them after sets of moves."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from prai_match.offers import beyond, offered, sift

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import polars as pl

    from prai_match import offers
    from prai_match.explain._what_it_takes._candidates import Standing
    from prai_match.explain._what_it_takes._result import Move
    from prai_match.model import Territory
    from prai_match.policy import Policy

Moves = frozenset["Move"]
NONE: Moves = frozenset()

_CODES = {"session": ("sessions", "s"), "partner": ("partners", "p"), "trainer": ("trainers", "r")}


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What is asked of one territory, with what the engine already said.

    Attributes:
        territory: The territory.
        number: Its number (``t``).
        asked: Identifiers of the session, the relay and the trainer asked about.
        trials: What came of the sets of moves tried.
        standings: How the candidate stands after sets of moves.
        counted: The sets of moves whose outcome was looked at.
    """

    territory: Territory
    number: int
    asked: Mapping[str, str | None]
    trials: dict[Moves, Trial] = field(default_factory=dict)
    standings: dict[Moves, Standing] = field(default_factory=dict)
    counted: set[Moves] = field(default_factory=set)

    @property
    def tried(self) -> int:
        """How many sets of moves were tried."""
        return len(self.counted - {NONE})

    def score(self, moves: Moves) -> float | None:
        """Return the score of the recommendation after moves that were tried; None: it isn't the candidate."""
        self.counted.add(moves)
        trial = self.trials[moves]
        best = trial.run.best.get(trial.number)
        if (
            best is None
            or best["postponed"]
            or any(code not in {None, best[name]} for name, code in self.asked.items())
        ):
            return None
        return float(best["score"])


@dataclass(frozen=True, eq=False)
class Run:
    """What the engine said of some territories.

    Attributes:
        snapshot: The day.
        first: What is recommended or comes next, in one row a territory at most.
        far: Finds ``furthest``.
    """

    snapshot: offers.Snapshot
    first: pl.DataFrame
    far: Callable[[], pl.DataFrame]

    @classmethod
    def of(cls, snapshot: offers.Snapshot, policy: Policy, chosen: pl.DataFrame) -> Run:
        """Run the engine for the ``chosen`` territories (``t``)."""
        stages = sift(snapshot, policy, chosen)
        first = (
            offered(stages)
            .sort("t", "postponed", "score", "s", descending=[False, False, True, False])
            .unique("t", keep="first", maintain_order=True)
        )
        return cls(snapshot, first, partial(beyond, snapshot, policy, stages))

    @cached_property
    def furthest(self) -> pl.DataFrame:
        """Their sessions (see `offers.furthest`)."""
        return self.far()

    @cached_property
    def best(self) -> dict[int, dict[str, Any]]:
        """What comes first by territory (``t``): ``session``, ``partner``, ``trainer``, ``score`` and ``postponed``."""
        first = self.first
        codes = (getattr(self.snapshot.frames, table)[code].gather(first[key]) for code, (table, key) in _CODES.items())
        return {row["t"]: row for row in first.select("t", "score", "postponed", *codes).iter_rows(named=True)}


class Trial(NamedTuple):
    """Where the outcome of a set of moves stands: the run, and the number of the territory in it."""

    run: Run
    number: int
