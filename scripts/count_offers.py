"""Count the offers to the bundled regions, one day per fortnight: ``python scripts/count_offers.py``.

There should be no offers on closed days, outside the programme's period, or of sessions that the territory already
hosts or is registered for: if one of these counts isn't 0, the script exits with 1.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections import Counter
from typing import TYPE_CHECKING

from prai_match import Programme

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prai_match.recommend import Offer

YEARS = {"midi_pyrenees": (2006, 2009), "occitanie_2026": (2025, 2028)}
FAULTS = ("closed day", "outside the period", "booked already")
FORTNIGHT = dt.timedelta(14)


def main(arguments: list[str] | None = None) -> int:
    """Print how many territories are offered what, over all days; return 1 if an offer is impossible."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=None, help="ask for so many days of each region only")
    asked = parser.parse_args(arguments)
    faults = 0
    for region, (first, last) in YEARS.items():
        days = list(fortnights(dt.date(first, 1, 1), dt.date(last, 12, 31)))
        chosen = days if asked.days is None else days[:: max(1, len(days) // asked.days)]
        counts = count(Programme.example(region), chosen)
        print(f"{region}: {len(chosen)} days from {chosen[0]} to {chosen[-1]}")
        for name, number in sorted(counts.items(), key=lambda item: (item[0] not in FAULTS, -item[1], item[0])):
            print(f"  {name:28} {number:7}")
        faults += sum(counts[name] for name in FAULTS)
    return min(1, faults)


def fortnights(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Yield one day per fortnight."""
    day = first
    while day <= last:
        yield day
        day += FORTNIGHT


def count(prog: Programme, days: list[dt.date]) -> Counter[str]:
    """Return how many first-choice offers, and offers of any rank, are of each sort."""
    counts = Counter(dict.fromkeys(FAULTS, 0))
    for on in days:
        recs, calendar = prog.recommend(on), prog.open_days(on)
        for rec in recs:
            offers = [offer for offer in (rec.next, *rec.alternatives) if offer is not None]
            booked = {each.session for each in rec.booked}
            counts["territories"] += 1
            counts["offers"] += len(offers)
            counts[f"first: {_sort(rec.territory, offers[0])}" if offers else f"none: {rec.reason}"] += 1
            for offer in offers:
                # A territory joins a session on its day, even if the day is closed for others.
                counts["closed day"] += offer.joins is None and not calendar.open(offer.day, offer.host)
                counts["outside the period"] += not prog.period.start <= offer.day <= prog.period.end
                counts["booked already"] += offer.session in booked
    return counts


def _sort(territory: str, offer: Offer) -> str:
    if offer.joins:
        return "a booked session"
    return "its own place" if offer.host == territory else "a host"


if __name__ == "__main__":
    sys.exit(main())
