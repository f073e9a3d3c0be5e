"""The columns that rules read, on a programme whose days, distances and people fall on every bound."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl
import pytest

from lively import DECISIONS, ON, day, programme
from prai_match import Policy, offers
from prai_match.offers import _snapshot, _stages
from prai_match.policy import Vocabulary
from prai_match.testing import Candidate, Oracle

if TYPE_CHECKING:
    from prai_match import Programme

COLUMNS = Vocabulary.standard().all


def wide(made: Programme, on: dt.date = ON, *, elsewhere: bool = False) -> pl.DataFrame:
    """Every territory, session, partner and trainer, and every host too if ``elsewhere``, with every column."""
    snapshot = day(made, on)
    frames = snapshot.frames
    every = offers.sessions_of(snapshot, frames.territories["t"])
    every = every.join(frames.partners.select("p"), how="cross").join(frames.trainers.select("r"), how="cross")
    every = every.join(frames.territories.select(h="t"), how="cross") if elsewhere else every
    return offers.with_columns(snapshot, every, policy=made.policy)


SETTINGS = {"strong_need": 70, "trainer_wait_limit": 30, "trainer_load_limit": 1.5, "travel_km": 61}
AFTER_BUFFETS = dt.date(2007, 5, 2)
"""A day on which what follows the first buffets still waits for the usual lag."""


@pytest.mark.parametrize(
    ("on", "settings"),
    [
        (ON, {}),
        (dt.date(2007, 3, 18), {}),
        (AFTER_BUFFETS, SETTINGS),
        (AFTER_BUFFETS, {"offer_horizon_days": 40, "notice_days": 0}),
        (dt.date(2007, 10, 2), {}),
        (dt.date(2008, 3, 1), {}),
    ],
)
def test_every_column_of_every_candidate_is_what_the_programme_says(on: dt.date, settings: dict[str, float]) -> None:
    made = programme(decisions=DECISIONS, **settings)
    oracle = Oracle(made, on)
    found = wide(made, on)
    keys = ("territory", "session", "axis", "host", "partner", "trainer")
    assert found.height == 5 * 5 * 3 * 5
    for row in found.iter_rows(named=True):
        facts = oracle.facts(Candidate(*(row[key] for key in keys)))
        assert row["axis"] == oracle.axis(row["territory"], row["session"])
        assert {name: row[name] for name in facts} == pytest.approx(facts), row["territory"]


def test_a_relay_and_a_trainer_take_part_from_a_day_to_another() -> None:
    left = programme().without_trainer("anna", since=ON + dt.timedelta(days=1)).without_partner("adm09", since=ON)
    facts = wide(left).select("partner", "partner_present", "trainer", "trainer_present").unique()
    assert facts.filter(partner="adm09")["partner_present"].unique().to_list() == [False]
    assert facts.filter(trainer="anna")["trainer_present"].unique().to_list() == [True]


def test_a_session_is_due_again_some_months_after_the_last_time() -> None:
    def due(on: dt.date, territory: str, session: str) -> tuple[bool, bool, bool]:
        (row,) = (
            wide(programme(), on)
            .filter(territory=territory, session=session, partner="adm09", trainer="anna")
            .iter_rows(named=True)
        )
        return row["attended"], row["attended_before"], row["refresher"]

    last = dt.date(2007, 9, 10)  # A1 came to its last buffet three months before
    assert due(last - dt.timedelta(days=1), "A1", "b_web") == (True, False, False)
    assert due(last, "A1", "b_web") == (True, False, True)
    assert due(last, "B1", "b_web") == (False, False, False)
    assert due(last, "A1", "b_geo") == (False, True, False), "on the day of the election"
    assert due(last, "A2", "b_geo") == (True, False, False)
    assert due(dt.date(2008, 3, 17), "A1", "b_web") == (False, True, True)


def test_every_column_takes_several_values_there() -> None:
    left = programme().without_trainer("anna", since=ON).without_partner("adm09", since=ON)
    decided = programme(decisions=DECISIONS)
    others = programme(**SETTINGS)
    found = pl.concat(
        [
            wide(decided),
            wide(programme(), dt.date(2008, 3, 20)),
            wide(left),
            wide(others, AFTER_BUFFETS),
            wide(programme(), elsewhere=True),
            wide(programme(attendances=[], strong_need=100)),
        ],
        how="diagonal",
    )
    same = {column.name for column in COLUMNS if found[column.name].n_unique() < 2}
    assert same == {"joins_booked", "seats_left"}  # nothing is joined here


def test_a_large_programme_is_answered_as_a_small_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Territories in blocks: what isn't kept is worked out again, the same."""
    few = Policy.default().with_rules(Policy.default().rows.rule[:3])
    answers = [
        (programme().recommend(ON, policy=policy, territories=codes), policy, codes)
        for policy in (Policy.default(), few)
        for codes in (None, ["B1", "A1"])
    ]
    tables = [recs.to_polars() for recs, *_ in answers]
    monkeypatch.setattr(_snapshot, "_SMALL", 0)
    monkeypatch.setattr(_stages, "_CELLS", 10)
    for (recs, policy, codes), table in zip(answers, tables, strict=True):
        again = programme().recommend(ON, policy=policy, territories=codes)
        assert again.ranking().equals(recs.ranking())
        assert again.to_polars().equals(table)
        assert again.why_not().equals(recs.why_not())


def test_sessions_stand_in_the_order_of_territories_and_sessions() -> None:
    snapshot = day()
    found = offers.sessions_of(snapshot, snapshot.frames.territories["t"][[1, 3]])
    named = offers.with_columns(snapshot, found, ["territory", "session"])
    assert named["territory"].to_list() == ["A2"] * 5 + ["C1"] * 5
    assert named["session"].to_list() == ["b_geo", "b_web", "sig", "site_internet", "teleservices"] * 2
    assert offers.sessions_of(snapshot, snapshot.frames.territories["t"]).height == 25


def test_columns_have_the_types_that_rules_expect() -> None:
    types = {"number": pl.Float64, "boolean": pl.Boolean, "text": pl.String}
    schema = wide(programme()).schema
    assert {column.name: schema[column.name] for column in COLUMNS} == {
        column.name: types[column.type] for column in COLUMNS
    }
    empty = wide(programme(needs=[], attendances=[], sessions=[], budget=None), dt.date(2001, 1, 1)).schema
    assert {column.name: empty[column.name] for column in COLUMNS} == {
        column.name: types[column.type] for column in COLUMNS
    }


def test_people_are_counted_once_by_collectivity_and_session() -> None:
    snapshot = day()
    names = snapshot.frames.sessions["session"]
    grid = snapshot.interest
    assert grid.shape == (snapshot.frames.squares, len(names))
    square = dict(snapshot.frames.territories.select("territory", "z").iter_rows())
    assert square["A1"] == square["A2"]
    asked = {name: people for name, people in zip(names, grid[square["A1"]].tolist(), strict=True) if people}
    # The site: 09001 asked for 6 and sent 4 to the buffet, 09002 asked for 9 and sent 2, 09003 asked for 2 in its words.
    # The e-services, after the buffet: 4 and 2; the SIG: 2 of 09003, sent to its buffet, as the 12 of its need are those
    # of the council before; none ask for buffets.
    assert asked == {"site_internet": 6 + 9 + 2, "teleservices": 4 + 2, "sig": 2}
    assert {name: people for name, people in zip(names, grid[square["C1"]].tolist(), strict=True) if people} == {
        "site_internet": 2,
        "teleservices": 10,  # asked for after they attended them
    }
