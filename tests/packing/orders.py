"""What other orders of territories give, and every set of sessions there is: by priority, are they better?

The ranks of the offers that territories attend, wherever they are held, are compared in the order of priority; between
territories of one priority there is none, so that their ranks are compared together, the worst first.
"""

from __future__ import annotations

from itertools import chain, groupby
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from hypothesis import strategies as st

from made import crowded
from plan.brute import Tried
from prai_match import Programme
from prai_match.explain import Changes, after_changes
from prai_match.model import RelayPartner, Trainer
from prai_match.packing import Weights, by_priority, tables, wishes
from prai_match.plan import together
from prai_match.testing import Sizes, programmes

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from plan.brute import Held
    from prai_match import Recommendations
    from prai_match.packing import Tables, Wish
    from prai_match.plan import Plan

Orders = list[tuple["Wish", ...]]
Ranks = tuple[int, ...]
Levels = tuple[Ranks, ...]


class Gain(NamedTuple):
    """How much better others are: of how many territories the first is that gains, and what it gains."""

    before: int  # how many have more priority
    ranks: int
    served: int  # of the same priority, how many more


class Packed:
    """Offers packed by priority; the ranks of what territories attend, and no offer is one more than the last."""

    def __init__(self, recs: Recommendations, until: dt.date | None = None) -> None:
        self.plan: Plan = together(recs.answers, until)
        self.tables: Tables = tables(self.plan.inputs, Weights())
        self.orders: Orders = wishes(self.plan.inputs, recs.answers.territories)
        self.none = max(map(len, self.orders), default=0)
        self.own = self.levels(self.ranks(self.orders))

    def ranks(self, orders: Orders) -> Ranks:
        """What each territory attends, in the order of priority, where they have their turns in another."""
        at = by_priority(self.tables, orders).at
        return tuple(min((k for k, wish in enumerate(own) if wish.n in at), default=self.none) for own in self.orders)

    def levels(self, ranks: Ranks) -> Levels:
        """The ranks of the territories of each priority, the worst first."""
        priority = [self.tables.demands[own[0].n].first for own in self.orders]
        each = groupby(range(len(ranks)), priority.__getitem__)
        return tuple(tuple(sorted((ranks[turn] for turn in turns), reverse=True)) for _, turns in each)

    def shuffled(self, count: int, seed: int) -> list[Gain | None]:
        """What orders drawn at random gain."""
        dice = Random(seed)  # noqa: S311 - orders
        every = (dice.sample(self.orders, len(self.orders)) for _ in range(count))
        return [self.gain(self.levels(self.ranks(each))) for each in every]

    def gain(self, other: Levels) -> Gain | None:
        """What others gain by priority; None: they are no better."""
        if other >= self.own:
            return None
        pairs = [*zip(self.own, other, strict=True)]
        level = next(number for number, (mine, theirs) in enumerate(pairs) if mine != theirs)
        mine, theirs = pairs[level]
        before = len([*chain.from_iterable(self.own[:level])])
        return Gain(before, sum(mine) - sum(theirs), mine.count(self.none) - theirs.count(self.none))


class EverySet(Tried):
    """All sets of sessions of a very small programme, as far as they can be better by priority."""

    def __init__(self, packed: Packed) -> None:
        super().__init__(packed.plan)
        self._packed, self._best = packed, packed.own
        self._at = {
            wish.n: (turn, k) for turn, own in enumerate(packed.orders) for k, wish in reversed([*enumerate(own)])
        }
        # What each territory can still attend at the places from each on, if nothing else is in the way.
        self._still = [(packed.none,) * len(packed.orders)]
        for place in reversed(self.places):
            self._still.append(self._with(self._still[-1], (n for n, g in self.km if g == place["g"])))
        self._still.reverse()

    def best_of(self, most: int) -> Levels | None:
        """The best there is; None: after ``most`` tries there are others left."""
        self.tries = most
        self._try(0, [], frozenset(), self._still[-1])
        return self._best if self.tries > 0 else None

    def _with(self, ranks: Ranks, members: Iterable[int]) -> Ranks:
        better = [*ranks]
        for turn, k in (self._at[n] for n in members if n in self._at):
            better[turn] = min(better[turn], k)
        return tuple(better)

    def _try(self, index: int, held: list[Held], used: frozenset[int], ranks: Ranks) -> None:
        self.tries -= 1
        possible = self._packed.levels(tuple(map(min, ranks, self._still[index])))
        if self.tries <= 0 or possible >= self._best:
            return
        if index == len(self.places):
            self._best = possible if self.keeps_lags(held) else self._best
            return
        place = self.places[index]
        for option in self.options(place, used):
            if self.fits(option, held):
                self._try(index + 1, [*held, option], used | {*option[4]}, self._with(ranks, option[4]))
        if not place["booked"]:
            self._try(index + 1, held, used, ranks)


def priorities(prog: Programme, on: dt.date) -> list[float]:
    """The priorities of those who are served together, the highest first."""
    recs = prog.recommend(on)
    seated = {*together(recs.answers).seats["territory"]}
    return sorted((rec.priority for rec in recs if rec.territory in seated), reverse=True)


def more(prog: Programme, actor: Trainer | RelayPartner) -> Programme:
    """The programme with one more trainer or relay; of one that is there already, with another who is the same."""
    new = actor.model_copy(update={"id": f"{actor.id}_more"})
    changes = Changes.of(with_trainers=[new]) if isinstance(new, Trainer) else Changes.of(with_partners=[new])
    return after_changes(prog, changes)


@st.composite
def single(draw: st.DrawFn) -> Programme:
    """Programmes with one relay and one trainer, who are possible wherever anybody is."""
    prog = draw(programmes(case="busy", sizes=Sizes(territories=8, partners=0, trainers=0)))
    (relay,), (trainer,) = prog.partners, prog.trainers
    relay = relay.model_copy(update={"sessions_a_year": draw(st.none() | st.integers(1, 4))})
    trainer = trainer.model_copy(update={"sessions_a_month": draw(st.integers(1, 4))})
    return prog.model_copy(update={"partners": (relay,), "trainers": (trainer,)})


def several() -> st.SearchStrategy[Programme]:
    """Programmes with something to hold, small and large."""
    large = Sizes(territories=14, partners=5, trainers=6, needs=40, sessions=8, attendances=30, registrations=8)
    return crowded().map(Programme.model_validate) | programmes(case="busy") | programmes(case="busy", sizes=large)


def five() -> st.SearchStrategy[Programme]:
    """Programmes of five territories at most, who can be invited from one day to the next."""
    few = programmes(case="busy", sizes=Sizes(territories=5)) | crowded().map(Programme.model_validate)
    return few.filter(lambda prog: len(prog.territories) < 6).map(
        lambda prog: prog.model_copy(update={"notice_days": 0})
    )
