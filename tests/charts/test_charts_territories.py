"""The map shows every territory once, in view, with what is recommended to it or what it attended."""

from __future__ import annotations

import json
import math
import re
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

import made
from prai_match import Programme, Recommendations, UnknownCodeError, charts, register

if TYPE_CHECKING:
    from region import Region


def _symbols(chart: Any, rows_of: Any) -> list[dict[str, Any]]:
    return list(rows_of(chart, "letter", "told", "shape"))


def _name(symbol: dict[str, Any]) -> str:
    """Of the territory: what comes before its département."""
    return str(re.split(r" \([^()]+\), ", symbol["told"])[0])


@pytest.mark.parametrize("by", ["session", "coverage", "people"])
def test_every_territory_stands_once_and_in_view(by: Any, recs: Recommendations, rows_of: Any, written: Any) -> None:
    chart = charts.territory_map(recs, by=by)
    symbols = _symbols(chart, rows_of)
    assert len(symbols) == len(recs) == 101
    centres = {place.name: (place.longitude, place.latitude) for place in recs.programme.territories}
    assert {_name(row): (row["longitude"], row["latitude"]) for row in symbols} == centres
    view = chart.to_dict(validate=True)["hconcat"][0]
    assert view["projection"]["type"] == "mercator"
    places = [_place(row, view["projection"]) for row in symbols]
    assert all(0 < x < view["width"] and 0 < y < view["height"] for x, y in places)
    counts = [re.findall(r"\((\d+) territoire", text) for text in written(chart)]
    assert sum(int(found[0]) for found in counts if found) == 101


def test_the_session_recommended_is_told_and_has_its_letter(
    bundled: Programme, recs: Recommendations, rows_of: Any
) -> None:
    told = {_name(row): row for row in _symbols(charts.territory_map(recs), rows_of)}
    names = recs.names("fr")
    letters = dict(zip((session.id for session in bundled.catalogue.sessions), "ABCDEFGH", strict=True))
    hosts = {rec.territory: rec.name for rec in recs}
    for rec in recs:
        if offer := rec.offer or rec.later:
            at = "" if offer.host == rec.territory else f", accueil : {hosts[offer.host]}, à [0-9]+ km"
            at += r", session déjà programmée \(places restantes : nombre inconnu\)" if offer.joins else ""
            says = f" : {names[offer.session]}"
            pattern = f"{re.escape(says)}{at}" + ("$" if rec.offer else r"\. ")
            assert re.search(pattern, told[rec.name]["told"])
            assert told[rec.name]["letter"] == letters[offer.session]
            if rec.offer:
                assert told[rec.name]["shape"] == ("square" if offer.kind == "buffet" else "circle")
            else:
                assert told[rec.name]["shape"].count("Z") == 2  # with a hole
        else:
            assert told[rec.name]["letter"] in {"1", "2", "3"}
            assert told[rec.name]["shape"] == "diamond"


def _place(row: dict[str, Any], projection: dict[str, Any]) -> tuple[float, float]:
    """Where a projection puts a symbol, pixels."""
    (longitude, latitude), (x, y) = projection["center"], projection["translate"]
    across = math.radians(row["longitude"] - longitude)
    up, above = (math.log(math.tan(math.pi / 4 + math.radians(each) / 2)) for each in (row["latitude"], latitude))
    return x + projection["scale"] * across, y - projection["scale"] * (up - above)


def test_beyond_the_horizon_symbols_are_hollow(frozen: Recommendations, rows_of: Any, written: Any) -> None:
    chart = charts.territory_map(frozen)
    later = {rec.name for rec in frozen if rec.later}
    symbols = {_name(row): row["shape"] for row in _symbols(chart, rows_of)}
    assert later
    assert {symbols[name].count("Z") for name in later} == {2}
    assert any("Le calendrier n’a aucun jour ouvert" in text for text in written(chart))


def test_coverage_counts_the_sessions_attended(
    bundled: Programme, region: Region, recs: Recommendations, rows_of: Any
) -> None:
    attended: dict[str, set[tuple[Any, Any]]] = {}
    people: dict[str, int] = {}
    for one in region.data.attendances:
        if one.date <= recs.on:
            territory = region.territory[one.collectivity]
            attended.setdefault(territory, set()).add((one.session, one.date))
            people[territory] = people.get(territory, 0) + (one.elected or 0) + (one.technicians or 0)
    written = {_name(row): row for row in _symbols(charts.territory_map(recs, by="coverage"), rows_of)}
    for place in bundled.territories:
        assert written[place.name]["letter"] == str(len(attended.get(place.id, ())))
    told = {row["told"] for row in _symbols(charts.territory_map(recs, by="people", lang="en"), rows_of)}
    best = max(bundled.territories, key=lambda territory: people.get(territory.id, 0))
    assert any(text.startswith(best.name) and f" {people[best.id]} attendances (" in text for text in told)


def test_areas_go_with_the_population(
    bundled: Programme, recs: Recommendations, rows_of: Any, written: Any, walk: Any
) -> None:
    chart = charts.territory_map(recs)
    (scale,) = {
        json.dumps(value["scale"])
        for key, value in walk(chart.to_dict(validate=False))
        if key == "size" and isinstance(value, dict)
    }
    (first, last), (least, most) = json.loads(scale)["domain"], json.loads(scale)["range"]
    assert least / first == pytest.approx(most / last)  # areas go with the population
    assert last == max(place.population for place in bundled.territories)
    assert {"≤ 50 000", "200 000", "800 000"} <= set(written(chart))
    assert {_name(row): row["population"] for row in _symbols(chart, rows_of)} == {
        place.name: place.population for place in bundled.territories
    }
    sizes = {_name(row): row["size"] for row in _symbols(charts.territory_map(recs), rows_of)}
    large = sorted(bundled.territories, key=lambda territory: -territory.population)[:3]
    ratios = [sizes[territory.name] / territory.population for territory in large]
    assert ratios == pytest.approx([ratios[0]] * 3, rel=0.01)


def test_territories_overseas_have_maps_of_their_own(rows_of: Any, written: Any) -> None:
    territories = made.small()["territories"]
    territories[1] |= {"departement": "974", "latitude": -21.1, "longitude": 55.5}
    territories[2] |= {"departement": "975", "latitude": 46.8, "longitude": -56.2}
    programme = made.programme(territories=territories)
    chart = charts.territory_map(programme.recommend(on=made.ON))
    below = chart.to_dict(validate=False)["hconcat"][0]["vconcat"][1]["concat"]
    assert len(below) == 2
    assert "LA RÉUNION" in written(chart)
    parts = [chart.to_dict(validate=False)["hconcat"][0]["vconcat"][0], *below]
    rows = {row["told"]: row for row in _symbols(chart, rows_of)}.values()
    drawn = re.findall(
        r'<g class="mark-symbol role-mark[^>]*><path transform="translate\(([^,]+),([^)]+)', charts.svg(chart)
    )
    for row, part, (x, y) in zip(rows, parts, drawn, strict=True):  # the library's maps are each its own
        assert (float(x), float(y)) == pytest.approx(_place(row, part["projection"]))
    alone = made.programme(territories=[territory | {"departement": "974"} for territory in territories])
    chart = charts.territory_map(alone.recommend(on=made.ON, territories=["T2"]))
    assert "vconcat" not in chart.to_dict(validate=False)["hconcat"][0]


def test_no_territory_is_said(written: Any) -> None:
    programme = made.programme()
    for by in ("session", "coverage", "people"):
        chart = charts.territory_map(programme.recommend(on=made.ON, territories=[]), by=by)
        assert "Aucun territoire" in written(chart)


def test_many_territories_are_small_and_without_letters(rows_of: Any) -> None:
    data = made.small()
    data["territories"] = [
        {
            "id": f"N{n:03}",
            "name": f"Territoire {n}",
            "departement": "99" if n == 0 else "09",
            "members": [f"X{n:03}"],
            "population": 100 * n,
            "latitude": 42.7 + 0.025 * (n % 20),
            "longitude": 1.0 + 0.04 * (n // 20),
        }
        for n in range(400)
    ]
    data["collectivities"] = [
        {"code": f"X{n:03}", "name": f"Commune {n}", "kind": "commune", "departement": "09"} for n in range(400)
    ]
    programme = Programme.model_validate(data | {"needs": [], "sessions": [], "attendances": []})
    chart = charts.territory_map(programme.recommend(on=made.ON), by="coverage")
    symbols = _symbols(chart, rows_of)
    assert min(row["size"] for row in symbols) < 4 * 7**2
    assert all(bool(row["letter"]) is (row["size"] >= 4 * 7**2) for row in symbols)
    assert any("(99)" in row["told"] for row in _symbols(chart, rows_of))


@pytest.mark.usefixtures("english")
def test_what_is_not_known_is_refused(recs: Recommendations) -> None:
    with pytest.raises(UnknownCodeError, match="unknown map: 'colour'"):
        charts.territory_map(recs, by="colour")  # type: ignore[arg-type]


def test_outlines_have_every_departement_under_its_code() -> None:
    data = json.loads(files("prai_match.charts").joinpath("data", "outlines.json").read_text("utf-8"))
    known = set(register.frame("departement")["code"])
    missing = known - data["departements"].keys()
    assert data["departements"].keys() <= known
    assert {code for code in missing if len(code) == 2} == set()
    assert {"971", "972", "973", "974", "976"} <= data["departements"].keys()
    assert data["about"]["attribution"] == "Natural Earth"
    towns = register.frame("commune").filter(pl.col("precision") == "place", pl.col("population") > 20_000)
    inside = [
        any(_inside((row["longitude"], row["latitude"]), ring) for ring in data["departements"][row["departement"]])
        for row in towns.iter_rows(named=True)
        if row["departement"] in data["departements"]
    ]
    assert sum(inside) / len(inside) > 0.9


def _inside(point: tuple[float, float], ring: list[list[float]]) -> bool:
    x, y = point
    found = False
    for (ax, ay), (bx, by) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            found = not found
    return found
