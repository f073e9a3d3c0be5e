"""The values of columns as arrays, with masks of what is known; conversion from and to polars."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

Known = NDArray[np.bool_] | None  # which values are known; None means all
# The neutral value of unknown entries, by type; ``null`` for any type.
NEUTRAL: Final = {
    "number": np.array(0.0),
    "boolean": np.zeros((), bool),
    "text": np.array("", object),
    "null": np.zeros((), bool),
}


class Values(NamedTuple):
    """The values of a column, and which of them are known: 64-bit floats that are finite, booleans, or ``str``.

    Unknown entries have a neutral value; an array without dimensions holds the value of all rows.
    """

    value: NDArray[Any]
    known: Known = None

    @classmethod
    def of(cls, series: pl.Series) -> Self:
        """Return the values of ``series``; NaN is unknown, like null."""
        if series.dtype.is_numeric() or series.dtype == pl.Null:
            value = series.cast(pl.Float64).to_numpy()
            known = np.isfinite(value)
            return cls(value) if known.all() else cls(np.where(known, value, 0.0), known)
        filled = series.fill_null(value=False) if series.dtype == pl.Boolean else series.cast(pl.String).fill_null("")
        return cls(filled.to_numpy(), series.is_not_null().to_numpy() if series.null_count() else None)

    def series(self, name: str, size: int | None = None) -> pl.Series:
        """Return the values as a polars column, repeated ``size`` times if all rows have the same."""
        value = self.value if size is None else np.broadcast_to(self.value, size)
        column = pl.Series(name, value.tolist(), dtype=pl.String) if value.dtype == object else pl.Series(name, value)
        return column if self.known is None else column.set(pl.Series(np.broadcast_to(~self.known, value.shape)), None)

    def take(self, index: NDArray[Any] | slice) -> "Values":
        if not self.value.ndim:
            return self
        return Values(self.value[index], None if self.known is None else self.known[index])


def equal(values: Values, text: str) -> Values:
    """Return where texts equal ``text``; false where they are unknown."""
    value, known = values
    is_equal = np.asarray(np.equal(value, text), np.bool_)
    return Values(is_equal if known is None else is_equal & known, known)


class Columns(Mapping[str, Values]):
    def equal(self, name: str, text: str) -> Values:
        return equal(self[name], text)


class _FrameColumns(Columns):
    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame
        self._values: dict[str, Values] = {}

    def __getitem__(self, name: str) -> Values:
        if name not in self._values:
            self._values[name] = Values.of(self._frame[name])
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._frame.columns)

    def __len__(self) -> int:
        return self._frame.width


def columns_of(frame: pl.DataFrame) -> Mapping[str, Values]:
    """Return the columns of ``frame`` as values; each is converted when it is first read."""
    return _FrameColumns(frame)
