"""Recommendations by territory, as a dictionary has them, and as pandas reads them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, cast

import numpy as np
import pandas as pd
import polars as pl
import pytest
from IPython.core.completer import IPCompleter, provisionalcompleter

from made import FREEZE, ON, programme
from prai_match import Programme, UnknownCodeError
from prai_match.errors import PraiError

RECS = programme().recommend(on=ON)


def test_they_are_by_territory_as_a_dictionary_has_them() -> None:
    assert list(RECS.keys()) == ["T1", "T2", "T3"]
    assert dict(RECS) == {"T1": RECS["T1"], "T2": RECS["T2"], "T3": RECS["T3"]}
    assert dict(RECS.items()) == dict(RECS)
    assert RECS.values() == list(RECS) == [RECS["T1"], RECS["T2"], RECS["T3"]], "iterating gives recommendations"


def test_a_territory_that_is_not_there_has_a_default() -> None:
    assert RECS.get("T1") == RECS["T1"]
    assert RECS.get("T9") is None
    assert RECS.get("T9", RECS["T2"]) == RECS["T2"]
    assert RECS.get("T1", "nothing") == RECS["T1"]


def test_ipython_completes_the_keys() -> None:
    completer = cast("Any", IPCompleter)(namespace={"recs": RECS}, use_jedi=False)
    with provisionalcompleter():
        matches = [match.text.strip('"]') for match in completer.completions('recs["T', 7)]
    assert matches == ["T1", "T2", "T3"]


@pytest.mark.parametrize(
    "recs",
    [RECS, programme().recommend(on=FREEZE), Programme.example().recommend(on=ON)],
    ids=["small", "freeze", "region"],
)
def test_pandas_makes_the_same_table_of_them_in_each_way(recs: Any) -> None:
    frame = pd.DataFrame(recs)
    assert frame.columns.tolist() == recs.to_polars().columns
    assert frame["territory"].tolist() == recs.to_polars()["territory"].to_list()
    assert sorted(frame["territory"]) == list(recs.keys())
    known = [name for name in frame if frame[name].notna().any()]
    for other in (recs.to_pandas(), pd.DataFrame.from_arrow(recs)):
        pd.testing.assert_frame_equal(frame[known], other[known])
        # Of a column where nothing is known pandas can't know the type.
        pd.testing.assert_frame_equal(frame.isna(), other.isna())


@pytest.mark.french
def test_pandas_has_days_amounts_and_the_other_language() -> None:
    frame = RECS.to_pandas("en")
    assert (
        frame["because"].tolist() == RECS.to_polars("en")["because"].to_list() != RECS.to_pandas()["because"].tolist()
    )
    first = frame.iloc[0]
    assert (first["day"], first["cost"]) == (RECS["T1"].day, RECS["T1"].cost)
    assert (type(first["day"]), type(first["cost"])) == (dt.date, Decimal)
    with pytest.raises(UnknownCodeError, match="« de »"):
        RECS.to_pandas("de")  # type: ignore[arg-type]


def test_without_pandas_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pandas", None)
    with pytest.raises(PraiError, match=r'install the extra "pandas": pip install "prai-match\[pandas\]"') as error:
        RECS.to_pandas()
    assert error.value.text("fr").startswith("pour obtenir des tableaux pandas, installer l’extra « pandas »")


def test_an_array_has_the_rows() -> None:
    rows = np.asarray(RECS)
    assert (rows.shape, rows.dtype) == ((3,), np.dtype(object))
    assert [(row.territory, row.session, row.cost) for row in rows] == RECS.to_polars()[
        "territory", "session", "cost"
    ].rows()
    with pytest.raises(TypeError, match="float"):
        np.asarray(RECS, dtype=float)


def test_none_of_them_are_a_table_too() -> None:
    none = RECS.where(territory="T9")
    assert (len(none), list(none), dict(none), none.to_json()) == (0, [], {}, [])
    assert pl.DataFrame(none).schema == RECS.to_polars().schema
    assert none.to_pandas().columns.tolist() == RECS.to_pandas().columns.tolist()
    assert pd.DataFrame(none).empty
