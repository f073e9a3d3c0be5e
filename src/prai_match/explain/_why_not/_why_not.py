"""Why not a candidate: its conditions and preferences beside the winner's; and every session of every territory."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import polars as pl

from prai_match._version import JSON_SCHEMA
from prai_match.explain._why import MARKS, State, reason_sentence, sentence_of
from prai_match.model import Lang
from prai_match.offers import NONE, Array, Assessment, LevelRows, Snapshot, candidates, column, in_order
from prai_match.policy import GRID, STAGE_REASONS, STAGES, Policy, Preference, Requirement, Stage, fill
from prai_match.text import Readable, Shown, current_language, messages, number

Verdict = Literal["recommended", "outscored", "postponed", "refused"]
AXIS, AROUND, CANDIDATE = "engine:axis", "engine:around", "engine:candidate"  # conditions of the engine's own
NUMBERS = ("t", "s", "x", "p", "r")  # columns of a candidate's numbers
_LEAST = 0.1  # points that show with one decimal
Value = float | bool | str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """A requirement, what it wants and what was found.

    Attributes:
        rule: Identifier of the rule. Three are the engine's own: ``engine:candidate`` (there is one), ``engine:axis``
            (the axis is the one that needs ask for) and ``engine:around`` (the trainer is not far beyond reach); they
            are listed only where they are refuted.
        stage: What it is about.
        state: ``satisfied``, ``refuted`` or ``unknown``.
        holds: Whether the candidate passes; an unknown passes only where the rule says so.
        postpones: Whether it only makes the candidate wait.
        reason: Code of the reason that the rule gives.
        wanted: The condition, in SQL.
        found: The values of the columns that it reads.
        sentence: The sentence with the values filled in.

    Example:
        >>> from prai_match import Programme
        >>> rec = Programme.example().recommend("2007-09-03")["200066231"]
        >>> finding = rec.why_not(session="teleservices").refuting[0]
        >>> finding.rule, finding.wanted, dict(finding.found)
        ('not_attended', 'NOT attended OR refresher', {'attended': True, 'refresher': False})
    """

    rule: str
    stage: Stage
    state: State
    holds: bool
    postpones: bool
    reason: str
    wanted: str
    found: Mapping[str, Value] = field(hash=False)
    sentence: Mapping[Lang, str] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Gap:
    """A preference, and the points that it gave to the candidate and to the winner.

    Attributes:
        rule: Identifier of the rule.
        stage: What it is about.
        points: Points of the candidate.
        winner_points: Points of the winner.
        sentence: The sentence with the candidate's values.
        winner_sentence: The same with the winner's.

    Example:
        >>> from prai_match import Programme
        >>> why_not = Programme.example().recommend("2007-09-03")["200066231"].why_not(session="sig")
        >>> abs(sum(gap.difference for gap in why_not.gaps) - why_not.gap) < 1e-9
        True
    """

    rule: str
    stage: Stage
    points: float
    winner_points: float
    sentence: Mapping[Lang, str] = field(hash=False)
    winner_sentence: Mapping[Lang, str] = field(hash=False)

    @property
    def difference(self) -> float:
        """The winner's points less the candidate's."""
        return self.winner_points - self.points


@dataclass(frozen=True, slots=True)
class WhyNot(Shown, Readable):
    """Why a candidate is not what is recommended to a territory, or that it is.

    Attributes:
        territory: Identifier of the territory.
        session: Identifier of the candidate's session.
        axis: Identifier of its axis; None: the common core.
        partner: Identifier of its relay partner; None: its session is stopped before one is looked for, or none exists.
        trainer: Identifier of its trainer; None: likewise.
        verdict: ``recommended``, ``outscored`` (possible, but another has more points), ``postponed`` (possible once
            it no longer has to wait) or ``refused``.
        stage: Where a refused candidate is stopped: ``session``, ``partner`` or ``trainer``.
        conditions: The requirements of the stages that the candidate comes to, in the order of sifting.
        gaps: Where all of them hold, each preference beside the winner's, the greatest difference first; their
            differences add up to ``gap``.
        score: The candidate's score, where all of them hold.
        winner_score: The score of what is recommended or, in a blackout, comes next.
        lang: Language of ``str()``.
        title: The verdict in a sentence.

    Example:
        >>> from prai_match import Programme
        >>> rec = Programme.example().recommend("2007-09-03")["200066231"]
        >>> why_not = rec.why_not(session="teleservices", lang="en")
        >>> why_not.verdict, why_not.stage, why_not.reason
        ('refused', 'session', 'all_attended')
    """

    territory: str
    session: str
    axis: str | None
    partner: str | None
    trainer: str | None
    verdict: Verdict
    stage: Stage | None
    conditions: tuple[Finding, ...]
    gaps: tuple[Gap, ...]
    score: float | None
    winner_score: float | None
    lang: Lang
    title: Mapping[Lang, str] = field(hash=False)

    @property
    def refuting(self) -> tuple[Finding, ...]:
        """The conditions that don't hold."""
        return tuple(finding for finding in self.conditions if not finding.holds)

    @property
    def reason(self) -> str | None:
        """Code of the reason of the first condition that stops the candidate, or makes it wait; None: none does."""
        stops = sorted(self.refuting, key=lambda finding: finding.postpones)
        return stops[0].reason if stops else None

    @property
    def gap(self) -> float | None:
        """Points by which the winner is ahead; below 0 where the candidate has more and must wait."""
        return None if self.score is None or self.winner_score is None else self.winner_score - self.score

    def text(self, lang: Lang | None = None) -> str:
        """Return the verdict, the differences and the conditions as lines of text; None: in the language asked for."""
        lang = current_language(lang or self.lang)
        gaps = [f"  {points(-gap.difference, lang):>6}  {_beside(gap, lang)}" for gap in self.gaps if gap.difference]
        conditions = sorted(self.conditions, key=lambda finding: finding.holds)
        states = [f"  {MARKS[finding.state]:>6}  {finding.sentence[lang]}" for finding in conditions]
        return "\n".join([self.title[lang], *gaps, *states])

    def to_json(self, lang: Lang | None = None) -> dict[str, Any]:
        """Return it as data that JSON can hold (see ``docs/reference/schemas/why_not.json``); None: as for `text`.

        Raises:
            UnknownCodeError: The language is neither ``fr`` nor ``en``.
        """
        lang = current_language(lang or self.lang)
        codes = ("territory", "session", "axis", "partner", "trainer", "verdict", "stage", "reason")
        return {
            "schema": JSON_SCHEMA,
            "lang": lang,
            "title": self.title[lang],
            **_fields(self, *codes, "score", "winner_score", "gap"),
            "conditions": [
                _fields(finding, "rule", "stage", "state", "holds", "postpones", "reason")
                | {"sql": finding.wanted, "values": dict(finding.found), "sentence": finding.sentence[lang]}
                for finding in self.conditions
            ],
            "gaps": [
                _fields(gap, "rule", "stage", "points", "winner_points", "difference")
                | {"sentence": gap.sentence[lang], "winner_sentence": gap.winner_sentence[lang]}
                for gap in self.gaps
            ],
        }

    def to_polars(self) -> pl.DataFrame:
        """Return one row a condition, then one a preference.

        Columns: ``rule``, ``stage``; of conditions ``state``, ``holds``, ``wanted`` (SQL), ``found`` (JSON); of
        preferences ``points``, ``winner_points``, ``difference``; ``sentence`` in the language asked for.
        """
        schema = {
            **dict.fromkeys(("rule", "stage", "state"), pl.String),
            "holds": pl.Boolean,
            **dict.fromkeys(("wanted", "found"), pl.String),
            **dict.fromkeys(("points", "winner_points", "difference"), pl.Float64),
            "sentence": pl.String,
        }
        conditions = [
            {
                **_fields(finding, "rule", "stage", "state", "holds", "wanted"),
                "found": json.dumps(finding.found, ensure_ascii=False, separators=(",", ":")),
                "sentence": finding.sentence[self.lang],
            }
            for finding in self.conditions
        ]
        gaps = [
            _fields(gap, "rule", "stage", "points", "winner_points", "difference")
            | {"sentence": gap.sentence[self.lang]}
            for gap in self.gaps
        ]
        return pl.DataFrame([*conditions, *gaps], schema=schema)


def _fields(part: WhyNot | Finding | Gap, *names: str) -> dict[str, Any]:
    return {name: getattr(part, name) for name in names}


def _beside(gap: Gap, lang: Lang) -> str:
    own, winner = gap.sentence[lang], gap.winner_sentence[lang]
    if own == winner:
        return own
    return str(messages("prai_match.explain", "why_not", lang)["parts"]["beside"]).format(sentence=own, winner=winner)


def points(value: float, lang: Lang) -> str:
    """Write points with one decimal, or three where one would show none."""
    return number(value, 1 if abs(value) >= _LEAST or not value else 3, lang)


def losers(
    snapshot: Snapshot, policy: Policy, furthest: pl.DataFrame, winners: pl.DataFrame, lang: Lang | None
) -> pl.DataFrame:
    """Return one row a territory and session that is not recommended (see `Recommendations.why_not`).

    The winners are what is recommended, or comes next, by territory (``t``, ``s``, ``postponed``); no language, no
    sentences.
    """
    judgement = Assessment(policy, candidates(snapshot, furthest.select(NUMBERS)))
    gaps, made_by = _gaps(judgement, furthest, winners)
    stops = _stopping(judgement, furthest)
    rule = pl.Series("rule", [stop or rule for stop, rule in zip(stops, made_by, strict=True)], dtype=pl.String)
    possible = pl.when("postponed").then(pl.lit("postponed")).otherwise(pl.lit("outscored"))
    won = winners.filter(~pl.col("postponed")).select("t", "s", won=pl.lit(value=True))
    loses = furthest.select("t", "s").join(won, on=["t", "s"], how="left", maintain_order="left")["won"].is_null()
    rows = furthest.select(
        *snapshot.frames.codes(furthest),
        verdict=pl.when(pl.col("stage").is_null()).then(possible).otherwise(pl.lit("refused")),
        stage="stage",
        rule=rule,
        reason=_reason(policy, rule),
        found=_values(policy, rule, judgement.rows),
        score="score",
        gap=pl.Series(gaps, nan_to_null=True),
    )
    if lang is None:
        return rows.filter(loses)
    return rows.with_columns(sentence=pl.Series(_sentences(judgement, rows, lang), dtype=pl.String)).filter(loses)


def _stopping(judgement: Assessment, furthest: pl.DataFrame) -> Array:
    """Return the rule that stops each candidate, or makes it wait; None where none does."""
    policy, stages = judgement.policy, np.array(furthest["stage"].to_list(), object)
    rules: Array = np.full(furthest.height, None)
    for rule in reversed([rule for rule in policy.requirements if rule.postpones]):
        rules[~judgement.holds[rule.id]] = rule.id
    for stage, key in zip(STAGES, "spr", strict=True):
        here = stages == stage
        rules[here] = AROUND
        for rule in reversed(in_order(policy, stage)):
            rules[here & ~judgement.holds[rule.id]] = rule.id
        rules[here & (judgement.rows.number(key) == NONE)] = CANDIDATE
    return rules


def _gaps(judgement: Assessment, furthest: pl.DataFrame, winners: pl.DataFrame) -> tuple[Array, Array]:
    """Return how far the winner is ahead of each candidate that passes, and the preference that makes most of it."""
    rules, size = judgement.policy.preferences, furthest.height
    gaps, made_by = np.full(size, np.nan), np.full(size, None)
    passing = furthest["stage"].is_null().arg_true().to_numpy()
    won = winners.select("t", "s", won=pl.lit(value=True))
    wins = furthest.select("t", "s").join(won, on=["t", "s"], how="left", maintain_order="left")["won"]
    # Every territory with a candidate that passes has a winner among them.
    t = furthest["t"].to_numpy()
    winner = {number: place for place, number in zip(passing, t[passing], strict=True) if wins[int(place)]}
    if len(passing) and rules:
        units = np.stack([judgement.units[rule.id] for rule in rules])
        ahead = units[:, [winner[number] for number in t[passing]]] - units[:, passing]
        gaps[passing] = ahead.sum(axis=0) / GRID
        made_by[passing] = np.array([rule.id for rule in rules], object)[ahead.argmax(axis=0)]
    elif len(passing):
        gaps[passing] = 0.0
    return gaps, made_by


def _reason(policy: Policy, rule: pl.Series) -> pl.Expr:
    """Return the code of the reason of each requirement; the engine's own have that of their stage."""
    own = pl.col("stage").replace_strict(STAGE_REASONS, default=None, return_dtype=pl.String)
    reasons = {each.id: each.reason for each in policy.requirements}
    of_rule = pl.lit(rule).replace_strict(reasons, default=None, return_dtype=pl.String)
    return pl.when(pl.lit(rule).is_in([CANDIDATE, AROUND])).then(own).otherwise(of_rule)


def _values(policy: Policy, rule: pl.Series, rows: LevelRows) -> pl.Series:
    """Return the values of the columns that the rule of each row reads, as JSON."""
    reads = {each.id: each.condition.columns for each in policy.requirements}
    reads |= {each.id: each.value.columns for each in policy.preferences}
    reads |= {AROUND: ("distance_km", "reach_km"), CANDIDATE: ()}
    values: Array = np.full(rule.len(), None)
    for name in rule.unique().drop_nulls():
        here = (rule == name).fill_null(value=False).to_numpy()
        some = rows.take(here)
        read = pl.DataFrame([column(some, each) for each in reads[name]])
        values[here] = (
            read.select(pl.struct(pl.all()).struct.json_encode()).to_series().to_list() if reads[name] else "{}"
        )
    return pl.Series(values.tolist(), dtype=pl.String)


def _sentences(judgement: Assessment, rows: pl.DataFrame, lang: Lang) -> Iterator[str]:
    policy = judgement.policy
    rules: dict[str, Requirement | Preference] = {rule.id: rule for rule in policy.requirements}
    rules |= {rule.id: rule for rule in policy.preferences}
    around = messages("prai_match.explain", "why_not", lang)["engine"]["around"]
    for rule, reason, candidate in zip(rows["rule"], rows["reason"], judgement, strict=True):
        if rule is None:
            yield ""
        elif rule == CANDIDATE:
            yield reason_sentence(reason, policy, lang)
        elif rule == AROUND:
            yield fill(around, candidate, policy.columns["trainer"], lang)
        else:
            yield sentence_of(rules[rule], candidate, lang)
