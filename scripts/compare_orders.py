"""Count what is better than `together`, and what an added actor makes worse: ``python scripts/compare_orders.py``.

It uses both bundled regions on one day per fortnight, or drawn programmes (``--drawn 500``). Other orders of the
territories are drawn at random; for programmes with at most five territories, every set of sessions on a few days is
tried too. An added actor is drawn, or like an existing one. A worse result with only one possible relay and trainer is
a fault: if there is any, the script exits with 1.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hypothesis import given, seed as seeded, strategies as st

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from check_seats import regions
from drawn import drawing
from packing.orders import EverySet, Packed, five, more, priorities, several, single
from prai_match.testing import relay_partners, trainers

if TYPE_CHECKING:
    from prai_match import Programme
    from prai_match.model import RelayPartner, Trainer

DAYS: Final = st.dates(dt.date(2007, 1, 1), dt.date(2008, 9, 1))
FAULT: Final = "served worse by another relay or trainer like the only one"
TRIES: Final = 20_000  # maximum number of sets of sessions tried for a programme


def main(arguments: list[str] | None = None) -> int:
    """Print what is better, and what is worse; return 1 if any territory is wrongly served worse."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--every", type=int, default=1, help="ask for every so many days only")
    parser.add_argument("--orders", type=int, default=10, help="orders drawn of each case (default: %(default)s)")
    parser.add_argument("--drawn", type=int, default=0, help="count in so many programmes that are drawn instead")
    parser.add_argument("--seed", type=int, default=0, help="what they are drawn from (default: %(default)s)")
    asked = parser.parse_args(arguments)
    if asked.drawn:
        every = {"drawn programmes": drawn(asked.drawn, asked.seed, asked.orders)}
    else:
        every = {region: of_days(cases, asked.orders) for region, cases in regions(asked.every).items()}
    for name, counts in every.items():
        print(f"{name}:")
        print("\n".join(f"  {what:70} {number:7}" for what, number in counts.items()), flush=True)
    return min(1, sum(counts[FAULT] for counts in every.values()))


def of_days(cases: list[tuple[Programme, dt.date]], orders: int) -> Counter[str]:
    """Count for a region: another order, and an added trainer or relay like an existing one, which varies by day."""
    counts = Counter[str]()
    for number, (prog, on) in enumerate(cases):
        count_orders(counts, Packed(prog.recommend(on)), orders, number)
        for among in (prog.trainers, prog.partners):
            count_more(counts, prog, on, among[number % len(among)])
    return counts


def drawn(number: int, seed: int, orders: int) -> Counter[str]:
    """Count for programmes that are drawn, the same for a seed."""
    counts = Counter[str]()

    @seeded(seed)
    @drawing(number)
    @given(st.tuples(several(), five(), single()), DAYS, st.integers(0, 6), st.data())
    def look(progs: tuple[Programme, Programme, Programme], on: dt.date, days: int, data: st.DataObject) -> None:
        prog, small, one = progs
        count_orders(counts, Packed(prog.recommend(on)), orders, days)
        count_sets(counts, Packed(small.recommend(on), on + dt.timedelta(days)))
        there = [st.sampled_from(each) for each in (prog.trainers, prog.partners) if each]
        count_more(counts, prog, on, data.draw(st.one_of(trainers(prog), relay_partners(prog), *there)))
        before = priorities(one, on)
        twins: list[Trainer | RelayPartner] = [*one.trainers, *one.partners]
        for actor in twins:
            counts["programmes with one relay and one trainer, and another"] += 1
            counts[FAULT] += priorities(more(one, actor), on) < before

    look()
    return counts


def count_orders(counts: Counter[str], packed: Packed, orders: int, seed: int) -> None:
    """Add the gains of random orders, if there are several territories."""
    if len(packed.orders) > 1:
        gains = packed.shuffled(orders, seed)
        better = [gain for gain in gains if gain]
        counts.update({"programmes whose order is drawn": 1, "orders drawn": len(gains), "better orders": len(better)})
        counts["programmes with a better order"] += bool(better)
        for gain in better:
            of = "the first" if gain.before == 0 else "others"
            counts[f"better orders that serve {gain.served} more of the priority of {of}"] += 1


def count_sets(counts: Counter[str], packed: Packed) -> None:
    """Add the gain of the best of all sets."""
    if packed.orders:
        best = EverySet(packed).best_of(TRIES)
        counts.update({"programmes of five whose sets are tried": 1, "of which there are too many": best is None})
        if best is not None and (gain := packed.gain(best)):
            counts["programmes with a better set"] += 1
            counts[f"better sets that serve {gain.served} more after {gain.before} who have the same"] += 1


def count_more(counts: Counter[str], prog: Programme, on: dt.date, actor: Trainer | RelayPartner) -> None:
    """Add whether an added actor improves or worsens the priorities served."""
    before, after = (priorities(each, on) for each in (prog, more(prog, actor)))
    counts.update({"actors more": 1, "of which serve better": after > before, "of which serve worse": after < before})
    counts["of which serve fewer"] += len(after) < len(before)


if __name__ == "__main__":
    sys.exit(main())
