"""Find the candidate asked about, evaluate the policy's rules on it, and say the verdict."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import polars as pl

from prai_match import _arguments as given, recommend
from prai_match.errors import ArgumentError
from prai_match.explain import _place, _why, _why_not
from prai_match.model import Lang
from prai_match.offers import NONE, AssessedOffer, Assessment, Snapshot, candidates, furthest, held_at, in_order
from prai_match.policy import STAGE_REASONS, STAGES, Requirement, fill
from prai_match.text import LANGUAGES, both, current_language, number

# From how many points on they are plural: with a decimal, English always has the plural.
_PLURAL: dict[Lang, float] = {"fr": 2.0, "en": 0.0}
Numbers = tuple[int, int, int, int, int, int | None, int | None]


@dataclass(frozen=True, slots=True, eq=False)
class Contest:
    """One territory on a day, that of the answers or after moves: all that its candidates are judged by.

    The winner is what is recommended (``s``, ``x``, ``h``, ``b``, ``p``, ``r``), in one row at most; where nothing is,
    there is the code of the reason.
    """

    answers: recommend.Answers
    snapshot: Snapshot
    furthest: pl.DataFrame
    winner: pl.DataFrame
    reason: str | None = None


def why_not(answers: recommend.Answers, territory: str, *, lang: Lang, **request: str | None) -> _why_not.WhyNot:
    current_language(lang)
    if all(request[name] is None for name in ("session", "host", "partner", "trainer")):
        raise ArgumentError.of("prai_match.explain", "no_candidate")
    t = answers.number(territory)
    own, winner = answers.furthest.filter(t=t), answers.best.filter(t=t)
    case = Contest(answers, answers.snapshot, own, winner, answers.reasons.get(t))
    numbers, own_axis = candidate(case, **request)
    own = pl.DataFrame([numbers], schema=_why_not.NUMBERS, orient="row")
    rows = pl.concat([own, case.winner.select(*_why_not.NUMBERS)])
    asked, *best = Assessment(answers.policy, candidates(case.snapshot, rows, answers.policy))
    of_kind = [rule for rule in answers.policy.requirements if rule.kind in {None, asked["kind"], asked["form"]}]
    every = findings(case, asked, own_axis, of_kind)
    stage = next((finding.stage for finding in every if not finding.holds), None)
    gaps = () if stage else _gaps(asked, best[0])
    wins = stage is None and rows[:1].equals(rows[1:])
    verdict: _why_not.Verdict = "refused" if stage else "recommended" if wins else "outscored"
    score = None if stage else sum(gap.points for gap in gaps)
    winner_score = None if stage else sum(gap.winner_points for gap in gaps)
    sentence: str = stage or verdict
    if verdict == "outscored" and score == winner_score:
        sentence = "level"
    names: dict[str, Any] = {
        name: asked[name] for name in ("territory", "session", "axis", "host", "partner", "trainer")
    }
    return _why_not.WhyNot(
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


def candidate(  # noqa: PLR0913 - what is asked, by keyword
    case: Contest,
    *,
    session: str | None,
    axis: str | None,
    partner: str | None,
    trainer: str | None,
    host: str | None = None,
) -> tuple[Numbers, int]:
    """Return the numbers of the candidate asked about, and the axis that the engine gives its session."""
    frames, rows = case.snapshot.frames, case.furthest.select(*_why_not.NUMBERS, "stage").rows()
    if session is not None or case.winner.height:
        s = case.winner["s"][0] if session is None else _number(frames.sessions, "session", session)
        row = next(row for row in rows if row[1] == s)
    else:
        # Nothing is recommended: the session that goes furthest, the first code among equals.
        row = max(rows, key=lambda row: STAGES.index(row[-1]))
    t, s, x, h, b, *others, _ = row
    actors = tuple(others)
    if host is not None:
        place = _number(case.snapshot.hosting.frames.territories, "territory", host)
        if place != h:
            h, b = place, NONE
            actors = held_at(case.snapshot, case.answers.policy, t, s, place).select("p", "r").row(0)
    p = actors[0] if partner is None else _number(frames.partners, "partner", partner)
    r = actors[1] if trainer is None else _number(frames.trainers, "trainer", trainer)
    joins = b if (p, r) == actors else NONE  # with somebody else it is another session
    return (t, s, x if axis is None else _number(frames.axes.filter(s=s), "axis", axis), h, joins, p, r), x


def _number(table: pl.DataFrame, column: str, code: str) -> int:
    numbers = dict(zip(table[column], table.to_series(0), strict=True))
    return int(numbers[given.known_among(column, code, numbers.keys() - {None})])


def findings(
    case: Contest, asked: AssessedOffer, own_axis: int, of_policy: Sequence[Requirement]
) -> tuple[_why_not.Finding, ...]:
    """Return the conditions of the stages that a candidate comes to, then the engine's own where they are refuted.

    Of the policy's requirements, those given; of a territory's own place, those on people or that refuse it. Its axis
    is to be the one that the engine gives its session, its host one that is offered the session itself, and no nearer
    place possible, its trainer one around.
    """
    policy = case.answers.policy
    may = case.snapshot.memo.once("obstacles", partial(_why_not.obstacles, policy), policy)
    every: list[_why_not.Finding] = []
    for stage, key in zip(STAGES, "shpr", strict=True):
        before = all(finding.holds for finding in every)
        if stage in {"partner", "trainer"} and asked["joins_booked"]:
            continue  # they are booked
        if asked.number(key) == NONE:
            every += [_finding(may[_why_not.CANDIDATE, stage], asked)] if before else []
            continue
        rules = [rule for rule in in_order(policy, stage) if rule in of_policy]
        own = [_finding(may[rule.id, stage], asked, rule) for rule in rules]
        told = stage != "place" or not asked["own_place"]
        every += [each for each in own if told or not each.holds or "people" in each.found]
        if stage == "session" and asked.number("x") != own_axis:
            every.append(_other_axis(case, asked, own_axis))
        if stage == "place":
            every += (
                [] if asked["own_place"] or asked["joins_booked"] else _host(case, asked, may[_why_not.HOST, stage])
            )
            every += _nearest(case, asked, may[_why_not.NEAREST, stage])
        if stage == "trainer" and not asked.judgement.near[asked.place]:
            every.append(_finding(may[_why_not.AROUND, stage], asked))
    return tuple(every)


def _finding(each: _why_not.Obstacle, asked: AssessedOffer, rule: Requirement | None = None) -> _why_not.Finding:
    """Return what was found of a candidate by a rule; without one, by the engine's own, which is refuted."""
    columns = asked.judgement.policy.columns[each.stage]
    return _why_not.Finding(
        *(each.rule, each.stage, "refuted" if rule is None else _why.state_of(asked.state(rule.id))),
        holds=rule is not None and asked.holds(rule.id),
        reason=each.reason,
        wanted=each.wanted,
        found=dict[str, Any]({name: asked[name] for name in each.reads}),
        sentence={lang: fill(each.sentence[lang], asked, columns, lang) for lang in LANGUAGES},
    )


def _other_axis(case: Contest, asked: AssessedOffer, own_axis: int) -> _why_not.Finding:
    own = case.snapshot.frames.axes["axis"][own_axis]
    wanted = "axis IS NULL" if own is None else f"axis = '{own}'"
    text = {
        lang: _why_not.words(lang)["engine"]["axis"].format(asked=_axis(case, asked, own, lang)) for lang in LANGUAGES
    }
    axis = _why_not.Obstacle(
        _why_not.AXIS, "session", STAGE_REASONS["session"], ("axis",), dict.fromkeys(LANGUAGES, ""), wanted
    )
    return replace(_finding(axis, asked), sentence=text)


def _host(case: Contest, asked: AssessedOffer, host: _why_not.Obstacle) -> list[_why_not.Finding]:
    """Return the first condition that keeps a host from the session itself, if there is one."""
    (t, s, h), policy, council = map(asked.number, "tsh"), case.answers.policy, case.snapshot.council
    day = (case.snapshot if council is None else case.snapshot.views[int(council[t])]).hosting
    own = furthest(day, policy, pl.DataFrame({"t": [h]}, schema={"t": pl.UInt32}), alone=True).filter(s=s)
    if own["stage"][0] is None:
        return []
    (there,) = Assessment(policy, candidates(day, own.select(*_why_not.NUMBERS), policy))
    of_kind = [rule for rule in policy.requirements if rule.kind in {None, there["kind"], there["form"]}]
    every = findings(replace(case, snapshot=day, furthest=own), there, there.number("x"), of_kind)
    first = next(each for each in every if not each.holds)
    name = {"host": str(there["territory_name"])}
    text = {lang: host.sentence[lang].format(**name, sentence=first.sentence[lang]) for lang in LANGUAGES}
    return [replace(first, rule=_why_not.HOST, stage="place", reason=host.reason, sentence=text)]


def _nearest(case: Contest, asked: AssessedOffer, nearest: _why_not.Obstacle) -> list[_why_not.Finding]:
    """Return that the session is possible at a place that is nearer, or can be joined where it is booked."""
    own = case.furthest.filter(s=asked.number("s"))
    if own["stage"][0] is not None or own["b"][0] == asked.number("b") != NONE:
        return []
    policy = case.answers.policy
    (there,) = Assessment(policy, candidates(case.snapshot, own.select(*_why_not.NUMBERS), policy))
    near, far = ((float(str(each["host_km"])), each.number("h")) for each in (there, asked))
    joins = bool(there["joins_booked"])
    if near >= far and not joins:
        return []
    text = {
        lang: (_why_not.words(lang)["engine"]["booked"] if joins else nearest.sentence[lang]).format(
            place=_at(case, there, lang) or _place.own_place(lang)
        )
        for lang in LANGUAGES
    }
    return [replace(_finding(nearest._replace(sentence=dict.fromkeys(LANGUAGES, "")), asked), sentence=text)]


def _at(case: Contest, row: AssessedOffer, lang: Lang) -> str:
    """Say where a candidate is held; empty: at the territory's own place."""
    names = case.answers.names[lang]
    if row["own_place"]:
        return ""
    there, b = _place.away(names[str(row["host"])], float(str(row["host_km"])), lang), row.number("b")
    held = case.snapshot.hosting.frames.held["id"]
    return there if b == NONE else _place.booked(case.answers, there, held[b], lang)


def _gaps(asked: AssessedOffer, winner: AssessedOffer) -> tuple[_why_not.Gap, ...]:
    gaps = (
        _why_not.Gap(
            *(rule.id, rule.stage, asked.points(rule.id), winner.points(rule.id)),
            *(both(_why.preference_sentence, rule, side) for side in (asked, winner)),
        )
        for rule in asked.judgement.policy.preferences
    )
    return tuple(sorted(gaps, key=lambda gap: (-abs(gap.difference), gap.rule)))


def _axis(case: Contest, row: AssessedOffer, axis: str | None, lang: Lang) -> str:
    if axis is None:
        return str(_why_not.words(lang)["parts"]["core"])
    (workshop,) = (each for each in case.answers.programme.catalogue.workshops if each.id == row["session"])
    return next(each.name.get(lang) for each in workshop.axes if each.id == axis)


def _candidate(case: Contest, row: AssessedOffer, lang: Lang) -> str:
    parts, names = _why_not.words(lang)["parts"], case.answers.names[lang]
    own = row["axis"]
    axis = "" if own is None else parts["axis"].format(name=_axis(case, row, str(own), lang))
    others = (
        parts[kind].format(name=names[str(row[kind])]) for kind in ("partner", "trainer") if row[kind] is not None
    )
    return names[str(row["session"])] + axis + _why.held_at(_at(case, row, lang), lang) + "".join(others)


def _title(
    case: Contest, offers: Sequence[AssessedOffer], sentence: str, scores: tuple[float | None, float | None], lang: Lang
) -> str:
    """Say the verdict on the first of ``offers``; the second is the winner, if there is one."""
    texts, asked = _why_not.words(lang), offers[0]
    values = {"territory": asked["territory_name"], "candidate": _candidate(case, asked, lang)}
    score, winner_score = scores
    if score is not None and winner_score is not None:
        gap = winner_score - score
        point = texts["parts"]["point" if abs(round(gap, 1)) < _PLURAL[lang] else "points"]
        values |= {
            "winner": _candidate(case, offers[1], lang),
            "score": number(score, 1, lang),
            "winner_score": number(winner_score, 1, lang),
            "gap": point.format(n=_why_not.points(gap, lang)),
        }
    reason = "" if case.reason is None else _why.reason_sentence(case.reason, case.answers.policy, lang) + " "
    return reason + str(texts["verdicts"][sentence]).format_map(values)
