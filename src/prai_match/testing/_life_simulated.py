"""Laws of a simulated season, checked with the oracle on the resulting programme."""

import datetime as dt
from collections import Counter
from typing import Any

import polars as pl

from prai_match._front import Programme
from prai_match.model import HeldSession
from prai_match.policy import Policy
from prai_match.simulate import Outcomes, Scenario
from prai_match.testing._broken_laws import expect
from prai_match.testing._life_laws import affordable
from prai_match.testing._oracle import Candidate, Oracle
from prai_match.testing._variants import until

_DAY = dt.timedelta(days=1)


def lively(policy: Policy) -> Scenario:
    """Return a scenario of a policy in which many events happen soon."""
    from prai_match.simulate import Scenario  # noqa: PLC0415 - an extra

    much: dict[str, Any] = {"sessions_a_month": 4.0, "asks_a_year": 6.0, "usual_people": 8.0, "comes": 1.0}
    return Scenario.of("lively", with_policy=policy, preparation_months=0, quiet_months=(), overhead_spread=0.0, **much)


def season(outcomes: Outcomes[Programme], policy: Policy) -> None:
    """Check the first replication of a simulation's first scenario against the laws."""
    _same(outcomes)
    after = outcomes.again(0)
    new = [each for each in after.sessions if (each.booked_on or each.date) >= outcomes.start]
    _conserve(outcomes, after, new)
    for day in sorted({each.booked_on for each in new if each.booked_on}):
        # Decisions of a day don't know what else happens on it.
        oracle, bookings = (
            Oracle(until(after, day - _DAY), day, policy=policy),
            [each for each in new if each.booked_on == day],
        )
        _allow(oracle, bookings)
        _date(oracle, bookings)


def _same(outcomes: Outcomes[Programme]) -> None:
    """The same seed gives the same outcomes, and nothing in them depends on what comes after the first day."""

    def again(programme: Programme) -> bool:
        second = programme.simulate(
            outcomes.scenarios, outcomes.start, outcomes.end, replications=outcomes.replications, seed=outcomes.seed
        )
        return second.to_polars().equals(outcomes.to_polars())

    if not again(until(outcomes.programme, outcomes.start - _DAY)):
        expect("same input, same answer", again(outcomes.programme), "other outcomes of the same seed")
        expect("the future is never seen", False, "other outcomes without what comes later")  # noqa: FBT003


def _conserve(outcomes: Outcomes[Programme], after: Programme, new: list[HeldSession]) -> None:
    """Counts of people, sessions and euros agree with the simulated history; nobody is seated twice."""
    rows = outcomes.scan().filter(pl.col("replication") == 0, pl.col("of").is_null()).collect()
    totals = dict(rows.group_by("measure").agg(pl.sum("value")).iter_rows())
    came = [row for row in after.attendances if row.date >= outcomes.start]
    past = [each for each in new if each.date <= outcomes.end]
    for measure, number in {
        "elected": sum(row.elected or 0 for row in came),
        "technicians": sum(row.technicians or 0 for row in came),
        "served": len(came),
        "needs": sum(need.date >= outcomes.start for need in after.needs),
    }.items():
        sentence = f"{totals[measure]:g} {measure} are counted, and {number} are in the history"
        expect("what is counted has happened", totals[measure] == number, sentence)
    sessions = totals["buffets"] + totals["workshops"]
    expect("what is counted has happened", sessions == len(past), f"{sessions:g} sessions counted, {len(past)} held")
    people: Counter[str] = Counter()
    for row in came:
        people[row.held or ""] += (row.elected or 0) + (row.technicians or 0)
    bounds = {each.id: (each.min_seats, each.max_seats) for each in after.catalogue.sessions}
    for each in past:
        least, most = bounds[each.session]
        sentence = f"{people[each.id]} people came to {each.id}, of {least} to {most}"
        expect("seats are kept", least <= people[each.id] <= most, sentence)


def _allow(oracle: Oracle, new: list[HeldSession]) -> None:
    """Every planned session could be offered to its host, and the money is enough for all of them."""
    sessions = [Candidate(each.host, each.session, each.axis, each.host, each.partner, each.trainer) for each in new]
    for each in map(oracle.verdict, sessions):
        expect("every requirement is kept", not each.broken, f"{each.candidate} is held", *each.broken[:1])
    affordable(oracle, sum(float(each.cost or 0) for each in new), "spent")


def _date(oracle: Oracle, new: list[HeldSession]) -> None:
    """Every session has notice and an open day, and a trainer who is free then."""
    days = Counter((each.trainer, each.date) for each in (*oracle.held, *new))
    for each in new:
        sentence = f"{each.id}, decided on {oracle.on}"
        expect("no session without notice", (each.date - oracle.on).days >= oracle.programme.notice_days, sentence)
        expect("no session on a closed day", oracle.calendar.open(each.date), sentence)
        expect("no trainer twice a day", days[each.trainer, each.date] == 1, sentence)
