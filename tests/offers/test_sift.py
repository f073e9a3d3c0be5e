"""The order in which rules are tried, the levels at which they run, and where a candidate is stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lively import day, programme
from made import POLICY
from prai_match import offers
from prai_match.model import RequireRow
from prai_match.offers import _rulebook, _stages, in_order
from prai_match.offers._levels import KEYS, LEVELS, level_of
from prai_match.offers._rulebook import PASSES, LevelRuling
from prai_match.offers._stages import Sifting

if TYPE_CHECKING:
    from prai_match import Policy


SMALL = RequireRow(id="small", stage="session", require="population < 500", reason="too_large", fr="f", en="e")


def policy() -> Policy:
    """Two requirements of sessions, and two preferences."""
    return (
        POLICY.with_rules([SMALL])
        .require("max_seats > 20", id="wide", reason="no_need_and_no_buffet")
        .prefer("session_rating / 4", id="good", weight=3)
        .prefer("max_seats / 100", id="room", weight=1)
    )


def test_rules_come_in_the_order_of_their_reasons_then_of_their_codes() -> None:
    assert [rule.id for rule in in_order(POLICY, "session")] == [
        "buffet_is_useful", "not_attended", "buffet_or_need_first", "not_booked", "lag_over", "open_day",
    ]  # fmt: skip
    assert [rule.id for rule in in_order(POLICY, "trainer")] == [
        "trainer_free", "trainer_knows_axis", "trainer_knows_session", "trainer_not_overloaded",
        "trainer_present", "trainer_within_reach", "within_budget",
    ]  # fmt: skip
    assert [rule.id for rule in in_order(policy(), "session")] == [
        "wide",
        "not_booked",
        "lag_over",
        "open_day",
        "small",
    ], "the library's own reasons come first"
    assert [rule.id for rule in in_order(policy(), "partner")] == ["partner_has_room", "partner_present"], (
        "the limits that every policy has"
    )


def test_the_first_broken_rule_is_told_by_its_place() -> None:
    snapshot = day()
    sifting = Sifting(snapshot, policy())
    every = offers.sessions_of(snapshot, snapshot.frames.territories["t"])
    rows = offers.candidates(snapshot, every)
    places, booked = sifting.rulings.places("session", rows), rows["booked"].value.tolist()
    small = (snapshot.frames.territories["population"] < 500).to_list()
    seats = [most > 20 for most in snapshot.frames.sessions["max_seats"]]
    wanted = [0 if not wide else PASSES if here else 4 for here in small for wide in seats]
    expected = [1 if place and own else place for place, own in zip(wanted, booked, strict=True)]
    assert places.tolist() == expected
    assert {0, 1, 4, PASSES} == set(expected)
    relays = every.join(snapshot.frames.partners.select("p", "partner"), how="cross")
    of_relays = sifting.rulings.places("partner", offers.candidates(snapshot, relays.drop("partner"))).tolist()
    assert of_relays == [0 if code == "syn" else PASSES for code in relays["partner"]], "it takes no session"


def test_a_sift_tells_the_reason_and_the_points() -> None:
    asked, snapshot = policy(), day()
    cells = offers.sift(snapshot, asked, snapshot.frames.territories["t"])
    reasons = {asked.reasons[step] for step in cells.step[~cells.possible] if step >= 0}
    assert {"too_large", "no_need_and_no_buffet"} <= reasons
    ratings = snapshot.whole.ratings[0][cells.s]
    seats = snapshot.frames.sessions["max_seats"].to_numpy()[cells.s]
    points = 75 * np.nan_to_num(ratings) / 4 + 25 * np.minimum(seats / 100, 1)
    here = cells.stage > 0
    assert here.any()
    assert np.abs(cells.units[here] / 2**20 - points[here]).max() < 1e-5


def test_each_rule_runs_at_the_smallest_level_that_has_what_it_reads() -> None:
    assert level_of("session", set()) == "world"
    assert level_of("session", {"territory"}) == "territory"
    assert level_of("session", {"territory", "session"}) == "territory session"
    assert level_of("partner", {"session", "partner"}) == "session partner"
    assert level_of("partner", {"world", "partner"}) == "partner"
    assert level_of("partner", {"departement partner", "session partner"}) == "departement session partner"
    assert level_of("place", {"territory", "place"}) == level_of("place", {"host departement"}) == "place"
    assert level_of("partner", {"host departement", "partner"}) == "departement partner"
    assert level_of("trainer", {"axis trainer", "trainer", "session"}) == "axis trainer"
    assert level_of("trainer", {"host trainer", "host departement"}) == "host trainer"
    assert level_of("trainer", {"row"}) == level_of("trainer", {"host", "session"}) == "row"
    assert set().union(*LEVELS.values()) <= KEYS.keys()


def test_the_best_has_the_most_points_then_the_first_code() -> None:
    rows = [
        ("a", 7, PASSES, 15), ("a", 3, PASSES, 20), ("a", 2, PASSES, 20), ("a", 1, 4, 990),
        ("b", 0, PASSES, 0), ("b", 5, PASSES, 1),
        ("c", 0, 4, 9), ("c", 1, 6, 1), ("e", 2**24 - 1, PASSES, 100), ("e", 2**24 - 2, PASSES, 99),
    ]  # fmt: skip
    groups, numbers, places, units = (np.array(column) for column in zip(*rows, strict=True))
    ruling = LevelRuling(places.astype(np.uint8), units)
    counts = np.array([groups.tolist().count(group) for group in "abcde"])
    best = _rulebook.best_of(counts, _rulebook.keys_of(ruling, numbers))
    passes = best >= 0
    assert passes.tolist() == [True, True, False, False, True]
    assert _rulebook.number_in(best[passes]).tolist() == [2, 5, 2**24 - 1]
    assert best[3] == _rulebook.NOBODY


def test_territories_are_sifted_in_blocks_as_they_are_together() -> None:
    snapshot = day(programme())
    together = offers.sift(snapshot, POLICY, snapshot.frames.territories["t"])
    cut = _stages.spans(np.array([0, 1, 4, 9, 10]), 5)
    assert [part.tolist() for part in cut] == [[0, 1, 4], [9], [10]]
    assert _stages.spans(np.array([], np.int64), 5) == []
    alone = [offers.sift(snapshot, POLICY, snapshot.frames.territories["t"][t : t + 1]) for t in range(5)]
    for one, part in enumerate(zip(*alone, strict=True)):
        assert np.concatenate(part).tolist() == together[one].tolist()
