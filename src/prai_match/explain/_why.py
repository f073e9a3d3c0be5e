"""Why this offer: each condition with its state, each preference with its points, in sentences."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any, Literal

import numpy as np
import polars as pl

from prai_match import _version, recommend
from prai_match.explain import _place
from prai_match.explain._facts import OfferFacts
from prai_match.model import Lang
from prai_match.offers import NONE, AssessedOffer, Assessment, candidates, sessions_of
from prai_match.policy import STAGES, Policy, Preference, Requirement, Stage, fill, reasons, unfilled
from prai_match.text import messages, number, short_day, shown

State = Literal["satisfied", "refuted", "unknown"]
_WORDS = partial(messages, "prai_match.explain", "why")
FACT = "•"
MARKS: dict[str, str] = {"satisfied": "✓", "refuted": "✗", "unknown": "?"}


@dataclass(frozen=True, slots=True)
class Condition:
    """A requirement and whether it holds.

    Attributes:
        rule: Identifier of the rule.
        stage: The stage of the rule: what it judges.
        state: ``satisfied``, ``refuted`` or ``unknown``.
        holds: Whether the candidate passes; an unknown state passes only if the rule says so.
        sentence: The sentence with the values filled in.

    Example:
        >>> from prai_match import Programme
        >>> condition = Programme.example().recommend("2007-09-03")["200066231"].why("en").conditions[0]
        >>> condition.rule, condition.state, condition.holds
        ('asked_again', 'satisfied', True)
    """

    rule: str
    stage: Stage
    state: State
    holds: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Contribution:
    """A preference and its points.

    Attributes:
        rule: Identifier of the rule.
        stage: The stage of the rule: what it judges.
        points: Points added to the score.
        out_of: Maximum number of points that it could have added.
        sentence: The sentence with the values filled in.
        fact: The fact behind the points, as a mayor knows it: who asked for what and when, who attended what, how long
            no session was held; empty if there is none.

    Example:
        >>> from prai_match import Programme
        >>> contribution = Programme.example().recommend("2007-09-03")["200066231"].why("en").details[0]
        >>> contribution.rule, contribution.points <= contribution.out_of
        ('follow_up', True)
    """

    rule: str
    stage: Stage
    points: float
    out_of: float
    sentence: str
    fact: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """The reasons of one recommendation, or of its absence.

    Attributes:
        lang: Language of the sentences.
        title: The answer that is explained.
        main: The main reason: the fact behind the most points, among those that are a reason for the offer; without
            such a fact, the sentence of the greatest contribution; without contributions, the title.
        details: Contributions with their sentences, the greatest first.
        conditions: Requirements with their state.
        priority: Contributions to the priority of the territory, the greatest first.

    Example:
        >>> from prai_match import Programme
        >>> rec = Programme.example().recommend("2007-09-03")["200066231"]
        >>> why = rec.why("en")
        >>> print(why.main)  # doctest: +NORMALIZE_WHITESPACE
        3 of your officials and staff came to the buffet “Making procedures paperless” on 30 January 2007.
        Of the territories that came to this buffet, 32 could then attend the session offered here; 13 attended it
        within 4 months.
        >>> sum(why.contributions.values()) == rec.score, sum(part.points for part in why.priority) == rec.priority
        (True, True)
    """

    lang: Lang
    title: str
    main: str
    details: tuple[Contribution, ...]
    conditions: tuple[Condition, ...]
    priority: tuple[Contribution, ...]

    @property
    def contributions(self) -> dict[str, float]:
        """Points of each rule; their sum is the score."""
        return {contribution.rule: contribution.points for contribution in self.details}

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts behind the score, then those behind the priority, then those about the trainer.

        Facts behind the most points come first; repetitions are left out.
        """
        told: list[str] = []
        for part in sorted((*self.details, *self.priority), key=lambda part: part.stage == "trainer"):
            if part.fact and not any(fact.startswith(part.fact.removesuffix(".")) for fact in told):
                told.append(part.fact)
        return tuple(told)

    def to_json(self) -> dict[str, Any]:
        """Return the reasons as data that JSON can hold (see ``docs/reference/schemas/why.json``)."""
        parts = {name: [asdict(each) for each in getattr(self, name)] for name in ("details", "conditions", "priority")}
        return {"schema": _version.JSON_SCHEMA, "lang": self.lang, "title": self.title, "main": self.main, **parts}

    def __str__(self) -> str:
        points, priority = (
            [f"  {'+' + number(each.points, 1, self.lang):>6}  {each.sentence}" for each in parts if each.points > 0]
            for parts in (self.details, self.priority)
        )
        told = (as_told(c.state, c.sentence, self.lang, holds=True) if c.holds else c.sentence for c in self.conditions)
        states = [f"  {MARKS[each.state]:>6}  {text}" for each, text in zip(self.conditions, told, strict=True)]
        if self.priority:
            total = number(sum(part.points for part in self.priority), 0, self.lang)
            states.append(str(_WORDS(self.lang)["priority"]).format(points=total))
        return "\n".join([self.title, *(f"  {FACT:>6}  {fact}" for fact in self.facts), *points, *states, *priority])

    def html(self) -> str:
        """Return the title, the points and the conditions as an HTML fragment, in the language ``lang``."""
        return shown(self, self.lang)

    _repr_html_ = html


def why(answers: recommend.Answers, territory: str, lang: Lang, *, public: bool = False) -> Why:
    """Return the reasons of an answer; with ``public``, the words of needs aren't quoted."""
    place, policy = answers.number(territory), answers.policy
    reason = answers.reasons.get(place)
    sentence = "" if reason is None else reason_sentence(reason, policy, lang)
    facts, first = (OfferFacts(answers, each, lang, public) for each in (answers.judgement, answers.priorities))
    row = answers.rows[place]
    offer, priority = answers.candidate(place), contributions(answers.priorities[row], lang, first)
    if offer is None:
        title = under(answers.snapshot.frames.territories["territory_name"][place], sentence, lang)
        return Why(lang, title, title, (), _stopping(answers, place, reason or "", lang), priority)
    best = answers.offers_of(place)[0]
    at = held_at(_place.place(answers, territory, best.host, lang, best.joins), lang)
    title = f"{sentence} {_title(answers, best, str(offer['territory_name']), at, lang)}".lstrip()
    details = contributions(offer, lang, facts)
    said = next((detail.sentence for detail in details if detail.points > 0), title)
    main = facts.main(offer.place) or first.main(row) or said
    return Why(lang, title, main, details, conditions(offer, lang, STAGES), priority)


def _stopping(answers: recommend.Answers, place: int, reason: str, lang: Lang) -> tuple[Condition, ...]:
    """Return, for each session of a territory, the requirements that refuse it, or the reason of a later stage."""
    policy, names = answers.policy, answers.names[lang]
    every: list[Condition] = []
    stage: Stage = next((rule.stage for rule in policy.requirements if rule.reason == reason), "trainer")
    further = Condition(reason, stage, "refuted", holds=False, sentence=reason_sentence(reason, policy, lang))
    for session, stops in stops_of(answers, place, lang):
        name = names[str(session["session"])]
        every += [replace(each, sentence=as_told(each.state, each.sentence, lang, name=name)) for each in stops]
        every += [] if stops else [replace(further, sentence=under(name, further.sentence, lang))]
    return tuple(every)


def stops_of(answers: recommend.Answers, place: int, lang: Lang) -> Iterator[tuple[AssessedOffer, list[Condition]]]:
    """Return each session of a territory with the requirements on sessions or, if none, on places that refuse it."""
    rows = candidates(answers.snapshot, sessions_of(answers.snapshot, pl.Series([place])), answers.policy)
    for session in Assessment(answers.policy, rows):
        asked = (conditions(session, lang, (each,)) for each in ("session", "place"))
        yield session, next(filter(None, ([each for each in some if not each.holds] for some in asked)), [])


def under(name: str, sentence: str, lang: Lang) -> str:
    return str(_WORDS(lang)["headed"]).format(name=name, sentence=sentence)


def held_at(place: str, lang: Lang) -> str:
    """Return the part of a sentence on where a session is held; empty for the territory's own place."""
    return str(_WORDS(lang)["at"]).format(place=place) if place else ""


def _title(answers: recommend.Answers, offer: recommend.Offer, territory: str, at: str, lang: Lang) -> str:
    words = _WORDS(lang)
    return str(words["title"]).format(
        territory=territory,
        session=answers.names[lang][offer.session],
        at=at,
        partner=answers.actor(offer.partner, lang),
        trainer=answers.actor(offer.trainer, lang),
        day=str(words["booked_day" if offer.joins else "day"]).format(day=short_day(offer.day, lang)),
        cost=words["no_cost"] if offer.cost is None else words["cost"].format(amount=number(offer.cost, 2, lang)),
        score=number(offer.score, 1, lang),
    )


def contributions(offer: AssessedOffer, lang: Lang, facts: OfferFacts) -> tuple[Contribution, ...]:
    each = (
        Contribution(
            *(rule.id, rule.stage, offer.points(rule.id), rule.points, preference_sentence(rule, offer, lang)),
            facts.of(rule, offer.place),
        )
        for rule in offer.judgement.preferences
        if rule.kind is None or rule.kind == offer["form"]
    )
    return tuple(sorted(each, key=lambda contribution: (-contribution.points, contribution.rule)))


def conditions(offer: AssessedOffer, lang: Lang, stages: Iterable[Stage]) -> tuple[Condition, ...]:
    """Return the requirements of ``stages`` for the candidate's kind of session, with their state for it.

    Requirements of the stage of places, except those on people, concern hosts other than the territory; for its own
    place, they are listed only if they refuse it. The relay and trainer of a joined session are already booked: no
    requirement applies to them.
    """
    policy = offer.judgement.policy
    of_kind = [rule for rule in policy.requirements if rule.kind in {None, offer["kind"], offer["form"]}]
    return tuple(
        Condition(
            rule.id, rule.stage, state_of(offer.state(rule.id)), offer.holds(rule.id), sentence_of(rule, offer, lang)
        )
        for stage in stages
        for rule in of_kind
        if rule.stage == stage and not _is_idle(rule, offer)
    )


def _is_idle(rule: Requirement, offer: AssessedOffer) -> bool:
    """Return whether a requirement doesn't apply: its own place passes, or a joined session has relay and trainer."""
    if rule.stage == "place":
        return bool(offer["own_place"]) and offer.holds(rule.id) and "people" not in rule.condition.columns
    return rule.stage != "session" and bool(offer["joins_booked"])


def main_reasons(offers: Assessment, lang: Lang) -> list[str]:
    """Return, for each offer, the sentence of its greatest contribution; empty if nothing contributes."""
    if not (rules := offers.policy.preferences):
        return [""] * offers.rows.size
    points = np.stack([offers.units[rule.id] for rule in rules])
    greatest = np.where(points.max(axis=0) > 0, points.argmax(axis=0), NONE)
    return [
        "" if index == NONE else preference_sentence(rules[index], offer, lang)
        for index, offer in zip(greatest.tolist(), offers, strict=True)
    ]


def main_facts(answers: recommend.Answers, offers: Assessment, lang: Lang, *, public: bool) -> list[str]:
    """Return, for each given offer, its main reason (see `Why.main`)."""
    facts, first = (OfferFacts(answers, assessed, lang, public) for assessed in (offers, answers.priorities))
    places = enumerate(zip(offers.rows.number("t").tolist(), main_reasons(offers, lang), strict=True))
    return [facts.main(place) or first.main(answers.rows[t]) or sentence for place, (t, sentence) in places]


def reason_sentence(reason: str, policy: Policy, lang: Lang) -> str:
    """Say why nothing is recommended: the library's own sentence, or that of a rule with dots for the many values."""
    if own := reasons(lang).get(reason):
        return own
    return next(unfilled(rule.sentence.get(lang)) for rule in policy.requirements if rule.reason == reason)


def preference_sentence(rule: Preference, offer: AssessedOffer, lang: Lang) -> str:
    """Say the sentence of a preference, or that it is not satisfied, unknown or for sessions of the other form."""
    words = _WORDS(lang)["preference"]
    if rule.kind and rule.kind != offer["form"]:
        return str(words["other_form"][rule.kind])
    if not offer.judgement.is_known[rule.id][offer.place]:
        sentence = unfilled(rule.sentence.get(lang)).replace("….", "…")
        share = number(100 * rule.unknown, 0, lang)
        return str(words["counted" if rule.unknown else "unknown"]).format(sentence=sentence, share=share)
    sentence = sentence_of(rule, offer, lang)
    return sentence if offer.points(rule.id) or not rule.points else str(words["nothing"]).format(sentence=sentence)


def as_told(state: State, sentence: str, lang: Lang, *, holds: bool = False, name: str = "") -> str:
    """Say a condition, of the session ``name`` if one is given: whether it is met, where it isn't known to be."""
    words = _WORDS(lang)["of_session" if name else "condition"]
    return str(words[state_key(state, holds=holds)]).format(name=name, sentence=sentence)


def state_of(value: object) -> State:
    return "unknown" if value is None else "satisfied" if value else "refuted"


def state_key(state: State, *, holds: bool) -> str:
    """Return the key of the text of a state; an unknown state that is refused has its own text."""
    return "unknown_refused" if state == "unknown" and not holds else state


def sentence_of(rule: Requirement | Preference, offer: AssessedOffer, lang: Lang) -> str:
    return fill(rule.sentence.get(lang), offer, offer.judgement.policy.columns[rule.stage], lang)
