"""What changed about days since the reference is told from the files, for the territories that it touches."""

from __future__ import annotations

import datetime as dt
import tomllib
from typing import TYPE_CHECKING, Any

import pytest

from reference.days import BOOKED, ELECTION, FIRST_DAY, FREEZE, HORIZON_DAYS, LAG, LIMIT, RELAY, TRAINER, changes
from reference.formats import rows, table, toml
from reference.programmes import COLUMNS, drawn

if TYPE_CHECKING:
    from collections.abc import Mapping

MADE = drawn(272)
DAY = MADE.days[0]
NOTICE = 45
TEXT = {"fr": "Mot", "en": "Word"}
PLACES = {row["id"] for row in rows(MADE.files["territories.csv"])}


def days_later(days: int) -> dt.date:
    return DAY + dt.timedelta(days=days)


def freeze(first: int, last: int) -> dict[str, Any]:
    return {"blackouts": [{"start": days_later(first), "end": days_later(last), "reason": TEXT}]}


def election(days: int) -> dict[str, Any]:
    return {"elections": [{"date": days_later(days), "name": TEXT}]}


def with_settings(**settings: object) -> Mapping[str, bytes]:
    before = tomllib.loads(MADE.files["programme.toml"].decode())
    return {**MADE.files, "programme.toml": toml(before | settings)}


def with_rule(name: str, **fields: object) -> Mapping[str, bytes]:
    """Change a rule of the policy; leave it out where nothing of it is given."""
    policy = tomllib.loads(MADE.files["politique.toml"].decode())
    every = [rule | (fields if rule["id"] == name else {}) for rule in policy["rule"] if fields or rule["id"] != name]
    return {**MADE.files, "politique.toml": toml({**policy, "rule": every})}


def with_row(name: str, **row: str) -> Mapping[str, bytes]:
    file = f"{name}.csv"
    return {**MADE.files, file: table(COLUMNS[name].split(), [*rows(MADE.files.get(file, b"")), row])}


def attended(session: str, days: int) -> Mapping[str, bytes]:
    return with_row("attendances", collectivity="11324", session=session, date=days_later(days).isoformat())


def free(first: int, last: int) -> Mapping[str, bytes]:
    days = {"start": days_later(first).isoformat(), "end": days_later(last).isoformat()}
    return with_row("trainer_days", trainer="r0", free="yes", **days)


def told(files: Mapping[str, bytes]) -> set[str]:
    """Return what is told of all territories alike."""
    found = changes(files, DAY)
    assert found.keys() in (PLACES, set())
    [names] = set(found.values()) or {frozenset()}
    return {*names}


def test_nothing_is_told_where_days_are_what_they_were() -> None:
    assert told(MADE.files) == set()


@pytest.mark.parametrize(
    ("calendar", "expected"),
    [
        (freeze(-3, 0), {FREEZE}),
        (freeze(-3, -1), set()),
        (freeze(NOTICE, HORIZON_DAYS), {FIRST_DAY, TRAINER}),
        (election(-1), set()),
        (election(0), {ELECTION}),
        (election(HORIZON_DAYS - 1), {ELECTION}),
        (election(HORIZON_DAYS), set()),
    ],
)
def test_freezes_and_elections_count_until_the_horizon(calendar: dict[str, Any], expected: set[str]) -> None:
    assert told(with_settings(calendar=calendar)) == expected


def test_a_first_day_is_closed_on_holidays_and_outside_the_period() -> None:
    to_all_saints = (dt.date(2027, 11, 1) - DAY).days
    assert told(with_settings(notice_days=to_all_saints)) == {FIRST_DAY, TRAINER}
    assert told(with_settings(notice_days=to_all_saints + 1)) == set()
    period = {"start": days_later(-100), "end": days_later(NOTICE - 1)}
    assert told(with_settings(period=period)) == {FIRST_DAY, TRAINER}


def test_a_trainer_who_was_free_on_a_day_that_is_closed_now_is_told_of() -> None:
    assert told(free(NOTICE + 3, NOTICE + 9)) == set()
    assert told(free(HORIZON_DAYS + 1, HORIZON_DAYS + 9)) == {TRAINER}
    assert told(free(-9, -3)) == set(), "never free then, and not now"


@pytest.mark.parametrize(
    ("name", "fields", "expected"),
    [
        ("within_budget", {}, {LIMIT}),
        ("trainer_free", {"require": "trainer_wait_days <= 10"}, {LIMIT}),
        ("partner_has_room", {"unknown": "refuse"}, {LIMIT}),
        ("trainer_free", {"fr": "Autre"}, set()),
        ("trainer_knows_axis", {}, set()),
        ("no_blackout", {}, set()),
    ],
)
def test_limits_that_a_policy_had_otherwise_are_told_of(name: str, fields: dict[str, str], expected: set[str]) -> None:
    assert told(with_rule(name, **fields)) == expected


@pytest.mark.parametrize(
    ("booked_on", "date", "expected"), [(0, 1, {BOOKED}), (-30, 20, {BOOKED}), (1, 20, None), (-30, 0, None)]
)
def test_who_hosts_a_session_of_a_later_day_is_told_of(booked_on: int, date: int, expected: set[str] | None) -> None:
    files = with_row(
        "sessions",
        host="T1",
        session="sig",
        **{name: days_later(days).isoformat() for name, days in (("booked_on", booked_on), ("date", date))},
    )
    assert changes(files, DAY).get("T1") == expected


@pytest.mark.parametrize(
    ("days", "expected"), [(-240, set()), (-300, {RELAY}), (-364, {RELAY}), (-365, set()), (420, {RELAY}), (490, set())]
)
def test_a_relay_that_is_full_on_the_day_alone_or_later_alone_is_told_of(days: int, expected: set[str]) -> None:
    date, booked_on = days_later(days).isoformat(), days_later(min(days, 0)).isoformat()
    assert told(with_row("sessions", partner="p3", session="sig", date=date, booked_on=booked_on)) == expected


def test_a_lag_is_under_way_where_it_ends_after_the_first_day_and_for_that_territory_alone() -> None:
    [home] = [row["id"] for row in rows(MADE.files["territories.csv"]) if "11324" in row["members"].split()]
    assert changes(attended("buffet_communication", 0), DAY) == {home: frozenset({LAG})}
    assert changes(attended("buffet_communication", NOTICE - 79), DAY) == {home: frozenset({LAG})}
    assert changes(attended("buffet_communication", NOTICE - 80), DAY) == {}
    assert changes(attended("buffet_communication", 1), DAY) == {}, "it isn't known yet"
    assert changes(attended("buffet_demat", 0), DAY) == {}, "it was attended before, and the lag counts from then"
    assert changes(attended("teleservices", 0), DAY) == {}, "it leads to nothing"
