"""Cross-checks of a programme: what is cited exists, nothing stands twice, dates are in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prai_match.errors import Problem, did_you_mean

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from prai_match.model._fields import ProgrammeFields
    from prai_match.model.actors import Period
    from prai_match.model.catalogue import Catalogue


def problems(programme: ProgrammeFields, also_known: AbstractSet[str] = frozenset()) -> list[Problem]:
    """Return every contradiction inside ``programme``; ids in ``also_known`` count as existing."""
    return [
        *_duplicates(programme),
        *_catalogue(programme.catalogue, also_known),
        *_actors(programme, also_known),
        *_history(programme, also_known),
        *_dates(programme),
    ]


def _cited(where: str, value: str | None, known: AbstractSet[str], what: str) -> Iterator[Problem]:
    if value is not None and value not in known:
        yield Problem(where, repr(value), f"a known {what}{did_you_mean(value, known)}")


def _twice(where: str, field: str, values: Iterable[object]) -> Iterator[Problem]:
    first: dict[object, int] = {}
    for index, value in enumerate(values):
        if value in first:
            yield Problem(
                f"{where}[{index}].{field}",
                repr(value),
                f"a value used once (first in {where}[{first[value]}])",
            )
        first.setdefault(value, index)


def _duplicates(programme: ProgrammeFields) -> Iterator[Problem]:
    catalogue = programme.catalogue
    yield from _twice("catalogue.themes", "id", (theme.id for theme in catalogue.themes))
    yield from _twice("catalogue.buffets", "id", (buffet.id for buffet in catalogue.buffets))
    yield from _twice("catalogue.workshops", "id", (workshop.id for workshop in catalogue.workshops))
    buffets = {buffet.id for buffet in catalogue.buffets}
    for index, workshop in enumerate(catalogue.workshops):
        where = f"catalogue.workshops[{index}]"
        yield from _twice(f"{where}.axes", "id", (axis.id for axis in workshop.axes))
        if workshop.id in buffets:
            yield Problem(f"{where}.id", repr(workshop.id), "an id that no buffet has")
    yield from _twice("catalogue.follow_ups", "target", ((f.source, f.target) for f in catalogue.follow_ups))
    yield from _twice("collectivities", "code", (collectivity.code for collectivity in programme.collectivities))
    yield from _twice("territories", "id", (territory.id for territory in programme.territories))
    yield from _twice("partners", "id", (partner.id for partner in programme.partners))
    yield from _twice("trainers", "id", (trainer.id for trainer in programme.trainers))
    yield from _twice("sessions", "id", (session.id for session in programme.sessions))


def _catalogue(catalogue: Catalogue, also_known: AbstractSet[str]) -> Iterator[Problem]:
    themes = {theme.id for theme in catalogue.themes}
    sessions = {session.id for session in catalogue.sessions} | also_known
    if not catalogue.sessions:
        yield Problem("catalogue", "no session", "at least one buffet or workshop")
    for index, buffet in enumerate(catalogue.buffets):
        for position, theme in enumerate(buffet.themes):
            yield from _cited(f"catalogue.buffets[{index}].themes[{position}]", theme, themes, "theme")
    for index, workshop in enumerate(catalogue.workshops):
        yield from _cited(f"catalogue.workshops[{index}].theme", workshop.theme, themes, "theme")
    for index, follow_up in enumerate(catalogue.follow_ups):
        where = f"catalogue.follow_ups[{index}]"
        yield from _cited(f"{where}.source", follow_up.source, sessions, "session")
        yield from _cited(f"{where}.target", follow_up.target, sessions, "session")
        if follow_up.source == follow_up.target:
            yield Problem(f"{where}.target", repr(follow_up.target), "another session than the source")


def _axes(catalogue: Catalogue) -> dict[str, set[str]]:
    return {session.id: {axis.id for axis in session.axes} for session in catalogue.sessions}


def _actors(programme: ProgrammeFields, also_known: AbstractSet[str]) -> Iterator[Problem]:
    axes = _axes(programme.catalogue)
    sessions = axes.keys() | also_known
    collectivities = {collectivity.code for collectivity in programme.collectivities} | also_known
    owner: dict[str, str] = {}
    for index, territory in enumerate(programme.territories):
        for position, member in enumerate(territory.members):
            where = f"territories[{index}].members[{position}]"
            yield from _cited(where, member, collectivities, "collectivity")
            if member in owner:
                yield Problem(
                    where,
                    repr(member),
                    f"a collectivity of one territory only (already in {owner[member]!r})",
                )
            owner.setdefault(member, territory.id)
    for index, partner in enumerate(programme.partners):
        for position, session in enumerate(partner.carries):
            yield from _cited(f"partners[{index}].carries[{position}]", session, sessions, "session")
        yield from _twice(f"partners[{index}].hosted", "departement", (r.departement for r in partner.hosted))
    for index, trainer in enumerate(programme.trainers):
        yield from _twice(f"trainers[{index}].expertise", "session", (e.session for e in trainer.expertise))
        for position, expertise in enumerate(trainer.expertise):
            where = f"trainers[{index}].expertise[{position}]"
            yield from _cited(f"{where}.session", expertise.session, sessions, "session")
            for place, axis in enumerate(expertise.axes):
                known = axes.get(expertise.session, {axis})
                yield from _cited(f"{where}.axes[{place}]", axis, known, f"axis of {expertise.session}")


def _history(programme: ProgrammeFields, also_known: AbstractSet[str]) -> Iterator[Problem]:
    axes = _axes(programme.catalogue)
    sessions = axes.keys() | also_known
    workshops = {workshop.id for workshop in programme.catalogue.workshops} | also_known
    members = {member for territory in programme.territories for member in territory.members} | also_known
    territories = {territory.id for territory in programme.territories} | also_known
    partners = {partner.id for partner in programme.partners} | also_known
    trainers = {trainer.id for trainer in programme.trainers} | also_known
    for index, need in enumerate(programme.needs):
        where = f"needs[{index}]"
        yield from _cited(f"{where}.collectivity", need.collectivity, members, "collectivity of a territory")
        yield from _cited(f"{where}.workshop", need.workshop, workshops, "workshop")
        if need.axis is not None and need.workshop is None:
            yield Problem(f"{where}.axis", repr(need.axis), "a workshop stated beside the axis")
        elif need.workshop in axes:
            yield from _cited(f"{where}.axis", need.axis, axes[need.workshop], f"axis of {need.workshop}")
        if need.workshop is None and not need.text.strip():
            yield Problem(f"{where}.text", "nothing", "a text or a workshop")
    held = {session.id: session for session in programme.sessions}
    for index, session in enumerate(programme.sessions):
        where = f"sessions[{index}]"
        yield from _cited(f"{where}.session", session.session, sessions, "session")
        yield from _cited(f"{where}.host", session.host, territories, "territory")
        yield from _cited(f"{where}.partner", session.partner, partners, "relay partner")
        yield from _cited(f"{where}.trainer", session.trainer, trainers, "trainer")
        if session.session in axes:
            yield from _cited(f"{where}.axis", session.axis, axes[session.session], f"axis of {session.session}")
    for index, attendance in enumerate(programme.attendances):
        where = f"attendances[{index}]"
        yield from _cited(f"{where}.collectivity", attendance.collectivity, members, "collectivity of a territory")
        yield from _cited(f"{where}.session", attendance.session, sessions, "session")
        yield from _cited(f"{where}.held", attendance.held, held.keys() | also_known, "session held")
        if attendance.elected + attendance.technicians == 0:
            yield Problem(f"{where}.elected", "nobody", "at least one elected official or technician")
        session_held = held.get(attendance.held or "")
        if session_held and (session_held.session, session_held.date) != (
            attendance.session,
            attendance.date,
        ):
            found = f"{attendance.session!r} on {attendance.date}"
            expected = f"{session_held.session!r} on {session_held.date}, as session {session_held.id!r}"
            yield Problem(f"{where}.held", found, expected)


def _in_order(where: str, start: dt.date, end: dt.date) -> Iterator[Problem]:
    if start > end:
        yield Problem(f"{where}.end", end.isoformat(), f"a day on or after {start.isoformat()}")


def _dates(programme: ProgrammeFields) -> Iterator[Problem]:
    periods: list[tuple[str, Period]] = [("period", programme.period)]
    periods += [(f"calendar.blackouts[{i}]", blackout) for i, blackout in enumerate(programme.calendar.blackouts)]
    periods += [
        (f"trainers[{index}].free[{position}]", period)
        for index, trainer in enumerate(programme.trainers)
        for position, period in enumerate(trainer.free)
    ]
    for where, period in periods:
        yield from _in_order(where, period.start, period.end)
