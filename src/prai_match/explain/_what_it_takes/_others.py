"""Moves of actors other than the territory: a neighbour, a relay, a trainer."""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from prai_match.explain._what_it_takes._around import carries
from prai_match.explain._what_it_takes._result import Move, people_text
from prai_match.explain._what_it_takes._situation import FEW, HOST, RELAY, TRAINER, Situation, Values, made
from prai_match.model import Expertise, RelayPartner, Trainer
from prai_match.text import both, number

_NEAR_KM = 50.0
_FURTHER = 2  # at most so many times a trainer's reach or people's travel distance, unless the trainer is asked about
_MONTHLY = 4  # sessions a month of a trainer who is added


def hosts(case: Situation, values: Mapping[str, Any]) -> Iterator[Move]:
    """Let people travel further, to the nearest host where the session is possible, or a neighbour ask for it."""
    session = case.standing.session
    if all(each.stage == "session" for each in case.standing.refuting):
        return
    texts, travel_km = case.common(session), case.material.answers.programme.travel_km
    if beyond := case.material.around.host_beyond(case.territory.id, session, _FURTHER * travel_km):
        host, most = beyond[0], float(math.ceil(beyond[1]))
        about = {"host": host.name, "km": both(number, most, 0), "before": both(number, travel_km, 0)}
        yield made("host", HOST | TRAINER, texts | about, {"travel_km": most}, "host beyond", "host_beyond")
    is_workshop, near = case.material.sessions[session].form == "workshop", None
    if is_workshop and "partner_covers" in case.columns:
        near = case.material.around.host_elsewhere(case.territory.id, session)
    if near is not None:
        code, people = case.material.most_people(near, session)
        missing = case.material.sessions[session].min_seats - (values.get("people") or 0.0)
        people = max(FEW, people + max(0, math.ceil(missing)))
        need = {"collectivity": code, "date": case.material.answers.on, "workshop": session, "people": people}
        about = {"host": near.name, "people": both(people_text, people)}
        yield made("host", HOST, texts | about, {"with_needs": [need]}, "host around")


def relays(case: Situation, values: Mapping[str, Any]) -> Iterator[Move]:
    """Let a relay do more (the one asked about, or one that almost could), or add one if none is asked about."""
    session, departement = case.standing.session, case.territory.departement
    texts, partners = case.common(session), case.material.answers.programme.partners
    asked, room = case.request["partner"], values.get("partner_room")
    own = next((each for each in partners if each.id == case.standing.partner), None)
    if own is not None and (asked is not None or room is not None):
        limit = own.sessions_a_year
        if limit is not None and room is not None:
            limit += max(0, 1 - int(room))
        yield _more_of(case, own, texts, limit)
    if asked is not None:
        return
    more = _almost(case, partners)
    if more is not None:
        yield _more_of(case, more, texts, more.sessions_a_year)
    code = free_id("nouveau_relais", {each.id for each in partners})
    new = {"id": code, "name": "Nouveau relais", "kind": "association", "departements": [departement]}
    yield made("relay", RELAY, texts, {"with_partners": [{**new, "carries": [session]}]})


def _almost(case: Situation, partners: Sequence[RelayPartner]) -> RelayPartner | None:
    """Return the first relay that covers the département without carrying the session or, if none, the reverse."""
    session, departement = case.standing.session, case.territory.departement
    covering = (each for each in partners if departement in each.departements and not carries(each, session))
    # Each mayors' association covers one département.
    carrying = (
        each
        for each in partners
        if departement not in each.departements and carries(each, session) and each.kind != "adm"
    )
    return next(chain(covering, carrying), None)


def _more_of(case: Situation, own: RelayPartner, texts: Values, limit: int | None) -> Move:
    """Let a relay carry the session in the département, and the given number of sessions a year."""
    session, departement = case.standing.session, case.territory.departement
    departements = tuple(dict.fromkeys((*own.departements, departement)))
    carries = tuple(dict.fromkeys((*own.carries, session))) if own.carries else ()
    more = own.model_copy(update={"departements": departements, "carries": carries, "sessions_a_year": limit})
    key = "relay_extended" if limit == own.sessions_a_year else "relay_room"
    changes = {"without_partners": [own.id], "with_partners": [more]}
    return made("relay_extended", RELAY, texts | {"name": own.name, "sessions": limit}, changes, "relay known", key)


def trainers(case: Situation, values: Mapping[str, Any]) -> Iterator[Move]:
    """Let the trainer asked about do more; if none is, let one travel further, or add one who lives there."""
    session, axis, home = case.standing.session, case.standing.axis, case.territory
    texts, trainers = case.common(session), case.material.answers.programme.trainers
    knows = Expertise(session=session, axes=(axis,) if axis else ())
    own = next((each for each in trainers if each.id == case.request["trainer"]), None)
    if own is not None:
        reach = float(math.ceil(max(own.reach_km, values.get("distance_km") or 0.0)))
        load, month = values.get("trainer_load"), own.sessions_a_month
        if month is not None and load is not None and load >= 1:
            month = math.floor(load * month) + 1
        able = {"expertise": _expertise(own, knows), "reach_km": reach, "sessions_a_month": month}
        more = own.model_copy(update=able)
        about = texts | {"name": case.material.names(own.id), "reach": both(number, reach, 0), "sessions": month}
        if more == own.model_copy(update={"reach_km": reach}):
            yield _travel(case, own, reach, texts)
            return
        changes = {"without_trainers": [own.id], "with_trainers": [more]}
        key = "trainer_reaches" if month is None else "trainer_extended"
        yield made("trainer_extended", TRAINER, about, changes, "trainer", key)
        return
    for each, km in case.material.around.trainers_beyond(case.standing.host, session, axis):
        if km <= _FURTHER * each.reach_km:
            yield _travel(case, each, float(math.ceil(km)), texts)
    fees = [each.fee for each in trainers if any(one.session == session for one in each.expertise)]
    new = {
        "id": free_id("nouvel_intervenant", {each.id for each in trainers}),
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
    yield made("trainer", TRAINER, texts, {"with_trainers": [new]})


def _travel(case: Situation, own: Trainer, reach: float, texts: Values) -> Move:
    """Let a trainer travel further."""
    km = {"km": both(number, reach, 0), "before": both(number, own.reach_km, 0)}
    changes = {"without_trainers": [own.id], "with_trainers": [own.model_copy(update={"reach_km": reach})]}
    return made("travel", TRAINER, texts | km | {"name": case.material.names(own.id)}, changes, "trainer known")


def _expertise(trainer: Trainer, more: Expertise) -> tuple[Expertise, ...]:
    """Return the expertise of a trainer with one more session, or one more axis of it."""
    before = [each for each in trainer.expertise if each.session == more.session]
    if any(not each.axes for each in before):
        return trainer.expertise
    axes = dict.fromkeys(axis for each in before for axis in each.axes)
    others = tuple(each for each in trainer.expertise if each.session != more.session)
    every = more.axes and (*axes, *(axis for axis in more.axes if axis not in axes))  # no axis named means all of them
    return (*others, Expertise(session=more.session, axes=every))


def free_id(code: str, codes: set[str]) -> str:
    while code in codes:
        code += "_"
    return code
