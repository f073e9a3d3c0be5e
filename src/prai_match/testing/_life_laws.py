"""Laws of a programme on a day, of its recommendations and of its plans, checked with the oracle."""

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import Any

import polars as pl
from hypothesis.stateful import RuleBasedStateMachine, invariant

from prai_match._front import Programme, Recommendation, Recommendations
from prai_match.plan import Plan
from prai_match.policy import Policy
from prai_match.recommend import Offer
from prai_match.testing._broken_laws import expect
from prai_match.testing._oracle import Candidate, Oracle
from prai_match.testing._variants import answers, rebuilt, reordered, shuffled, until, without_rows

_ALL = 99  # number of alternatives kept
_ALMOST, _CENT = 1e-4, 0.011  # tolerance for differences of scores and of costs


class DayWithLaws(RuleBasedStateMachine):
    """A programme on a day, whose recommendations are checked against laws after each step."""

    programme: Programme
    on: dt.date

    def policy(self) -> Policy:
        """Return the policy that recommends: the default one."""
        return Policy.default()

    def extra(self) -> pl.DataFrame | None:
        """Return the columns that the policy declares, by ``territory``: none by default."""
        return None

    @cached_property
    def recs(self) -> Recommendations:
        """The recommendations of the day, with all alternatives."""
        return self.programme.recommend(on=self.on, top=_ALL, policy=self.policy(), extra=self.extra())

    @cached_property
    def oracle(self) -> Oracle:
        """The programme on the day, read and judged in plain Python."""
        extra, policy = self.extra(), self.policy()
        joined = {} if extra is None else {row["territory"]: row for row in extra.iter_rows(named=True)}
        return Oracle(self.programme, self.on, policy=policy, extra=joined)

    def becomes(self, programme: Programme | None = None, on: dt.date | None = None) -> None:
        """Continue with another programme, or on another day."""
        self.programme, self.on = programme or self.programme, on or self.on
        for name in ("recs", "oracle"):
            self.__dict__.pop(name, None)

    def _possible(self) -> Iterator[tuple[Recommendation, Offer]]:
        """Yield all kept offers, now or later: the next offer of every territory, and its alternatives."""
        for rec, offer in _nexts(self.recs):
            yield from ((rec, each) for each in (offer, *rec.alternatives))

    def _own(self) -> Iterator[tuple[Recommendation, Offer]]:
        """Yield the offers that don't join a booked session."""
        yield from ((rec, offer) for rec, offer in self._possible() if not offer.joins)

    def _facts(self, rec: Recommendation, offer: Offer) -> dict[str, Any]:
        return self.oracle.under(offer.day).facts(Candidate.of(rec.territory, offer))

    @invariant()
    def every_requirement_is_kept(self) -> None:
        """According to the oracle, every requirement of the policy holds for all offers."""
        for rec, offer in offers(self.recs):
            one = self.oracle.under(offer.day).verdict(Candidate.of(rec.territory, offer))
            expect("every requirement is kept", not one.broken, f"{one.candidate} is offered", *one.broken[:1])

    @invariant()
    def the_best_is_offered(self) -> None:
        """According to the oracle, the offer is the best of all candidates; ties go to the first code."""
        for rec in self.recs:
            best = [(one.candidate, one.day, one.score) for one in self.oracle.ranking(rec.territory)]
            own = [
                (Candidate.of(rec.territory, each), each.day, each.score)
                for each in (rec.next, *rec.alternatives)
                if each
            ]
            same = [each[:-1] for each in own] == [each[:-1] for each in best]
            expect("the best is offered", same, f"{own} are offered, and the best are {best}")
            for (offer, _, score), (*_, wanted) in zip(own, best, strict=True):
                sentence = f"{offer} has {score} points, and its rules give {wanted}"
                expect("scores are those of the rules", abs(score - wanted) < _ALMOST, sentence)

    @invariant()
    def no_session_on_a_closed_day(self) -> None:
        """Every offer of a new session has an open day, after the notice period and within the horizon."""
        horizon = self.programme.offer_horizon_days
        for rec, offer in self._own():
            is_open = self.oracle.calendar.open(offer.day, offer.host) and (offer.day - self.on).days <= horizon
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
            past = {row.session for row in self.oracle.under(offer.day).recent(rec.territory)}
            sentence = f"{rec.territory} is offered {offer.session}, and has attended {sorted(past)}"
            expect("nothing twice", offer.session not in past or self._facts(rec, offer)["refresher"], sentence)

    @invariant()
    def nothing_again_that_nobody_asks_for(self) -> None:
        """A workshop attended before the council was renewed is only offered if asked for, or due again."""
        for rec, offer in self._possible():
            facts = self._facts(rec, offer)
            asked = facts["form"] == "buffet" or not facts["attended_before"] or facts["needs"] or facts["refresher"]
            sentence = f"{rec.territory} is offered {offer.session}, which the council before attended"
            expect("nothing again that nobody asks for", asked, sentence)

    @invariant()
    def needs_are_in_their_states(self) -> None:
        """Each need is in the state that the oracle gives it."""
        found = self.programme.needs_on(self.on).select("collectivity", "workshop", "state", "since").rows()
        asked = replace(self.oracle, day=self.on).asked  # by the council of the day itself
        read = [(need.collectivity, need.session, need.state, need.since) for need in asked]
        expect("needs are in their states", found == read, f"{found}, and by the oracle {read}")

    @invariant()
    def enough_people(self) -> None:
        """Every workshop offered has enough people within travel distance, or is booked already."""
        for rec, offer in self._possible():
            facts = self._facts(rec, offer)
            people = facts["people"]
            enough = facts["form"] == "buffet" or people >= facts["min_seats"] or facts["joins_booked"]
            expect("enough people", enough, f"{rec.territory} is offered {offer.session} for {people:g} people")

    @invariant()
    def costs_are_within_the_budget(self) -> None:
        """Costs are the sum of their parts, and within the money left."""
        left = self.oracle.budget_left
        for rec, offer in self._possible():
            cost = self._facts(rec, offer)["cost"]
            parts = f"for {offer.cost} €, {cost} € by its parts, with {left} € left"
            sentence = f"{rec.territory} is offered {offer.session} {parts}"
            if offer.cost is None:
                expect("unknown costs stay unknown", cost is None, sentence)
                continue
            right = isinstance(cost, float) and abs(float(offer.cost) - cost) < _CENT
            affords = offer.joins or left is None or float(offer.cost) <= left + _CENT
            expect("costs are within the budget", bool(right and affords), sentence)

    @invariant()
    def everybody_can(self) -> None:
        """Relays only host and trainers only lead what they can, on their first free day."""
        for rec, offer in self._own():
            candidate, facts = Candidate.of(rec.territory, offer), self._facts(rec, offer)
            room, km, reach = facts["partner_room"], facts["distance_km"], facts["reach_km"]
            hosts = facts["partner_covers"] and facts["partner_carries"] and (room is None or float(room) >= 1)
            leads = facts["trainer_knows_session"] and facts["trainer_knows_axis"]
            near = isinstance(km, float) and isinstance(reach, float) and km <= reach
            expect("relays host what they can", hosts, f"{candidate}")
            expect("trainers lead what they can", leads and near, f"{candidate}, {km} km away")
            day = self.oracle.under(offer.day).verdict(candidate).day
            expect("trainers are free", offer.day == day, f"{candidate} on {offer.day}, and free on {day}")

    @invariant()
    def joined_sessions_stay_as_they_are(self) -> None:
        """A joined session is booked elsewhere, has (or may have) room, and keeps its place, day, relay and trainer."""
        booked = {each.id: each for each in self.oracle.held}
        for rec, offer in self._possible():
            if not offer.joins:
                continue
            each, sentence = booked.get(offer.joins), f"{rec.territory} joins {offer.joins}"
            same = each and all(getattr(each, name) == getattr(offer, name) for name in ("host", "partner", "trainer"))
            right = each and same and (each.date, each.session) == (offer.day, offer.session)
            room = each and self.oracle.rooms.get(each.id) != 0 and each.host != rec.territory and each.date > self.on
            expect("joined sessions stay as they are", bool(right and room), sentence)

    @invariant()
    def contributions_add_up(self) -> None:
        """The contributions of a recommendation add up to its score."""
        for rec, offer in _nexts(self.recs):
            total = sum(rec.why().contributions.values())
            sentence = f"{rec.territory}: {total} for {offer.score}"
            expect("contributions add up to the score", total == offer.score, sentence)

    @invariant()
    def explanations_agree(self) -> None:
        """Explanations agree with the recommendations."""
        for rec, offer in _nexts(self.recs):
            why_not = rec.why_not(session=offer.session)
            same = (why_not.partner, why_not.trainer, why_not.axis) == (offer.partner, offer.trainer, offer.axis)
            right = why_not.verdict == "recommended"
            sentence = f"{rec.territory} is offered {offer.session}, and why_not says {why_not.verdict}"
            expect("explanations agree", right and same and why_not.gap == 0, sentence)

    @invariant()
    def same_answer_again(self) -> None:
        """The answer doesn't depend on the order of rows and rules, on what is over, or on what comes later."""
        programme, policy, on, top = self.recs.programme, self.recs.policy, self.recs.on, self.recs.top
        first = answers(self.recs)
        dice = random.Random(len(first))  # noqa: S311 - an order, not a secret

        def again(other: Programme, rules: Policy) -> bytes:
            return answers(other.recommend(on=on, top=top, policy=rules, extra=self.extra()))

        over = [need.row for need in self.oracle.asked if need.state not in {"open", "to_confirm"}]
        known = without_rows(programme, "needs", over)
        if again(shuffled(until(known, on), dice), reordered(policy, dice)) == first:
            return
        expect("same input, same answer", again(rebuilt(programme), policy) == first, "another answer to the same")
        sentence = "another answer without what comes later"
        expect("the future is never seen", again(until(programme, on), policy) == first, sentence)
        expect("needs that are over count for nothing", again(known, policy) == first, "another answer without them")
        expect("order changes nothing", False, "another answer to other orders of rows and rules")  # noqa: FBT003


def offers(recs: Recommendations) -> Iterator[tuple[Recommendation, Offer]]:
    """Yield every offer that can be made now, including alternatives."""
    for rec in recs:
        if rec.offer:
            yield from ((rec, offer) for offer in (rec.offer, *rec.alternatives))


def _nexts(recs: Recommendations) -> Iterator[tuple[Recommendation, Offer]]:
    """Yield the next offer of every territory, now or later."""
    yield from ((rec, rec.next) for rec in recs if rec.next)


def affordable(oracle: Oracle, euros: float, what: str) -> None:
    """Check that the total cost of new sessions is within the money left."""
    cost, left = round(euros, 2), oracle.budget_left
    within = left is None or cost <= max(left, 0) + _CENT
    expect("costs are within the budget", within, f"{cost} € {what}, {left} € left")


def planned_again(first: Plan, again: Plan) -> None:
    """Check that a plan made without later data is the same."""
    same = first.sessions.equals(again.sessions) and first.seats.equals(again.seats)
    expect("the future is never seen", same, "another plan without what comes later")


def plan(plan: Plan, oracle: Oracle) -> None:
    """Check that a plan keeps its conditions, by its own check and by a second check of the simplest ones."""
    faults = plan.check("en")
    expect("plans are valid", faults.is_empty(), "; ".join(faults["sentence"]))
    new = plan.sessions.filter(~pl.col("booked"))
    days, own = [(session.trainer, session.date) for session in oracle.held], new.select("trainer", "date").rows()
    twice = {pair for pair in own if (days + own).count(pair) > 1}
    expect("no trainer twice a day", not twice, f"{sorted(twice)}")
    frozen = [day for day in new["date"] if not oracle.calendar.open(day)]
    expect("no session on a closed day", not frozen, f"planned on {frozen}")
    affordable(oracle, float(new["cost"].sum()), "planned")
    for row in new.iter_rows(named=True):
        sentence = f"{row['id']} is planned for {row['date']}"
        expect("no session without notice", (row["date"] - oracle.on).days >= oracle.programme.notice_days, sentence)
        leads = any(expertise.session == row["session"] for expertise in oracle.trainers[row["trainer"]].expertise)
        expect("trainers lead what they can", leads, sentence)
