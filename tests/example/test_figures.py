"""Every figure that the programme's final report publishes, recomputed from the bundled files."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from region import Region

FEBRUARY, MAY = dt.date(2008, 2, 1), dt.date(2008, 5, 31)


def test_three_buffet_types_and_five_workshop_types(region: Region) -> None:
    catalogue = region.data.catalogue
    assert (len(catalogue.buffets), len(catalogue.workshops)) == (3, 5)


def test_first_sessions_in_november_2006(region: Region) -> None:
    first = min(region.data.sessions, key=lambda session: session.date)
    assert (first.date.year, first.date.month) == (2006, 11)
    assert first in region.buffets


def test_first_workshop_in_february_2007(region: Region) -> None:
    first = min(session.date for session in region.workshops)
    assert (first.year, first.month) == (2007, 2)


def test_strong_activity_in_2007(region: Region) -> None:
    in_2007 = sum(session.date.year == 2007 for session in region.data.sessions)
    assert in_2007 / len(region.data.sessions) >= 2 / 3


def test_nothing_held_from_february_to_may_2008(region: Region) -> None:
    assert not [session for session in region.data.sessions if FEBRUARY <= session.date <= MAY]
    blackout = region.data.calendar.blackouts[0]
    assert (blackout.start, blackout.end) == (FEBRUARY, MAY)


def test_municipal_elections_of_march_2008(region: Region) -> None:
    assert dt.date(2008, 3, 16) in {election.date for election in region.data.calendar.elections}


def test_demand_grows_at_the_end(region: Region) -> None:
    quarters = Counter((need.date.year, (need.date.month - 1) // 3) for need in region.data.needs)
    second, third, fourth = (quarters[2008, quarter] for quarter in (1, 2, 3))
    assert second < third < fourth == max(quarters.values())
    months = Counter((need.date.year, need.date.month) for need in region.data.needs)
    last = [months[2008, month] for month in (8, 9, 10, 11, 12)]
    assert last == sorted(last)


def test_demand_at_the_end_is_not_met(region: Region) -> None:
    """Sessions fall where needs rise, and hardly anyone who asked in the last half-year gets a workshop."""

    def per_session(first: dt.date, last: dt.date) -> float:
        needs = sum(first <= need.date <= last for need in region.data.needs)
        return needs / sum(first <= session.date <= last for session in region.data.sessions)

    end = per_session(dt.date(2008, 7, 1), dt.date(2008, 12, 31))
    assert end > 5 * per_session(dt.date(2007, 1, 1), dt.date(2007, 12, 31))
    asked = [n for n in region.data.needs if n.date >= dt.date(2008, 7, 1)]
    workshops = {session.session for session in region.workshops}
    served = [
        need
        for need in asked
        if any(
            territory == region.territory[need.collectivity] and session in workshops and day > need.date
            for territory, session, day in region.came
        )
    ]
    assert len(served) / len(asked) < 0.25


def test_site_internet_is_30_percent_of_workshops(region: Region) -> None:
    held = Counter(session.session for session in region.workshops)
    assert held["site_internet"] * 100 == 30 * len(region.workshops)


def test_dematerialisation_is_25_percent_of_workshops(region: Region) -> None:
    held = Counter(session.session for session in region.workshops)
    assert held["dematerialisation"] * 100 == 25 * len(region.workshops)


def test_lot_ariege_haute_garonne_and_tarn_held_70_percent_of_sessions(region: Region) -> None:
    held = sum(region.departement[session.host] in {"46", "09", "31", "81"} for session in region.data.sessions)
    assert held * 100 == 70 * len(region.data.sessions)


def test_relays_are_mayors_associations_but_in_gers_and_the_conseil_general_in_the_lot(region: Region) -> None:
    partners = {partner.id: partner for partner in region.data.partners}
    associations = {code for partner in partners.values() if partner.kind == "adm" for code in partner.departements}
    assert associations == {"09", "12", "31", "46", "65", "81", "82"}
    carried = {(region.departement[session.host], session.partner) for session in region.data.sessions}
    assert carried == {
        *((code, f"adm{code}") for code in associations - {"46"}),
        ("46", "cg46"),
        ("32", "cg32"),
    }
    assert "hypothèse" in partners["cg32"].name


def test_about_60_percent_of_participants_are_elected(region: Region) -> None:
    elected = sum(attendance.elected or 0 for attendance in region.data.attendances)
    everyone = elected + sum(attendance.technicians or 0 for attendance in region.data.attendances)
    assert elected / everyone == pytest.approx(0.60, abs=0.005)


def test_workshop_rating_is_3_58(region: Region) -> None:
    workshops = {session.session for session in region.workshops}
    ratings = [a.rating for a in region.data.attendances if a.session in workshops and a.rating is not None]
    assert round(sum(ratings) / len(ratings), 2) == 3.58


def test_workshops_have_10_to_20_people(region: Region) -> None:
    for session in region.workshops:
        assert 10 <= sum((a.elected or 0) + (a.technicians or 0) for a in region.people[session.id]) <= 20


def test_most_workshops_come_out_of_buffets(region: Region) -> None:
    workshops = {session.session for session in region.workshops}
    came = [entry for entry in region.came if entry[1] in workshops]
    after = [
        (territory, workshop, day)
        for territory, workshop, day in came
        if any(t == territory and b in region.buffets_before[workshop] and d < day for t, b, d in region.came)
    ]
    assert len(after) / len(came) > 0.7


def test_no_need_by_the_toll_free_number(region: Region) -> None:
    assert "phone" not in {need.channel for need in region.data.needs}


def test_budget_is_300_000_euros(region: Region) -> None:
    assert region.data.budget is not None
    assert region.data.budget.total == 300_000


def test_197_083_euros_are_spent(region: Region) -> None:
    assert region.data.budget is not None
    sessions = sum((session.cost or 0 for session in region.data.sessions), Decimal(0))
    assert sessions + region.data.budget.other_spending == Decimal("197083.00")
