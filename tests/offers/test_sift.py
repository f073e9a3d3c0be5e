"""The order in which rules are tried, and where a candidate is stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from made import POLICY
from prai_match.model import RequireRow
from prai_match.offers import first_obstacle, in_order
from prai_match.offers._stages import PASSES, best, sieves

if TYPE_CHECKING:
    from prai_match import Policy

COLUMNS = {
    "population": [100.0, 600.0, 600.0, None],
    "max_seats": [50.0, 50.0, 5.0, 50.0],
    "session_rating": [3.0, 2.0, 1.0, 4.0],
}


def policy() -> Policy:
    """Three requirements of sessions, of which one only makes wait, and two preferences."""
    waits = RequireRow(id="liked", stage="session", require="session_rating > 2", postpones=True, fr="f", en="e")
    return (
        POLICY.with_rules([waits])
        .require("population < 500", id="small", reason="too_large")
        .require("max_seats > 20", id="wide", reason="no_need_and_no_buffet")
        .prefer("session_rating / 4", id="good", weight=3)
        .prefer("max_seats / 100", id="room", weight=1)
    )


def test_rules_come_in_the_order_of_their_reasons_then_of_their_codes() -> None:
    assert [rule.id for rule in in_order(POLICY, "session")] == [
        "buffet_is_useful", "not_attended", "buffet_or_need_first", "enough_people",
    ]  # fmt: skip
    assert [rule.id for rule in in_order(POLICY, "trainer")] == [
        "trainer_free", "trainer_knows_axis", "trainer_knows_session", "trainer_not_overloaded",
        "trainer_within_reach", "within_budget",
    ]  # fmt: skip
    assert [rule.id for rule in in_order(policy(), "session")] == ["wide", "small"], (
        "the library's own reason comes first"
    )
    assert in_order(policy(), "partner") == []


def test_the_first_broken_rule_is_told_by_its_place() -> None:
    found = pl.DataFrame(COLUMNS).select(place=first_obstacle(in_order(policy(), "session")))["place"]
    assert found.to_list() == [2, 1, 0, 1], "what is unknown is refused"
    assert found.dtype == pl.UInt16
    assert pl.DataFrame(COLUMNS).select(place=first_obstacle([]))["place"].unique().to_list() == [0]


def test_a_sift_tells_the_reason_the_points_and_whether_to_wait() -> None:
    asked = policy()
    (sieve,) = sieves(asked, "session", [COLUMNS])
    found = pl.DataFrame(COLUMNS).select(step=sieve.step, points=sieve.points, postponed=sieve.postponed)
    large, narrow = asked.reasons.index("too_large"), asked.reasons.index("no_need_and_no_buffet")
    assert found["step"].to_list() == [PASSES, large, narrow, large]
    assert found["step"].dtype == pl.UInt8
    assert found["postponed"].to_list() == [False, True, True, False]
    assert [round(points, 3) for points in found["points"]] == [
        75 * 3 / 4 + 12.5, 75 * 2 / 4 + 12.5, 75 / 4 + 1.25, 75 + 12.5,
    ]  # fmt: skip


def test_each_rule_is_tried_on_the_first_table_that_has_what_it_reads() -> None:
    tables = [["population"], ["max_seats", "population"], ["session_rating"], [*COLUMNS]]
    found = sieves(policy(), "session", tables)
    assert [[rule.id for rule in sieve.requirements] + [rule.id for rule in sieve.preferences] for sieve in found] == [
        ["small"], ["wide", "room"], ["liked", "good"], [],
    ]  # fmt: skip
    assert [bool(sieve) for sieve in found] == [True, True, True, False]
    assert [sorted(sieve.reads) for sieve in found] == [["population"], ["max_seats"], ["session_rating"], []]
    assert [bool(sieve) for sieve in sieves(policy().without("small"), "session", tables)] == [False, True, True, False]
    assert not any(sieves(policy(), "partner", [[]]))


def test_a_table_without_rules_stops_nobody() -> None:
    (sieve,) = sieves(policy(), "partner", [[]])
    found = pl.DataFrame(COLUMNS).select(step=sieve.step, points=sieve.points, postponed=sieve.postponed)
    assert set(found.rows()) == {(PASSES, 0.0, False)}


def test_the_best_has_the_most_points_then_the_first_code() -> None:
    candidates = pl.DataFrame(
        [
            ("a", 7, PASSES, 1.5), ("a", 3, PASSES, 2.0), ("a", 2, PASSES, 2.0), ("a", 1, 4, 99.0),
            ("b", 0, PASSES, 0.0), ("b", 5, PASSES, 1 / 2**20),
            ("c", 0, 4, 9.0), ("c", 1, 6, 1.0), ("d", 2**24 - 1, PASSES, 100.0), ("d", 2**24 - 2, PASSES, 99.0),
        ],
        schema={"g": pl.String, "r": pl.UInt32, "step": pl.UInt8, "r_points": pl.Float64}, orient="row",
    )  # fmt: skip
    found = best(candidates, ["g"], "r").sort("g")
    assert found.schema == {"g": pl.String, "step": pl.UInt8, "r": pl.UInt32, "r_points": pl.Float64}
    assert found.rows() == [
        ("a", PASSES, 2, 2.0), ("b", PASSES, 5, 1 / 2**20), ("c", 6, None, None), ("d", PASSES, 2**24 - 1, 100.0),
    ]  # fmt: skip
