"""The moves that could mend what is refuted of a candidate, or raise its score; whether they do is for the engine."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from prai_match.calendar import first_open
from prai_match.explain._changes import Changes
from prai_match.explain._what_it_takes._result import Move, said
from prai_match.explain._why_not._why_not import AROUND, CANDIDATE
from prai_match.model import Expertise, Lang
from prai_match.text import LANGUAGES, counted, day, messages, number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from prai_match.explain._what_it_takes._candidates import Standing
    from prai_match.explain._what_it_takes._material import Known
    from prai_match.explain._what_it_takes._result import MoveKind
    from prai_match.explain._why_not._why_not import Finding
    from prai_match.model import Territory, Trainer

_Values = dict[Lang, dict[str, object]]
_BUFFETS = 3
_FEW, _MANY = 2, 500
_NEAR_KM = 50.0
_MONTHLY = 4
"""Sessions a month of a trainer who isn't there yet."""

_NEED = frozenset({"need_score", "need_served", "need_age_days", "needs", "leads_to_need", "people"})
_ATTEND = frozenset({"follows", "follow_probability", "days_since_source", "sessions_attended", "people"}) | {
    "elected_and_technician"
}
_RELAY = frozenset({"partner_covers", "partner_carries", "partner_room"})
_TRAINER = frozenset({"trainer_knows_session", "trainer_knows_axis", "distance_km", "reach_km", "cost"}) | {
    "trainer_wait_days",
    "trainer_load",
}
_WAIT = frozenset({"in_blackout", "days_since_source", "trainer_wait_days"})


def reads(finding: Finding) -> frozenset[str]:
    """Return the columns by which a condition can be mended."""
    if finding.rule == CANDIDATE:
        return {"session": frozenset[str](), "partner": _RELAY, "trainer": _TRAINER}[finding.stage]
    return frozenset(finding.found)


def _move(
    kind: MoveKind,
    slot: str,
    columns: frozenset[str],
    values: _Values,
    key: str,
    **changes: Any,  # noqa: ANN401 - checked by `Changes`
) -> Move:
    """Make a move from its changes and from the values of its sentence ``key``."""
    sentence = {lang: said(lang, key, **values[lang]) for lang in LANGUAGES}
    return Move(kind, slot, columns, Changes.of(**changes), sentence)


@dataclass(frozen=True, slots=True, eq=False)
class Situation:
    """A candidate as it stands, and what was asked.

    Attributes:
        known: What moves are made from.
        territory: The territory.
        standing: The candidate.
        asked: Identifiers of the relay and the trainer asked about (``partner``, ``trainer``).
    """

    known: Known
    territory: Territory
    standing: Standing
    asked: Mapping[str, str | None]

    def moves(self) -> Iterator[Move]:
        """Propose moves; of those that settle the same, the least comes first."""
        found = {name: value for each in self.standing.refuting for name, value in each.found.items()}
        wanted = {name for each in self.standing.refuting for name in reads(each)}
        if self.standing.beaten:
            wanted |= _NEED | _ATTEND
        if wanted & _NEED:
            yield from self._needs(found)
        if wanted & _ATTEND:
            yield from self._buffets()
        if wanted & _RELAY:
            yield from self._relay(found)
        if wanted & _WAIT:
            yield from self._wait(found)
        if wanted & _TRAINER or any(each.rule == AROUND for each in self.standing.refuting):
            yield from self._trainer(found)

    def _common(self, session: str) -> _Values:
        """Return what most sentences say: the session, the axis and the département."""
        axis = self.standing.axis if session == self.standing.session else None
        names = {each.id: each.name for each in self.known.sessions[session].axes} if axis else {}
        return {
            lang: {
                "session": self.known.names[lang][session],
                "axis": said(lang, "axis", axis=names[axis].get(lang)) if axis else "",
                "departement": self.territory.departement,
            }
            for lang in LANGUAGES
        }

    def _member(self, session: str) -> tuple[str, int, _Values]:
        """Return who would come: a collectivity, how many it is counted for already, and what is said of it.

        It is one that is not counted yet, if there is any: the most populous, the first code among equals.
        """
        known = self.known
        most = {code: known.counted(code, session) for code in self.territory.members}
        people = {code: known.collectivities[code].population or 0 for code in most}
        code = min(most, key=lambda each: (most[each], -people[each], each))
        common, name = self._common(session), known.collectivities[code].name
        return code, most[code], {lang: {**common[lang], "collectivity": name} for lang in LANGUAGES}

    def _needs(self, found: Mapping[str, Any]) -> Iterator[Move]:
        """Express the need: for a few people, then for as many as it takes to be held, then to fill the room."""
        workshop, axis = self.standing.session, self.standing.axis
        catalogue = self.known.sessions
        if catalogue[workshop].kind == "buffet":
            following = [step.session for step in self.known.snapshot.follow_ups.next_sessions([workshop])]
            following = [code for code in following if catalogue[code].kind == "workshop"]
            if not following:
                return
            workshop, axis = following[0], None
        code, counted_for, values = self._member(workshop)
        missing = [0.0]
        if found.get("people") is not None:
            missing.append(max(0.0, catalogue[workshop].min_seats - found["people"]))
        missing.append(float(catalogue[workshop].max_seats))
        for people in sorted({min(_MANY, max(_FEW, counted_for + math.ceil(each))) for each in missing}):
            need = {
                "collectivity": code,
                "date": self.known.snapshot.on,
                "workshop": workshop,
                "axis": axis,
                "people": people,
            }
            told = {lang: {**values[lang], "people": _people(people, lang)} for lang in LANGUAGES}
            yield _move("need", "need", _NEED, told, "need", add_needs=[need])

    def _buffets(self) -> Iterator[Move]:
        """Attend a buffet that leads to the session, the most probably first."""
        leading = self.known.edges.filter(target=self.standing.session)["source"]
        buffets = [code for code in leading if self.known.sessions[code].kind == "buffet"]
        for source in [code for code in buffets if code != self.standing.session][:_BUFFETS]:
            code, _, values = self._member(source)
            row = {
                "collectivity": code,
                "session": source,
                "date": self.known.snapshot.on,
                "elected": 1,
                "technicians": 1,
            }
            yield _move("attend", f"attend {source}", _ATTEND, values, "attend", add_attendances=[row])

    def _relay(self, found: Mapping[str, Any]) -> Iterator[Move]:
        """Have the relay asked about do more or, where none is, raise the limit of the one that is full or add one."""
        session, departement = self.standing.session, self.territory.departement
        values = self._common(session)
        code, room = self.standing.partner, found.get("partner_room")
        own = next((each for each in self.known.programme.partners if each.id == code), None)
        if own is not None and (self.asked["partner"] is not None or room is not None):
            allowed = own.sessions_a_year
            if allowed is not None and room is not None:
                allowed += max(0, 1 - int(room))
            more = own.model_copy(
                update={
                    "departements": tuple(dict.fromkeys((*own.departements, departement))),
                    "carries": tuple(dict.fromkeys((*own.carries, session))) if own.carries else (),
                    "sessions_a_year": allowed,
                }
            )
            told = {lang: {**values[lang], "name": own.name, "sessions": allowed} for lang in LANGUAGES}
            key = "relay_extended" if allowed == own.sessions_a_year else "relay_room"
            changes = {"remove_partners": [own.id], "add_partners": [more]}
            yield _move("relay_extended", "relay known", _RELAY, told, key, **changes)
        if self.asked["partner"] is None:
            new = {
                "id": _free_id("nouveau_relais", {each.id for each in self.known.programme.partners}),
                "name": "Nouveau relais",
                "kind": "association",
                "departements": [departement],
                "carries": [session],
            }
            yield _move("relay", "relay", _RELAY, values, "relay", add_partners=[new])

    def _trainer(self, found: Mapping[str, Any]) -> Iterator[Move]:
        """Have the trainer asked about do more or, where none is, add one that lives in the territory."""
        session, axis, home = self.standing.session, self.standing.axis, self.territory
        values = self._common(session)
        knows = Expertise(session=session, axes=(axis,) if axis else ())
        own = next((each for each in self.known.programme.trainers if each.id == self.asked["trainer"]), None)
        if own is not None:
            reach, load = (
                float(math.ceil(max(own.reach_km, found.get("distance_km") or 0.0))),
                found.get("trainer_load"),
            )
            month = own.sessions_a_month
            if month is not None and load is not None and load >= 1:
                month = math.floor(load * month) + 1
            more = own.model_copy(
                update={"expertise": _taught(own, knows), "reach_km": reach, "sessions_a_month": month}
            )
            told = {
                lang: {
                    **values[lang],
                    "name": self.known.names[lang][own.id],
                    "reach": number(reach, 0, lang),
                    "sessions": month,
                }
                for lang in LANGUAGES
            }
            changes = {"remove_trainers": [own.id], "add_trainers": [more]}
            key = "trainer_reaches" if month is None else "trainer_extended"
            yield _move("trainer_extended", "trainer", _TRAINER, told, key, **changes)
            return
        fees = [
            each.fee for each in self.known.programme.trainers if any(one.session == session for one in each.expertise)
        ]
        new = {
            "id": _free_id("nouvel_intervenant", {each.id for each in self.known.programme.trainers}),
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
        yield _move("trainer", "trainer", _TRAINER, values, "trainer", add_trainers=[new])

    def _wait(self, found: Mapping[str, Any]) -> Iterator[Move]:
        """Wait until the end of the blackout, of the usual lag, or until the trainer is free; the soonest first."""
        on, calendar = self.known.snapshot.on, self.known.programme.calendar
        lags = [
            each.lag_days for each in self.known.programme.catalogue.follow_ups if each.target == self.standing.session
        ]
        since, free = found.get("days_since_source"), found.get("trainer_wait_days")
        waits = {0.0 if found.get("in_blackout") else -1.0, free if free is not None else -1.0}
        waits.add(max(lags, default=0) - since if since is not None else -1.0)
        days = {first_open(calendar.blackouts, on + dt.timedelta(days=wait)) for wait in waits if wait >= 0}
        for until in sorted(until for until in days if until is not None and until > on):
            columns = _WAIT
            if calendar.renewed_before(until) != calendar.renewed_before(on):
                columns = _WAIT | {"attended", "leads_to_new"}
            told: _Values = {lang: {"day": day(until, lang)} for lang in LANGUAGES}
            yield _move("wait", "wait", columns, told, "wait", on=until)


def _people(people: int, lang: Lang) -> str:
    return counted(people, messages("prai_match.explain", "needed", lang)["moves"]["people"], lang)


def _taught(trainer: Trainer, more: Expertise) -> tuple[Expertise, ...]:
    """Return what a trainer teaches with one session more, or one axis of it."""
    before = [each for each in trainer.expertise if each.session == more.session]
    if any(not each.axes for each in before):
        return trainer.expertise
    axes = dict.fromkeys(axis for each in before for axis in each.axes)
    others = tuple(each for each in trainer.expertise if each.session != more.session)
    return (*others, Expertise(session=more.session, axes=(*axes, *(axis for axis in more.axes if axis not in axes))))


def _free_id(wanted: str, taken: set[str]) -> str:
    """Return an identifier that nobody has."""
    while wanted in taken:
        wanted += "_"
    return wanted
