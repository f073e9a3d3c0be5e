"""Some of the recommendations, by the values of a column or by an expression."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from made import FREEZE, ON, programme
from prai_match import Programme, UnknownCodeError

if TYPE_CHECKING:
    from pathlib import Path

    from prai_match import Recommendations

RECS = programme().recommend(on=ON)
REGION = Programme.example().recommend(on=ON)
COST = pl.col("cost")


def same(these: Recommendations, those: Recommendations) -> bool:
    """Whether all that is answered is the same."""
    pairs = [
        (these.to_polars(), those.to_polars()),
        (these.ranking(), those.ranking()),
        (these.why_not("en"), those.why_not("en")),
    ]
    return (
        list(these) == list(those)
        and these.without() == those.without()
        and these.fingerprint == those.fingerprint
        and all(one.equals(other) for one, other in pairs)
    )


@pytest.mark.parametrize(
    ("columns", "kept"),
    [
        ({"territory": "T2"}, ["T2"]),
        ({"territory": ["T3", "T1"]}, ["T1", "T3"]),
        ({"territory": {"T3", "T9"}}, ["T3"]),
        ({"territory": ()}, []),
        ({"session": RECS["T2"].session, "territory": ("T2", "T3")}, None),
        ({"axis": None}, None),
        ({"axis": [None, "vitrine"]}, None),
        ({"cost": RECS["T1"].cost}, None),
        ({"cost": float(RECS["T1"].cost or 0)}, None),
        ({"cost": [600, Decimal("600.005"), 1e300]}, None),
        ({"score": [RECS["T1"].score, None]}, None),
        ({"day": RECS["T1"].day}, None),
        ({"departement": "09"}, ["T1", "T2", "T3"]),
        ({"departement": "31"}, []),
        ({}, ["T1", "T2", "T3"]),
    ],
)
def test_they_are_chosen_by_any_column(columns: dict[str, Any], kept: list[str] | None) -> None:
    def has(row: dict[str, Any], name: str, value: Any) -> bool:
        return row[name] in (value if isinstance(value, (list, tuple, set)) else [value])

    rows = RECS.to_polars().to_dicts()
    held = [row["territory"] for row in rows if all(has(row, name, value) for name, value in columns.items())]
    assert list(RECS.where(**columns).keys()) == held
    assert kept is None or held == kept


def test_every_column_can_be_asked_for() -> None:
    table = REGION.to_polars()
    for name in table.columns:
        for value in (table[name][0], None):
            wanted = sorted(table.filter(pl.col(name).eq_missing(value))["territory"])
            assert list(REGION.where(**{name: value}).keys()) == wanted


def test_a_moment_counts_as_its_day() -> None:
    assert RECS["T1"].day is not None
    moment = dt.datetime.combine(RECS["T1"].day, dt.time(12), dt.UTC)
    assert "T1" in RECS.where(day=moment)


@pytest.mark.parametrize(
    "condition",
    [pl.col("score") > 50, (COST < 1000) & (pl.col("kind") == "workshop"), COST.mean() < COST, pl.lit(value=True)],
)
def test_they_are_chosen_by_an_expression(condition: pl.Expr) -> None:
    wanted = sorted(REGION.to_polars().filter(condition)["territory"])
    assert list(REGION.where(condition).keys()) == wanted
    assert list(REGION.where(condition, departement="09").keys()) == [
        code for code in wanted if code in REGION.where(departement="09")
    ]


def test_it_is_as_if_these_alone_had_been_asked_for() -> None:
    for prog, on in ((programme(), ON), (programme(), FREEZE)):
        recs = prog.recommend(on=on, top=2)
        assert same(recs.where(territory=["T1", "T3"]), prog.recommend(on=on, top=2, territories=["T3", "T1"]))
        assert same(recs.where(territory="T9"), prog.recommend(on=on, top=2, territories=[]))
        assert same(recs.where(), recs)
    some = RECS.where(territory=["T1", "T3"])
    assert same(some.where(territory="T1"), RECS.where(territory="T1"))
    after = some.what_if(weights={"equity": 20}).after
    assert same(after, RECS.what_if(weights={"equity": 20}).after.where(territory=["T1", "T3"]))
    assert some["T1"].why("en") == RECS["T1"].why("en")
    with pytest.raises(UnknownCodeError, match="unknown territory: 'T2'"):
        some["T2"]


def test_a_column_that_is_not_there_is_refused_with_those_that_look_like_it() -> None:
    for conditions, columns in ([], {"sesion": "sig"}), ([pl.col("sesion") == "sig"], {}):
        with pytest.raises(UnknownCodeError, match="unknown column: 'sesion'; did you mean session") as error:
            RECS.where(*conditions, **columns)
        assert error.value.text("fr").startswith("colonne inconnue : « sesion » ; vouliez-vous dire session")


@pytest.mark.parametrize(
    ("conditions", "columns", "said"),
    [
        ((), {"score": "a"}, "the column 'score' holds numbers, not 'a'"),
        ((), {"score": True}, "the column 'score' holds numbers, not True"),
        ((), {"cost": "600"}, "the column 'cost' holds amounts, not '600'"),
        ((), {"departement": [9]}, "the column 'departement' holds texts, not 9"),
        ((), {"day": "2007-09-24"}, "the column 'day' holds days, not '2007-09-24'"),
        (("score > 50",), {}, r"a condition is a polars expression, such as pl\.col\('score'\) > 50, not 'score > 50'"),
        ((True,), {}, r"a condition is a polars expression, such as pl\.col\('score'\) > 50, not True"),
        ((pl.col("score"),), {}, "a condition is true or false for each row"),
        ((pl.col("score") == "a",), {}, "can't be evaluated on the table: "),
        ((pl.col("score", "cost") > 1,), {}, "can't be evaluated on the table: "),
        ((pl.col("score").filter(pl.col("score") > 1e9) > 1,), {}, "can't be evaluated on the table: "),
    ],
)
def test_what_can_not_be_asked_is_refused(conditions: tuple[Any, ...], columns: dict[str, Any], said: str) -> None:
    with pytest.raises(TypeError, match=said):
        RECS.where(*conditions, **columns)


def test_none_of_them_can_be_shown_explained_and_written(tmp_path: Path) -> None:
    none = REGION.where(pl.col("score") > 1000)
    assert repr(none) == "<Recommendations on 2007-09-03: 0 territories, 0 with an offer>"
    assert "0 territories, 0 with an offer" in none.html("en")
    assert (none.to_json(), none.without(), none.what_would_it_take()) == ([], {}, {})
    for frame, full in (
        (none.to_polars("en"), REGION.to_polars("en")),
        (none.ranking(), REGION.ranking()),
        (none.spreadsheet("en"), REGION.spreadsheet("en")),
    ):
        assert (frame.height, frame.schema) == (0, full.schema)
    assert none.why_not("en").is_empty()
    assert none.fingerprint == REGION.fingerprint
    assert list(none.what_if(weights={"equity": 20})) == []
    assert [len(list(none - REGION)), len(list(REGION - none))] == [101, 101]
    assert "<h1>Training recommendations" in none.report(tmp_path / "none.html", "en").read_text("utf-8")
