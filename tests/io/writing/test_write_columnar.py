"""Parquet and JSON."""

from __future__ import annotations

import io
import json
import math

import polars as pl
import pytest
from hypothesis import given
from polars.testing import assert_frame_equal

from prai_match.errors import PraiError
from prai_match.io import _writing as writing
from readback import frames

LISTS = pl.DataFrame(
    {"axes": [["refonte"], []], "hosted": [[{"departement": "09", "sessions": 3}], []]},
)


@given(frames())
def test_parquet_is_the_frame_as_it_is(frame: pl.DataFrame) -> None:
    data = writing.encoded(frame, "parquet")
    read = pl.read_parquet(io.BytesIO(data))
    assert_frame_equal(read, frame)
    assert writing.encoded(read, "parquet") == data


@given(frames())
def test_json_is_an_array_of_objects(frame: pl.DataFrame) -> None:
    frame = frame.with_columns(pl.when(pl.col("number").is_finite()).then("number"))
    rows = json.loads(writing.encoded(frame, "json"))
    for row, values in zip(rows, frame.iter_rows(named=True), strict=True):
        texts = {name: None if values[name] is None else str(values[name]) for name in ("amount", "day")}
        assert row == values | texts


def test_lists_stay_lists() -> None:
    data = writing.encoded(LISTS, "json")
    assert json.loads(data) == LISTS.to_dicts()
    assert data.startswith(b'[\n{"axes":["refonte"],')
    assert data.endswith(b'},\n{"axes":[],"hosted":[]}\n]\n')
    assert pl.read_parquet(io.BytesIO(writing.encoded(LISTS, "parquet"))).equals(LISTS)


@pytest.mark.parametrize("number", [math.inf, math.nan])
@pytest.mark.parametrize("dtype", [pl.Float32, pl.Float64])
def test_json_has_no_infinity(number: float, dtype: type[pl.DataType]) -> None:
    with pytest.raises(PraiError, match="column 'x' has some"):
        writing.encoded(pl.DataFrame({"x": [1.0, number]}, {"x": dtype}), "json")
