"""A plan to a file that an office opens: a workbook of sessions and invitations, two CSV, or a calendar."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from prai_match._words import hint
from prai_match.errors import PraiError, nearest
from prai_match.files import put_all
from prai_match.io import encoded, xlsx_bytes
from prai_match.plan import _names
from prai_match.plan._icalendar import icalendar
from prai_match.text import messages

if TYPE_CHECKING:
    from prai_match.model import Lang
    from prai_match.plan._book import Book

FORMATS = ("xlsx", "csv", "ics")
"""What a plan is saved as; each is also the suffix of its files."""


def save(
    plan: Book, path: str | os.PathLike[str], lang: Lang, previous: Book | bytes | None = None
) -> tuple[Path, ...]:
    """Write a plan to files (see `Plan.save`)."""
    path = Path(path)
    suffix = path.suffix.lower().removeprefix(".")
    match suffix:
        case "xlsx":
            files = {path.name: xlsx_bytes(sheets(plan, lang))}
        case "csv":
            held, invited = sheets(plan, lang).items()
            beside = f"{path.stem}-{invited[0].lower()}{path.suffix}"
            files = {path.name: encoded(held[1], "csv"), beside: encoded(invited[1], "csv")}
        case "ics":
            files = {path.name: icalendar(plan, lang, previous)}
        case _:
            known = ", ".join(f".{name}" for name in FORMATS)
            near = hint(nearest(suffix, FORMATS))
            raise PraiError.of("prai_match.plan", "format", formats=known, name=path.name, near=near)
    if not path.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path.parent))
    put_all(path.parent, files)
    return tuple(path.parent / name for name in files)


def sheets(plan: Book, lang: Lang) -> dict[str, pl.DataFrame]:
    """Return the sessions and the invitations with names and labels in ``lang``, by name of the sheet."""
    said = messages("prai_match.plan", "exports", lang)
    frames = {"sessions": _names.sessions(plan, lang), "invitations": _names.invitations(plan, lang)}
    return {
        said["sheets"][name]: frame.select(pl.col(column).alias(label) for column, label in said[name].items())
        for name, frame in frames.items()
    }
