"""Every result that speaks Arrow, read by pyarrow, pandas, polars, DuckDB and GeoPandas: types and values."""

from __future__ import annotations

import ast
import datetime as dt
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import geopandas as gpd
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import shapely

import prai_match
from folder_by_hand import append
from histories import LOOSE, SPLIT, UNTIL, history
from made import CLOSED, FREEZE, ON, programme
from outcomes_by_hand import by_hand, sensitivity_by_hand
from prai_match import Programme, io, register
from prai_match.backtest import choose_strength
from prai_match.simulate import Replay

RECS = programme().recommend(on=ON)
CAME = [
    *((n, "b_web", dt.date(2007, 1 if n <= 50 else 7, 10)) for n in range(1, 101)),
    *((n, "site_internet", dt.date(2007, 2 if n <= 50 else 8, 10)) for n in (*range(1, 11), *range(41, 81))),
]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """One result of every class that speaks Arrow, with texts, numbers, amounts, days, lists and what isn't known."""
    outcomes = by_hand(tmp_path_factory.mktemp("outcomes"))
    figures = {"figure": ["budget", "words"], "published": [197083.0, None], "within": [True, None]}
    past = history(100, CAME)
    return {
        "Backtest": past.backtest([SPLIT], **LOOSE),
        "Difference": programme().recommend(on=FREEZE) - RECS,
        "Outcomes": outcomes,
        "Plan": programme().plan(ON, dt.date(2007, 12, 31), time_limit=0),
        "PolicyCheck": programme().check_policy(days=[ON]),
        "Recommendations": RECS,
        "RelayGaps": programme(partners=[], sessions=[], attendances=[]).relay_gaps(ON),
        "Replay": Replay(outcomes, pl.DataFrame(figures)),
        "Resolutions": register.resolve(["Foix", "Saint-Martin", None, "=1+1"]),
        "Rows": programme().needs,
        "Sensitivity": sensitivity_by_hand(),
        "Strengths": choose_strength(past, [SPLIT], until=UNTIL),
    }


NAMES = (
    "Backtest", "Difference", "Outcomes", "Plan", "PolicyCheck", "Recommendations", "RelayGaps", "Replay", "Resolutions", "Rows",
    "Sensitivity", "Strengths",
)  # fmt: skip


def test_no_class_that_speaks_arrow_is_forgotten(results: dict[str, Any]) -> None:
    sources = (file.read_text("utf-8") for file in Path(prai_match.__file__).parent.rglob("*.py"))
    classes = (
        node
        for source in sources
        if "__arrow_c_stream__" in source or "Tabular" in source
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ClassDef) and "Protocol" not in map(ast.unparse, node.bases)
    )
    speaking = [
        node.name
        for node in classes
        if node.name != "Tabular"
        if any(ast.unparse(base).rpartition(".")[2] == "Tabular" for base in node.bases)
        or any(isinstance(each, ast.FunctionDef) and each.name == "__arrow_c_stream__" for each in node.body)
    ]
    assert sorted(speaking) == sorted(NAMES) == sorted(results)


@pytest.fixture(params=NAMES)
def result(request: pytest.FixtureRequest, results: dict[str, Any]) -> Any:
    found = results[request.param]
    assert found.to_polars().height
    return found


def test_polars_reads_it(result: Any) -> None:
    assert pl.DataFrame(result).equals(result.to_polars())
    assert pl.DataFrame(result).schema == result.to_polars().schema


def test_pyarrow_reads_it(result: Any) -> None:
    assert pa.table(result).to_pylist() == result.to_polars().to_dicts()


def test_pandas_reads_it(result: Any) -> None:
    frame = pd.DataFrame.from_arrow(result).astype(object)
    rows = frame.where(frame.notna(), None).to_dict("records")
    assert [{name: as_list(value) for name, value in row.items()} for row in rows] == result.to_polars().to_dicts()


def as_list(value: Any) -> Any:
    return value.tolist() if hasattr(value, "tolist") else value


DUCKDB = duckdb.connect()  # stays open: in older versions an answer can no longer be read without it


def asked(question: str, **tables: Any) -> duckdb.DuckDBPyRelation:
    """What DuckDB answers about tables, by their names."""
    for name, table in tables.items():
        DUCKDB.register(name, table)
    return DUCKDB.sql(question)


@pytest.mark.french
def test_duckdb_reads_it(result: Any) -> None:
    assert asked("SELECT * FROM result", result=result).fetchall() == result.to_polars().rows()


def test_days_are_days_amounts_are_exact_and_what_is_not_known_is_null() -> None:
    nothing = pa.table(programme(calendar=CLOSED).recommend(on=ON))
    assert nothing.schema.field("day").type == pa.date32()
    assert nothing.schema.field("cost").type == pa.decimal128(12, 2)
    assert nothing.schema.field("score").type == pa.float64()
    assert nothing.column("session").null_count == nothing.column("day").null_count == nothing.num_rows == 3
    frame = pd.DataFrame.from_arrow(RECS)
    assert frame["day"].tolist() == [RECS[code].day for code in frame["territory"]]
    assert frame["cost"].sum() == sum(rec.cost for rec in RECS if rec.cost is not None) == Decimal("1646.70")
    assert frame["axis"].isna().tolist() == [RECS[code].axis is None for code in frame["territory"]]


def test_duckdb_is_asked_about_results_and_history_together(results: dict[str, Any]) -> None:
    plan, needs = results["Plan"], programme().needs
    found = asked(
        "SELECT r.departement, count(*) AS many, sum(r.cost) AS cost, min(r.day) AS first,"
        " (SELECT count(*) FROM needs) AS needs, (SELECT sum(cost) FROM plan) AS planned"
        " FROM recs AS r GROUP BY r.departement",
        recs=RECS,
        needs=needs,
        plan=plan,
    )
    assert dict(zip(found.columns, map(str, found.types), strict=True)) == {
        "departement": "VARCHAR",
        "many": "BIGINT",
        "cost": "DECIMAL(38,2)",
        "first": "DATE",
        "needs": "BIGINT",
        "planned": "DECIMAL(38,2)",
    }
    assert found.fetchall() == [
        ("09", 3, Decimal("1646.70"), dt.date(2007, 9, 24), len(needs), plan.sessions["cost"].sum())
    ]


def test_what_duckdb_and_pandas_answer_is_history_again() -> None:
    made = programme()
    chosen = asked("SELECT * FROM needs WHERE collectivity = '09001' ORDER BY date", needs=made.needs)
    again = programme(needs=chosen, attendances=pd.DataFrame.from_arrow(made.attendances))
    assert list(again.needs) == [need for need in made.needs if need.collectivity == "09001"]
    assert again.attendances == made.attendances


def test_lists_of_texts_are_read_without_pyarrow_too(monkeypatch: pytest.MonkeyPatch) -> None:
    found = register.resolve(["Saint-Martin"])
    monkeypatch.delitem(sys.modules, "pyarrow")
    assert pl.DataFrame(found).equals(found.to_polars())


def test_what_a_load_tells_is_read_by_duckdb(folder: Path) -> None:
    append(folder, "needs.csv", "09999;le 3;autre;;;\r\n")
    report = io.load(folder).report
    rejected = asked("SELECT sum(rejected) FROM tables", tables=report.tables()).fetchall()
    files = asked("SELECT DISTINCT file FROM rejections", rejections=report.rejections("en")).fetchall()
    assert (rejected, files) == ([(report.rejected,)], [("needs.csv",)])
    assert report.rejected == 1


def points(frame: pd.DataFrame) -> gpd.GeoDataFrame:
    """Rows with a position as points, in metres on the map of France (Lambert-93)."""
    geometry = gpd.points_from_xy(frame["longitude"], frame["latitude"], crs=4326)
    return gpd.GeoDataFrame(frame, geometry=geometry).to_crs(2154)


def test_geopandas_puts_them_on_the_map() -> None:
    example = Programme.example().recommend(on=ON)
    places = pd.DataFrame(
        [(each.id, each.latitude, each.longitude) for each in example.programme.territories],
        columns=["territory", "latitude", "longitude"],
    )
    shown = points(pd.DataFrame.from_arrow(example).merge(places, on="territory", validate="1:1"))
    assert len(shown) == len(example)
    # Midi-Pyrénées, with room around it.
    assert shown.within(shapely.box(360_000, 6_150_000, 720_000, 6_450_000)).all()
    here, there = (shown.geometry[shown["territory"] == code].iloc[0] for code in ("200066231", "200023620"))
    assert here.distance(there) / 1000 == pytest.approx(register.distance_km("200066231", "200023620"), rel=0.005)
    # The nearest commune of the register is one of its own.
    columns = ["code", "epci", "latitude", "longitude"]
    communes = register.frame("commune").filter(pl.col("departement").is_in(example.to_polars()["departement"]))
    beside = points(pd.DataFrame.from_arrow(communes.select(columns).drop_nulls()))
    nearest = shown.sjoin_nearest(beside[["epci", "geometry"]], distance_col="metres")
    assert set(nearest["territory"]) == set(shown["territory"])
    assert (nearest["epci"] == nearest["territory"]).all()
    assert nearest["metres"].max() < 1_000
    assert pa.table(shown.to_arrow()).column("cost").to_pylist() == example.to_polars()["cost"].to_list()
