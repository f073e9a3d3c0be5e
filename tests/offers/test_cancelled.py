"""A booking that is cancelled frees its day, its trainer, its relay and its money; one confirmed again takes them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from made import ON, programme, small

if TYPE_CHECKING:
    from prai_match import Programme

BOOKED: dict[str, Any] = {
    "id": "b1", "session": "sig", "date": "2007-10-10", "booked_on": "2007-08-01", "host": "T2", "partner": "adm09",
    "trainer": "geo", "cost": "700",
}  # fmt: skip
SAID: dict[str, Any] = {"date": "2007-08-20", "event": "cancelled", "held": "b1"}


def made(*decisions: dict[str, Any]) -> Programme:
    partners = [{**small()["partners"][0], "sessions_a_year": 2}]
    return programme(sessions=[*small()["sessions"], BOOKED], partners=partners, decisions=list(decisions))


def left(of: Programme, on: dt.date = ON) -> tuple[float, float]:
    snapshot = of.recommend(on).answers.snapshot
    return snapshot.column("partner_room").value.item(), snapshot.column("budget_left").value.item()


@pytest.mark.parametrize(
    ("decisions", "is_held"),
    [
        ([], True),
        ([SAID], False),
        ([SAID, {**SAID, "event": "confirmed", "date": "2007-08-25"}], True),
        ([{**SAID, "event": "confirmed"}, SAID], False),
        ([{**SAID, "date": "2007-09-04"}], True),
    ],
)
def test_the_last_word_counts(decisions: list[dict[str, Any]], is_held: bool) -> None:  # noqa: FBT001 - a parameter
    of = made(*decisions)
    assert left(of) == ((0.0, 298_650.0) if is_held else (1.0, 299_350.0))
    season = of.plan(ON, dt.date(2007, 12, 31), time_limit=0)
    assert ("b1" in set(season.sessions["id"])) is is_held
    assert season.check().is_empty()


def test_what_was_said_of_a_session_that_is_not_known_yet_is_not_known_either() -> None:
    early = {**SAID, "date": "2007-07-01"}
    then = made(early).as_of(dt.date(2007, 7, 15))
    assert (len(then.sessions), len(then.decisions)) == (1, 0)
    assert len(made(early).as_of(ON).decisions) == 1
