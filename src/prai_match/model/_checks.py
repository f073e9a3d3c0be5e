"""Cross-checks of a programme: what is cited exists, nothing stands twice, dates are in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from prai_match.errors import Problem
from prai_match.model._catalogue import BUNDLED, SessionForm, kinds_of
from prai_match.model._citations import PACKAGE, Citable, axes_of, repeated
from prai_match.model._history_checks import history_problems

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from prai_match.model._actors import Period
    from prai_match.model._catalogue import Catalogue
    from prai_match.model._fields import ProgrammeFields


def problems(programme: ProgrammeFields, other_ids: AbstractSet[str] = frozenset()) -> list[Problem]:
    """Return every contradiction inside ``programme``; ids in ``other_ids`` count as existing."""
    return [
        *_duplicates(programme),
        *_catalogue(programme.catalogue, other_ids),
        *_actors(programme, other_ids),
        *history_problems(programme, other_ids),
        *_dates(programme),
    ]


def _duplicates(programme: ProgrammeFields) -> Iterator[Problem]:
    catalogue = programme.catalogue
    yield from repeated("catalogue.themes", "id", (theme.id for theme in catalogue.themes))
    yield from repeated("catalogue.buffets", "id", (buffet.id for buffet in catalogue.buffets))
    yield from repeated("catalogue.workshops", "id", (workshop.id for workshop in catalogue.workshops))
    buffets = {buffet.id for buffet in catalogue.buffets}
    for index, workshop in enumerate(catalogue.workshops):
        where = f"catalogue.workshops[{index}]"
        yield from repeated(f"{where}.axes", "id", (axis.id for axis in workshop.axes))
        if workshop.id in buffets:
            yield Problem.of(PACKAGE, "buffet_id", f"{where}.id", repr(workshop.id))
    yield from repeated("catalogue.follow_ups", "target", ((f.source, f.target) for f in catalogue.follow_ups))
    yield from _kinds(catalogue)
    yield from repeated("collectivities", "code", (collectivity.code for collectivity in programme.collectivities))
    yield from repeated("territories", "id", (territory.id for territory in programme.territories))
    yield from repeated("attributes", "name", (attribute.name for attribute in programme.attributes))
    yield from repeated("partners", "id", (partner.id for partner in programme.partners))
    yield from repeated("trainers", "id", (trainer.id for trainer in programme.trainers))
    yield from repeated("sessions", "id", programme.sessions.to_polars()["id"])


def _kinds(catalogue: Catalogue) -> Iterator[Problem]:
    """Sessions of both forms share a vocabulary."""
    own = [("sessions" if kind.of in {"buffets", "workshops"} else kind.of, kind.id) for kind in catalogue.kinds]
    yield from repeated("catalogue.kinds", "id", own)
    bundled = {"sessions": get_args(SessionForm), **BUNDLED}
    for index, (of, kind) in enumerate(own):
        if kind in bundled[of]:
            yield Problem.of(PACKAGE, "bundled_kind", f"catalogue.kinds[{index}].id", repr(kind))


def _catalogue(catalogue: Catalogue, other_ids: AbstractSet[str]) -> Iterator[Problem]:
    themes = Citable("theme", {theme.id for theme in catalogue.themes})
    sessions = Citable("session", {session.id for session in catalogue.sessions} | other_ids)
    if not catalogue.sessions:
        yield Problem.of(PACKAGE, "no_session", "catalogue")
    for index, buffet in enumerate(catalogue.buffets):
        for position, theme in enumerate(buffet.themes):
            yield from themes.cited(f"catalogue.buffets[{index}].themes[{position}]", theme)
    for index, workshop in enumerate(catalogue.workshops):
        yield from themes.cited(f"catalogue.workshops[{index}].theme", workshop.theme)
    for table in ("buffets", "workshops"):
        known = Citable("kind of session", {*kinds_of(catalogue, table)}, few=True)
        for index, session in enumerate(getattr(catalogue, table)):
            yield from known.cited(f"catalogue.{table}[{index}].kind", session.kind)
    for index, follow_up in enumerate(catalogue.follow_ups):
        where = f"catalogue.follow_ups[{index}]"
        yield from sessions.cited(f"{where}.source", follow_up.source)
        yield from sessions.cited(f"{where}.target", follow_up.target)
        if follow_up.source == follow_up.target:
            yield Problem.of(PACKAGE, "own_target", f"{where}.target", repr(follow_up.target))


def _actors(programme: ProgrammeFields, other_ids: AbstractSet[str]) -> Iterator[Problem]:
    axes = axes_of(programme.catalogue)
    sessions = Citable("session", axes.keys() | other_ids)
    codes = {collectivity.code for collectivity in programme.collectivities}
    collectivities = Citable("collectivity", codes | other_ids)
    owner: dict[str, str] = {}
    for index, territory in enumerate(programme.territories):
        for position, member in enumerate(territory.members):
            where = f"territories[{index}].members[{position}]"
            yield from collectivities.cited(where, member)
            if member in owner:
                yield Problem.of(PACKAGE, "one_territory", where, repr(member), owner=owner[member])
            owner.setdefault(member, territory.id)
    kinds = Citable("kind of relay partner", {*kinds_of(programme.catalogue, "partners")}, few=True)
    for index, partner in enumerate(programme.partners):
        yield from kinds.cited(f"partners[{index}].kind", partner.kind)
        for position, session in enumerate(partner.carries):
            yield from sessions.cited(f"partners[{index}].carries[{position}]", session)
        yield from repeated(f"partners[{index}].hosted", "departement", (r.departement for r in partner.hosted))
    for index, trainer in enumerate(programme.trainers):
        yield from repeated(f"trainers[{index}].expertise", "session", (e.session for e in trainer.expertise))
        for position, expertise in enumerate(trainer.expertise):
            where = f"trainers[{index}].expertise[{position}]"
            yield from sessions.cited(f"{where}.session", expertise.session)
            if expertise.session in axes:
                for place, axis in enumerate(expertise.axes):
                    yield from axes[expertise.session].cited(f"{where}.axes[{place}]", axis)


def _in_order(where: str, start: dt.date, end: dt.date) -> Iterator[Problem]:
    if start > end:
        yield Problem.of(PACKAGE, "order", where, end.isoformat(), start=start)


def _dates(programme: ProgrammeFields) -> Iterator[Problem]:
    periods: list[tuple[str, Period]] = [("period", programme.period)]
    periods += [(f"calendar.blackouts[{i}]", blackout) for i, blackout in enumerate(programme.calendar.blackouts)]
    periods += [
        (f"trainers[{index}].free[{position}]", period)
        for index, trainer in enumerate(programme.trainers)
        for position, period in enumerate(trainer.free)
    ]
    for where, period in periods:
        yield from _in_order(f"{where}.end", period.start, period.end)
    actors = [(f"partners[{index}]", partner.since, partner.until) for index, partner in enumerate(programme.partners)]
    actors += [(f"trainers[{index}]", trainer.since, trainer.until) for index, trainer in enumerate(programme.trainers)]
    for where, since, until in actors:
        if since is not None and until is not None:
            yield from _in_order(f"{where}.until", since, until)
