"""The moves that could mend what is refuted of a candidate, or raise its score; whether they do is for the engine."""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from prai_match import offers, recommend
from prai_match._words import catalogue, filled
from prai_match.calendar import first_open
from prai_match.explain import _changes, _why_not
from prai_match.explain._what_it_takes._result import Move, MoveKind, Standing, people_text
from prai_match.model import Buffet, Collectivity, Expertise, Lang, NeedEvent, Territory, Trainer, Workshop
from prai_match.needs import STATES
from prai_match.text import both, day, number

_Values = dict[str, Any]  # by name; a text in both languages is by language
_BUFFETS, _FEW, _MANY = 3, 2, 500
_NEAR_KM = 50.0
_MONTHLY = 4  # sessions a month of a trainer who isn't there yet
_NEED = frozenset({"need_score", "need_served", "need_age_days", "needs", "leads_to_need", "people", "declined"})
_CONFIRM = frozenset({"need_to_confirm", "attended_before"})
_ATTEND = frozenset(
    {"follows", "follow_probability", "days_since_source", "sessions_attended", "people", "declined"}
) | {"elected_and_technician"}
_RELAY = frozenset({"partner_covers", "partner_carries", "partner_room"})
_TRAINER = frozenset({"trainer_knows_session", "trainer_knows_axis", "distance_km", "reach_km", "cost"}) | {
    "trainer_wait_days",
    "trainer_load",
}
_WAIT = frozenset({"in_blackout", "days_since_source", "trainer_wait_days"})


@dataclass(frozen=True, eq=False)
class Material:
    """What moves are made from: a programme on a day, looked up once for every territory."""

    answers: recommend.Answers
    _needs: dict[int, list[tuple[str, str, str, int]]] = field(default_factory=dict)

    @cached_property
    def sessions(self) -> dict[str, Buffet | Workshop]:
        return {each.id: each for each in self.answers.programme.catalogue.sessions}

    @cached_property
    def collectivities(self) -> dict[str, Collectivity]:
        return {each.code: each for each in self.answers.programme.collectivities}

    @cached_property
    def follow_ups(self) -> list[tuple[str, str]]:
        """What leads to what, the most probable first."""
        (sources, targets, shares, _), codes = self.answers.snapshot.edges, self.answers.snapshot.frames.sessions
        order = np.lexsort((sources, -shares))
        pairs = (codes["session"].gather(numbers[order]) for numbers in (sources, targets))
        return list(zip(*pairs, strict=True))

    def names(self, code: str) -> dict[Lang, str]:
        return {lang: names[code] for lang, names in self.answers.names.items()}

    def people(self, territory: str, collectivity: str, session: str) -> int:
        """Return for how many people of a collectivity a session can be held, as far as is known."""
        sought = (collectivity, session, "open")
        needs = [people for *need, people in self.needs(territory) if tuple(need) == sought]
        return max(*needs, 0, self._wordless.get(collectivity, 0), int(self._came[self.number(collectivity)]))

    def needs(self, territory: str) -> list[tuple[str, str, str, int]]:
        """Return who needs what in a territory, in which state and for how many (-1: unknown), the strongest first."""
        number = self.answers.number(territory)
        if number not in self._needs:
            day = self.answers.snapshot
            frames, spells = day.frames, day.frames.spells
            rows = np.arange(len(spells.score))[spells.of.between(number, number + 1)]
            rows = rows[day.states[rows] >= 0]
            rows = rows[np.lexsort((-spells.rows["start"][rows], -spells.score[rows]))]
            codes = (
                table[name].gather(spells.rows[key][rows])
                for table, name, key in ((frames.members, "collectivity", "c"), (frames.sessions, "session", "s"))
            )
            states = (STATES[code] for code in day.states[rows])
            self._needs[number] = list(zip(*codes, states, spells.rows["people"][rows].tolist(), strict=True))
        return self._needs[number]

    @cached_property
    def _wordless(self) -> dict[str, int]:
        """The most people of a collectivity's open needs in which no session was read."""
        wordless = pl.col("workshop").is_null() & pl.col("people").is_not_null()
        if offers.needs_read(self.answers.programme).filter(wordless).is_empty():
            return {}
        needs = offers.needs_by_state(self.answers.programme, self.answers.on).filter(wordless, state="open")
        return dict(needs.group_by("collectivity").agg(pl.col("people").cast(pl.Int64).max()).iter_rows())

    @cached_property
    def _came(self) -> NDArray[np.int64]:
        """The most people of each collectivity who came at a time since the renewal."""
        day = self.answers.snapshot
        rows, most = day.frames.visits.rows, np.zeros(day.frames.collectivities, np.int64)
        here = day.came & (rows["date"] > day.renewed)
        np.maximum.at(most, rows["c"][here], rows["people"][here])
        return most

    @cached_property
    def _codes(self) -> list[str]:
        return self.answers.snapshot.frames.members["collectivity"].to_list()

    def number(self, collectivity: str) -> int:
        return bisect_left(self._codes, collectivity)


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
        if columns & (_NEED | _CONFIRM):
            yield from self._confirmed()
        if columns & _NEED:
            yield from self._needs(values)
        if self.standing.beaten:
            yield from self._withdrawn(self.standing.beaten)
        if columns & _ATTEND:
            yield from self._buffets()
        if columns & _RELAY:
            yield from self._relay(values)
        if columns & _WAIT:
            yield from self._wait(values)
        if columns & _TRAINER or any(each.rule == _why_not.AROUND for each in self.standing.refuting):
            yield from self._trainer(values)

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
        for code, session, state, _ in self.material.needs(self.territory.id):
            if session in sessions and state in {"to_confirm", "met", "lapsed"}:
                yield self._of_need("confirmed", "confirm", code, session)
                return

    def _withdrawn(self, session: str) -> Iterator[Move]:
        """Withdraw the strongest need for what comes first instead."""
        for code, wanted, state, _ in self.material.needs(self.territory.id):
            if wanted == session != self.standing.session and state == "open":
                yield self._of_need("withdrawn", "withdraw", code, session)
                return

    def _of_need(self, event: NeedEvent, kind: MoveKind, code: str, session: str) -> Move:
        texts = {"session": self.material.names(session), "collectivity": self.material.collectivities[code].name}
        row = {"date": self.material.answers.on, "event": event, "who": "territory", "collectivity": code}
        return _move(kind, _NEED | _CONFIRM, texts, {"with_decisions": [{**row, "session": session}]})

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
        """Wait until the end of the blackout, of the usual lag, or until the trainer is free; the soonest first."""
        on, programme = self.material.answers.on, self.material.answers.programme
        calendar = programme.calendar
        lags = [each.lag_days for each in programme.catalogue.follow_ups if each.target == self.standing.session]
        since, free = values.get("days_since_source"), values.get("trainer_wait_days")
        waits = {0.0 if values.get("in_blackout") else -1.0, free if free is not None else -1.0}
        waits.add(max(lags, default=0) - since if since is not None else -1.0)
        days = {first_open(calendar.blackouts, on + dt.timedelta(days=wait)) for wait in waits if wait >= 0}
        for until in sorted(until for until in days if until is not None and until > on):
            is_renewed = calendar.renewed_before(until) != calendar.renewed_before(on)
            columns = _WAIT | {"attended", "leads_to_new"} if is_renewed else _WAIT
            yield _move("wait", columns, {"day": both(day, until)}, {"on": until})


def _expertise(trainer: Trainer, more: Expertise) -> tuple[Expertise, ...]:
    """Return what a trainer teaches with one session more, or one axis of it."""
    before = [each for each in trainer.expertise if each.session == more.session]
    if any(not each.axes for each in before):
        return trainer.expertise
    axes = dict.fromkeys(axis for each in before for axis in each.axes)
    others = tuple(each for each in trainer.expertise if each.session != more.session)
    return (*others, Expertise(session=more.session, axes=(*axes, *(axis for axis in more.axes if axis not in axes))))


def _free_id(code: str, codes: set[str]) -> str:
    while code in codes:
        code += "_"
    return code
