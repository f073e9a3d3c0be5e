"""A part of a programme's territories, with all that ranking them as in the whole takes, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

import polars as pl

from prai_match.offers._snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prai_match.offers._frames import Frames


@dataclass(frozen=True, eq=False, slots=True)
class Part:
    """The territories of one département that are looked at; what is numbered is numbered anew, in the same order.

    Attributes:
        departement: The code of the département.
        snapshot: The day, of this part.
        territories: The number in the whole of each territory ``t`` of the part.
        squares: The number in the whole of each square ``z``: those of the territories, then those near them.
    """

    departement: str
    snapshot: Snapshot
    territories: pl.Series
    squares: pl.Series


class Slicer:
    """The tables of a day, indexed once: a part is then cut out at a cost that is its own, not that of the whole.

    Each part knows the totals of the whole and who is interested in what on the squares around, so that its answers are
    those of the whole, to the bit. Everybody who trains or hosts, and every session held, is in each part.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        """Index the tables of ``snapshot``."""
        frames = snapshot.frames
        self._snapshot = snapshot
        self._needs, self._attendances, self._reach = (
            _Rows.by("t", table, frames.territories.height)
            for table in (frames.needs, frames.attendances, frames.reach)
        )
        self._near, self._interested = (
            _Rows.by("z", table, frames.territories["z"].n_unique()) for table in (frames.near, snapshot.interested)
        )

    def parts(self, chosen: pl.DataFrame) -> Iterator[Part]:
        """Cut out the ``chosen`` territories (``t``, ``d`` and others) by département, the largest first."""
        sizes = chosen.group_by("d").len().sort(pl.col("len"), "d", descending=[True, False])
        codes = self._snapshot.frames.departements
        for number in sizes["d"]:
            code = codes.filter(d=number)["departement"].item()
            yield self._part(str(code), chosen.filter(d=number).sort("t"))

    def _part(self, departement: str, chosen: pl.DataFrame) -> Part:
        whole = self._snapshot
        territories = chosen["t"]
        own = chosen["z"].unique().sort()
        near = self._near.of(own)
        beyond = near.select(z="z_near").unique().filter(~pl.col("z").is_in(own.implode())).sort("z")["z"]
        squares = pl.concat([own, beyond])
        number = pl.DataFrame({"z": squares}).with_row_index("new")
        renumbered = chosen.drop("t").join(number, on="z", maintain_order="left").with_columns(z="new").drop("new")
        frames = replace(
            self._kept(chosen["d"].unique()),
            territories=renumbered.with_row_index("t").select(whole.frames.territories.columns),
            needs=_on_squares(self._needs.of(territories), number),
            attendances=_on_squares(self._attendances.of(territories), number),
            near=near.join(number.rename({"z": "z_near"}), on="z_near", maintain_order="left").select(
                "z", z_near="new"
            ),
            reach=self._reach.of(territories),
        )
        extra = whole.extra
        if extra is not None:
            places = pl.DataFrame({"t": territories}).with_row_index("t'")
            extra = places.join(extra, on="t").drop("t").rename({"t'": "t"})
        snapshot = Snapshot(frames, whole.on, whole.follow_ups, extra, whole.whole, self._interested.of(squares))
        return Part(departement, snapshot, territories, squares)

    def _kept(self, departements: pl.Series) -> Frames:
        """Return the frames with what is known of relays in these départements alone."""
        frames = self._snapshot.frames
        here = pl.col("d").is_in(departements.implode())
        return replace(
            frames,
            departements=frames.departements.filter(here),
            covers=frames.covers.filter(here),
            hosted_before=frames.hosted_before.filter(here),
        )


def _on_squares(facts: pl.DataFrame, number: pl.DataFrame) -> pl.DataFrame:
    """Give the facts of a part the new numbers of their squares."""
    return facts.join(number, on="z", maintain_order="left").with_columns(z="new").drop("new")


@dataclass(frozen=True, eq=False, slots=True)
class _Rows:
    """The rows of a table by the number in one of its columns.

    Attributes:
        column: The column.
        table: The table.
        order: Its row numbers, sorted by the column.
        starts: Where the rows of each number begin in ``order``, and where the last ones end.
    """

    column: str
    table: pl.DataFrame
    order: pl.Series
    starts: pl.Series

    @classmethod
    def by(cls, column: str, table: pl.DataFrame, size: int) -> Self:
        """Index ``table``; numbers are below ``size``."""
        counts = table.group_by(column).len()
        ends = pl.repeat(0, size, dtype=pl.Int64, eager=True).scatter(counts[column], counts["len"]).cum_sum()
        starts = pl.concat([pl.Series([0], dtype=pl.Int64), ends])
        return cls(column, table, table.select(pl.arg_sort_by(column, maintain_order=True)).to_series(), starts)

    def of(self, numbers: pl.Series) -> pl.DataFrame:
        """Return the rows of ``numbers``, in their order, numbered in the column by their places there."""
        found = (
            pl.DataFrame({"start": self.starts.gather(numbers), "end": self.starts.gather(numbers + 1)})
            .with_row_index(self.column)
            .filter(pl.col("start") < pl.col("end"))
            .select(self.column, row=pl.int_ranges("start", "end"))
            .explode("row")
        )
        return self.table[self.order.gather(found["row"])].with_columns(found[self.column])
