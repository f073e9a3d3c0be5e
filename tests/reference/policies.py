"""Policies: the frozen one, and small variations of it."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from reference.formats import toml
from reference.places import REGIONS

if TYPE_CHECKING:
    from reference.dice import Dice

FROZEN: Final = (REGIONS / "midi_pyrenees" / "politique.toml").read_bytes()

_THRESHOLDS: Final = {
    "buffet_is_useful": ("leads_to_new >= 2",),
    "buffet_or_need_first": ("follows OR need_score >= 30", "follows AND need_score >= 85", "need_score > 0"),
    "enough_people": ("people * 2 >= min_seats", "people >= min_seats + 3"),
    "partner_has_room": ("partner_room >= 2",),
    "trainer_within_reach": ("distance_km <= 0.5 * reach_km", "distance_km <= 100"),
    "trainer_free": ("trainer_wait_days <= 10", "trainer_wait_days <= 150"),
    "trainer_not_overloaded": ("trainer_load < 0.5",),
    "within_budget": ("cost * 3 <= budget_left",),
}
_CAREFUL: Final[tuple[dict[str, Any], ...]] = (
    {"id": "small_only", "stage": "session", "require": "population <= 20000"},
    {"id": "after_a_month", "stage": "session", "kind": "workshop", "require": "days_since_source >= 30", "unknown": "accept"},
    {"id": "not_lately", "stage": "session", "require": "days_since_renewal >= 20", "unknown": "accept"},
    {"id": "no_epci", "stage": "partner", "require": "partner_kind <> 'epci'"},
    {"id": "well_rated", "stage": "trainer", "require": "trainer_rating >= 2", "unknown": "accept"},
    {"id": "surely_well_rated", "stage": "trainer", "require": "trainer_rating >= 2", "unknown": "refuse"},
    {"id": "often_asked", "stage": "session", "prefer": "needs / (needs + 2.0)", "weight": 5.0},
    {"id": "new_here", "stage": "session", "prefer": "CASE WHEN sessions_attended = 0 THEN 1.0 ELSE 0.25 END", "weight": 7.0},
    {"id": "not_border", "stage": "session", "prefer": "NOT departement IN ('48', '65')", "weight": 2.0},
    {"id": "cheap", "stage": "trainer", "prefer": "1 - cost / 1000.0", "weight": 3.0, "unknown": 0.5},
    {"id": "cheap_enough", "stage": "trainer", "require": "cost <= 900"},
)  # fmt: skip
_CARELESS: Final[tuple[dict[str, Any], ...]] = (
    {"id": "many_ask", "stage": "session", "kind": "workshop", "require": "needs / people >= 0.1"},
    {"id": "share_of_needs", "stage": "session", "prefer": "needs / (needs + people)", "weight": 6.0, "unknown": 0.25},
    {"id": "rare", "stage": "session", "prefer": "1 - LN(needs) / 5.0", "weight": 4.0, "unknown": 0.5},
    {"id": "root", "stage": "session", "prefer": "SQRT(need_score - 50) / 8.0", "weight": 4.0, "unknown": 0.75},
    {"id": "fee_in_cost", "stage": "trainer", "prefer": "1 - fee / cost", "weight": 3.0, "unknown": 0.5},
)
CARELESS_IDS: Final = frozenset(rule["id"] for rule in _CARELESS)
"""Rules that divide by what can be 0, or take a root or a logarithm of what has none."""


@cache
def frozen_rules() -> tuple[dict[str, Any], ...]:
    """Return the rules of the frozen policy."""
    return tuple(tomllib.loads(FROZEN.decode())["rule"])


def policy(dice: Dice) -> bytes:
    """Draw a policy: weights changed, rules left out or added, thresholds moved."""
    if dice.chance(0.4):
        return FROZEN
    rules: list[dict[str, Any]] = [dict(rule) for rule in frozen_rules()]
    less = set(dice.some([rule["id"] for rule in rules], dice.whole(0, 3))) if dice.chance(0.5) else set()
    rules = [rule for rule in rules if rule["id"] not in less]
    if dice.chance(0.5):
        for rule in dice.some([rule for rule in rules if "prefer" in rule], dice.whole(1, 4)):
            rule["weight"] = dice.whole(0, 40)
    if dice.chance(0.5):
        for rule in dice.some([rule for rule in rules if rule["id"] in _THRESHOLDS], dice.whole(1, 2)):
            rule["require"] = dice.one(_THRESHOLDS[rule["id"]])
    if dice.chance(0.2):
        rule = dice.one([rule for rule in rules if "require" in rule])
        rule["unknown"] = "accept" if rule["unknown"] == "refuse" else "refuse"
    more = dice.some(_CAREFUL, dice.whole(1, 2)) if dice.chance(0.4) else []
    more += dice.some(_CARELESS, dice.whole(1, 2)) if dice.chance(0.25) else []
    rules += [{**rule, "fr": rule["id"], "en": rule["id"]} for rule in more]
    return toml({"id": "drawn", "name": {"fr": "Politique tirée", "en": "Drawn policy"}, "rule": rules})
