"""What must hold of a programme on a day, of its recommendations and of its plans, by a second reading of it."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl
from hypothesis.stateful import RuleBasedStateMachine, invariant

from prai_match.policy import Policy
from prai_match.testing._best_candidates import best, offered, tried
from prai_match.testing._broken_laws import expect
from prai_match.testing._reading import Reading, Value
from prai_match.testing._variants import answers, rebuilt, reordered, shuffled, until, without_rows

if TYPE_CHECKING:
    from prai_match._front import Programme, Recommendation, Recommendations
    from prai_match.plan import Plan
    from prai_match.recommend import Offer

_ALL = 99  # alternatives that are kept
_ALMOST, _CENT = 1e-4, 0.011  # differences of scores and of costs that are none


class DayWithLaws(RuleBasedStateMachine):
    """A programme on a day, whose recommendations are held against laws after each step."""

    programme: Programme
    on: dt.date

    def policy(self) -> Policy:
        """Return the policy that recommends: the default one."""
        return Policy.default()

    def extra(self) -> pl.DataFrame | None:
        """Return the columns that the policy asks to be joined, by ``territory``: none."""
        return None

    @cached_property
    def recs(self) -> Recommendations:
        """The recommendations of the day, every alternative kept."""
        return self.programme.recommend(on=self.on, top=_ALL, policy=self.policy(), extra=self.extra())

    @cached_property
    def reading(self) -> Reading:
        """The programme on the day, read in plain Python."""
        return Reading(self.programme, self.on)

    def becomes(self, programme: Programme | None = None, on: dt.date | None = None) -> None:
        """Go on with another programme, or on another day."""
        self.programme, self.on = programme or self.programme, on or self.on
        for name in ("recs", "reading"):
            self.__dict__.pop(name, None)

    @property
    def _joined(self) -> dict[str, dict[str, Any]]:
        extra = self.extra()
        return {} if extra is None else {row["territory"]: row for row in extra.iter_rows(named=True)}

    def _possible(self) -> Iterator[tuple[Recommendation, Offer]]:
        """Give all that is kept, now or later: what comes next in every territory, and its alternatives."""
        for rec, offer in _nexts(self.recs):
            yield from ((rec, each) for each in (offer, *rec.alternatives))

    def _facts(self, rec: Recommendation, offer: Offer) -> dict[str, Value]:
        return self.reading.under(offer.day).facts(offered(rec.territory, offer))

    @invariant()
    def every_requirement_is_kept(self) -> None:
        """Every requirement of the policy holds, by a second reading, for all that is offered."""
        for council in self.reading.by_council:
            now = [
                offered(rec.territory, offer)
                for rec, offer in offers(self.recs)
                if self.reading.under(offer.day) is council
            ]
            for each in tried(council, self.recs.policy, now, self._joined):
                expect("every requirement is kept", not each.broken, f"{each.candidate} is offered", *each.broken[:1])

    @invariant()
    def the_best_is_offered(self) -> None:
        """What is offered is the best of all candidates, by a second reading; ties go to the first code."""
        for rec in self.recs:
            first = best(self.reading, self.recs.policy, rec.territory, self._joined)
            offer = None if rec.next is None else offered(rec.territory, rec.next)
            same = offer == (first and first.candidate)
            expect("the best is offered", same, f"{offer} is offered, and the best is {first}")
            if rec.next is not None and first is not None:
                sentence = f"{offer} has {rec.next.score} points, and its rules give {first.score}"
                expect("scores are those of the rules", abs(rec.next.score - first.score) < _ALMOST, sentence)

    @invariant()
    def no_session_on_a_closed_day(self) -> None:
        """Every offer has an open day, after the notice and within the horizon."""
        horizon = self.programme.offer_horizon_days
        for rec, offer in self._possible():
            here = self.reading.territories[rec.territory].departement
            is_open = not self.reading.closed(offer.day, here) and (offer.day - self.on).days <= horizon
            expect("no session on a closed day", is_open, f"{rec} is dated {offer.day}, which is closed")

    @invariant()
    def buffet_or_strong_need_first(self) -> None:
        """No workshop is offered before a session that leads to it, or a strong need."""
        for rec, offer in self._possible():
            facts = self._facts(rec, offer)
            strong = float(facts["need_score"] or 0) >= self.programme.strong_need
            ready = facts["form"] == "buffet" or facts["follows"] or strong
            sentence = f"{rec.territory} is offered {offer.session}"
            expect("no workshop before its buffet or a strong need", ready, sentence)

    @invariant()
    def nothing_twice(self) -> None:
        """Nothing is offered that was attended since the council was renewed, unless the catalogue offers it again."""
        for rec, offer in self._possible():
            past = self.reading.under(offer.day).attended_by(self.reading.territories[rec.territory])
            sentence = f"{rec.territory} is offered {offer.session}, and has attended {sorted(past)}"
            expect("nothing twice", offer.session not in past or self._facts(rec, offer)["refresher"], sentence)

    @invariant()
    def nothing_again_that_nobody_asks_for(self) -> None:
        """A workshop attended before the council was renewed is offered where it is asked for, or due again."""
        for rec, offer in self._possible():
            facts = self._facts(rec, offer)
            asked = facts["form"] == "buffet" or not facts["attended_before"] or facts["needs"] or facts["refresher"]
            sentence = f"{rec.territory} is offered {offer.session}, which the council before attended"
            expect("nothing again that nobody asks for", asked, sentence)

    @invariant()
    def needs_are_in_their_states(self) -> None:
        """Each need is in the state in which a second reading finds it."""
        found = self.programme.needs_on(self.on).select("collectivity", "workshop", "state", "since").rows()
        read = [(need.collectivity, need.session, need.state, need.since) for need in self.reading.asked]
        expect("needs are in their states", found == read, f"{found}, and by a second reading {read}")

    @invariant()
    def enough_people(self) -> None:
        """Every workshop offered has enough people within travel distance."""
        for rec, offer in self._possible():
            session = self.reading.sessions[offer.session]
            people = self.reading.people(self.reading.territories[rec.territory], offer.session)
            enough = session.form == "buffet" or people >= session.min_seats
            expect("enough people", enough, f"{rec.territory} is offered {offer.session} for {people:g} people")

    @invariant()
    def costs_are_within_the_budget(self) -> None:
        """Costs are what their parts add up to, and within the money left."""
        left = self.reading.budget_left
        for rec, offer in self._possible():
            cost = self._facts(rec, offer)["cost"]
            parts = f"for {offer.cost} €, {cost} € by its parts, with {left} € left"
            sentence = f"{rec.territory} is offered {offer.session} {parts}"
            if offer.cost is None:
                expect("unknown costs stay unknown", cost is None, sentence)
                continue
            right = isinstance(cost, float) and abs(float(offer.cost) - cost) < _CENT
            affords = left is None or float(offer.cost) <= left + _CENT
            expect("costs are within the budget", right and affords, sentence)

    @invariant()
    def everybody_can(self) -> None:
        """Relays host what they can, trainers lead what they can, on their first free day."""
        for rec, offer in self._possible():
            candidate, facts = offered(rec.territory, offer), self._facts(rec, offer)
            room, km, reach = facts["partner_room"], facts["distance_km"], facts["reach_km"]
            has_room = room is None or (isinstance(room, float) and room >= 1)
            hosts = facts["partner_covers"] and facts["partner_carries"] and has_room
            leads = facts["trainer_knows_session"] and facts["trainer_knows_axis"]
            near = isinstance(km, float) and isinstance(reach, float) and km <= reach
            expect("relays host what they can", hosts, f"{candidate}")
            expect("trainers lead what they can", leads and near, f"{candidate}, {km} km away")
            council = self.reading.under(offer.day)
            days = council.days(council.territories[rec.territory], offer.session)
            day = council.first_free_day(council.trainers[offer.trainer], days)
            expect("trainers are free", offer.day == day, f"{candidate} on {offer.day}, and free on {day}")

    @invariant()
    def contributions_add_up(self) -> None:
        """The contributions of a recommendation add up to its score."""
        for rec, offer in _nexts(self.recs):
            total = sum(rec.why().contributions.values())
            sentence = f"{rec.territory}: {total} for {offer.score}"
            expect("contributions add up to the score", total == offer.score, sentence)

    @invariant()
    def explanations_agree(self) -> None:
        """What is recommended is said to be."""
        for rec, offer in _nexts(self.recs):
            why_not = rec.why_not(session=offer.session)
            same = (why_not.partner, why_not.trainer, why_not.axis) == (offer.partner, offer.trainer, offer.axis)
            right = why_not.verdict == "recommended"
            sentence = f"{rec.territory} is offered {offer.session}, and why_not says {why_not.verdict}"
            expect("explanations agree", right and same and why_not.gap == 0, sentence)

    @invariant()
    def same_answer_again(self) -> None:
        """The same gives the same, whatever the order of rows and rules, whatever is over and whatever comes later."""
        programme, policy, on, top = self.recs.programme, self.recs.policy, self.recs.on, self.recs.top
        first = answers(self.recs)
        dice = random.Random(len(first))  # noqa: S311 - an order, not a secret

        def again(other: Programme, rules: Policy) -> bytes:
            return answers(other.recommend(on=on, top=top, policy=rules, extra=self.extra()))

        known = without_rows(programme, "needs", self.reading.over)
        if again(shuffled(until(known, on), dice), reordered(policy, dice)) == first:
            return
        expect("same input, same answer", again(rebuilt(programme), policy) == first, "another answer to the same")
        sentence = "another answer without what comes later"
        expect("the future is never seen", again(until(programme, on), policy) == first, sentence)
        expect("needs that are over count for nothing", again(known, policy) == first, "another answer without them")
        expect("order changes nothing", False, "another answer to other orders of rows and rules")  # noqa: FBT003


def offers(recs: Recommendations) -> Iterator[tuple[Recommendation, Offer]]:
    """Give every offer that can be made now, alternatives too."""
    for rec in recs:
        if rec.offer:
            yield from ((rec, offer) for offer in (rec.offer, *rec.alternatives))


def _nexts(recs: Recommendations) -> Iterator[tuple[Recommendation, Offer]]:
    """Give what comes next in every territory, now or later."""
    yield from ((rec, rec.next) for rec in recs if rec.next)


def affordable(reading: Reading, euros: float, what: str) -> None:
    """What new sessions cost together is within the money left."""
    cost, left = round(euros, 2), reading.budget_left
    within = left is None or cost <= max(left, 0) + _CENT
    expect("costs are within the budget", within, f"{cost} € {what}, {left} € left")


def planned_again(first: Plan, again: Plan) -> None:
    """A plan that is made without what comes later is the same."""
    same = first.sessions.equals(again.sessions) and first.seats.equals(again.seats)
    expect("the future is never seen", same, "another plan without what comes later")


def plan(plan: Plan, reading: Reading) -> None:
    """A plan breaks none of its conditions, by its own check and by a second reading of the plainest of them."""
    faults = plan.check("en")
    expect("plans are valid", faults.is_empty(), "; ".join(faults["sentence"]))
    new = plan.sessions.filter(~pl.col("booked"))
    days, own = [(session.trainer, session.date) for session in reading.known], new.select("trainer", "date").rows()
    twice = {pair for pair in own if (days + own).count(pair) > 1}
    expect("no trainer twice a day", not twice, f"{sorted(twice)}")
    frozen = [day for day in new["date"] if reading.closed(day)]
    expect("no session on a closed day", not frozen, f"planned on {frozen}")
    affordable(reading, float(new["cost"].sum()), "planned")
    for row in new.iter_rows(named=True):
        sentence = f"{row['id']} is planned for {row['date']}"
        expect("no session without notice", (row["date"] - reading.on).days >= reading.programme.notice_days, sentence)
        leads = any(expertise.session == row["session"] for expertise in reading.trainers[row["trainer"]].expertise)
        expect("trainers lead what they can", leads, sentence)
