"""Cross-checks of a programme: references exist, identifiers are unique, dates are in order."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Set as AbstractSet
from typing import get_args

from prai_match.errors import Problem
from prai_match.model._actors import Period, RelayPartner, Trainer
from prai_match.model._base import items
from prai_match.model._calendar import Pace, TeamPace
from prai_match.model._catalogue import BUNDLED, Buffet, Catalogue, SessionForm, Workshop, kinds_of
from prai_match.model._fields import ProgrammeFields
from prai_match.model._history_checks import PACKAGE, Citable, axes_of, history_problems, repeated

# The fields that identify the rows of a table.
_KEYS = {"collectivities": "code", "territories": "id", "attributes": "name", "partners": "id", "trainers": "id"}


def problems(programme: ProgrammeFields, other_ids: AbstractSet[str] = frozenset()) -> list[Problem]:
    """Return every contradiction inside ``programme``; ids in ``other_ids`` count as existing."""
    return [
        *_duplicates(programme),
        *_catalogue(programme.catalogue, other_ids),
        *_actors(programme, other_ids),
        *history_problems(programme, other_ids),
        *_dates(programme),
        *_pace(programme.pace),
    ]


def _duplicates(programme: ProgrammeFields) -> Iterator[Problem]:
    catalogue = programme.catalogue
    for name in ("themes", "buffets", "workshops"):
        yield from repeated(f"catalogue.{name}", "id", (item.id for item in getattr(catalogue, name)))
    buffets = {buffet.id for buffet in catalogue.buffets}
    for where, workshop in items("catalogue.workshops", catalogue.workshops):
        yield from repeated(f"{where}.axes", "id", (axis.id for axis in workshop.axes))
        if workshop.id in buffets:
            yield Problem.of(PACKAGE, "buffet_id", f"{where}.id", repr(workshop.id))
    yield from repeated("catalogue.follow_ups", "target", ((f.source, f.target) for f in catalogue.follow_ups))
    yield from _kinds(catalogue)
    for name, key in _KEYS.items():
        yield from repeated(name, key, (getattr(row, key) for row in getattr(programme, name)))
    yield from repeated("sessions", "id", programme.sessions.to_polars()["id"])


def _kinds(catalogue: Catalogue) -> Iterator[Problem]:
    """Check kinds; sessions of both forms share a vocabulary."""
    own = [("sessions" if kind.of in {"buffets", "workshops"} else kind.of, kind.id) for kind in catalogue.kinds]
    yield from repeated("catalogue.kinds", "id", own)
    bundled = {"sessions": get_args(SessionForm), **BUNDLED}
    for where, (of, kind) in items("catalogue.kinds", own):
        if kind in bundled[of]:
            yield Problem.of(PACKAGE, "bundled_kind", f"{where}.id", repr(kind))


def _catalogue(catalogue: Catalogue, other_ids: AbstractSet[str]) -> Iterator[Problem]:
    themes = Citable("theme", {theme.id for theme in catalogue.themes})
    sessions = Citable("session", {session.id for session in catalogue.sessions} | other_ids)
    if not catalogue.sessions:
        yield Problem.of(PACKAGE, "no_session", "catalogue")
    for where, buffet in items("catalogue.buffets", catalogue.buffets):
        for place, theme in items(f"{where}.themes", buffet.themes):
            yield from themes.cited(place, theme)
    for where, workshop in items("catalogue.workshops", catalogue.workshops):
        yield from themes.cited(f"{where}.theme", workshop.theme)
    for table in ("buffets", "workshops"):
        known = Citable("kind of session", {*kinds_of(catalogue, table)}, few=True)
        for where, session in items(f"catalogue.{table}", getattr(catalogue, table)):
            yield from known.cited(f"{where}.kind", session.kind)
            yield from _modules(where, session)
    for where, follow_up in items("catalogue.follow_ups", catalogue.follow_ups):
        yield from sessions.cited(f"{where}.source", follow_up.source)
        yield from sessions.cited(f"{where}.target", follow_up.target)
        if follow_up.source == follow_up.target:
            yield Problem.of(PACKAGE, "own_target", f"{where}.target", repr(follow_up.target))


def _modules(where: str, session: Buffet | Workshop) -> Iterator[Problem]:
    """Check that the common core fits in the session, alone and with each axis."""
    axes = Citable("axis", {axis.id for axis in session.axes}, session.id)
    minutes: Counter[str | None] = Counter()
    for place, module in items(f"{where}.modules", session.modules):
        minutes[module.axis] += module.minutes
        if module.axis is not None and session.form == "buffet":
            yield Problem.of(PACKAGE, "buffet_axis", f"{place}.axis", repr(module.axis))
        elif module.axis is not None:
            yield from axes.cited(f"{place}.axis", module.axis)
    core, most = minutes[None], session.minutes
    if core > most:
        yield Problem.of(PACKAGE, "core_minutes", f"{where}.modules", minutes=core, most=most)
    for axis in session.axes:
        if core <= most < (both := core + minutes[axis.id]):
            yield Problem.of(PACKAGE, "axis_minutes", f"{where}.modules", minutes=both, most=most, axis=axis.id)


def _actors(programme: ProgrammeFields, other_ids: AbstractSet[str]) -> Iterator[Problem]:
    axes = axes_of(programme.catalogue)
    sessions = Citable("session", axes.keys() | other_ids)
    collectivities = Citable("collectivity", {one.code for one in programme.collectivities} | other_ids)
    owner: dict[str, str] = {}
    for where, territory in items("territories", programme.territories):
        for place, member in items(f"{where}.members", territory.members):
            yield from collectivities.cited(place, member)
            if member in owner:
                yield Problem.of(PACKAGE, "one_territory", place, repr(member), owner=owner[member])
            owner.setdefault(member, territory.id)
    kinds = Citable("kind of relay partner", {*kinds_of(programme.catalogue, "partners")}, few=True)
    for where, partner in items("partners", programme.partners):
        yield from kinds.cited(f"{where}.kind", partner.kind)
        for place, session in items(f"{where}.carries", partner.carries):
            yield from sessions.cited(place, session)
        yield from repeated(f"{where}.hosted", "departement", (r.departement for r in partner.hosted))
    for where, trainer in items("trainers", programme.trainers):
        yield from repeated(f"{where}.expertise", "session", (e.session for e in trainer.expertise))
        for place, expertise in items(f"{where}.expertise", trainer.expertise):
            yield from sessions.cited(f"{place}.session", expertise.session)
            if expertise.session in axes:
                for within, axis in items(f"{place}.axes", expertise.axes):
                    yield from axes[expertise.session].cited(within, axis)


def _dates(programme: ProgrammeFields) -> Iterator[Problem]:
    periods: list[tuple[str, Period]] = [
        ("period", programme.period),
        *items("calendar.blackouts", programme.calendar.blackouts),
        *(free for where, each in items("trainers", programme.trainers) for free in items(f"{where}.free", each.free)),
    ]
    actors: list[tuple[str, RelayPartner | Trainer]] = [*items("partners", programme.partners)]
    actors += items("trainers", programme.trainers)
    spans: list[tuple[str, dt.date | None, dt.date | None]] = [
        *((f"{where}.end", period.start, period.end) for where, period in periods),
        *((f"{where}.until", actor.since, actor.until) for where, actor in actors),
    ]
    for where, start, end in spans:
        if start is not None and end is not None and start > end:
            yield Problem.of(PACKAGE, "order", where, end.isoformat(), start=start)


def _pace(pace: Pace) -> Iterator[Problem]:
    """Check that longer periods allow no fewer sessions than shorter ones, and relays no more than the team."""
    for name, part in (("team", pace.team), ("relay", pace.relay)):
        shorter, least = "", 0
        for period in TeamPace.model_fields:
            most, where = getattr(part, period), f"pace.{name}.{period}"
            team = getattr(pace.team, period)
            if most is not None and most < least:
                yield Problem.of(PACKAGE, "pace_longer", where, str(most), most=least, shorter=shorter)
            elif most is not None:
                shorter, least = where, most
            if part is pace.relay and None not in {most, team} and most > team:
                yield Problem.of(PACKAGE, "pace_relay", where, str(most), most=team, team=f"pace.team.{period}")
