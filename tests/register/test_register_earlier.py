"""Earlier years of the register: cases known by hand, and what holds of every row."""

from __future__ import annotations

import polars as pl
import pytest

from prai_match import register
from prai_match.register import _data


def key(name: str = "name") -> pl.Expr:
    return register.normalised(pl.col(name)).alias("key")


def named() -> pl.DataFrame:
    kinds = ["commune", "former_commune", "arrondissement_municipal"]
    return register.frame().filter(pl.col("kind").is_in(kinds)).with_columns(key())


@pytest.mark.parametrize(
    ("code", "name", "departement", "last", "successors"),
    [
        ("200035459", "CA d'Agen", "47", "2021", ["200096956"]),
        ("245901061", "CC de la Haute Deûle", "59", "2020", ["200093201"]),
        ("200071157", "CC des Hautes Vosges", "88", "2021", ["200096634", "200096642"]),
        ("200067510", "CC Monts et Vallées Ouest Creuse", "23", "2019", ["242300135", "242320109", "242320000"]),
    ],
)
def test_known_dissolved_epci(code: str, name: str, departement: str, last: str, successors: list[str]) -> None:
    row = _data.dissolved_epcis().filter(code=code).row(0, named=True)
    assert row["names"] == [name]
    assert (row["departement"], row["departements"]) == (departement, [departement])
    assert (row["last_vintage"], row["successors"]) == (last, successors)


def test_dissolved_epci_are_no_more_and_their_successors_are() -> None:
    found, present = _data.dissolved_epcis(), register.frame().filter(kind="epci")["code"].implode()
    assert found["code"].is_unique().all()
    assert not found["code"].is_in(present).any()
    assert found["names"].list.len().min() == 1
    assert found.select(pl.col("successors").explode().is_in(present).all()).item()
    departements = register.frame().filter(kind="departement")["code"].implode()
    assert found.select(pl.col("departements").explode().is_in(departements).all()).item()
    assert (found["departement"] == found["departements"].list.first()).all()
    assert found["epci_kind"].is_in(["CC", "CA", "CU", "METRO", "MET69"]).all()
    assert found["last_vintage"].is_between(pl.lit("2019"), pl.lit("2025")).all()


def test_shares_are_parts_of_one_the_largest_first() -> None:
    shares = _data.dissolved_epcis()["shares"]
    assert (shares.list.len() == _data.dissolved_epcis()["successors"].list.len()).all()
    assert shares.list.sum().is_between(0.999, 1.0001).all()
    assert (shares.list.sort(descending=True) == shares).all()
    assert (shares.list.min() > 0).all()


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("200067791", "CA Pays Foix-Varilhes"),
        ("200069383", "CC du Grand Villefranchois"),
        ("200067122", "CC Coteaux et Plaines du Pays Lafrançaisain"),
        ("243100567", "CC Lauragais Revel Sorezois"),
        ("243100781", "CC de la Save au Touch"),
    ],
)
def test_known_data_of_epci(code: str, name: str) -> None:
    assert name in _data.epci_names().filter(code=code)["name"].to_list()


def test_data_of_epci_are_no_other_epci_s() -> None:
    found = _data.epci_names().with_columns(key())
    present = register.frame().filter(kind="epci")
    assert found.join(present, on="code", how="anti").is_empty()
    assert found.join(present.with_columns(key()), on="key").is_empty()
    dissolved = _data.dissolved_epcis().explode("names").with_columns(key("names"))
    assert found.join(dissolved, on="key").is_empty()
    assert found["key"].is_unique().all()


@pytest.mark.parametrize(
    ("code", "name", "source"),
    [
        ("82186", "Valence-d'Agen", "geonames"),
        ("31042", "Luchon", "geonames"),
        ("32290", "Montréal-du-Gers", "geonames"),
        ("31232", "Grenade-sur-Garonne", "geonames"),
        ("12301", "Villeneuve-d'Aveyron", "geonames"),
        ("46063", "Castelnau Montratier-Sainte Alauzie", "vintage"),
        ("09207", "Montgaillard", "vintage"),
        ("32465", "Villefranche", "vintage"),
        ("65375", "Rabastens", "history"),
        ("51108", "Châlons-sur-Marne", "history"),
        ("81069", "Cordes", "history"),
    ],
)
def test_known_aliases(code: str, name: str, source: str) -> None:
    assert (code, name, source) in _data.aliases().rows()


@pytest.mark.parametrize(
    ("departement", "name"),
    [
        ("81", "Saint-Martin"),  # many begin so
        ("65", "Castelnau"),  # Magnoac or Rivière-Basse
        ("14", "Saline"),  # Troarn and Sannerville, parted since
        ("59", "Ferrain"),  # the country Neuville-en-Ferrain lies in
        ("49", "Aubance"),  # a river of several
        ("10", "Val-d'Orvin"),  # five communes, parted since
    ],
)
def test_names_that_could_be_another_commune_s_are_left_out(departement: str, name: str) -> None:
    communes = register.frame().filter(kind="commune").select("code", "departement")
    assert _data.aliases().join(communes, on="code").filter(departement=departement, name=name).is_empty()


def test_no_alias_collides_in_its_departement() -> None:
    communes = register.frame().filter(kind="commune").select("code", "departement")
    found = _data.aliases().join(communes, on="code").with_columns(key())
    assert found.height == _data.aliases().height
    assert found.select("departement", "key").is_unique().all()
    assert found.join(named(), on=["departement", "key"]).is_empty()
    assert set(found["source"]) == {"geonames", "history", "vintage"}


def test_tables_are_sorted_and_small() -> None:
    for table, by in (
        (_data.dissolved_epcis(), "code"),
        (_data.epci_names(), "code"),
        (_data.aliases(), "code"),
    ):
        assert table[by].is_sorted()
        assert sum(table.null_count().row(0)) == 0
    assert _data.aliases().height < 10_000


def test_each_table_says_what_it_is_made_from() -> None:
    for table in ("dissolved", "epci_names", "aliases"):
        assert _data.metadata(table)["source"] == register.about().source
        assert _data.metadata(table)["vintages"].startswith("2019: 0.3.0, 2020: 0.8.0, ")
    assert "GeoNames" in _data.metadata("aliases")["places"]
