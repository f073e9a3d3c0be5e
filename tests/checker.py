"""The default policy's requirements, checked one by one in plain Python.

Nothing of the engine is used, nor the policy's expressions: this is a second reading of the rules, on the second
reading of their columns in `prai_match.testing`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prai_match.testing import Reading, offered

if TYPE_CHECKING:
    import datetime as dt

    from prai_match import Offer, Programme


def violated(
    programme: Programme, territory_id: str, offer: Offer, on: dt.date, day: dt.date | None = None
) -> list[str]:
    """Return the identifiers of the requirements that ``offer`` breaks, by the council of its day or of another one."""
    reading = _reading(programme, on).under(day or offer.day)
    found: dict[str, Any] = reading.facts(offered(territory_id, offer))
    wait, room, left, kind = (found[name] for name in ("trainer_wait_days", "partner_room", "budget_left", "kind"))
    days = reading.days(reading.territories[territory_id], offer.session)
    day = reading.first_free_day(reading.trainers[offer.trainer], days)
    rules = {
        "not_attended": not found["attended"] or found["refresher"],
        "asked_again": kind == "buffet" or not found["attended_before"] or found["needs"] >= 1 or found["refresher"],
        "buffet_is_useful": kind == "workshop" or found["leads_to_new"] >= 1,
        "buffet_or_need_first": kind == "buffet" or found["follows"] or found["need_score"] >= programme.strong_need,
        "enough_people": kind == "buffet" or found["people"] >= found["min_seats"],
        "open_day": bool(days),
        "lag_over": bool(days) or not found["lag_days"],
        "partner_covers": found["partner_covers"],
        "partner_carries": found["partner_carries"],
        "partner_has_room": room is None or room >= 1,
        "trainer_knows_session": found["trainer_knows_session"],
        "trainer_knows_axis": found["trainer_knows_axis"],
        "trainer_within_reach": found["distance_km"] <= found["reach_km"],
        "partner_present": found["partner_present"],
        "trainer_present": found["trainer_present"],
        "trainer_free": wait is not None and wait <= programme.trainer_wait_limit,
        "trainer_not_overloaded": day is not None
        and (found["trainer_load"] is None or found["trainer_load"] < programme.trainer_load_limit),
        "within_budget": left is None or found["cost"] is None or found["cost"] <= left,
        "the date": offer.day == day and not reading.closed(offer.day),
        "the cost": found["cost"] is offer.cost is None
        if None in {found["cost"], offer.cost}
        else abs(found["cost"] - float(offer.cost or 0)) < 0.011,
    }
    return [rule for rule, holds in rules.items() if not holds]


_LAST: list[Reading] = []


def _reading(programme: Programme, on: dt.date) -> Reading:
    """Read a programme once for all offers of a day."""
    if not (_LAST and _LAST[0].programme is programme and _LAST[0].on == on):
        _LAST[:] = [Reading(programme, on)]
    return _LAST[0]
