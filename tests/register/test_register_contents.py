"""What the register holds: counts, keys, membership, populations and positions."""

from __future__ import annotations

import polars as pl
import pytest

from prai_match import register
from prai_match.register import haversine_km

ALL = register.frame()


def test_counts() -> None:
    counts = dict(ALL.group_by("kind").len().iter_rows())
    assert counts == {
        "commune": 34_969,
        "former_commune": 4_824,
        "arrondissement_municipal": 45,
        "epci": 1_255,
        "departement": 109,
        "region": 26,
    }


def test_code_and_kind_are_the_key() -> None:
    assert ALL.select(pl.struct("code", "kind").is_duplicated().any()).item() is False
    assert ALL.select("code", "kind").equals(ALL.select("code", "kind").sort("code", "kind"))


def test_columns_are_the_fields_of_an_entry() -> None:
    assert ALL.columns == list(register.Entry.__dataclass_fields__)


def test_every_reference_leads_somewhere() -> None:
    for column, kind in {
        "epci": "epci",
        "departement": "departement",
        "region": "region",
        "present_code": "commune",
    }.items():
        known = ALL.filter(kind=kind)["code"].implode()
        assert ALL[column].drop_nulls().is_in(known).all(), column


def test_membership_is_a_partition() -> None:
    listed = [member.code for epci in register.epcis() for member in register.members(epci)]
    with_epci = [commune.code for commune in register.communes() if commune.epci is not None]
    assert sorted(listed) == with_epci
    assert all(member.epci == epci.code for epci in register.epcis() for member in register.members(epci))


def test_only_islands_and_overseas_have_no_epci() -> None:
    alone = [c for c in register.communes() if c.epci is None]
    mainland = {c.code for c in alone if not c.code.startswith(("97", "98"))}
    assert mainland == {"22016", "29083", "29155", "85113"}


def test_populations_add_up() -> None:
    communes = ALL.filter(kind="commune")
    for column in ("epci", "departement", "region"):
        sums = communes.drop_nulls(column).group_by(column).agg(pl.col("population").sum())
        groups = ALL.filter(kind=column).join(sums, left_on="code", right_on=column)
        assert groups.filter(pl.col("population").fill_null(0) != pl.col("population_right")).is_empty()


def test_an_epci_is_in_the_departement_of_most_of_its_people() -> None:
    weights = (
        ALL.filter(kind="commune")
        .drop_nulls("epci")
        .group_by("epci", "departement")
        .agg(pl.col("population").sum())
        .sort("population", "departement", descending=[True, False])
        .unique("epci", keep="first", maintain_order=True)
    )
    joined = ALL.filter(kind="epci").join(weights, left_on="code", right_on="epci")
    assert joined.height == 1_255
    assert (joined["departement"] == joined["departement_right"]).all()


def test_unknown_is_null_not_invented() -> None:
    kerguelen = register.get("98412")
    assert kerguelen.population is None
    assert kerguelen.siren is None
    assert kerguelen.epci is None
    assert kerguelen.precision is None
    assert kerguelen.position is None


def test_precision_is_said_exactly_where_there_is_a_position() -> None:
    placed = pl.col("latitude").is_not_null() & pl.col("longitude").is_not_null()
    assert ALL.filter(placed != pl.col("precision").is_not_null()).is_empty()
    assert ALL.filter(pl.col("latitude").is_null() != pl.col("longitude").is_null()).is_empty()


@pytest.mark.parametrize(
    ("kind", "precisions"),
    [
        ("commune", {"place", "epci_centroid", "departement_centroid", None}),
        ("former_commune", {"place", "commune", "epci_centroid"}),
        ("arrondissement_municipal", {"place"}),
        ("epci", {"epci_centroid"}),
        ("departement", {"departement_centroid", None}),
        ("region", {"region_centroid", None}),
    ],
)
def test_precisions_of_each_kind(kind: str, precisions: set[str | None]) -> None:
    assert set(ALL.filter(kind=kind)["precision"].unique()) == precisions


def test_most_people_live_in_a_commune_with_a_place() -> None:
    placed = [commune for commune in register.communes() if commune.precision == "place"]
    people = sum(commune.population or 0 for commune in register.communes())
    assert len(placed) > 14_500
    assert sum(commune.population or 0 for commune in placed) / people > 0.89


def test_places_lie_in_their_departement() -> None:
    centres = ALL.filter(kind="departement").select(departement="code", lat="latitude", lon="longitude")
    away = haversine_km("latitude", "longitude", "lat", "lon").alias("km")
    distances = ALL.filter(kind="commune", precision="place").join(centres, on="departement").with_columns(away)
    metropolitan = distances.filter(~pl.col("departement").str.contains("^9[78]"))
    assert metropolitan["km"].max() < 115  # type: ignore[operator]
    # Far corners are real (Luchon, the Haute-Saintonge, the Avesnois): the rest of the EPCI is there too.
    corners = [register.get(code) for code in metropolitan.filter(pl.col("km") > 80)["code"]]
    assert len(corners) < metropolitan.height / 250
    assert all(register.distance_km(corner, corner.epci or "") < 41 for corner in corners)
    # Guyane and the archipelagos of the Pacific are as wide as France.
    islands = distances.filter(pl.col("departement").is_in(["971", "972", "974", "975", "976"]))
    assert islands["km"].max() < 80  # type: ignore[operator]
    assert distances["km"].max() < 300  # type: ignore[operator]


def test_places_lie_near_their_epci() -> None:
    centres = ALL.filter(kind="epci").select(epci="code", lat="latitude", lon="longitude")
    placed = ALL.filter(kind="commune", precision="place").join(centres, on="epci")
    km = placed.filter(~pl.col("code").str.starts_with("97")).select(
        haversine_km("latitude", "longitude", "lat", "lon").alias("km"),
    )["km"]
    assert km.max() < 66  # type: ignore[operator]
    assert (km > 40).sum() < 25


@pytest.mark.parametrize(
    ("code", "latitude", "longitude"),
    [
        ("31555", 43.60, 1.44),
        ("46042", 44.45, 1.44),
        ("75056", 48.85, 2.35),
        ("2A004", 41.93, 8.74),
        ("97411", -20.88, 55.45),
        ("09122", 42.97, 1.61),
        ("12202", 44.35, 2.57),
        ("81004", 43.93, 2.15),
    ],
)
def test_known_places(code: str, latitude: float, longitude: float) -> None:
    entry = register.get(code)
    assert entry.precision == "place"
    assert entry.latitude == pytest.approx(latitude, abs=0.05)
    assert entry.longitude == pytest.approx(longitude, abs=0.05)


def test_a_homonym_of_another_departement_is_not_taken() -> None:
    # GeoNames has one Saint-Pierre of 8,836 people in the region; it is not this village of 99.
    village = register.get("04194")
    assert village.name == "Saint-Pierre"
    assert village.precision == "epci_centroid"
    assert village.position == register.by_epci(village.epci or "").position


def test_a_frame_given_is_the_callers_own() -> None:
    mine = register.frame()
    mine.insert_column(0, pl.lit(1).alias("mine"))
    assert "mine" not in register.frame().columns
    assert set(register.frame("region")["kind"]) == {"region"}
