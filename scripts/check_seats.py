"""Ask `why_not` about every seat of plans, one day per fortnight: ``python scripts/check_seats.py``.

It checks first plans, what can be held together, and two months of a simulation of two worlds with each planner in
turn. For both bundled regions, and for drawn programmes (``--drawn 2000``), it counts refused seats by rule, seated
territories without an offer, and resources that a set uses twice. If any of these isn't 0, the script exits with 1.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final
from unittest.mock import patch

import pytest
from hypothesis import given, settings, strategies as st

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from drawn import drawing
from made import crowded
from prai_match import Policy, Programme
from prai_match.simulate import Scenario
from prai_match.testing import Sizes, policies, programmes
from seats import collisions, refusals, told_nothing
from simulate.test_simulate_decisions import PLANNERS, season, watched

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from seats import Refusal, Seats

YEARS: Final = {"midi_pyrenees": (2006, 2009), "occitanie_2026": (2025, 2028)}
FORTNIGHT, MONTHS = dt.timedelta(14), 4
KINDS: Final = ("plan", "together", "months")
ROOMY: Final = Sizes(territories=14, partners=5, trainers=6, needs=40, sessions=8, attendances=30, registrations=8)
COUNTED: Final = ("sets", "sets with seats", "sessions", "seats")


def main(arguments: list[str] | None = None) -> int:
    """Print what is refused in each kind of set; return 1 if anything is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="ask for every so many days only")
    parser.add_argument("--drawn", type=int, default=0, help="check so many programmes that are drawn instead")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, help="sets of these alone")
    parser.add_argument("--show", type=int, default=0, help="show so many refusals of each rule")
    asked = parser.parse_args(arguments)
    every = {"drawn programmes": [*drawn(asked.drawn)]} if asked.drawn else regions(asked.every)
    faults, kinds = 0, asked.kinds or KINDS
    for name, cases in every.items():
        for kind in kinds:
            counts = count(cases, kind, asked.show)
            if counts["sets"]:
                print(f"{name}, {kind}:")
                print("\n".join(f"  {what:40} {number:7}" for what, number in counts.items()), flush=True)
            faults += sum(number for what, number in counts.items() if what not in COUNTED)
    return min(1, faults)


def regions(every: int) -> dict[str, list[tuple[Programme, dt.date]]]:
    """Return the bundled regions, each with the days that are asked about, within its period."""
    cases = {}
    for region, (first, last) in YEARS.items():
        prog = Programme.example(region)
        days = [*fortnights(dt.date(first, 1, 1), dt.date(last, 12, 31))][::every]
        cases[region] = [(prog, on) for on in days if on <= prog.period.end]
    return cases


def fortnights(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Yield one day per fortnight."""
    day = first
    while day <= last:
        yield day
        day += FORTNIGHT


def drawn(number: int) -> Iterator[tuple[Programme, dt.date]]:
    """Return programmes, each with a day; the same every time. Most of those that are busy have something to plan."""
    found: list[tuple[Programme, dt.date]] = []
    several = crowded().map(Programme.model_validate) | programmes(case="busy") | programmes(case="busy", sizes=ROOMY)
    rules = st.none() | policies().filter(lambda policy: not policy.rows.column)

    @settings(drawing(number), derandomize=True)
    @given(several, rules, st.dates(dt.date(2007, 1, 1), dt.date(2008, 9, 1)))
    def draw(prog: Programme, policy: Policy | None, on: dt.date) -> None:
        found.append((prog.with_policy(policy), on))

    draw()
    return iter(found)


def count(cases: Iterable[tuple[Programme, dt.date]], kind: str, show: int = 0) -> Counter[str]:
    """Return how many seats the sets of a kind have, how many are refused, and why."""
    counts, shown = Counter(dict.fromkeys(COUNTED, 0)), Counter[str]()
    for prog, on, made in (each for case in cases for each in sets(*case, kind)):
        counts.update({"sets": 1, "sets with seats": not made.seats.is_empty()})
        counts.update(sessions=made.sessions.height, seats=made.seats.height)
        for refusal in refusals(prog, made, on):
            what = f"refused: {refusal.rule}" + (" (booked before)" if refusal.held["booked"] else "")
            counts[what] += 1
            if shown[what] < show:
                shown[what] += 1
                print(described(refusal, on))
        counts["told nothing and seated"] += len(told_nothing(prog, made, on))
        counts.update(collisions(prog, made, on))
    return counts


def sets(prog: Programme, on: dt.date, kind: str) -> Iterator[tuple[Programme, dt.date, Seats]]:
    """Return the sets of a kind that are made on a day, each with its programme and day."""
    match kind:
        case "plan":
            with patch("prai_match.plan._search.WIDE", 0):  # no bound, which takes longer than the plan
                yield prog, on, prog.plan(on, later(on, MONTHS), time_limit=0)
        case "together":
            yield prog, on, prog.recommend(on).together()
        case _:
            yield from months(prog, on.replace(day=1))


def months(prog: Programme, first: dt.date) -> Iterator[tuple[Programme, dt.date, Seats]]:
    """Yield the decisions of two months from a day, each with its world at that time."""
    last = min(prog.period.end, later(first, 2))
    if first < prog.period.start:
        return
    planner = PLANNERS[first.month % len(PLANNERS)]
    scenario = Scenario.of("months", planner=planner, preparation_months=0, sessions_a_month=4.0)
    with pytest.MonkeyPatch.context() as patched:
        noted = watched(patched)
        prog.simulate(scenario, first, last, replications=2, seed=1)
    for case, bookings, worlds in noted:
        for number, world in enumerate(worlds):
            yield world.with_policy(prog.policy), case.day.on, season(case, bookings, number)


def later(day: dt.date, months: int) -> dt.date:
    """Return the last day before that of ``months`` later."""
    number = day.year * 12 + day.month - 1 + months
    return dt.date(number // 12, number % 12 + 1, min(day.day, 28)) - dt.timedelta(1)


def described(refusal: Refusal, on: dt.date) -> str:
    """Return a refusal in lines of text."""
    held, why_not = refusal.held, refusal.why_not
    where = " ".join(f"{name}={held[name]}" for name in ("id", "session", "host", "partner", "trainer", "date"))
    said = "\n".join(f"    {finding.rule}: {finding.sentence['en']}" for finding in why_not.refuting)
    return f"  {refusal.rule}: on {on}, territory={refusal.territory} {where}\n{said}"


if __name__ == "__main__":
    sys.exit(main())
