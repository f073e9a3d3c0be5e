"""The notice, once for the page: what is the same for all territories; their cards have the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prai_match.text import Document, Items, Section, Table, messages

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from prai_match.explain import Notice
    from prai_match.report._case import ReportCase

Row = tuple[str, ...]


def data(notice: Notice) -> tuple[Row, ...]:
    """Return the rows of the table of data of a notice: what, what is taken into account, source, fingerprint."""
    (table,) = (block for block in notice.document.sections[1].blocks if isinstance(block, Table))
    return table.rows


def common(tables: Sequence[Sequence[Row]]) -> tuple[Row, ...]:
    """Return the rows that are the same in every table, in order; where there is one table, none is common."""
    first, *others = tables
    shared = set(first).intersection(*others) if others else set()
    return tuple(row for row in first if row in shared)


def general(case: ReportCase, notice: Notice, shared: Sequence[Row]) -> Document:
    """Return what the notice says to all territories, from that of any of them."""
    texts, page = case.texts["notice"], notice.document
    # Its four parts are those of the regulation, in its order.
    contribution, read, parameters, operations = page.sections
    header = next(block.header for block in read.blocks if isinstance(block, Table))
    steps = tuple(block for block in operations.blocks if isinstance(block, Items))
    limits = tuple(block for block in read.blocks if isinstance(block, str))
    return Document(
        case.lang,
        texts["title"],
        tuple(block for block in page.lead if isinstance(block, str)),
        (
            contribution,
            Section(read.title, (*limits, Table(texts["data"], header, tuple(shared)))),
            Section(parameters.title, (texts["parameters"],)),
            Section(operations.title, (*steps, texts["operations"])),
        ),
    )


def states(case: ReportCase) -> Mapping[str, str]:
    """Return the names of the states of a condition, as notices have them."""
    names: Mapping[str, str] = messages("prai_match.explain", "notice", case.lang)["states"]
    return names
