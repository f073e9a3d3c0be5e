"""Find the candidate asked about, evaluate the policy's rules on it, and say the verdict."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match import offers
from prai_match.errors import UnknownCodeError, nearest
from prai_match.explain._why import conditions, contributions, reason_sentence
from prai_match.explain._why_not._why_not import AROUND, AXIS, CANDIDATE, Finding, Gap, WhyNot, points
from prai_match.policy import STAGE_REASONS, STAGES, fill, reasons
from prai_match.text import LANGUAGES, current_language, day, messages, number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from prai_match.explain._why_not._why_not import Verdict
    from prai_match.model import Lang, ProgrammeData
    from prai_match.policy import Policy, Requirement, Stage
    from prai_match.recommend import Answers

_PLURAL: dict[Lang, float] = {"fr": 2.0, "en": 0.0}
"""From how many points on they are plural: with a decimal, English always has the plural."""

Row = dict[str, Any]
Numbers = tuple[int, int, int, int | None, int | None]

NUMBERS = ("t", "s", "x", "p", "r")
"""Columns of a candidate's numbers."""


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One territory on a day: all that its candidates are judged by.

    Attributes:
        programme: The programme.
        snapshot: The day.
        policy: The rules.
        furthest: Its sessions with their best or furthest relay and trainer (see `offers.furthest`).
        winner: What is recommended or, in a blackout, comes next (``s``, ``x``, ``p``, ``r``), in one row at most.
        reason: Code of the reason where nothing is recommended.
        names: Names of sessions, relays and trainers, by identifier.
    """

    programme: ProgrammeData
    snapshot: offers.Snapshot
    policy: Policy
    furthest: pl.DataFrame
    winner: pl.DataFrame
    reason: str | None
    names: Mapping[Lang, Mapping[str, str]]

    @classmethod
    def of(cls, answers: Answers, territory: str) -> Case:
        """Return the case of a territory that was answered for."""
        number = answers.number(territory)
        return cls(
            answers.programme,
            answers.snapshot,
            answers.policy,
            answers.furthest.filter(t=number),
            answers.best.filter(t=number),
            answers.reasons.get(number),
            answers.names,
        )


def why_not(  # noqa: PLR0913 - what is asked, by keyword
    case: Case,
    *,
    session: str | None,
    axis: str | None,
    partner: str | None,
    trainer: str | None,
    lang: Lang,
) -> WhyNot:
    """Explain why the candidate named is not what is recommended, or that it is."""
    current_language(lang)
    if session is None and partner is None and trainer is None:
        msg = "why_not needs a session, a partner or a trainer"
        raise ValueError(msg)
    numbers, own_axis = candidate(case, session=session, axis=axis, partner=partner, trainer=trainer)
    asked = pl.DataFrame([numbers], schema=dict.fromkeys(NUMBERS, pl.UInt32), orient="row")
    wide = offers.with_columns(case.snapshot, pl.concat([asked, case.winner.select(NUMBERS)]))
    frame, row = wide[0], wide.row(0, named=True)
    near = not case.snapshot.frames.reach.filter(pl.col("t") == row["t"], pl.col("r").eq_missing(row["r"])).is_empty()
    found = findings(case, row, own_axis, near=near, of_policy=partial(_of_policy, case.policy, frame, row))
    stage = next((finding.stage for finding in found if not (finding.holds or finding.postpones)), None)
    gaps = () if stage else _gaps(case.policy, frame, wide[1])
    wins = stage is None and wide["s", "x", "p", "r"][:1].equals(wide["s", "x", "p", "r"][1:])
    waits = not all(finding.holds for finding in found)
    verdict: Verdict = "refused" if stage else "postponed" if waits else "recommended" if wins else "outscored"
    score = None if stage else sum(gap.points for gap in gaps)
    winner_score = None if stage else sum(gap.winner_points for gap in gaps)
    sentence: str = stage or ("next" if waits and wins else verdict)
    if verdict == "outscored" and score == winner_score:
        sentence = "level"
    return WhyNot(
        territory=row["territory"],
        session=row["session"],
        axis=row["axis"],
        partner=row["partner"],
        trainer=row["trainer"],
        verdict=verdict,
        stage=stage,
        conditions=found,
        gaps=() if wins else gaps,
        score=score,
        winner_score=winner_score,
        lang=lang,
        title={each: _title(case, wide, sentence, (score, winner_score), each) for each in LANGUAGES},
    )


def candidate(
    case: Case, *, session: str | None, axis: str | None, partner: str | None, trainer: str | None
) -> tuple[Numbers, int]:
    """Return the numbers of the candidate asked about, and the axis that the engine gives its session."""
    frames, rows = case.snapshot.frames, case.furthest.select(*NUMBERS, "stage").rows()
    if session is not None or case.winner.height:
        s = case.winner["s"][0] if session is None else _number(frames.sessions, "session", session)
        chosen = next(row for row in rows if row[1] == s)
    else:
        # Nothing is recommended: the session that goes furthest, the first code among equals.
        chosen = max(rows, key=lambda row: STAGES.index(row[5]))
    t, s, x, p, r, _ = chosen
    asked = (
        t,
        s,
        x if axis is None else _number(frames.axes.filter(s=s), "axis", axis),
        p if partner is None else _number(frames.partners, "partner", partner),
        r if trainer is None else _number(frames.trainers, "trainer", trainer),
    )
    return asked, x


def _number(table: pl.DataFrame, column: str, code: str) -> int:
    """Return the number of a code: it stands in the first column of its table."""
    known = dict(zip(table[column], table.to_series(0), strict=True))
    if code not in known:
        raise UnknownCodeError(column, code, nearest(str(code), [name for name in known if name is not None]))
    return int(known[code])


def findings(
    case: Case, row: Row, own_axis: int, *, near: bool, of_policy: Callable[[Stage], Iterable[Finding]]
) -> tuple[Finding, ...]:
    """Return the conditions of the stages that a candidate comes to, then the engine's own where they are refuted.

    Args:
        case: The territory and the day.
        row: The candidate's columns.
        own_axis: The axis that the engine gives its session.
        near: Whether its trainer is around the territory.
        of_policy: The policy's own of a stage.
    """
    numbers = {"session": row["s"], "partner": row["p"], "trainer": row["r"]}
    found: list[Finding] = []
    for stage in STAGES:
        before = all(finding.holds or finding.postpones for finding in found)
        if numbers[stage] is None:
            found += [_no_candidate(stage)] if before else []
            continue
        found += of_policy(stage)
        if stage == "session" and row["x"] != own_axis:
            found.append(_other_axis(case, row, own_axis))
        if stage == "trainer" and not near:
            found.append(_too_far(case.policy, row))
    return tuple(found)


def ordered(policy: Policy, stage: Stage) -> list[Requirement]:
    """Return the requirements of one stage in the order of sifting, those that postpone last."""
    waiting = [rule for rule in policy.requirements if rule.stage == stage and rule.postpones]
    return [*offers.in_order(policy, stage), *waiting]


def _of_policy(policy: Policy, frame: pl.DataFrame, row: Row, stage: Stage) -> list[Finding]:
    """Return the policy's requirements of one stage, in their order."""
    said = {lang: {each.rule: each for each in conditions(row, frame, policy, lang, [stage])} for lang in LANGUAGES}
    return [
        Finding(
            rule=rule.id,
            stage=stage,
            state=said["fr"][rule.id].state,
            holds=said["fr"][rule.id].holds,
            postpones=rule.postpones,
            reason=rule.reason,
            wanted=rule.condition.sql,
            found={name: row[name] for name in rule.condition.columns},
            sentence={lang: said[lang][rule.id].sentence for lang in LANGUAGES},
        )
        for rule in ordered(policy, stage)
        if rule.id in said["fr"]
    ]


def _refuted(rule: str, stage: Stage, wanted: str, found: Mapping[str, Any], sentence: dict[Lang, str]) -> Finding:
    """Return a condition of the engine's own."""
    return Finding(
        rule, stage, "refuted", holds=False, postpones=False, reason=STAGE_REASONS[stage], wanted=wanted, found=found,
        sentence=sentence,
    )  # fmt: skip


def _no_candidate(stage: Stage) -> Finding:
    sentence = {lang: reasons(lang)[STAGE_REASONS[stage]] for lang in LANGUAGES}
    return _refuted(CANDIDATE, stage, f"{stage} IS NOT NULL", {}, sentence)


def _other_axis(case: Case, row: Row, own_axis: int) -> Finding:
    own = case.snapshot.frames.axes["axis"][own_axis]
    said = {lang: _words(lang)["engine"]["axis"].format(asked=_axis(case, row, own, lang)) for lang in LANGUAGES}
    return _refuted(AXIS, "session", "axis IS NULL" if own is None else f"axis = '{own}'", {"axis": row["axis"]}, said)


def _too_far(policy: Policy, row: Row) -> Finding:
    columns = policy.columns["trainer"]
    found = {name: row[name] for name in ("distance_km", "reach_km")}
    said = {lang: fill(_words(lang)["engine"]["around"], row, columns, lang) for lang in LANGUAGES}
    return _refuted(AROUND, "trainer", f"distance_km <= {offers.WIDER} * reach_km", found, said)


def _gaps(policy: Policy, frame: pl.DataFrame, winner: pl.DataFrame) -> tuple[Gap, ...]:
    """Return the preferences of a candidate beside the winner's, the greatest difference first."""
    sides = [
        {
            lang: {each.rule: each for each in contributions(side.row(0, named=True), side, policy, lang)}
            for lang in LANGUAGES
        }
        for side in (frame, winner)
    ]
    own, best = sides
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


def _axis(case: Case, row: Row, axis: str | None, lang: Lang) -> str:
    """Return the name of an axis of the candidate's session."""
    workshops = {workshop.id: workshop for workshop in case.programme.catalogue.workshops}
    if axis is None:
        return str(_words(lang)["parts"]["core"])
    return next(each.name.get(lang) for each in workshops[row["session"]].axes if each.id == axis)


def _candidate(case: Case, row: Row, lang: Lang) -> str:
    """Name a session and what goes with it."""
    parts, names = _words(lang)["parts"], case.names[lang]
    axis = "" if row["axis"] is None else parts["axis"].format(name=_axis(case, row, row["axis"], lang))
    others = (parts[kind].format(name=names[row[kind]]) for kind in ("partner", "trainer") if row[kind] is not None)
    return names[row["session"]] + axis + "".join(others)


def _title(case: Case, wide: pl.DataFrame, sentence: str, scores: tuple[float | None, float | None], lang: Lang) -> str:
    """Say the verdict, after the reason of a territory for which nothing can be done now."""
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
    said = "" if case.reason is None else reason_sentence(case.reason, case.policy, lang) + " "
    return said + str(words["verdicts"][sentence]).format_map(values)
