"""A plan to a file that an office opens: a workbook of sessions and invitations, two CSV, or a calendar."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match.errors import PraiError, did_you_mean
from prai_match.io.writing import encoded
from prai_match.io.writing._atomic import put_files
from prai_match.io.writing._plain import plain
from prai_match.io.writing._sheet import check_characters, check_size, sheet_name, widths
from prai_match.io.writing._xlsx import _A4, _CREATED, _MISSING, _OPTIONS, _format, _values, _writer, _xlsxwriter
from prai_match.plan import _named
from prai_match.plan._icalendar import icalendar
from prai_match.text import messages

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from prai_match.model import Lang
    from prai_match.plan._plan import Plan

FORMATS = ("xlsx", "csv", "ics")
"""What a plan is saved as; each is also the suffix of its files."""


def save(
    plan: Plan, path: str | os.PathLike[str], lang: Lang, previous: Plan | bytes | None = None
) -> tuple[Path, ...]:
    """Write a plan to files (see `Plan.save`)."""
    path = Path(path)
    suffix = path.suffix.lower().removeprefix(".")
    match suffix:
        case "xlsx":
            files = {path.name: _workbook(sheets(plan, lang))}
        case "csv":
            held, invited = sheets(plan, lang).items()
            beside = f"{path.stem}-{invited[0].lower()}{path.suffix}"
            files = {path.name: encoded(held[1], "csv"), beside: encoded(invited[1], "csv")}
        case "ics":
            files = {path.name: icalendar(plan, lang, previous)}
        case _:
            known = ", ".join(f".{name}" for name in FORMATS)
            msg = f"a plan is saved as {known}, not as {path.name!r}{did_you_mean(suffix, FORMATS)}"
            raise PraiError(msg)
    put_files(path.parent, files)
    return tuple(path.parent / name for name in files)


def sheets(plan: Plan, lang: Lang) -> dict[str, pl.DataFrame]:
    """Return the sessions and the invitations with names and labels in ``lang``, by name of the sheet."""
    said = messages("prai_match.plan", "exports", lang)
    frames = {"sessions": _named.sessions(plan, lang), "invitations": _named.invitations(plan, lang)}
    return {
        said["sheets"][name]: frame.select(pl.col(column).alias(label) for column, label in said[name].items())
        for name, frame in frames.items()
    }


def _workbook(frames: Mapping[str, pl.DataFrame]) -> bytes:
    """Return a workbook with a sheet a frame, each as `prai_match.io.write` has them.

    Raises:
        PraiError: The extra ``io`` is not installed, or a sheet can't hold its frame.
    """
    out = BytesIO()
    with _xlsxwriter().Workbook(out, _OPTIONS) as book:
        book.set_properties({"created": _CREATED})
        for name, frame in frames.items():
            _sheet(book, name, plain(frame))
    return out.getvalue()


def _sheet(book: Any, name: str, frame: pl.DataFrame) -> None:  # noqa: ANN401 - XlsxWriter is not typed
    check_size(frame)
    check_characters(frame, _MISSING, "Excel")
    page = book.add_worksheet(sheet_name(name))
    page.freeze_panes(1, 0)
    page.repeat_rows(0)
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    formats = [book.add_format(_format(dtype)) for dtype in frame.dtypes]
    for place, (width, style) in enumerate(zip(widths(frame), formats, strict=True)):
        page.set_column(place, place, width, style)
    page.autofilter(0, 0, frame.height, frame.width - 1)
    page.ignore_errors({"number_stored_as_text": f"A1:XFD{frame.height + 1}"})
    write, bold = _writer(page, book.add_format()), book.add_format({"bold": True})
    for place, label in enumerate(frame.columns):
        write(0, place, label, bold)
    for number, row in enumerate(zip(*map(_values, frame.iter_columns()), strict=True), 1):
        for place, value in enumerate(row):
            write(number, place, value, formats[place])
