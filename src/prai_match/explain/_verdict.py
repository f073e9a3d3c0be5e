"""Find the candidate asked about, evaluate the policy's rules on it, and give the verdict."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import polars as pl

from prai_match import _arguments as given, offers, recommend
from prai_match.calendar import OpenDays, day_number
from prai_match.errors import ArgumentError
from prai_match.explain import _place, _why, _why_not
from prai_match.explain._contest import Contest, axis_name, place_of, title
from prai_match.model import Lang
from prai_match.policy import STAGE_REASONS, STAGES, Requirement, Stage, fill
from prai_match.text import LANGUAGES, both, current_language, day as day_text

Numbers = tuple[int, int, int, int, int, int | None, int | None]


def why_not(
    answers: recommend.Answers, territory: str, day: dt.date | None, *, lang: Lang, **request: str | None
) -> _why_not.WhyNot:
    current_language(lang)
    if all(request[name] is None for name in ("session", "host", "partner", "trainer")):
        raise ArgumentError.of("prai_match.explain", "no_candidate")
    t, policy, snapshot = answers.number(territory), answers.policy, answers.snapshot
    winner, here = answers.best.filter(t=t), answers.territories.filter(t=t)
    if day is None:
        case = Contest(answers, snapshot, answers.furthest.filter(t=t), winner, answers.reasons.get(t))
        numbers, own_axis = candidate(case, **request)
    else:
        snapshot, alone = offers.on_date(snapshot, day)
        case = Contest(answers, alone, offers.furthest(alone, policy, here), winner, answers.reasons.get(t), day)
        numbers, own_axis = candidate(case, **request)
        case = replace(case, snapshot=snapshot)
    own, won = pl.DataFrame([numbers], schema=_why_not.NUMBERS, orient="row"), winner.select(*_why_not.NUMBERS)
    same = own.equals(won)
    wins = same and day in {None, *winner["day"]}
    row = own if day is None else offers.on_days(snapshot, own.with_columns(date=day))
    (asked,), best = (
        [*offers.Assessment(policy, offers.candidates(at, rows, policy))]
        for at, rows in ((snapshot, row), (answers.snapshot, won))
    )
    of_kind = [rule for rule in policy.requirements if rule.kind in {None, asked["kind"], asked["form"]}]
    every = findings(case, asked, own_axis, of_kind)
    stage = next((finding.stage for finding in every if not finding.holds), None)
    verdict: _why_not.Verdict = "refused" if stage else "recommended" if wins else "outscored"
    score = None if stage else sum(asked.points(rule.id) for rule in policy.preferences)
    winner_score = None if stage or not best else sum(best[0].points(rule.id) for rule in policy.preferences)
    is_possible = all(finding.holds or finding.rule == _why_not.NEAREST for finding in every)
    sentence: str = "nearest" if stage and is_possible else stage or verdict
    if verdict == "outscored" and winner_score in {None, score}:
        sentence = "alone" if winner_score is None else "another_day" if same else "level"
    names: dict[str, Any] = {
        name: asked[name] for name in ("territory", "session", "axis", "host", "partner", "trainer")
    }
    held, b = snapshot.hosting.frames.held["id"], asked.number("b")
    return _why_not.WhyNot(
        **names,
        joins=None if b == offers.NONE else held[b],
        day=day,
        verdict=verdict,
        stage=stage,
        conditions=every,
        gaps=() if stage or wins else _gaps(asked, best),
        score=score,
        winner_score=winner_score,
        lang=lang,
        title=both(title, case, (asked, *best), sentence, (score, winner_score)),
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
        # Nothing is recommended: take the session that passes most stages; ties are broken by code.
        row = max(rows, key=lambda row: STAGES.index(row[-1]))
    t, s, x, h, b, *actors, _ = row
    if host is not None and (place := _number(case.snapshot.hosting.frames.territories, "territory", host)) != h:
        h, (b, *actors) = place, _there(case, t, s, place)
    p = actors[0] if partner is None else _number(frames.partners, "partner", partner)
    r = actors[1] if trainer is None else _number(frames.trainers, "trainer", trainer)
    b = b if [p, r] == actors else offers.NONE  # with other actors, it is another session
    return (t, s, x if axis is None else _number(frames.axes.filter(s=s), "axis", axis), h, b, p, r), x


def _there(case: Contest, t: int, s: int, h: int) -> tuple[int, int | None, int | None]:
    """Return the booked session that can be joined at ``h``, with its actors; if none, the best actors available."""
    day, policy = case.snapshot, case.answers.policy
    booked = day.hosting.frames.booked.rows
    able = offers.joins(day, policy, offers.sift(day, policy, pl.Series([t]), alone=True)).filter(s=s)["b"].to_list()
    if b := [b for b in able if booked["t"][b] == h]:
        p, r = (None if booked[of][b[0]] == offers.NONE else int(booked[of][b[0]]) for of in "pr")
        return b[0], p, r
    return offers.NONE, *offers.held_at(day, policy, t, s, h).select("p", "r").row(0)


def _number(table: pl.DataFrame, column: str, code: str) -> int:
    numbers = dict(zip(table[column], table.to_series(0), strict=True))
    return int(numbers[given.known_among(column, code, numbers.keys() - {None})])


def findings(
    case: Contest, asked: offers.AssessedOffer, own_axis: int, of_policy: Sequence[Requirement]
) -> tuple[_why_not.Finding, ...]:
    """Return the conditions of the stages that a candidate reaches, then the engine's own conditions that are refuted.

    Of the policy's requirements, ``of_policy`` are returned; for a territory's own place, only those on people or those
    that refuse it. The engine requires that the axis is the one it gives to the session, that the session can be
    offered to the host itself, that no nearer place is possible, and that the trainer is near.
    """
    policy = case.answers.policy
    may = case.snapshot.memo.once("obstacles", partial(_why_not.obstacles, policy), policy)
    every: list[_why_not.Finding] = []
    for stage, key in zip(STAGES, "shpr", strict=True):
        before = all(finding.holds for finding in every)
        if stage in {"partner", "trainer"} and asked["joins_booked"]:
            continue  # they are booked
        if asked.number(key) == offers.NONE:
            every += [_finding(may[_why_not.CANDIDATE, stage], asked)] if before else []
            continue
        rules = [rule for rule in offers.in_order(policy, stage) if rule in of_policy]
        own = [_finding(may[rule.id, stage], asked, rule) for rule in rules]
        told = stage != "place" or not asked["own_place"]
        every += [each for each in own if told or not each.holds or "people" in each.found]
        if stage == "session" and asked.number("x") != own_axis:
            every.append(_other_axis(case, asked, own_axis))
        if case.day is not None and not asked["joins_booked"]:
            every += _on_the_day(case, asked, stage, case.day)
        if stage == "place":
            every += (
                [] if asked["own_place"] or asked["joins_booked"] else _host(case, asked, may[_why_not.HOST, stage])
            )
            every += _nearest(case, asked, may[_why_not.NEAREST, stage])
        if stage == "trainer" and not asked.judgement.near[asked.place]:
            every.append(_finding(may[_why_not.AROUND, stage], asked))
    return tuple(every)


def _finding(each: _why_not.Obstacle, asked: offers.AssessedOffer, rule: Requirement | None = None) -> _why_not.Finding:
    """Return the finding of a rule on a candidate; without a rule, that of a refuted condition of the engine."""
    columns = asked.judgement.policy.columns[each.stage]
    return _why_not.Finding(
        *(each.rule, each.stage, "refuted" if rule is None else _why.state_of(asked.state(rule.id))),
        holds=rule is not None and asked.holds(rule.id),
        reason=each.reason,
        wanted=each.wanted,
        found=dict[str, Any]({name: asked[name] for name in each.reads}),
        sentence={lang: fill(each.sentence[lang], asked, columns, lang) for lang in LANGUAGES},
    )


def _refuted(  # noqa: PLR0913, PLR0917 - what a finding has
    asked: offers.AssessedOffer, rule: str, stage: Stage, reason: str, wanted: str, reads: str, said: Mapping[Lang, Any]
) -> _why_not.Finding:
    """Return the finding that a condition of the engine is refuted; ``said`` holds the values of its sentence."""
    key = rule.removeprefix("engine:")
    sentence = {lang: _why_not.words(lang)["engine"][key].format(**said[lang]) for lang in LANGUAGES}
    own = _why_not.Obstacle(rule, stage, reason, (reads,), dict.fromkeys(LANGUAGES, ""), wanted)
    return replace(_finding(own, asked), sentence=sentence)


def _on_the_day(case: Contest, asked: offers.AssessedOffer, stage: Stage, day: dt.date) -> list[_why_not.Finding]:
    """Return the conditions that refuse a day at a stage, if any."""
    on, host, lag = case.answers.on, str(asked["host"]), dt.timedelta(float(str(asked["lag_days"])))
    said = {lang: {"day": day_text(day, lang), "end": day_text(on + lag, lang)} for lang in LANGUAGES}
    if stage == "session" and day < on + lag:
        wanted = f"lag_days <= {(day - on).days}"
        return [_refuted(asked, _why_not.LAG, stage, "lag", wanted, "lag_days", said)]
    days = OpenDays(case.answers.programme, on)
    if stage == "place" and not days.open(day, host):
        closed = {lang: said[lang] | {"closed": str(days.why_closed(day, host, lang))} for lang in LANGUAGES}
        return [_refuted(asked, _why_not.DAY, stage, "no_open_day", "closed IS NULL", "host", closed)]
    if stage == "trainer" and days.open(day, host) and asked["day"] != day_number(day):
        wanted = f"day = '{day}'"
        return [_refuted(asked, _why_not.FREE, stage, STAGE_REASONS[stage], wanted, "trainer", said)]
    return []


def _other_axis(case: Contest, asked: offers.AssessedOffer, own_axis: int) -> _why_not.Finding:
    own = case.snapshot.frames.axes["axis"][own_axis]
    wanted = "axis IS NULL" if own is None else f"axis = '{own}'"
    said = {lang: {"asked": axis_name(case, asked, own, lang)} for lang in LANGUAGES}
    return _refuted(asked, _why_not.AXIS, "session", STAGE_REASONS["session"], wanted, "axis", said)


def _host(case: Contest, asked: offers.AssessedOffer, host: _why_not.Obstacle) -> list[_why_not.Finding]:
    """Return the first condition that refuses the session to the host itself, on the day asked about if any."""
    (t, s, h), policy = map(asked.number, "tsh"), case.answers.policy
    day = case.snapshot if case.day is None else offers.on_date(case.answers.snapshot, case.day)[1]
    day = (day if day.council is None else day.views[int(day.council[t])]).hosting
    own = offers.furthest(day, policy, pl.DataFrame({"t": [h]}, schema={"t": pl.UInt32}), alone=True).filter(s=s)
    if own["stage"][0] is None:
        return []
    (there,) = offers.Assessment(policy, offers.candidates(day, own.select(*_why_not.NUMBERS), policy))
    of_kind = [rule for rule in policy.requirements if rule.kind in {None, there["kind"], there["form"]}]
    every = findings(replace(case, snapshot=day, furthest=own, day=None), there, there.number("x"), of_kind)
    first = next(each for each in every if not each.holds)
    name = there["territory_name"]
    text = {lang: host.sentence[lang].format(host=name, sentence=first.told(lang)) for lang in LANGUAGES}
    return [replace(first, rule=_why_not.HOST, stage="place", reason=host.reason, sentence=text)]


def _nearest(case: Contest, asked: offers.AssessedOffer, nearest: _why_not.Obstacle) -> list[_why_not.Finding]:
    """Return the finding that the session is possible nearer, or can be joined where it is booked."""
    own = case.furthest.filter(s=asked.number("s"))
    if own["stage"][0] is not None or own["b"][0] == asked.number("b") != offers.NONE:
        return []
    policy = case.answers.policy
    (there,) = offers.Assessment(policy, offers.candidates(case.snapshot, own.select(*_why_not.NUMBERS), policy))
    near, far = ((float(str(each["host_km"])), each.number("h")) for each in (there, asked))
    joins_one = bool(there["joins_booked"])
    if near >= far and not joins_one:
        return []
    key = "engine:booked" if joins_one else _why_not.NEAREST
    said = {lang: {"place": place_of(case, there, lang) or _place.own_place(lang)} for lang in LANGUAGES}
    return [replace(_refuted(asked, key, "place", nearest.reason, nearest.wanted, "host", said), rule=_why_not.NEAREST)]


def _gaps(asked: offers.AssessedOffer, winners: Sequence[offers.AssessedOffer]) -> tuple[_why_not.Gap, ...]:
    gaps = (
        _why_not.Gap(
            *(rule.id, rule.stage, asked.points(rule.id), winner.points(rule.id)),
            *(both(_why.preference_sentence, rule, side) for side in (asked, winner)),
        )
        for winner in winners
        for rule in asked.judgement.policy.preferences
    )
    return tuple(sorted(gaps, key=lambda gap: (-abs(gap.difference), gap.rule)))
