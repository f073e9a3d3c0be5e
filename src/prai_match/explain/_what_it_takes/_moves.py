"""The moves that could mend what is refuted of a candidate, or raise its score; whether they do is for the engine."""

import datetime as dt
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from prai_match._words import catalogue, filled
from prai_match.explain import _changes, _why_not
from prai_match.explain._what_it_takes._material import Material
from prai_match.explain._what_it_takes._result import Move, MoveKind, Standing, people_text
from prai_match.model import Expertise, Lang, NeedEvent, Territory, Trainer
from prai_match.text import both, day, number

_Values = dict[str, Any]  # by name; a text in both languages is by language
_BUFFETS, _FEW, _MANY = 3, 2, 500
_NEAR_KM = 50.0
_MONTHLY = 4  # sessions a month of a trainer who isn't there yet
_NEED = frozenset({"need_score", "need_served", "need_age_days", "needs", "leads_to_need", "people", "declined"}) | {
    "interested",
    "trainer_people",
}
_CONFIRM = frozenset({"need_to_confirm", "attended_before"})
_ATTEND = frozenset(
    {"follows", "follow_probability", "next_probability", "days_since_source", "sessions_attended", "people"}
) | {"declined", "elected_and_technician", "interested", "trainer_people"}
_RELAY = frozenset({"partner_covers", "partner_carries", "partner_room"})
_TRAINER = frozenset({"trainer_knows_session", "trainer_knows_axis", "distance_km", "reach_km", "cost"}) | {
    "trainer_wait_days",
    "trainer_load",
}
_WAIT = frozenset({"open_days", "open_days_left", "days_since_source", "trainer_wait_days"})


def reads(finding: _why_not.Finding) -> frozenset[str]:
    """Return the columns by which a condition can be mended."""
    if finding.rule == _why_not.CANDIDATE:
        return {"session": frozenset[str](), "partner": _RELAY, "trainer": _TRAINER}[finding.stage]
    return frozenset(finding.found)


def _move(  # noqa: PLR0913, PLR0917 - what a move has
    kind: MoveKind, columns: frozenset[str], values: _Values, changes: _Values, slot: str = "", key: str = ""
) -> Move:
    """Return a move, whose slot and sentence are those of its kind unless others are named."""
    return Move(kind, slot or kind, columns, _changes.Changes.of(**changes), _said(key or kind, values))


def _said(key: str, values: _Values) -> dict[Lang, str]:
    return {**filled(catalogue("prai_match.explain", "needed")["moves"][key], values)}


@dataclass(frozen=True, slots=True, eq=False)
class Situation:
    """A candidate as it stands, and the relay and the trainer asked about (``partner``, ``trainer``)."""

    material: Material
    territory: Territory
    standing: Standing
    request: Mapping[str, str | None]

    def moves(self) -> Iterator[Move]:
        """Propose moves; of those that settle the same, the least comes first."""
        values = {name: value for each in self.standing.refuting for name, value in each.found.items()}
        columns = {name for each in self.standing.refuting for name in reads(each)}
        if self.standing.beaten:
            columns |= _NEED | _ATTEND
        if any(each.rule == _why_not.AROUND for each in self.standing.refuting):
            columns |= _TRAINER
        every = (
            (_NEED | _CONFIRM, self._confirmed()),
            (_NEED, self._needs(values)),
            (columns, self._withdrawn()),
            (_ATTEND, self._buffets()),
            (_RELAY, self._relay(values)),
            (_WAIT, self._wait(values)),
            (_TRAINER, self._trainer(values)),
        )
        for changed, moves in every:
            yield from moves if columns & changed else ()

    def _common(self, session: str) -> _Values:
        axis = self.standing.axis if session == self.standing.session else None
        names = {each.id: each.name for each in self.material.sessions[session].axes}
        said = "" if axis is None else _said("axis", {"axis": both(names[axis].get)})
        return {"session": self.material.names(session), "axis": said, "departement": self.territory.departement}

    def _member(self, session: str) -> tuple[str, int, _Values]:
        """Return who would come: a collectivity, how many it is counted for already, and what is said of it."""
        collectivities = self.material.collectivities
        most = {code: self.material.people(self.territory.id, code, session) for code in self.territory.members}
        code = min(most, key=lambda each: (most[each], -(collectivities[each].population or 0), each))
        return code, most[code], self._common(session) | {"collectivity": collectivities[code].name}

    def _confirmed(self) -> Iterator[Move]:
        """Have the council confirm the strongest need that no longer counts, for the session or what it leads to."""
        sessions = {self.standing.session}
        if self.material.sessions[self.standing.session].form == "buffet":
            sessions = {target for source, target in self.material.follow_ups if source == self.standing.session}
        return self._of_need("confirmed", "confirm", sessions, {"to_confirm", "met", "lapsed"})

    def _withdrawn(self) -> Iterator[Move]:
        """Withdraw the strongest need for what comes first instead."""
        sessions = {self.standing.beaten or ""} - {self.standing.session}
        return self._of_need("withdrawn", "withdraw", sessions, {"open"})

    def _of_need(self, event: NeedEvent, kind: MoveKind, sessions: set[str], states: set[str]) -> Iterator[Move]:
        """Decide on the strongest need for some sessions in some states."""
        needs = (each for each in self.material.needs(self.territory.id) if each[1] in sessions and each[2] in states)
        for code, session, *_ in islice(needs, 1):
            texts = {"session": self.material.names(session), "collectivity": self.material.collectivities[code].name}
            row = {"date": self.material.answers.on, "event": event, "who": "territory", "collectivity": code}
            yield _move(kind, _NEED | _CONFIRM, texts, {"with_decisions": [{**row, "session": session}]})

    def _needs(self, values: Mapping[str, Any]) -> Iterator[Move]:
        """Express the need: for a few people, then for as many as it takes to be held, then to fill the room."""
        workshop, axis = self.standing.session, self.standing.axis
        catalogue, snapshot = self.material.sessions, self.material.answers.snapshot
        if catalogue[workshop].form == "buffet":
            steps = snapshot.follow_ups.next_sessions([workshop])
            if not (following := [step.session for step in steps if catalogue[step.session].form == "workshop"]):
                return
            workshop, axis = following[0], None
        code, already, texts = self._member(workshop)
        missing = [0.0, float(catalogue[workshop].max_seats)]
        if values.get("people") is not None:
            missing.append(max(0.0, catalogue[workshop].min_seats - values["people"]))
        for people in sorted({min(_MANY, max(_FEW, already + math.ceil(each))) for each in missing}):
            need = {"collectivity": code, "date": snapshot.on, "workshop": workshop, "axis": axis, "people": people}
            yield _move("need", _NEED, texts | {"people": both(people_text, people)}, {"with_needs": [need]})

    def _buffets(self) -> Iterator[Move]:
        """Attend a buffet that leads to the session, the most probably first."""
        leading = [source for source, target in self.material.follow_ups if target == self.standing.session]
        buffets = [code for code in leading if self.material.sessions[code].form == "buffet"]
        on = self.material.answers.on
        for source in [code for code in buffets if code != self.standing.session][:_BUFFETS]:
            code, _, texts = self._member(source)
            row = {"collectivity": code, "session": source, "date": on, "elected": 1, "technicians": 1}
            yield _move("attend", _ATTEND, texts, {"with_attendances": [row]}, f"attend {source}")

    def _relay(self, values: Mapping[str, Any]) -> Iterator[Move]:
        """Have the relay asked about do more or, where none is, raise the limit of the one that is full or add one."""
        session, departement = self.standing.session, self.territory.departement
        texts, partners = self._common(session), self.material.answers.programme.partners
        code, room = self.standing.partner, values.get("partner_room")
        own = next((each for each in partners if each.id == code), None)
        if own is not None and (self.request["partner"] is not None or room is not None):
            limit = own.sessions_a_year
            if limit is not None and room is not None:
                limit += max(0, 1 - int(room))
            departements = tuple(dict.fromkeys((*own.departements, departement)))
            carries = tuple(dict.fromkeys((*own.carries, session))) if own.carries else ()
            more = own.model_copy(update={"departements": departements, "carries": carries, "sessions_a_year": limit})
            about = texts | {"name": own.name, "sessions": limit}
            key = "relay_extended" if limit == own.sessions_a_year else "relay_room"
            changes = {"without_partners": [own.id], "with_partners": [more]}
            yield _move("relay_extended", _RELAY, about, changes, "relay known", key)
        if self.request["partner"] is None:
            code = _free_id("nouveau_relais", {each.id for each in partners})
            new = {"id": code, "name": "Nouveau relais", "kind": "association", "departements": [departement]}
            yield _move("relay", _RELAY, texts, {"with_partners": [{**new, "carries": [session]}]})

    def _trainer(self, values: Mapping[str, Any]) -> Iterator[Move]:
        """Have the trainer asked about do more or, where none is, add one that lives in the territory."""
        session, axis, home = self.standing.session, self.standing.axis, self.territory
        texts, trainers = self._common(session), self.material.answers.programme.trainers
        knows = Expertise(session=session, axes=(axis,) if axis else ())
        own = next((each for each in trainers if each.id == self.request["trainer"]), None)
        if own is not None:
            reach = float(math.ceil(max(own.reach_km, values.get("distance_km") or 0.0)))
            load, month = values.get("trainer_load"), own.sessions_a_month
            if month is not None and load is not None and load >= 1:
                month = math.floor(load * month) + 1
            able = {"expertise": _expertise(own, knows), "reach_km": reach, "sessions_a_month": month}
            more = own.model_copy(update=able)
            about = texts | {"name": self.material.names(own.id), "reach": both(number, reach, 0), "sessions": month}
            changes = {"without_trainers": [own.id], "with_trainers": [more]}
            key = "trainer_reaches" if month is None else "trainer_extended"
            yield _move("trainer_extended", _TRAINER, about, changes, "trainer", key)
            return
        fees = [each.fee for each in trainers if any(one.session == session for one in each.expertise)]
        new = {
            "id": _free_id("nouvel_intervenant", {each.id for each in trainers}),
            "organisation": "Nouvel organisme",
            "role": "Intervenant",
            "expertise": [knows],
            "home": home.members[0],
            "latitude": home.latitude,
            "longitude": home.longitude,
            "reach_km": _NEAR_KM,
            "sessions_a_month": _MONTHLY,
            "fee": min((fee for fee in fees if fee is not None), default=None),
        }
        yield _move("trainer", _TRAINER, texts, {"with_trainers": [new]})

    def _wait(self, values: Mapping[str, Any]) -> Iterator[Move]:
        """Wait until a day within the horizon is open after the lag, and a trainer is free on it; the soonest first."""
        on, programme = self.material.answers.on, self.material.answers.programme
        calendar, asked = programme.calendar, (self.territory.id, self.standing.session, self.request.get("trainer"))
        lags = [each.lag_days for each in programme.catalogue.follow_ups if each.target == self.standing.session]
        since, free = values.get("days_since_source"), values.get("trainer_wait_days")
        waits = {free or 0.0, 0.0 if since is None else max(lags, default=0) - since}
        if values.keys() & {"open_days", "trainer_wait_days"}:
            start, first = self.material.days_ahead(*asked)
            waits |= {start - programme.offer_horizon_days, first - programme.offer_horizon_days}
            waits.add(first - programme.notice_days - programme.trainer_wait_limit)
        notice = dt.timedelta(days=programme.notice_days)
        for until in sorted({on + dt.timedelta(days=wait) for wait in waits if wait > 0}):
            is_renewed = calendar.renewed_before(until + notice) != calendar.renewed_before(on + notice)
            columns = _WAIT | {"attended", "leads_to_new"} if is_renewed else _WAIT
            yield _move("wait", columns | {"people"}, {"day": both(day, until)}, {"on": until})


def _expertise(trainer: Trainer, more: Expertise) -> tuple[Expertise, ...]:
    """Return what a trainer teaches with one session more, or one axis of it."""
    before = [each for each in trainer.expertise if each.session == more.session]
    if any(not each.axes for each in before):
        return trainer.expertise
    axes = dict.fromkeys(axis for each in before for axis in each.axes)
    others = tuple(each for each in trainer.expertise if each.session != more.session)
    every = more.axes and (*axes, *(axis for axis in more.axes if axis not in axes))  # none named: all of them
    return (*others, Expertise(session=more.session, axes=every))


def _free_id(code: str, codes: set[str]) -> str:
    while code in codes:
        code += "_"
    return code
