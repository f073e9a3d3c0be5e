"""Moves that could settle a candidate's refuted conditions or raise its score; the engine checks if they do."""

import datetime as dt
import math
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from prai_match.explain._what_it_takes import _others
from prai_match.explain._what_it_takes._result import Move, MoveKind, people_text
from prai_match.explain._what_it_takes._situation import (
    ATTEND,
    CONFIRM,
    FEW,
    HOST,
    NEED,
    RELAY,
    RENEWED,
    TRAINER,
    WAIT,
    Situation,
    Values,
    made,
)
from prai_match.model import NeedEvent
from prai_match.text import both, day

_BUFFETS, _MANY = 3, 500


def moves(case: Situation) -> Iterator[Move]:
    """Propose moves; among those that settle the same condition, the one that asks for least comes first."""
    values = {name: value for each in case.standing.refuting for name, value in each.found.items()}
    columns, renewal = case.columns, case.material.renewal
    every = (
        (NEED | CONFIRM, _confirmed(case)),
        (NEED, _needs(case, values)),
        (columns, _withdrawn(case)),
        (ATTEND, _buffets(case)),
        (TRAINER, _axes(case)),
        (HOST, _others.hosts(case, values)),
        (RELAY, _others.relays(case, values)),
        (WAIT if renewal is None else WAIT | RENEWED, _wait(case, values)),
        (TRAINER, _others.trainers(case, values)),
    )
    for changed, moves in every:
        yield from (move for move in moves if move.kind not in case.never) if columns & changed else ()


def held(case: Situation) -> frozenset[str]:
    """The columns that holding a session first can change; empty if it can't help or isn't allowed."""
    return frozenset() if "hold" in case.never or ATTEND.isdisjoint(case.columns) else ATTEND


def visit(case: Situation, kind: MoveKind, session: str) -> Move:
    """Return the move that attends a session, or that holds the recommended one first."""
    code, _, texts = _member(case, session)
    row = {"collectivity": code, "session": session, "date": case.material.answers.on, "elected": 1}
    return made(kind, ATTEND, texts, {"with_attendances": [{**row, "technicians": 1}]}, f"attend {session}")


def _member(case: Situation, session: str) -> tuple[str, int, Values]:
    """Return who would attend: a collectivity, the number of people already counted for it, and its texts."""
    collectivities = case.material.collectivities
    most = case.material.people(case.territory, session)
    code = min(most, key=lambda each: (most[each], -(collectivities[each].population or 0), each))
    return code, most[code], case.common(session) | {"collectivity": collectivities[code].name}


def _confirmed(case: Situation) -> Iterator[Move]:
    """Have the council confirm the strongest need that no longer counts, for the session or what it leads to."""
    sessions = {case.standing.session}
    if case.material.sessions[case.standing.session].form == "buffet":
        sessions = {target for source, target in case.material.follow_ups if source == case.standing.session}
    # Open needs will have to be confirmed by the next council.
    states = {"to_confirm", "met", "lapsed"} | ({"open"} if case.material.renewal else set())
    return _of_need(case, "confirmed", "confirm", sessions, states)


def _withdrawn(case: Situation) -> Iterator[Move]:
    """Withdraw the strongest need for the session that ranks first instead."""
    return _of_need(case, "withdrawn", "withdraw", {case.standing.beaten or ""} - {case.standing.session}, {"open"})


def _of_need(case: Situation, event: NeedEvent, kind: MoveKind, sessions: set[str], states: set[str]) -> Iterator[Move]:
    """Decide on the strongest need for some sessions in some states."""
    needs = (each for each in case.material.needs(case.territory.id) if each[1] in sessions and each[2] in states)
    for code, session, *_ in islice(needs, 1):
        texts = {"session": case.material.names(session), "collectivity": case.material.collectivities[code].name}
        row = {"date": case.material.answers.on, "event": event, "who": "territory", "collectivity": code}
        yield made(kind, NEED | CONFIRM, texts, {"with_decisions": [{**row, "session": session}]})


def _needs(case: Situation, values: Mapping[str, Any]) -> Iterator[Move]:
    """Express the need: for a few people, then for enough to hold the session, then for all seats."""
    workshop, axis = case.standing.session, case.standing.axis
    catalogue, snapshot = case.material.sessions, case.material.answers.snapshot
    if catalogue[workshop].form == "buffet":
        steps = snapshot.follow_ups.next_sessions([workshop])
        if not (following := [step.session for step in steps if catalogue[step.session].form == "workshop"]):
            return
        workshop, axis = following[0], None
    code, already, texts = _member(case, workshop)
    missing = [0.0, float(catalogue[workshop].max_seats)]
    if values.get("people") is not None:
        missing.append(max(0.0, catalogue[workshop].min_seats - values["people"]))
    for people in sorted({min(_MANY, max(FEW, already + math.ceil(each))) for each in missing}):
        need = {"collectivity": code, "date": snapshot.on, "workshop": workshop, "axis": axis, "people": people}
        yield made("need", NEED, texts | {"people": both(people_text, people)}, {"with_needs": [need]})


def _buffets(case: Situation) -> Iterator[Move]:
    """Attend a buffet that leads to the session, the most probable first."""
    leading = [source for source, target in case.material.follow_ups if target == case.standing.session]
    buffets = [code for code in leading if case.material.sessions[code].form == "buffet"]
    for source in [code for code in buffets if code != case.standing.session][:_BUFFETS]:
        yield visit(case, "attend", source)


def _axes(case: Situation) -> Iterator[Move]:
    """Choose another axis, for which a trainer may be free: for as many people as ask for the current one."""
    session, on = case.standing.session, case.material.answers.on
    if case.standing.axis is None:
        return
    code, people = case.material.most_people(case.territory, session)
    need = {"collectivity": code, "date": on, "workshop": session, "people": max(FEW, people)}
    texts = case.common(session) | {"collectivity": case.material.collectivities[code].name}
    for axis in case.material.sessions[session].axes:
        if axis.id != case.standing.axis:
            changes = {"with_needs": [{**need, "axis": axis.id}]}
            yield made("axis", TRAINER | NEED, texts | {"chosen": both(axis.name.get)}, changes, key="choose")


def _wait(case: Situation, values: Mapping[str, Any]) -> Iterator[Move]:
    """Wait until a day within the horizon that is open after the lag and has a free trainer; the soonest first."""
    on, programme = case.material.answers.on, case.material.answers.programme
    calendar, asked = programme.calendar, (case.territory.id, case.standing.session, case.request.get("trainer"))
    lags = [each.lag_days for each in programme.catalogue.follow_ups if each.target == case.standing.session]
    since, free = values.get("days_since_source"), values.get("trainer_wait_days")
    waits = {free or 0.0, 0.0 if since is None else max(lags, default=0) - since}
    if values.keys() & {"open_days", "trainer_wait_days"}:
        start, first = case.material.days_ahead(*asked)
        waits |= {start - programme.offer_horizon_days, first - programme.offer_horizon_days}
        waits.add(first - programme.notice_days - programme.trainer_wait_limit)
    if (renewal := case.material.renewal) is not None:
        waits.add((renewal - on).days + 1)
    notice = dt.timedelta(days=programme.notice_days)
    for until in sorted({on + dt.timedelta(days=wait) for wait in waits if wait > 0}):
        is_renewed = calendar.renewed_before(until + notice) != calendar.renewed_before(on + notice)
        columns = WAIT | RENEWED if is_renewed else WAIT
        yield made("wait", columns | {"people"}, {"day": both(day, until)}, {"on": until})
