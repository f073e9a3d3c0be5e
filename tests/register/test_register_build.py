"""The script that builds the register, on a small country of its own."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from _register.aliases import aliases
from _register.dissolved import dissolved, epci_names
from _register.sources import VERSION, Place, Vintage
from _register.writing import build, populate, write_earlier, write_register
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


def earlier_years() -> list[Vintage]:
    """Two years before: Bram-les-Bains is named Bram since; an EPCI was shared out, another named anew."""
    now = country()
    communes = [row | {"nom": "Bram-les-Bains"} if row["nom"] == "Bram" else row for row in now["communes"]]
    whole = commune("31080", "Deux-Rives")  # it fell apart since
    left = commune("31004", "Escalquens", type="commune-deleguee", chefLieu="31080")
    right = commune("66002", "Village 2", type="commune-deleguee", chefLieu="31080")
    near, far = (group["membres"] for group in now["epci"])

    def year(name: str, *epcis: tuple[str, str, list[dict[str, Any]]]) -> Vintage:
        rows = [{"code": code, "nom": told, "type": "CA", "membres": members} for code, told, members in epcis]
        return Vintage(name, [*communes, whole, left, right], rows)

    return [
        year("2019", ("200000009", "CA du Nord", near[:4] + far[:2]), ("200000001", "CA Ancienne", near[4:])),
        year("2020", ("200000009", "CA du Grand Nord", near[:3] + far[:1]), ("200000001", "CC 200000001", near[3:])),
    ]


def history() -> list[dict[str, Any]]:
    def state(number: int, code: str, name: str, kind: str = "COM", **more: str) -> dict[str, Any]:
        return {"id": str(number), "code": code, "nom": name, "type": kind, **more}

    return [
        state(1, "31092", "Daux-le-Vieux"),
        state(2, "31005", "Saint-Jean"),
        state(3, "66001", "Fronton"),
        state(4, "31003", "Grenade-et-Dourgne"),
        state(5, "31006", "Grenade", "COMA", pole="4"),
        state(6, "31003", "Grenade-et-Dourgne", "COMP", pole="4"),
        state(7, "31002", "Menville"),
        state(8, "66003", "Village"),
    ]


def others(names: dict[str, tuple[str, ...]] | None = None) -> list[tuple[str, str, str]]:
    rows = populate(country(), places(names))
    return aliases(rows, earlier_years(), history(), build(rows)).rows()


def places(names: dict[str, tuple[str, ...]] | None = None) -> list[Place]:
    def place(name: str, latitude: float, longitude: float, population: int = 1000) -> Place:
        return Place(name, "76", (latitude, longitude), population, (names or {}).get(name, ()))

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
    return build(populate(country(), places()))


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
    assert build(populate(data, towns)).equals(built)


def test_the_same_frame_gives_the_same_bytes(built: pl.DataFrame, tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_register(built, tmp_path / name, "places of a test")
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
    frame = build(populate(country(), []))
    assert frame["latitude"].null_count() == frame.height
    assert frame["precision"].null_count() == frame.height


def test_a_dissolved_epci_tells_what_took_its_place(built: pl.DataFrame) -> None:
    found = dissolved(earlier_years(), built).to_dicts()
    assert found == [
        {
            "code": "200000009",
            "names": ["CA du Grand Nord", "CA du Nord"],
            "epci_kind": "CA",
            "departement": "31",
            "departements": ["31", "66"],
            "last_vintage": "2020",
            "successors": ["200000001", "200000002"],
            "shares": [0.9615, 0.0385],
        },
    ]


def test_a_present_epci_keeps_its_earlier_names(built: pl.DataFrame) -> None:
    assert epci_names(earlier_years(), built).rows() == [("200000001", "CA Ancienne")]


def test_earlier_names_lead_to_the_present_commune() -> None:
    # Not "Menville" nor "Fronton", which are others' in the same département, nor the names of what fell apart, nor
    # "Village", with which others begin.
    assert others() == [
        ("31001", "Bram-les-Bains", "vintage"),
        ("31005", "Saint-Jean", "history"),
        ("31090", "Daux-le-Vieux", "history"),
        ("66001", "Fronton", "history"),
    ]


@pytest.mark.parametrize(
    ("place", "other", "kept"),
    [
        ("Aigues", "Aigues-sur-Save", True),
        ("Aigues", "Aigues de Save", True),
        ("Aigues", "AIGUES", False),  # the official name, otherwise written
        ("Aigues", "Aiguas", False),  # another language's
        ("Aigues", "Эг-сюр-Сав", False),
        ("Aigues", "Aigues Balnearium", False),
        ("Village 2", "Village", False),  # five more begin so
    ],
)
def test_only_forms_of_the_official_name_are_in_use(place: str, other: str, *, kept: bool) -> None:
    found = [name for _, name, source in others({place: (other,)}) if source == "geonames"]
    assert found == ([other] if kept else [])


def test_one_spelling_of_a_name_is_kept() -> None:
    found = others({"Aigues": ("Aigues-pres-Save", "Aigues près Save", "Aigues-près-Save")})
    assert [name for code, name, _ in found if code == "31000"] == ["Aigues près Save"]


def test_earlier_tables_name_their_versions(tmp_path: Path, built: pl.DataFrame) -> None:
    write_earlier(epci_names(earlier_years(), built), tmp_path / "names", history="1.2.3")
    metadata = pl.read_parquet_metadata(tmp_path / "names")
    assert metadata["vintages"].startswith("2019: 0.3.0, 2020: ")
    assert metadata["history"] == "1.2.3"
