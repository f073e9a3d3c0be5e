"""What must hold of the recommendations of a programme, and of its plans, held against a second reading of it."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import polars as pl

from prai_match.testing import _best_candidates
from prai_match.testing._broken_laws import expect
from prai_match.testing._variants import answers, rebuilt, reordered, shuffled, until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prai_match._front import Programme, Recommendation, Recommendations
    from prai_match.plan import Plan
    from prai_match.policy import Policy
    from prai_match.recommend import Offer
    from prai_match.testing._best_candidates import Extra
    from prai_match.testing._reading import Reading

_ALMOST = 1e-4
CENT = 0.011
_STRONG = 60.0


def offers(recs: Recommendations) -> Iterator[tuple[Recommendation, Offer]]:
    """Give every offer that can be made now, alternatives too."""
    for rec in recs:
        if rec.offer:
            yield from ((rec, offer) for offer in (rec.offer, *rec.alternatives))


def nexts(recs: Recommendations) -> Iterator[tuple[Recommendation, Offer]]:
    """Give what comes next in every territory, now or later."""
    yield from ((rec, rec.next) for rec in recs if rec.next)


def possible(recs: Recommendations) -> Iterator[tuple[Recommendation, Offer]]:
    """Give all that is kept, now or later: what comes next in every territory, and its alternatives."""
    for rec, offer in nexts(recs):
        yield from ((rec, each) for each in (offer, *rec.alternatives))


def requirements(recs: Recommendations, reading: Reading, extra: Extra | None) -> None:
    """Every requirement of the policy holds for every offer that can be made now."""
    found = [(rec, _best_candidates.offered(rec.territory, offer)) for rec, offer in offers(recs)]
    for tried in _best_candidates.tried(reading, recs.policy, [candidate for _, candidate in found], extra):
        waits = {rule.id for rule in recs.policy.requirements if rule.postpones}
        told = f"{tried.candidate} is offered"
        for rule in tried.broken:
            # An alternative may have to wait: its own answer would say so.
            expect("every requirement is kept", rule in waits, told, rule)


def best(recs: Recommendations, reading: Reading, extra: Extra | None) -> None:
    """What comes next is the best of all candidates, ties going to the first code; nothing, where none is possible."""
    for rec in recs:
        tried = _best_candidates.tried(reading, recs.policy, _best_candidates.candidates(reading, rec.territory), extra)
        wanted = _best_candidates.best(tried)
        next_ = None if rec.next is None else _best_candidates.offered(rec.territory, rec.next)
        expect(
            "the best is offered",
            next_ == (None if wanted is None else wanted.candidate),
            f"{next_} is offered, and the best is {wanted}",
        )
        if rec.next is not None and wanted is not None:
            told = f"{next_} has {rec.next.score} points, and its rules give {wanted.score}"
            expect("scores are those of the rules", abs(rec.next.score - wanted.score) < _ALMOST, told)


def freeze(recs: Recommendations, reading: Reading) -> None:
    """Nothing is offered on a day of a blackout, nor dated in one."""
    for rec in recs:
        told = f"{rec} on {reading.on}, in a blackout"
        expect("no session in a freeze", rec.offer is None or not reading.closed(reading.on), told)
    for rec, offer in possible(recs):
        told = f"{rec} is dated {offer.earliest}, in a blackout"
        expect("no session in a freeze", not reading.closed(offer.earliest), told)


def buffet_first(recs: Recommendations, reading: Reading) -> None:
    """No workshop before a session that leads to it, or a strong need."""
    for rec, offer in possible(recs):
        facts = reading.facts(_best_candidates.offered(rec.territory, offer))
        score = facts["need_score"]
        ready = facts["kind"] == "buffet" or facts["follows"] or (isinstance(score, float) and score >= _STRONG)
        expect("no workshop before its buffet or a strong need", ready, f"{rec.territory} is offered {offer.session}")


def nothing_twice(recs: Recommendations, reading: Reading) -> None:
    """Nothing is offered that was attended since the council was renewed."""
    for rec, offer in possible(recs):
        seen = reading.attended_by(reading.territories[rec.territory])
        told = f"{rec.territory} is offered {offer.session}, and has attended {sorted(seen)}"
        expect("nothing twice", offer.session not in seen, told)


def people(recs: Recommendations, reading: Reading) -> None:
    """Every workshop has enough people within travel distance."""
    for rec, offer in possible(recs):
        session = reading.sessions[offer.session]
        found = reading.people(reading.territories[rec.territory], offer.session)
        told = f"{rec.territory} is offered {offer.session} for {found:g} people"
        expect("enough people", session.kind == "buffet" or found >= session.min_seats, told)


def money(recs: Recommendations, reading: Reading) -> None:
    """Every cost is fee, travel there and back, and room; and within the money left."""
    left = reading.budget_left
    for rec, offer in possible(recs):
        cost = reading.facts(_best_candidates.offered(rec.territory, offer))["cost"]
        told = (
            f"{rec.territory} is offered {offer.session} for {offer.cost} €, {cost} € by its parts, with {left} € left"
        )
        if offer.cost is None:
            expect("unknown costs stay unknown", cost is None, told)
            continue
        right = isinstance(cost, float) and abs(float(offer.cost) - cost) < CENT
        expect("costs are within the budget", right and (left is None or float(offer.cost) <= left + CENT), told)


def people_in_charge(recs: Recommendations, reading: Reading) -> None:
    """The relay covers the département and has room; the trainer knows the session, comes that far and is free then."""
    for rec, offer in possible(recs):
        candidate = _best_candidates.offered(rec.territory, offer)
        facts = reading.facts(candidate)
        room, km, reach = facts["partner_room"], facts["distance_km"], facts["reach_km"]
        hosts = (
            facts["partner_covers"]
            and facts["partner_carries"]
            and (room is None or (isinstance(room, float) and room >= 1))
        )
        leads = facts["trainer_knows_session"] and facts["trainer_knows_axis"]
        near = isinstance(km, float) and isinstance(reach, float) and km <= reach
        expect("relays host what they can", hosts, f"{candidate}")
        expect("trainers lead what they can", leads and near, f"{candidate}, {km} km away")
        day = reading.first_free_day(reading.trainers[offer.trainer])
        expect("trainers are free", offer.earliest == day, f"{candidate} on {offer.earliest}, and free on {day}")


def contributions(recs: Recommendations) -> None:
    """The contributions of a recommendation add up to its score."""
    for rec, offer in nexts(recs):
        why = rec.why()
        total = sum(why.contributions.values())
        expect("contributions add up to the score", total == offer.score, f"{rec.territory}: {total} for {offer.score}")


def explanations(recs: Recommendations) -> None:
    """What is recommended is said to be, by `Recommendation.why_not`."""
    for rec, offer in nexts(recs):
        why_not = rec.why_not(session=offer.session)
        same = (why_not.partner, why_not.trainer, why_not.axis) == (offer.partner, offer.trainer, offer.axis)
        wanted = "recommended" if rec.offer else "postponed"
        told = f"{rec.territory} is offered {offer.session}, and why_not says {why_not.verdict}"
        expect("explanations agree", why_not.verdict == wanted and same and why_not.gap == 0, told)


def same_again(recs: Recommendations, extra: pl.DataFrame | None) -> None:
    """The same programme gives the same bytes: again, with rows and rules in another order, and without its future."""
    programme, policy, on = recs.programme, recs.policy, recs.on
    first = answers(recs)
    dice = random.Random(len(first))  # noqa: S311 - an order, not a secret

    def again(made: Programme, rules: Policy) -> bytes:
        return answers(made.recommend(on=on, top=recs.top, policy=rules, extra=extra))

    if again(shuffled(until(programme, on), dice), reordered(policy, dice)) == first:
        return
    expect("same input, same answer", again(rebuilt(programme), policy) == first, "another answer to the same")
    told = "another answer without what comes later"
    expect("the future is never seen", again(until(programme, on), policy) == first, told)
    expect("order changes nothing", False, "another answer to other orders of rows and rules")  # noqa: FBT003


def planned_again(made: Plan, again: Plan) -> None:
    """A plan that is made without what comes later is the same."""
    same = made.sessions.equals(again.sessions) and made.seats.equals(again.seats)
    expect("the future is never seen", same, "another plan without what comes later")


def plan(made: Plan, reading: Reading) -> None:
    """A plan breaks none of its conditions, by its own check and by a second reading of the plainest of them."""
    faults = made.check("en")
    expect("plans are valid", faults.is_empty(), "; ".join(faults["sentence"]))
    new = made.sessions.filter(~pl.col("booked"))
    held = [(session.trainer, session.date) for session in reading.known if session.trainer]
    led = [*held, *new.select("trainer", "date").rows()]
    twice = {pair for pair in new.select("trainer", "date").rows() if led.count(pair) > 1}
    expect("no trainer twice a day", not twice, f"{sorted(twice)}")
    closed = [day for day in new["date"] if reading.closed(day)]
    expect("no session in a freeze", not closed, f"planned on {closed}")
    spent, left = round(float(new["cost"].sum()), 2), reading.budget_left
    affords = left is None or spent <= max(left, 0) + CENT
    expect("costs are within the budget", affords, f"{spent} € planned, {left} € left")
    for row in new.iter_rows(named=True):
        told = f"{row['id']} is planned for {row['date']}"
        expect("no session without notice", row["date"] >= reading.first_day, told)
        expect("trainers lead what they can", _leads(reading, row["trainer"], row["session"]), told)


def _leads(reading: Reading, trainer: str, session: str) -> bool:
    return any(expertise.session == session for expertise in reading.trainers[trainer].expertise)
