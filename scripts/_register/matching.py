"""Finds the place of each entity: one with its name, a possible location and size, and no rival."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING

from _register.entities import Entity, keys
from _register.sources import Place, Point
from prai_match.register._lookup import haversine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROUNDS = 3  # of matching, each judging distances from the places that the round before accepted
NEIGHBOURS = 3  # places an EPCI must have besides the one judged for its centre to judge
MARGIN_KM, SPREADS, FARTHEST_KM = 15.0, 3.0, 60.0  # a place lies within margin + spreads x spread, never farther
MATE_KM = 15.0  # or as near as this to another place of its EPCI, however far both are from the centre
FAR_KM = 100.0  # an EPCI with too few places: from the centre of the département
CROWD, ALONE_KM, STEPS = 8, 13.0, 4.0  # among so many mates, one this far from all, and steps x their gap, is misplaced
SURE_KM = 10.0  # so near the centre, a population that doesn't fit (merger, old count) is no objection
SAME_KM = 5.0  # two places of one name so near to each other are one place told twice
SMALLEST, LARGEST = 0.25, 2.5  # population of the place over that of the commune (mergers make it small)

Pair = tuple[Entity, Place]


@dataclass(slots=True)
class Judge:
    """Judges whether a place can be that of an entity, from the places accepted so far around it."""

    accepted: list[Pair]
    groups: dict[tuple[str, str | None], list[Pair]] = field(default_factory=lambda: defaultdict(list))
    gaps: dict[str | None, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Group the accepted places by EPCI and by département."""
        for pair in self.accepted:
            self.groups["epci", pair[0].epci].append(pair)
            self.groups["departement", pair[0].departement].append(pair)

    def plausible(self, entity: Entity, place: Place) -> bool:
        """Whether the place lies where the entity can be and is of the size the entity can have."""
        if entity.overseas:
            return True  # there the "region" of GeoNames is the département: no homonym from elsewhere
        fits = _same_order(entity.population, place.population)
        mates = self._others(("epci", entity.epci), entity) if entity.epci else []
        gap = _gap(place.point, mates)
        if len(mates) >= CROWD and gap > max(ALONE_KM, STEPS * self._usual_gap(entity.epci)):
            return False
        if fits and gap <= MATE_KM:
            return True
        if len(mates) >= NEIGHBOURS:
            centre, spread = _centre(mates)
            limit = min(MARGIN_KM + SPREADS * spread, FARTHEST_KM)
        else:
            others = self._others(("departement", entity.departement), entity)
            if len(others) < NEIGHBOURS:
                return False
            centre, limit = _centre(others)[0], FAR_KM
        distance = haversine(*centre, *place.point)
        return distance <= limit and (fits or (len(mates) >= NEIGHBOURS and distance <= SURE_KM))

    def _usual_gap(self, epci: str | None) -> float:
        if epci not in self.gaps:
            points = [place.point for _, place in self.groups["epci", epci]]
            self.gaps[epci] = median(_gap(point, points[:i] + points[i + 1 :]) for i, point in enumerate(points))
        return self.gaps[epci]

    def _others(self, group: tuple[str, str | None], entity: Entity) -> list[Point]:
        return [place.point for other, place in self.groups.get(group, ()) if other is not entity]


def _gap(point: Point, others: list[Point]) -> float:
    """How far the nearest of the others is."""
    return min((haversine(*point, *other) for other in others), default=math.inf)


def _centre(points: list[Point]) -> tuple[Point, float]:
    """The median point and the median distance to it: one wrong point among them changes little."""
    centre = median(latitude for latitude, _ in points), median(longitude for _, longitude in points)
    return centre, median(haversine(*centre, *point) for point in points)


def _same_order(commune: int | None, place: int) -> bool:
    return not commune or not place or SMALLEST <= place / commune <= LARGEST


def match(rows: list[Entity], places: list[Place]) -> dict[Entity, Place]:
    """Return the unambiguous places of entities: by name first, then by the place's other names."""
    by_name = list(zip(keys(place.name for place in places), places, strict=True))
    accepted = _accept(rows, by_name, start=[])
    used = {id(place) for place in accepted.values()}
    free = [place for place in places if id(place) not in used]
    other_names = [(name, place) for place in free for name in place.alternates]
    by_other_name = {
        (key, id(place)): (key, place)
        for key, (_, place) in zip(keys(name for name, _ in other_names), other_names, strict=True)
        if key
    }
    unplaced = [row for row in rows if row not in accepted and row.kind == "commune"]
    return accepted | _accept(unplaced, by_other_name.values(), start=list(accepted.items()))


def _accept(rows: list[Entity], named: Iterable[tuple[str, Place]], start: list[Pair]) -> dict[Entity, Place]:
    by_key: dict[tuple[str, str], list[Place]] = defaultdict(list)
    for key, place in named:
        by_key[place.region, key].append(place)
    pairs = [(row, place) for row in rows for place in by_key.get((row.region or "", row.key), ())]
    accepted = dict(_unambiguous(pairs))
    for _ in range(ROUNDS):
        judge = Judge(start + list(accepted.items()))
        accepted = dict(_unambiguous([pair for pair in pairs if judge.plausible(*pair)]))
    return accepted


def _unambiguous(pairs: list[Pair]) -> Iterator[Pair]:
    places: dict[Entity, list[Place]] = defaultdict(list)
    claims = Counter(id(place) for _, place in pairs)
    for entity, place in pairs:
        places[entity].append(place)
    for entity, found in places.items():
        best = max(found, key=lambda place: (place.population, place.point))
        near = all(haversine(*best.point, *place.point) <= SAME_KM for place in found)
        if near and all(claims[id(place)] == 1 for place in found):
            yield entity, best
