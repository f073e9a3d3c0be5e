"""Find the candidate asked about, evaluate the policy's rules on it, and say the verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from prai_match import _arguments as given, offers
from prai_match.errors import ArgumentError
from prai_match.explain._why import by_rule, contributions, reason_sentence, sentence_of, state_of
from prai_match.explain._why_not._why_not import AROUND, AXIS, CANDIDATE, NUMBERS, Finding, Gap, Verdict, WhyNot, points
from prai_match.model import Lang
from prai_match.policy import STAGE_REASONS, STAGES, Policy, Requirement, Stage, fill, reasons
from prai_match.recommend import Answers
from prai_match.text import LANGUAGES, current_language, day, messages, number

_PLURAL: dict[Lang, float] = {"fr": 2.0, "en": 0.0}
"""From how many points on they are plural: with a decimal, English always has the plural."""

Row = dict[str, Any]
Numbers = tuple[int, int, int, int | None, int | None]


@dataclass(frozen=True, slots=True, eq=False)
class Contest:
    """One territory on a day, that of the answers or after moves: all that its candidates are judged by.

    The winner is what is recommended or, in a blackout, comes next (``s``, ``x``, ``p``, ``r``), in one row at most;
    where nothing is, there is the code of the reason.
    """

    answers: Answers
    snapshot: offers.Snapshot
    furthest: pl.DataFrame
    winner: pl.DataFrame
    reason: str | None = None

    @property
    def policy(self) -> Policy:
        return self.answers.policy


def why_not(answers: Answers, territory: str, *, lang: Lang, **request: str | None) -> WhyNot:
    current_language(lang)
    if all(request[name] is None for name in ("session", "partner", "trainer")):
        raise ArgumentError.of("prai_match.explain", "no_candidate")
    t = answers.number(territory)
    furthest, winner = answers.furthest.filter(t=t), answers.best.filter(t=t)
    case = Contest(answers, answers.snapshot, furthest, winner, answers.reasons.get(t))
    numbers, own_axis = candidate(case, **request)
    own = pl.DataFrame([numbers], schema=dict.fromkeys(NUMBERS, pl.UInt32), orient="row")
    wide = offers.with_columns(case.snapshot, pl.concat([own, case.winner.select(NUMBERS)]))
    frame, row = wide[0], wide.row(0, named=True)
    near = not case.snapshot.frames.reach.filter(pl.col("t") == row["t"], pl.col("r").eq_missing(row["r"])).is_empty()
    every = findings(case, row, own_axis, near=near, of_policy=_of_policy(case.policy, frame, row))
    stage = next((finding.stage for finding in every if not (finding.holds or finding.postpones)), None)
    gaps = () if stage else _gaps(case.policy, frame, wide[1])
    wins = stage is None and wide["s", "x", "p", "r"][:1].equals(wide["s", "x", "p", "r"][1:])
    waits = not all(finding.holds for finding in every)
    verdict: Verdict = "refused" if stage else "postponed" if waits else "recommended" if wins else "outscored"
    score = None if stage else sum(gap.points for gap in gaps)
    winner_score = None if stage else sum(gap.winner_points for gap in gaps)
    sentence: str = stage or ("next" if waits and wins else verdict)
    if verdict == "outscored" and score == winner_score:
        sentence = "level"
    return WhyNot(
        **{name: row[name] for name in ("territory", "session", "axis", "partner", "trainer")},
        verdict=verdict,
        stage=stage,
        conditions=every,
        gaps=() if wins else gaps,
        score=score,
        winner_score=winner_score,
        lang=lang,
        title={each: _title(case, wide, sentence, (score, winner_score), each) for each in LANGUAGES},
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
    """Return the number of a code: it stands in the first column of its table."""
    numbers = dict(zip(table[column], table.to_series(0), strict=True))
    return int(numbers[given.known_among(column, code, numbers.keys() - {None})])


def findings(
    case: Contest, row: Row, own_axis: int, *, near: bool, of_policy: Mapping[Stage, Iterable[Finding]]
) -> tuple[Finding, ...]:
    """Return the conditions of the stages that a candidate comes to, then the engine's own where they are refuted.

    Its axis is to be the one that the engine gives its session, its trainer near: around the territory.
    """
    numbers = {"session": row["s"], "partner": row["p"], "trainer": row["r"]}
    every: list[Finding] = []
    for stage in STAGES:
        before = all(finding.holds or finding.postpones for finding in every)
        if numbers[stage] is None:
            every += [_no_candidate(stage)] if before else []
            continue
        every += of_policy[stage]
        if stage == "session" and row["x"] != own_axis:
            every.append(_other_axis(case, row, own_axis))
        if stage == "trainer" and not near:
            every.append(_too_far(case.policy, row))
    return tuple(every)


def in_order(policy: Policy, stage: Stage) -> list[Requirement]:
    """Return the requirements of one stage in the order of sifting, those that postpone last."""
    postponing = [rule for rule in policy.requirements if rule.stage == stage and rule.postpones]
    return [*offers.in_order(policy, stage), *postponing]


def finding(rule: Requirement, row: Row, policy: Policy, value: bool | None, *, holds: bool) -> Finding:  # noqa: FBT001 - what the rule evaluates to
    return Finding(
        rule=rule.id,
        stage=rule.stage,
        state=state_of(value),
        holds=holds,
        postpones=rule.postpones,
        reason=rule.reason,
        wanted=rule.condition.sql,
        found={name: row[name] for name in rule.condition.columns},
        sentence={lang: sentence_of(rule, row, policy, lang) for lang in LANGUAGES},
    )


def _of_policy(policy: Policy, frame: pl.DataFrame, row: Row) -> dict[Stage, list[Finding]]:
    rules = [rule for rule in policy.requirements if rule.kind in {None, row["kind"], row["form"]}]
    (values,) = by_rule(frame, {rule.id: rule.state for rule in rules})
    (holds,) = by_rule(frame, {rule.id: rule.holds for rule in rules})
    return {
        stage: [
            finding(rule, row, policy, values[rule.id], holds=holds[rule.id])
            for rule in in_order(policy, stage)
            if rule.id in values
        ]
        for stage in STAGES
    }


def _own(rule: str, stage: Stage, wanted: str, values: Mapping[str, Any], sentence: dict[Lang, str]) -> Finding:
    return Finding(
        rule, stage, "refuted", holds=False, postpones=False, reason=STAGE_REASONS[stage], wanted=wanted, found=values,
        sentence=sentence,
    )  # fmt: skip


def _no_candidate(stage: Stage) -> Finding:
    sentence = {lang: reasons(lang)[STAGE_REASONS[stage]] for lang in LANGUAGES}
    return _own(CANDIDATE, stage, f"{stage} IS NOT NULL", {}, sentence)


def _other_axis(case: Contest, row: Row, own_axis: int) -> Finding:
    own = case.snapshot.frames.axes["axis"][own_axis]
    text = {lang: _words(lang)["engine"]["axis"].format(asked=_axis(case, row, own, lang)) for lang in LANGUAGES}
    return _own(AXIS, "session", "axis IS NULL" if own is None else f"axis = '{own}'", {"axis": row["axis"]}, text)


def _too_far(policy: Policy, row: Row) -> Finding:
    columns = policy.columns["trainer"]
    values = {name: row[name] for name in ("distance_km", "reach_km")}
    text = {lang: fill(_words(lang)["engine"]["around"], row, columns, lang) for lang in LANGUAGES}
    return _own(AROUND, "trainer", f"distance_km <= {offers.WIDER} * reach_km", values, text)


def _gaps(policy: Policy, frame: pl.DataFrame, winner: pl.DataFrame) -> tuple[Gap, ...]:
    own, best = (
        {
            lang: {each.rule: each for each in contributions(side.row(0, named=True), side, policy, lang)}
            for lang in LANGUAGES
        }
        for side in (frame, winner)
    )
    gaps = (
        Gap(
            rule=rule.id,
            stage=rule.stage,
            points=own["fr"][rule.id].points,
            winner_points=best["fr"][rule.id].points,
            sentence={lang: own[lang][rule.id].sentence for lang in LANGUAGES},
            winner_sentence={lang: best[lang][rule.id].sentence for lang in LANGUAGES},
        )
        for rule in policy.preferences
    )
    return tuple(sorted(gaps, key=lambda gap: (-abs(gap.difference), gap.rule)))


def _words(lang: Lang) -> dict[str, Any]:
    return messages("prai_match.explain", "why_not", lang)


def _axis(case: Contest, row: Row, axis: str | None, lang: Lang) -> str:
    if axis is None:
        return str(_words(lang)["parts"]["core"])
    (workshop,) = (each for each in case.answers.programme.catalogue.workshops if each.id == row["session"])
    return next(each.name.get(lang) for each in workshop.axes if each.id == axis)


def _candidate(case: Contest, row: Row, lang: Lang) -> str:
    parts, names = _words(lang)["parts"], case.answers.names[lang]
    axis = "" if row["axis"] is None else parts["axis"].format(name=_axis(case, row, row["axis"], lang))
    others = (parts[kind].format(name=names[row[kind]]) for kind in ("partner", "trainer") if row[kind] is not None)
    return names[row["session"]] + axis + "".join(others)


def _title(
    case: Contest, wide: pl.DataFrame, sentence: str, scores: tuple[float | None, float | None], lang: Lang
) -> str:
    words, row = _words(lang), wide.row(0, named=True)
    values = {"territory": row["territory_name"], "candidate": _candidate(case, row, lang)}
    score, winner_score = scores
    if score is not None and winner_score is not None:
        gap = winner_score - score
        point = words["parts"]["point" if abs(round(gap, 1)) < _PLURAL[lang] else "points"]
        values |= {
            "winner": _candidate(case, wide.row(1, named=True), lang),
            "score": number(score, 1, lang),
            "winner_score": number(winner_score, 1, lang),
            "gap": point.format(n=points(gap, lang)),
        }
    if sentence == "next":
        values["day"] = day(case.winner["day"][0], lang)
    reason = "" if case.reason is None else reason_sentence(case.reason, case.policy, lang) + " "
    return reason + str(words["verdicts"][sentence]).format_map(values)
