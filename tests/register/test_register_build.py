"""The script that builds the register, on a small country of its own."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from _register.sources import VERSION, Place
from _register.writing import build, write
from prai_match import register

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ["Aigues", "Bram", "Castel", "Dourgne", "Escalquens", "Fronton", "Grenade", "Hers", "Issus", "Jujols"]


def commune(code: str, name: str, population: int = 1000, **more: object) -> dict[str, Any]:
    base = {"code": code, "nom": name, "type": "commune-actuelle", "zone": "metro", "region": "76"}
    return base | {"departement": code[:2], "population": population, "siren": f"2{code}000"} | more


def country() -> dict[str, list[dict[str, Any]]]:
    near = [commune(f"310{i:02}", name) for i, name in enumerate(NAMES)]
    merged = commune("31090", "Val de Save", 3000, anciensCodes=["31091", "31092", "31093"])
    seat = commune("31090", "Levignac", type="commune-deleguee", chefLieu="31090")
    part = commune("31091", "Menville", type="commune-deleguee", chefLieu="31090")
    homonym = commune("66001", "Saint-Jean", 120)
    far = [commune(f"660{i:02}", f"Village {i}", 600) for i in range(2, 8)]
    border = commune("66099", "Frontière", 50)
    communes = [*near, merged, seat, part, homonym, *far, border]

    def group(code: str, members: list[dict[str, Any]]) -> dict[str, Any]:
        return {"code": code, "nom": f"CC {code}", "type": "CC", "membres": [{"code": c["code"]} for c in members]}

    return {
        "communes": communes,
        "earlier": [
            {"code": "31092", "nom": "Daux", "type": "commune-absorbee"},
            {"code": "31093", "nom": "Val de Save", "type": "ancien-code"},
        ],
        "epci": [group("200000001", [*near, merged, border]), group("200000002", [homonym, *far])],
        "departements": [
            {"code": "31", "nom": "Haute-Garonne", "region": "76"},
            {"code": "66", "nom": "Pyrénées-Orientales", "region": "76"},
        ],
        "regions": [{"code": "76", "nom": "Occitanie"}],
    }


def places() -> list[Place]:
    def place(name: str, latitude: float, longitude: float, population: int = 1000) -> Place:
        return Place(name, "76", (latitude, longitude), population)

    near = [place(name, 43.5 + i / 50, 1.4 + i / 50) for i, name in enumerate(NAMES)]
    far = [place(f"Village {i}", 42.5 + i / 50, 2.8) for i in range(2, 8)]
    return [
        *near,
        *far,
        place("Lévignac", 43.66, 1.2),
        place("Menville", 43.67, 1.19),
        place("Saint-Jean", 43.66, 1.5, 9000),
    ]


@pytest.fixture(scope="module")
def built() -> pl.DataFrame:
    return build(country(), places())


def row(frame: pl.DataFrame, code: str, kind: str) -> dict[str, Any]:
    return frame.filter(code=code, kind=kind).row(0, named=True)


def test_same_columns_as_the_packaged_register(built: pl.DataFrame) -> None:
    assert built.schema == register.frame().schema


def test_the_order_of_the_sources_does_not_matter(built: pl.DataFrame) -> None:
    rng = random.Random(3)  # noqa: S311 (not for secrets)
    data, towns = country(), places()
    for rows in data.values():
        rng.shuffle(rows)
    rng.shuffle(towns)
    assert build(data, towns).equals(built)


def test_the_same_frame_gives_the_same_bytes(built: pl.DataFrame, tmp_path: Path) -> None:
    for name in ("one", "two"):
        write(built, tmp_path / name, "places of a test")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert pl.read_parquet(tmp_path / "one").equals(built)
    metadata = pl.read_parquet_metadata(tmp_path / "one")
    assert (metadata["version"], metadata["places"]) == (VERSION, "places of a test")


def test_places_are_matched_by_name(built: pl.DataFrame) -> None:
    assert row(built, "31000", "commune")["precision"] == "place"
    assert row(built, "31000", "commune")["latitude"] == 43.5


def test_a_homonym_from_elsewhere_is_refused(built: pl.DataFrame) -> None:
    # The only Saint-Jean of the region lies 130 km from the others of its EPCI and is 75 times too big.
    saint_jean, epci = row(built, "66001", "commune"), row(built, "200000002", "epci")
    assert saint_jean["precision"] == "epci_centroid"
    assert saint_jean["latitude"] == epci["latitude"]


def test_a_merged_commune_stands_at_its_seat(built: pl.DataFrame) -> None:
    assert row(built, "31090", "commune")["precision"] == "place"
    assert row(built, "31090", "commune")["latitude"] == 43.66
    assert row(built, "31090", "former_commune")["name"] == "Levignac"
    assert row(built, "31091", "former_commune")["precision"] == "place"


def test_old_codes_take_their_names_from_the_earlier_version(built: pl.DataFrame) -> None:
    absorbed, recoded = row(built, "31092", "former_commune"), row(built, "31093", "former_commune")
    assert (absorbed["name"], absorbed["former_kind"], absorbed["precision"]) == ("Daux", "commune_absorbee", "commune")
    assert (recoded["former_kind"], recoded["precision"]) == ("ancien_code", "place")


def test_an_epci_belongs_where_most_of_its_people_live(built: pl.DataFrame) -> None:
    epci = row(built, "200000001", "epci")
    assert (epci["departement"], epci["region"], epci["population"]) == ("31", "76", 13_050)
    assert row(built, "66099", "commune")["departement"] == "66"


def test_no_places_at_all_leave_every_position_null() -> None:
    frame = build(country(), [])
    assert frame["latitude"].null_count() == frame.height
    assert frame["precision"].null_count() == frame.height
