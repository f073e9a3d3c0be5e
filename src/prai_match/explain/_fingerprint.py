"""A fingerprint of all inputs of an answer, in named parts, so that what changed can be named.

Digests are SHA-256 over texts written by this module: they don't depend on the order of rows, the hash seed, the
platform, or the memory layout and hashes of polars.
"""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import polars as pl

from prai_match import _arguments as given
from prai_match.text import Shown

# The parts that say which software computed the answer, not from which inputs.
VERSIONS: tuple[str, ...] = ("register", "library", "polars")
DIGITS = 12  # of a digest, enough for people to compare
_NULL, _ROW, _FIELD = "\x00", "\x1e", "\x1f"
_ESCAPES = {"\x1b": "\x1b1", _NULL: "\x1b2", _ROW: "\x1b3", _FIELD: "\x1b4"}


@dataclass(frozen=True, slots=True)
class Fingerprint(Shown):
    """The fingerprint of all inputs of an answer.

    Attributes:
        parts: For each input, by name and in a fixed order: the SHA-256 of its content, or the value itself if it is
            short (the day, ``top`` and the versions).

    Example:
        >>> was = Fingerprint({"needs": digest([1, 2]), "day": "2007-09-03"})
        >>> was.changed(Fingerprint({"needs": digest([1, 3]), "day": "2007-09-03"}))
        ('needs',)
    """

    parts: dict[str, str] = field(hash=False)

    @property
    def digest(self) -> str:
        """The SHA-256 of all parts: 64 hexadecimal digits."""
        return digest(self.parts)

    @property
    def short(self) -> str:
        """The first 12 digits, short enough for people to compare."""
        return self.digest[:DIGITS]

    @given.takes(other=given.a("Fingerprint"))
    def changed(self, other: "Fingerprint") -> tuple[str, ...]:
        """Names of the parts that differ, or that only one of the two fingerprints has."""
        names = dict.fromkeys((*self.parts, *other.parts))
        return tuple(name for name in names if self.parts.get(name) != other.parts.get(name))

    def __str__(self) -> str:
        return self.digest


def digest(value: object) -> str:
    return hashlib.sha256(_json(value).encode()).hexdigest()


def unordered(value: Any) -> Any:  # noqa: ANN401 - any data
    """Return the value with all its lists sorted, for data whose lists are sets."""
    if isinstance(value, dict):
        return {key: unordered(item) for key, item in value.items()}
    return sorted(map(unordered, value), key=_json) if isinstance(value, list | tuple) else value


def frame_digest(frame: pl.DataFrame) -> str:
    """Return the SHA-256 of a table: the names of its columns, and its rows in any order.

    Lists in cells are taken as sets. A million attendances take about half a second.
    """
    whole = hashlib.sha256(_json([frame.columns, frame.height]).encode())
    if frame.width:
        rows = frame.select(pl.concat_str(*(_texts(column) for column in frame), separator=_FIELD)).to_series()
        whole.update(rows.sort().str.join(_ROW).item().encode())
    return whole.hexdigest()


def _texts(column: pl.Series) -> pl.Expr:
    """Return the expression that writes each value as a unique text, whatever the version of polars."""
    dtype, values = column.dtype, pl.col(column.name)
    if dtype.is_nested():
        column = pl.Series(
            column.name, [None if cell is None else _json(unordered(cell)) for cell in column.to_list()], pl.String
        )
        return pl.lit(column).fill_null(_NULL)
    if dtype.is_float():
        # Python writes a float in only one way; adding 0.0 turns -0.0 into the equal 0.0.
        floats = column.unique().drop_nulls()
        texts = pl.Series([repr(value + 0.0) for value in floats], dtype=pl.String)
        values = values.replace_strict(floats, texts, default=None, return_dtype=pl.String)
    elif dtype != pl.String:
        values = values.cast(pl.String)
    elif column.str.contains_any([*_ESCAPES]).any():
        values = values.str.replace_many(_ESCAPES)
    return values.fill_null(_NULL)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"), default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"no data: {value!r}")
