"""A frame as Parquet or JSON: the formats that keep its types or its structure."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import polars as pl

from prai_match.errors import PraiError

if TYPE_CHECKING:
    from collections.abc import Mapping


def parquet_bytes(frame: pl.DataFrame, metadata: Mapping[str, str] | None = None) -> bytes:
    """The frame as it is, compressed by zstd, with what is said of it."""
    out = BytesIO()
    frame.write_parquet(out, compression="zstd", metadata=None if metadata is None else dict(metadata))
    return out.getvalue()


def json_bytes(frame: pl.DataFrame) -> bytes:
    """An array of objects, one a line; dates are ISO texts, amounts texts of all their digits, as ``"1250.50"``."""
    for column in frame.select(pl.col(pl.Float32, pl.Float64)).iter_columns():
        if not column.is_finite().all():
            raise PraiError.of("prai_match.io", "no_json_number", column=column.name)
    out = BytesIO()
    frame.write_ndjson(out)
    return b"[\n" + out.getvalue().removesuffix(b"\n").replace(b"\n", b",\n") + b"\n]\n"
