"""Count the effects of today's definition of follow-ups, by cause: ``python scripts/compare_follow_ups.py``.

It compares first-choice offers for both bundled regions, one day per fortnight, with today's rules: under the graph of
commit 323be5d (a territory may follow at any later time), then without those that had attended the target before, then
within the horizon with censoring and without freezes, then by how long each territory has waited. The result is the
number of first-choice offers that each cause changes.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from count_offers import YEARS, fortnights
from prai_match import Programme
from reference.library import follow_ups, with_estimates

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from prai_match import FollowUps

CAUSES = ("who can follow", "within the horizon", "how long it has waited")


def main(arguments: list[str] | None = None) -> None:
    """Print the counts of each region."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=None, help="ask for so many days of each region only")
    asked = parser.parse_args(arguments)
    for region, (first, last) in YEARS.items():
        days = list(fortnights(dt.date(first, 1, 1), dt.date(last, 12, 31)))
        chosen = days if asked.days is None else days[:: max(1, len(days) // asked.days)]
        counts = changes(Programme.example(region), chosen)
        print(f"{region}: {len(chosen)} days from {chosen[0]} to {chosen[-1]}")
        for name in ("first offers", *CAUSES, "all together"):
            print(f"  {name:24} {counts[name]:7}")


def changes(prog: Programme, days: Sequence[dt.date]) -> Counter[str]:
    """Return how many pairs of territory and day have another first-choice offer by each cause, and by all of them."""
    counts: Counter[str] = Counter()
    for on in days:
        offers = [prog.recommend(on, follow_ups=graph).ranking().filter(rank=1) for graph in graphs(prog, on)]
        sides = [dict(each.select("territory", "session").iter_rows()) for each in offers]
        pairs = {**dict(zip(CAUSES, pairwise(sides), strict=True)), "all together": (sides[0], sides[-1])}
        counts["first offers"] += len(sides[-1])
        for name, (before, after) in pairs.items():
            counts[name] += sum(before.get(code) != after.get(code) for code in before.keys() | after.keys())
    return counts


def graphs(prog: Programme, on: dt.date) -> Iterator[FollowUps]:
    """Yield the graph as it was learned then, and after each of the causes."""
    yield from (follow_ups(prog, on, able_alone=able) for able in (False, True))
    today = prog.follow_ups(on)
    yield with_estimates(today, today.estimates._replace(chances=today.estimates.chances[..., :1]))
    yield today


if __name__ == "__main__":
    main()
