"""Why a candidate isn't recommended: its conditions and its preferences compared with the winner's."""

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal, NamedTuple

import numpy as np
import polars as pl

from prai_match._version import JSON_SCHEMA
from prai_match.explain._why import MARKS, State, as_told
from prai_match.model import Lang
from prai_match.offers import NONE, WIDER, Array, LevelRows, Snapshot, candidates, column, in_order
from prai_match.policy import GRID, STAGE_REASONS, STAGES, Policy, Preference, Requirement, Stage, fields, fill, reasons
from prai_match.text import LANGUAGES, Readable, Shown, current_language, messages, number

Verdict = Literal["recommended", "outscored", "refused"]
AXIS, AROUND, CANDIDATE = "engine:axis", "engine:around", "engine:candidate"  # conditions of the engine's own
HOST, NEAREST = "engine:host", "engine:nearest"
DAY, LAG, FREE = "engine:day", "engine:lag", "engine:free"
NUMBERS = {**dict.fromkeys("tsxh", pl.UInt32), "b": pl.Int64, **dict.fromkeys("pr", pl.UInt32)}  # of a candidate
_LEAST = 0.1  # points that show with one decimal
Value = float | bool | str | None
_Key = tuple[str, Stage]
words = partial(messages, "prai_match.explain", "why_not")


@dataclass(frozen=True, slots=True)
class Finding:
    """A requirement, its condition and the values found.

    Attributes:
        rule: Identifier of the rule. Eight are conditions of the engine: ``engine:candidate`` (there is one),
            ``engine:axis`` (the axis is the one that needs ask for), ``engine:host`` (the host itself can be offered
            the session), ``engine:nearest`` (no nearer place is possible) and ``engine:around`` (the trainer is not far
            beyond reach); if a day is asked about, also ``engine:lag`` (the lag is over), ``engine:day`` (the day is
            open where the session is held) and ``engine:free`` (the trainer is free). They are only listed if refuted.
        stage: The stage of the rule: what it judges.
        state: ``satisfied``, ``refuted`` or ``unknown``.
        holds: Whether the candidate passes; an unknown state passes only if the rule says so.
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
    reason: str
    wanted: str
    found: Mapping[str, Value] = field(hash=False)
    sentence: Mapping[Lang, str] = field(hash=False)

    def told(self, lang: Lang) -> str:
        """Return the sentence; of a condition of the policy that it is not met, where it isn't."""
        said, is_own = self.sentence[lang := current_language(lang)], self.rule.startswith("engine:")
        return said if is_own else as_told(self.state, said, lang, holds=self.holds)


@dataclass(frozen=True, slots=True)
class Gap:
    """A preference, and the points that it gave to the candidate and to the winner.

    Attributes:
        rule: Identifier of the rule.
        stage: The stage of the rule: what it judges.
        points: Points of the candidate.
        winner_points: Points of the winner.
        sentence: The rule's sentence with the candidate's values.
        winner_sentence: The rule's sentence with the winner's values.

    Example:
        >>> from prai_match import Programme
        >>> rec = Programme.example().recommend("2007-09-03")["200034064"]
        >>> why_not = rec.why_not(session="teleservices")
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
        """The winner's points minus the candidate's."""
        return self.winner_points - self.points


@dataclass(frozen=True, slots=True)
class WhyNot(Shown, Readable):
    """Why a candidate isn't recommended to a territory, or that it is.

    Attributes:
        territory: Identifier of the territory.
        session: Identifier of the candidate's session.
        axis: Identifier of its axis; None means the common core.
        host: Identifier of the territory where it is held.
        joins: Identifier of the booked session that it joins; None means a new session.
        partner: Identifier of its relay partner; None if it is refused before one is looked for, or none exists.
        trainer: Identifier of its trainer; None if it is refused before one is looked for, or none exists.
        day: The day asked about; None if none is.
        verdict: ``recommended``, ``outscored`` (possible, but another has more points, or its day is beyond the horizon
            while nothing is recommended within it) or ``refused``.
        stage: The stage that refuses the candidate: ``session``, ``place``, ``partner`` or ``trainer``.
        conditions: The requirements of the stages that the candidate reaches, in the order in which they are applied.
        gaps: If all conditions hold, each preference compared with the winner's, the greatest difference first; the
            differences add up to ``gap``.
        score: The candidate's score, if all conditions hold.
        winner_score: The score of the recommendation; None if there is none, or a condition doesn't hold.
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
    host: str
    joins: str | None
    partner: str | None
    trainer: str | None
    day: dt.date | None
    verdict: Verdict
    stage: Stage | None
    conditions: tuple[Finding, ...]
    gaps: tuple[Gap, ...]
    score: float | None
    winner_score: float | None
    lang: Lang
    title: Mapping[Lang, str] = field(hash=False)

    @property
    def possible(self) -> bool:
        """Whether it can be carried out: all conditions hold; ``engine:nearest`` isn't needed for that."""
        return all(finding.rule == NEAREST for finding in self.refuting)

    @property
    def refuting(self) -> tuple[Finding, ...]:
        """The conditions that don't hold."""
        return tuple(finding for finding in self.conditions if not finding.holds)

    @property
    def reason(self) -> str | None:
        """Code of the reason of the first condition that refuses the candidate; None if none does."""
        return self.refuting[0].reason if self.refuting else None

    @property
    def gap(self) -> float | None:
        """Points by which the winner is ahead."""
        return None if self.score is None or self.winner_score is None else self.winner_score - self.score

    def text(self, lang: Lang | None = None) -> str:
        """Return the verdict, differences and conditions as lines of text; None means the language asked for."""
        lang = current_language(lang or self.lang)
        gaps = [f"  {_signed(-gap.difference, lang):>6}  {_beside(gap, lang)}" for gap in self.gaps if gap.difference]
        conditions = sorted(self.conditions, key=lambda finding: finding.holds)
        states = [f"  {MARKS[finding.state]:>6}  {finding.told(lang)}" for finding in conditions]
        return "\n".join([self.title[lang], *gaps, *states])

    def to_json(self, lang: Lang | None = None) -> dict[str, Any]:
        """Return the result as JSON data (see ``docs/reference/schemas/why_not.json``); None as for `text`.

        Raises:
            UnknownCodeError: The language is neither ``fr`` nor ``en``.
        """
        lang = current_language(lang or self.lang)
        return {
            "schema": JSON_SCHEMA,
            "lang": lang,
            "title": self.title[lang],
            **_fields(self, "territory", "session", "axis", "host", "joins", "partner", "trainer"),
            "day": None if self.day is None else self.day.isoformat(),
            **_fields(self, "verdict", "stage", "reason", "score", "winner_score", "gap"),
            "conditions": [
                _fields(finding, "rule", "stage", "state", "holds", "reason")
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
        """Return one row per condition, then one per preference.

        Columns: ``rule``, ``stage``; for conditions ``state``, ``holds``, ``wanted`` (SQL), ``found`` (JSON); for
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
    return str(words(lang)["parts"]["beside"]).format(sentence=own, winner=winner)


def points(value: float, lang: Lang) -> str:
    """Write points with one decimal, or three if one would show 0."""
    return number(value, 1 if abs(value) >= _LEAST or not value else 3, lang)


def _signed(value: float, lang: Lang) -> str:
    return ("+" if value > 0 else "\N{MINUS SIGN}") + points(abs(value), lang)


class Obstacle(NamedTuple):
    """What refuses candidates or puts another ahead of them: a rule, or a condition of the engine."""

    rule: str
    stage: Stage
    reason: str
    reads: tuple[str, ...]
    sentence: Mapping[Lang, str]
    wanted: str

    def found(self, rows: LevelRows) -> pl.Series:
        """Return the values of the columns that the rule reads, as JSON."""
        if not self.reads:
            return pl.repeat("{}" if self.rule else None, rows.size, dtype=pl.String, eager=True)
        read = pl.DataFrame([column(rows, name) for name in self.reads])
        return read.select(pl.struct(pl.all()).struct.json_encode()).to_series()

    def told(self, rows: LevelRows, policy: Policy, lang: Lang) -> pl.Series:
        """Return the rule's sentence, filled in once for all candidates with the same values."""
        text, columns = self.sentence[lang], policy.columns[self.stage]
        if not (names := fields(text)):
            return pl.repeat(text, rows.size, eager=True)
        read = pl.DataFrame([column(rows, name) for name in names])
        each = read.unique()
        said = pl.Series(text, [fill(text, row, columns, lang) for row in each.iter_rows(named=True)])
        return read.join(each.with_columns(said), read.columns, "left", nulls_equal=True, maintain_order="left")[text]


def obstacles(policy: Policy) -> dict[_Key, Obstacle]:
    """Return obstacles by rule and stage: an empty one, preferences, requirements, and the engine's conditions."""
    km, most = ("distance_km", "reach_km"), f"distance_km <= {WIDER} * reach_km"
    around = {lang: words(lang)["engine"]["around"] for lang in LANGUAGES}
    every = [Obstacle("", "session", "", (), dict.fromkeys(LANGUAGES, ""), "")]
    rules: Sequence[Preference | Requirement] = (*policy.preferences, *policy.requirements)
    for rule in rules:
        reason, asks = ("", rule.value) if isinstance(rule, Preference) else (rule.reason, rule.condition)
        text = {lang: rule.sentence.get(lang) for lang in LANGUAGES}
        every.append(Obstacle(rule.id, rule.stage, reason, asks.columns, text, asks.sql))
    for stage, reason in STAGE_REASONS.items():
        text = {lang: reasons(lang)[reason] for lang in LANGUAGES}
        every.append(Obstacle(CANDIDATE, stage, reason, (), text, f"{stage} IS NOT NULL"))
        every.append(Obstacle(AROUND, stage, reason, km, around, most))
    for code, reads, wanted in ((HOST, (), ""), (NEAREST, ("host",), "host = nearest")):
        text = {lang: words(lang)["engine"][code.removeprefix("engine:")] for lang in LANGUAGES}
        every.append(Obstacle(code, "place", STAGE_REASONS["place"], reads, text, wanted))
    return {(each.rule, each.stage): each for each in every}


def losers(
    snapshot: Snapshot, policy: Policy, furthest: pl.DataFrame, winners: pl.DataFrame, lang: Lang | None
) -> pl.DataFrame:
    """Return one row per territory and session that isn't recommended (see `Recommendations.why_not`).

    ``winners`` are the recommendations by territory, as numbers; without ``lang`` there are no sentences.
    """
    cells, won = ((each["t"] * snapshot.width + each["s"]).to_numpy() for each in (furthest, winners))
    lost, own = furthest.filter(~np.isin(cells, won)), obstacles(policy)
    every = candidates(snapshot, pl.concat([lost.select(*NUMBERS), winners.select(*NUMBERS)]), policy)
    rows, best = every.take(slice(lost.height)), every.take(slice(lost.height, None))
    stops, gaps = _stops(policy, [*own], lost["stage"], rows, best)
    order, place = np.argsort(stops, kind="stable"), np.empty(rows.size, np.int64)
    place[order] = np.arange(rows.size)
    alike = np.split(order, np.cumsum(np.bincount(stops, minlength=len(own)))[:-1])
    parts = [(each, rows.take(some)) for each, some in zip(own.values(), alike, strict=True) if len(some)]

    def texts(told: Callable[[Obstacle, LevelRows], pl.Series]) -> pl.Series:
        nothing = pl.Series(dtype=pl.String)
        return pl.concat([nothing, *(told(each, part) for each, part in parts)], rechunk=True).gather(place)

    table = lost.select(
        *snapshot.frames.codes(lost),
        verdict=pl.when(pl.col("stage").is_null()).then(pl.lit("outscored")).otherwise(pl.lit("refused")),
        stage="stage",
        rule=pl.Series([rule or None for rule, _ in own]).gather(stops),
        reason=pl.Series([each.reason or None for each in own.values()]).gather(stops),
        found=texts(Obstacle.found),
        score="score",
        gap=pl.Series(gaps, nan_to_null=True),
    )
    if lang is None:
        return table
    return table.with_columns(sentence=texts(lambda each, part: each.told(part, policy, lang)))


def _stops(
    policy: Policy, keys: Sequence[_Key], stages: pl.Series, rows: LevelRows, winners: LevelRows
) -> tuple[Array, Array]:
    """Return the position of each candidate's obstacle and, for those that pass, the lead of the winner."""
    stops, gaps = np.zeros(rows.size, np.uint16), np.full(rows.size, np.nan)
    places = {key: place for place, key in enumerate(keys)}
    passing = stages.is_null().arg_true().to_numpy()
    gaps[passing], stops[passing] = _ahead(policy.preferences, rows.take(passing), winners)
    for stage, key in zip(STAGES, "shpr", strict=True):
        here = stages.eq_missing(stage).arg_true().to_numpy()
        some = rows.take(here)
        stops[here] = places[AROUND, stage]
        for rule in reversed(in_order(policy, stage)):
            stops[here[~np.broadcast_to(rule.holds(some), some.size)]] = places[rule.id, rule.stage]
        stops[here[some.number(key) == NONE]] = places[CANDIDATE, stage]
    return stops, gaps


def _ahead(rules: Sequence[Preference], rows: LevelRows, winners: LevelRows) -> tuple[Array, Array]:
    """Return the winners' lead over candidates that pass, and the rule, counted from 1, that explains most of it.

    Every territory with a candidate that passes has a winner.
    """
    t, winner = rows.number("t"), np.zeros(rows.day.frames.territories.height, np.int64)
    winners = winners.take(np.isin(winners.number("t"), t))
    winner[winners.number("t")] = np.arange(winners.size)
    winner = winner[t]
    total, most, made_by = np.zeros(rows.size, np.int64), np.full(rows.size, -(2**62)), np.zeros(rows.size, np.int64)
    for place, rule in enumerate(rules, 1):
        ahead = np.broadcast_to(rule.units(winners), winners.size)[winner] - rule.units(rows)
        total += ahead
        made_by[ahead > most] = place
        np.maximum(most, ahead, out=most)
    return total / GRID, made_by
