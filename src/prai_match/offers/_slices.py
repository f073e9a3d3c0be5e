"""A part of a programme's territories, with only the data needed to rank them as in the whole."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from prai_match.offers._audience import crowd
from prai_match.offers._columns import began_of
from prai_match.offers._extra import renumbered
from prai_match.offers._facts import Array, Groups, Memo, ints
from prai_match.offers._geography import pairs_within
from prai_match.offers._snapshot import Snapshot
from prai_match.policy import Policy


@dataclass(frozen=True, eq=False, slots=True)
class Part:
    """The territories of one département, and those that may host it.

    ``territories`` and ``squares`` number its ``t`` and ``z`` in the whole, ``own`` the former here.
    """

    departement: str
    snapshot: Snapshot
    territories: pl.Series
    squares: pl.Series
    own: pl.Series


class Slicer:
    """The tables of a day, indexed once: a part is then cut out at a cost that is its own, not that of the whole.

    Each part knows the totals of the whole and, on the squares around, who is interested in what and who of them may
    come under a ``policy``, so that its answers are those of the whole, to the bit. Everybody who trains or hosts,
    every session held and every answer are in each part.
    """

    def __init__(self, snapshot: Snapshot, policy: Policy | None = None) -> None:
        frames = snapshot.frames
        self._snapshot, self._totals = snapshot, snapshot.whole._replace(began=began_of(snapshot))
        self._needs, self._attendances, self._replies, self._expected, self._reach, self._members = (
            _Rows("t", getattr(frames, table), frames.territories.height)
            for table in ("needs", "attendances", "replies", "expected", "reach", "members")
        )
        self._near = _Rows("z", frames.near, frames.territories["z"].n_unique())
        self._interest = (
            np.stack([each.interest for each in snapshot.views]) if snapshot.around is None else snapshot.around
        )
        self._crowd = snapshot.crowd if policy is None else crowd(snapshot, policy)
        self._by_square = None if self._crowd is None else Groups.of(self._crowd["z"], frames.squares)

    def parts(self, territories: pl.DataFrame, *, with_hosts: bool = False) -> Iterator[Part]:
        """Cut out ``territories`` by département, the largest first, maybe with all within travel distance."""
        for number in territories.group_by("d").len().sort(pl.col("len"), "d", descending=[True, False])["d"]:
            yield self._part(
                str(self._snapshot.frames.departements.filter(d=number)["departement"].item()),
                territories.filter(d=number).sort("t"),
                with_hosts=with_hosts,
            )

    def _crowd_on(self, squares: pl.Series) -> Mapping[str, Array] | None:
        """Return who may come of some squares, which are numbered by their places."""
        if self._crowd is None or self._by_square is None:
            return None
        rows, z = self._by_square.rows(squares.cast(pl.Int64).to_numpy())
        return {name: values[rows] for name, values in self._crowd.items()} | {"z": z}

    def _around(self, territories: pl.Series) -> pl.DataFrame:
        frames = self._snapshot.frames
        here, alike = frames.points[territories], (np.zeros(territories.len()), np.zeros(len(frames.points)))
        _, there, _ = pairs_within(here, frames.points, frames.limits["travel_km"], alike)
        return frames.territories[np.union1d(there, territories.to_numpy())]

    def _part(self, departement: str, rows: pl.DataFrame, *, with_hosts: bool) -> Part:
        whole, base = self._snapshot, self._snapshot.frames
        own_t, own_d = rows["t"], rows["d"][0]
        rows = self._around(own_t) if with_hosts else rows
        territories, own = rows["t"], rows["z"].unique().sort()
        near = self._near.of(own)
        beyond = near.select(z="z_near").unique().filter(~pl.col("z").is_in(own.implode())).sort("z")["z"]
        squares = pl.concat([own, beyond])
        number = pl.DataFrame({"z": squares}).with_row_index("new")
        members = self._members.of(territories)
        # Hosts that aren't of the part are nobody's here: they are out of reach.
        places = pl.DataFrame({"t": territories}).with_row_index("new")
        held = base.held.join(places, on="t", how="left", maintain_order="left").with_columns(t="new").drop("new")

        def here(table: pl.DataFrame) -> pl.DataFrame:
            """Return the rows of the département, which is the first of the part; those of all with hosts."""
            return table if with_hosts else table.filter(d=own_d).with_columns(d=pl.lit(0, pl.UInt32))

        frames = replace(
            base,
            departements=here(base.departements),
            covers=here(base.covers),
            hosted_before=here(base.hosted_before),
            territories=_on_squares(here(rows).drop("t"), number).with_row_index("t").select(base.territories.columns),
            needs=_on_squares(self._needs.of(territories), number),
            attendances=_on_squares(self._attendances.of(territories), number),
            replies=self._replies.of(territories),
            expected=self._expected.of(territories),
            near=near.join(number.rename({"z": "z_near"}), on="z_near", maintain_order="left").select(
                "z", z_near="new"
            ),
            reach=self._reach.of(territories),
            members=members,
            decisions=base.decisions.join(members, on="c", how="semi"),
            held=held if with_hosts else held.with_columns(d=pl.when(d=own_d).then(pl.lit(0, pl.UInt32))),
            memo=Memo(),
        )
        extra = renumbered(whole.extra, territories)
        around = self._interest[:, squares.to_numpy()]
        council = None if whole.council is None else whole.council[territories.to_numpy()]
        snapshot = Snapshot(
            frames, whole.on, whole.follow_ups, extra, self._totals, around, self._crowd_on(squares), council
        )
        return Part(departement, snapshot, territories, squares, territories.search_sorted(own_t))


def _on_squares(facts: pl.DataFrame, number: pl.DataFrame) -> pl.DataFrame:
    return facts.join(number, on="z", maintain_order="left").with_columns(z="new").drop("new")


class _Rows:
    """The rows of a table by the number in one of its columns, below ``size``."""

    def __init__(self, column: str, table: pl.DataFrame, size: int) -> None:
        self.column, self.table = column, table
        self.groups = Groups.of(ints(table, column)[column], size)

    def of(self, numbers: pl.Series) -> pl.DataFrame:
        """Return the rows of ``numbers``, in their order, numbered in the column by their places there."""
        rows, places = self.groups.rows(numbers.cast(pl.Int64).to_numpy())
        return self.table[rows].with_columns(pl.Series(self.column, places, pl.UInt32))
