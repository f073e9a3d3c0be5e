"""A table as pandas takes it: its own frame, or rows in an array."""

from __future__ import annotations

from dataclasses import make_dataclass
from typing import TYPE_CHECKING

from prai_match.errors import missing_extra

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd
    import polars as pl


def to_pandas(table: pl.DataFrame) -> pd.DataFrame:
    """Return the table as a frame of pandas, as ``pandas.DataFrame.from_arrow`` reads it."""
    try:
        import pandas as pd  # noqa: PLC0415 - few need it

        return pd.DataFrame.from_arrow(table)
    except ImportError:
        raise missing_extra("pandas", "pandas") from None


def rows_in_array(table: pl.DataFrame) -> npt.NDArray[np.object_]:
    """Return an array of objects, one a row, each a dataclass with the columns as fields.

    From such an array ``pandas.DataFrame`` makes the table: of what can be iterated it looks at nothing else.
    """
    import numpy as np  # noqa: PLC0415 - who asks for an array has it

    row = make_dataclass("Row", table.columns, frozen=True)
    rows = np.empty(table.height, dtype=object)
    rows[:] = [row(*values) for values in table.iter_rows()]
    return rows
