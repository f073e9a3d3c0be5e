"""Find the candidate asked about, evaluate the policy's rules on it, and say the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import polars as pl

from prai_match import _arguments as given, recommend
from prai_match.errors import ArgumentError
from prai_match.explain import _why, _why_not
from prai_match.explain._why_not import AROUND, AXIS, CANDIDATE, NUMBERS, Finding, Gap, Obstacle, WhyNot, points, words
from prai_match.model import Lang
from prai_match.offers import NONE, AssessedOffer, Assessment, Snapshot, candidates, in_order
from prai_match.policy import STAGE_REASONS, STAGES, Requirement, fill
from prai_match.text import LANGUAGES, both, current_language, number

# From how many points on they are plural: with a decimal, English always has the plural.
_PLURAL: dict[Lang, float] = {"fr": 2.0, "en": 0.0}
Numbers = tuple[int, int, int, int | None, int | None]


@dataclass(frozen=True, slots=True, eq=False)
class Contest:
    """One territory on a day, that of the answers or after moves: all that its candidates are judged by.

    The winner is what is recommended (``s``, ``x``, ``p``, ``r``), in one row at most; where nothing is, there is the
    code of the reason.
    """

    answers: recommend.Answers
    snapshot: Snapshot
    furthest: pl.DataFrame
    winner: pl.DataFrame
    reason: str | None = None


def why_not(answers: recommend.Answers, territory: str, *, lang: Lang, **request: str | None) -> WhyNot:
    current_language(lang)
    if all(request[name] is None for name in ("session", "partner", "trainer")):
        raise ArgumentError.of("prai_match.explain", "no_candidate")
    t = answers.number(territory)
    furthest, winner = answers.furthest.filter(t=t), answers.best.filter(t=t)
    case = Contest(answers, answers.snapshot, furthest, winner, answers.reasons.get(t))
    numbers, own_axis = candidate(case, **request)
    own = pl.DataFrame([numbers], schema=dict.fromkeys(NUMBERS, pl.UInt32), orient="row")
    rows = pl.concat([own, case.winner.select(NUMBERS)])
    asked, *best = Assessment(answers.policy, candidates(case.snapshot, rows))
    of_kind = [rule for rule in answers.policy.requirements if rule.kind in {None, asked["kind"], asked["form"]}]
    every = findings(case, asked, own_axis, of_kind)
    stage = next((finding.stage for finding in every if not finding.holds), None)
    gaps = () if stage else _gaps(asked, best[0])
    wins = stage is None and rows["s", "x", "p", "r"][:1].equals(rows["s", "x", "p", "r"][1:])
    verdict: _why_not.Verdict = "refused" if stage else "recommended" if wins else "outscored"
    score = None if stage else sum(gap.points for gap in gaps)
    winner_score = None if stage else sum(gap.winner_points for gap in gaps)
    sentence: str = stage or verdict
    if verdict == "outscored" and score == winner_score:
        sentence = "level"
    names: dict[str, Any] = {name: asked[name] for name in ("territory", "session", "axis", "partner", "trainer")}
    return WhyNot(
        **names,
        verdict=verdict,
        stage=stage,
        conditions=every,
        gaps=() if wins else gaps,
        score=score,
        winner_score=winner_score,
        lang=lang,
        title=both(_title, case, (asked, *best), sentence, (score, winner_score)),
    )


def candidate(
    case: Contest, *, session: str | None, axis: str | None, partner: str | None, trainer: str | None
) -> tuple[Numbers, int]:
    """Return the numbers of the candidate asked about, and the axis that the engine gives its session."""
    frames, rows = case.snapshot.frames, case.furthest.select(*NUMBERS, "stage").rows()
    if session is not None or case.winner.height:
        s = case.winner["s"][0] if session is None else _number(frames.sessions, "session", session)
        row = next(row for row in rows if row[1] == s)
    else:
        # Nothing is recommended: the session that goes furthest, the first code among equals.
        row = max(rows, key=lambda row: STAGES.index(row[5]))
    t, s, x, p, r, _ = row
    numbers = (
        t,
        s,
        x if axis is None else _number(frames.axes.filter(s=s), "axis", axis),
        p if partner is None else _number(frames.partners, "partner", partner),
        r if trainer is None else _number(frames.trainers, "trainer", trainer),
    )
    return numbers, x


def _number(table: pl.DataFrame, column: str, code: str) -> int:
    numbers = dict(zip(table[column], table.to_series(0), strict=True))
    return int(numbers[given.known_among(column, code, numbers.keys() - {None})])


def findings(
    case: Contest, asked: AssessedOffer, own_axis: int, of_policy: Sequence[Requirement]
) -> tuple[Finding, ...]:
    """Return the conditions of the stages that a candidate comes to, then the engine's own where they are refuted.

    Of the policy's requirements, those given. Its axis is to be the one that the engine gives its session, its trainer
    one around the territory.
    """
    policy = case.answers.policy
    may = case.snapshot.memo.once("obstacles", partial(_why_not.obstacles, policy), policy)
    every: list[Finding] = []
    for stage, key in zip(STAGES, "spr", strict=True):
        before = all(finding.holds for finding in every)
        if asked.number(key) == NONE:
            every += [_finding(may[CANDIDATE, stage], asked)] if before else []
            continue
        rules = [rule for rule in in_order(policy, stage) if rule in of_policy]
        every += [_finding(may[rule.id, stage], asked, rule) for rule in rules]
        if stage == "session" and asked.number("x") != own_axis:
            every.append(_other_axis(case, asked, own_axis))
        if stage == "trainer" and not asked.judgement.near[asked.place]:
            every.append(_finding(may[AROUND, stage], asked))
    return tuple(every)


def _finding(each: Obstacle, asked: AssessedOffer, rule: Requirement | None = None) -> Finding:
    """Return what was found of a candidate by a rule; without one, by the engine's own, which is refuted."""
    columns = asked.judgement.policy.columns[each.stage]
    return Finding(
        *(each.rule, each.stage, "refuted" if rule is None else _why.state_of(asked.state(rule.id))),
        holds=rule is not None and asked.holds(rule.id),
        reason=each.reason,
        wanted=each.wanted,
        found=dict[str, Any]({name: asked[name] for name in each.reads}),
        sentence={lang: fill(each.sentence[lang], asked, columns, lang) for lang in LANGUAGES},
    )


def _other_axis(case: Contest, asked: AssessedOffer, own_axis: int) -> Finding:
    own = case.snapshot.frames.axes["axis"][own_axis]
    wanted = "axis IS NULL" if own is None else f"axis = '{own}'"
    text = {lang: words(lang)["engine"]["axis"].format(asked=_axis(case, asked, own, lang)) for lang in LANGUAGES}
    axis = Obstacle(AXIS, "session", STAGE_REASONS["session"], ("axis",), dict.fromkeys(LANGUAGES, ""), wanted)
    return replace(_finding(axis, asked), sentence=text)


def _gaps(asked: AssessedOffer, winner: AssessedOffer) -> tuple[Gap, ...]:
    gaps = (
        Gap(
            *(rule.id, rule.stage, asked.points(rule.id), winner.points(rule.id)),
            *(both(_why.preference_sentence, rule, side) for side in (asked, winner)),
        )
        for rule in asked.judgement.policy.preferences
    )
    return tuple(sorted(gaps, key=lambda gap: (-abs(gap.difference), gap.rule)))


def _axis(case: Contest, row: AssessedOffer, axis: str | None, lang: Lang) -> str:
    if axis is None:
        return str(words(lang)["parts"]["core"])
    (workshop,) = (each for each in case.answers.programme.catalogue.workshops if each.id == row["session"])
    return next(each.name.get(lang) for each in workshop.axes if each.id == axis)


def _candidate(case: Contest, row: AssessedOffer, lang: Lang) -> str:
    parts, names = words(lang)["parts"], case.answers.names[lang]
    own = row["axis"]
    axis = "" if own is None else parts["axis"].format(name=_axis(case, row, str(own), lang))
    others = (
        parts[kind].format(name=names[str(row[kind])]) for kind in ("partner", "trainer") if row[kind] is not None
    )
    return names[str(row["session"])] + axis + "".join(others)


def _title(
    case: Contest, offers: Sequence[AssessedOffer], sentence: str, scores: tuple[float | None, float | None], lang: Lang
) -> str:
    """Say the verdict on the first of ``offers``; the second is the winner, if there is one."""
    texts, asked = words(lang), offers[0]
    values = {"territory": asked["territory_name"], "candidate": _candidate(case, asked, lang)}
    score, winner_score = scores
    if score is not None and winner_score is not None:
        gap = winner_score - score
        point = texts["parts"]["point" if abs(round(gap, 1)) < _PLURAL[lang] else "points"]
        values |= {
            "winner": _candidate(case, offers[1], lang),
            "score": number(score, 1, lang),
            "winner_score": number(winner_score, 1, lang),
            "gap": point.format(n=points(gap, lang)),
        }
    reason = "" if case.reason is None else _why.reason_sentence(case.reason, case.answers.policy, lang) + " "
    return reason + str(texts["verdicts"][sentence]).format_map(values)
