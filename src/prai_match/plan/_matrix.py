"""A linear model as arrays: columns in blocks, rows with the label of the condition that each stands for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import polars as pl

    Array = np.ndarray[Any, np.dtype[Any]]


@dataclass
class Matrix:
    """Columns with costs and bounds, and rows, block by block.

    Attributes:
        columns: Blocks of columns: costs, upper bounds and whether they are whole numbers.
        rows: Blocks of rows: label, lower and upper bounds, and the entries (row in the block, column, value).
    """

    columns: list[tuple[Array, Array, bool]] = field(default_factory=list)
    rows: list[tuple[str, Array, Array, Array, Array, Array]] = field(default_factory=list)

    def add_columns(self, costs: Array, upper: float | Array = 1.0, *, whole: bool = True) -> int:
        """Add columns from 0 to ``upper``; return the number of the first."""
        import numpy as np  # noqa: PLC0415 - comes with the solver

        first = self.width
        self.columns.append((costs, np.broadcast_to(np.asarray(upper, dtype=float), costs.shape), whole))
        return first

    @property
    def width(self) -> int:
        """Number of columns."""
        return sum(len(costs) for costs, _, _ in self.columns)

    def add_rows(
        self, label: str, entries: pl.DataFrame, *, upper: float | dict[int, float], lower: float | None = None
    ) -> None:
        """Add a row for each ``row`` of ``entries``, which has ``row`` (any number), ``column`` and ``value``.

        Args:
            label: The condition.
            entries: The values that aren't 0.
            upper: Upper bound, of all rows or by ``row``.
            lower: Lower bound of all rows; None: none.
        """
        import numpy as np  # noqa: PLC0415 - comes with the solver

        if not entries.height:
            return
        keys, place = np.unique(entries["row"].to_numpy(), return_inverse=True)
        tops = [upper[int(key)] for key in keys] if isinstance(upper, dict) else [upper] * len(keys)
        lows = np.full(len(keys), -np.inf if lower is None else lower)
        order = np.argsort(place, kind="stable")
        column, value = entries["column"].to_numpy()[order], entries["value"].to_numpy()[order]
        self.rows.append((label, lows, np.array(tops, dtype=float), place[order], column, value.astype(float)))

    def labels(self) -> Iterator[str]:
        """The label of each row, in order."""
        for label, lows, *_ in self.rows:
            yield from [label] * len(lows)

    def without(self, columns: Array) -> Matrix:
        """Return the model with some columns of the first block, by number, fixed at 0."""
        costs, upper, whole = self.columns[0]
        closed = upper.copy()
        closed[columns] = 0.0
        return Matrix([(costs, closed, whole), *self.columns[1:]], self.rows)

    def worth(self, values: Array) -> float:
        """Return the objective of a solution."""
        import numpy as np  # noqa: PLC0415 - comes with the solver

        return float(np.concatenate([costs for costs, _, _ in self.columns]) @ values)

    def lp(self, *, whole: bool = True) -> Any:  # noqa: ANN401 - a HighsLp
        """Return the model as the solver takes it, to be maximised, with or without whole numbers."""
        import highspy  # noqa: PLC0415 - an extra
        import numpy as np  # noqa: PLC0415 - comes with the solver

        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = self.width, sum(len(lows) for _, lows, *_ in self.rows)
        lp.col_cost_ = np.concatenate([costs for costs, _, _ in self.columns])
        lp.col_lower_ = np.zeros(self.width)
        lp.col_upper_ = np.concatenate([upper for _, upper, _ in self.columns])
        kinds = {True: highspy.HighsVarType.kInteger, False: highspy.HighsVarType.kContinuous}
        lp.integrality_ = [kinds[whole and block] for costs, _, block in self.columns for _ in costs]
        lp.row_lower_ = np.concatenate([np.empty(0), *(row[1] for row in self.rows)])
        lp.row_upper_ = np.concatenate([np.empty(0), *(row[2] for row in self.rows)])
        counts = [np.bincount(row[3], minlength=len(row[1])) for row in self.rows]
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum(np.concatenate([np.empty(0, int), *counts]))])
        lp.a_matrix_.index_ = np.concatenate([np.empty(0, int), *(row[4] for row in self.rows)]).astype(np.int32)
        lp.a_matrix_.value_ = np.concatenate([np.empty(0), *(row[5] for row in self.rows)])
        lp.row_names_ = [f"{label}_{number}" for number, label in enumerate(self.labels())]
        lp.sense_ = highspy.ObjSense.kMaximize
        return lp
