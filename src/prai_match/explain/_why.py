"""Why this offer: each condition with its state, each preference with its points, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any, Literal

import polars as pl

from prai_match._version import JSON_SCHEMA
from prai_match.model import Lang
from prai_match.policy import STAGES, Policy, Preference, Requirement, Stage, fields, fill, reasons, unfilled
from prai_match.recommend import Answers
from prai_match.text import messages, number, short_day, shown

State = Literal["satisfied", "refuted", "unknown"]
_WORDS = partial(messages, "prai_match.explain", "why")
MARKS: dict[State, str] = {"satisfied": "✓", "refuted": "✗", "unknown": "?"}


@dataclass(frozen=True, slots=True)
class Condition:
    """A requirement and what was found.

    Attributes:
        rule: Identifier of the rule.
        stage: What it is about.
        state: ``satisfied``, ``refuted`` or ``unknown``.
        holds: Whether the candidate passes; an unknown passes only where the rule says so.
        sentence: The sentence with the values filled in.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme
        >>> rec = Programme.example().recommend(on=dt.date(2007, 9, 3))["200066231"]
        >>> condition = rec.why("en").conditions[0]
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
    """A preference and the points that it gave.

    Attributes:
        rule: Identifier of the rule.
        stage: What it is about.
        points: Points added to the score.
        out_of: The most that it could have added.
        sentence: The sentence with the values filled in.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme
        >>> rec = Programme.example().recommend(on=dt.date(2007, 9, 3))["200066231"]
        >>> contribution = rec.why("en").details[0]
        >>> contribution.rule, contribution.points <= contribution.out_of
        ('follow_up', True)
    """

    rule: str
    stage: Stage
    points: float
    out_of: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Why:
    """The reasons of one recommendation, or of its absence.

    Attributes:
        lang: Language of the sentences.
        title: What is explained.
        details: Contributions with their sentences, the greatest first.
        conditions: Requirements with their state.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme
        >>> rec = Programme.example().recommend(on=dt.date(2007, 9, 3))["200066231"]
        >>> why = rec.why("en")
        >>> why.main
        'The session follows what the territory attended (probability: 0.40).'
        >>> sum(why.contributions.values()) == rec.score
        True
    """

    lang: Lang
    title: str
    details: tuple[Contribution, ...]
    conditions: tuple[Condition, ...]

    @property
    def contributions(self) -> dict[str, float]:
        """Points by rule; their sum is the score."""
        return {contribution.rule: contribution.points for contribution in self.details}

    @property
    def main(self) -> str:
        """The sentence of the greatest contribution, or the title where there is none."""
        return self.details[0].sentence if self.details and self.details[0].points > 0 else self.title

    def to_json(self) -> dict[str, Any]:
        """Return it as data that JSON can hold (see ``docs/reference/schemas/why.json``)."""
        return {
            "schema": JSON_SCHEMA,
            "lang": self.lang,
            "title": self.title,
            "details": [asdict(detail) for detail in self.details],
            "conditions": [asdict(condition) for condition in self.conditions],
        }

    def __str__(self) -> str:
        points = [
            f"  {'+' + number(detail.points, 1, self.lang):>6}  {detail.sentence}"
            for detail in self.details
            if detail.points > 0
        ]
        states = [f"  {MARKS[condition.state]:>6}  {condition.sentence}" for condition in self.conditions]
        return "\n".join([self.title, *points, *states])

    def html(self) -> str:
        """Return the title, the points and the conditions as an HTML fragment, in its language."""
        return shown(self, self.lang)

    def _repr_html_(self) -> str:
        return self.html()


def why(answers: Answers, territory: str, lang: Lang) -> Why:
    place, policy, names = answers.number(territory), answers.policy, answers.names[lang]
    _, offers = answers.offers_of(place)
    reason = answers.reasons.get(place)
    sentence = "" if reason is None else reason_sentence(reason, policy, lang)
    if offers is None:
        name = answers.snapshot.frames.territories["territory_name"][place]
        return Why(lang, _under(name, sentence, lang), (), _stopping(answers, place, reason or "", lang))
    row = offers.row(0, named=True)
    title = f"{sentence} {_title(row, names, lang)}".lstrip()
    details = contributions(row, offers[0], policy, lang)
    return Why(lang, title, details, conditions(row, offers[0], policy, lang, STAGES))


def _stopping(answers: Answers, place: int, reason: str, lang: Lang) -> tuple[Condition, ...]:
    """Return for each session of a territory the requirements that stop it, or the reason given further on."""
    policy, names = answers.policy, answers.names[lang]
    frame = answers.snapshot.sessions_of(pl.DataFrame({"t": [place]}, schema={"t": pl.UInt32}))
    every: list[Condition] = []
    for index, row in enumerate(frame.iter_rows(named=True)):
        stops = [each for each in conditions(row, frame[index], policy, lang, ("session",)) if not each.holds]
        if not stops:
            stage: Stage = next((rule.stage for rule in policy.requirements if rule.reason == reason), "trainer")
            sentence = reason_sentence(reason, policy, lang)
            stops = [Condition(reason, stage, "refuted", holds=False, sentence=sentence)]
        name = names[row["session"]]
        every += [replace(condition, sentence=_under(name, condition.sentence, lang)) for condition in stops]
    return tuple(every)


def _under(name: str, sentence: str, lang: Lang) -> str:
    return str(_WORDS(lang)["headed"]).format(name=name, sentence=sentence)


def _title(row: Mapping[str, Any], names: Mapping[str, str], lang: Lang) -> str:
    words = _WORDS(lang)
    return str(words["title"]).format(
        territory=row["territory_name"],
        session=names[row["session"]],
        partner=names[row["partner"]],
        trainer=names[row["trainer"]],
        day=short_day(row["day"], lang),
        cost=words["no_cost"] if row["cost"] is None else words["cost"].format(amount=number(row["cost"], 2, lang)),
        score=number(row["score"], 1, lang),
    )


def contributions(
    row: Mapping[str, object], frame: pl.DataFrame, policy: Policy, lang: Lang
) -> tuple[Contribution, ...]:
    """Return the contributions of one offer, by its columns as a ``row`` and as a frame of one row; greatest first."""
    (points,) = by_rule(frame, {rule.id: rule.contribution for rule in policy.preferences})
    (has_value,) = by_rule(frame, {rule.id: _has_value(rule) for rule in policy.preferences})
    each = (
        Contribution(
            rule.id,
            rule.stage,
            points[rule.id],
            rule.points,
            _preference(rule, row, policy, lang, has_value=has_value[rule.id]),
        )
        for rule in policy.preferences
    )
    return tuple(sorted(each, key=lambda contribution: (-contribution.points, contribution.rule)))


def conditions(
    row: Mapping[str, object], frame: pl.DataFrame, policy: Policy, lang: Lang, stages: Iterable[Stage]
) -> tuple[Condition, ...]:
    """Return the requirements of ``stages`` for its kind, with their state for one candidate (see `contributions`)."""
    of_kind = [rule for rule in policy.requirements if rule.kind in {None, row["kind"], row["form"]}]
    rules = [rule for stage in stages for rule in of_kind if rule.stage == stage]
    (states,) = by_rule(frame, {rule.id: rule.state for rule in rules})
    (holds,) = by_rule(frame, {rule.id: rule.holds for rule in rules})
    return tuple(
        Condition(rule.id, rule.stage, state_of(states[rule.id]), holds[rule.id], sentence_of(rule, row, policy, lang))
        for rule in rules
    )


def main_reasons(frame: pl.DataFrame, policy: Policy, lang: Lang) -> list[str]:
    """Return for each offer of ``frame`` the sentence of its greatest contribution; empty where nothing adds."""
    rules = policy.preferences
    if not rules or frame.is_empty():
        return [""] * frame.height
    points = frame.select(rule.contribution.alias(rule.id) for rule in rules)
    greatest = points.select(
        pl.when(pl.max_horizontal(pl.all()) > 0).then(pl.concat_list(pl.all()).list.arg_max())
    ).to_series()
    has_value = frame.select(_has_value(rule).alias(rule.id) for rule in rules)
    return [
        "" if index is None else _preference(rules[index], row, policy, lang, has_value=has_value[place, index])
        for place, (index, row) in enumerate(zip(greatest, frame.iter_rows(named=True), strict=True))
    ]


def reason_sentence(reason: str, policy: Policy, lang: Lang) -> str:
    """Return the sentence of a reason for having no recommendation: the library's own, or that of its rule.

    A reason is that of many candidates: dots stand for values in the sentence of a rule.
    """
    if own := reasons(lang).get(reason):
        return own
    return next(unfilled(rule.sentence.get(lang)) for rule in policy.requirements if rule.reason == reason)


def _has_value(rule: Preference) -> pl.Expr:
    """Whether its value is known: where it isn't a number either, what is counted for unknown ones is counted."""
    return rule.value.expr.cast(pl.Float64).is_not_null()


def _preference(rule: Preference, row: Mapping[str, object], policy: Policy, lang: Lang, *, has_value: bool) -> str:
    """Say the sentence of a preference; where its value is unknown, that it is, and what is counted instead."""
    sentence, words = sentence_of(rule, row, policy, lang), _WORDS(lang)
    if has_value:
        return sentence
    unknown = "" if any(row[name] is None for name in fields(rule.sentence.get(lang))) else words["unknown"]
    share = number(100 * rule.unknown, 0, lang)
    return sentence.removesuffix(".") + str(words["counted"]).format(unknown=unknown, share=share)


def by_rule(frame: pl.DataFrame, expressions: Mapping[str, pl.Expr]) -> list[dict[str, Any]]:
    return frame.select(**expressions).rows(named=True) if expressions else [{}] * frame.height


def state_of(value: object) -> State:
    return "unknown" if value is None else "satisfied" if value else "refuted"


def state_key(state: State, *, holds: bool) -> str:
    """Return the key of a state's words: an unknown that is refused has its own."""
    return "unknown_refused" if state == "unknown" and not holds else state


def sentence_of(rule: Requirement | Preference, row: Mapping[str, object], policy: Policy, lang: Lang) -> str:
    return fill(rule.sentence.get(lang), row, policy.columns[rule.stage], lang)
