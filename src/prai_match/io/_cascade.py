"""What follows from rows that are wrong: those that cite them are rejected too, until the trainers can be joined."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from prai_match.io._outcomes import ROW, wrong
from prai_match.io._stacks import PART, Fault
from prai_match.io._trainers import Joined, join

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prai_match.io._stacks import Stacked


def followed(tables: dict[str, Stacked]) -> dict[str, Stacked]:
    """Reject the rows that cite what only rejected rows define."""
    tables = dict(tables)
    gone: dict[str, frozenset[str]] = {}
    for name, stacked in tables.items():
        faults = [
            fault
            for column in stacked.table.columns
            if column.cites in gone
            for fault in _lost(stacked, column.name, gone[column.cites])
        ]
        tables[name] = stacked.without(faults)
        if stacked.table.key and stacked.table.defines:
            gone[stacked.table.defines] = tables[name].gone(stacked.table.key)
        if name == "territories":  # who is in no territory any more can't be cited either
            gone["collectivity"] |= tables[name].gone("members")
    return tables


def _lost(stacked: Stacked, column: str, gone: frozenset[str]) -> list[Fault]:
    if not gone or column not in stacked.rows.columns:
        return []
    rows = stacked.rows.select(PART, ROW, column)
    rows = rows.explode(column) if isinstance(rows[column].dtype, pl.List) else rows
    return [
        Fault((part, row), column, wrong("rejected_too", repr(value)), follows=True)
        for part, row, value in rows.filter(pl.col(column).is_in(gone)).iter_rows()
    ]


def without(tables: Mapping[str, Stacked], faults: Mapping[str, list[Fault]]) -> dict[str, Stacked]:
    """Reject the rows that are wrong."""
    return {name: stacked.without(faults.get(name, ())) for name, stacked in tables.items()}


def joined_with(tables: dict[str, Stacked]) -> tuple[Joined, dict[str, Stacked]]:
    """The trainers, once no row of their tables is wrong beside the others."""
    joined = join(tables)
    while any(joined.faults.values()):
        tables = followed(without(tables, joined.faults))
        joined = join(tables)
    return joined, tables
