"""Writing a frame in each format, and Parquet files whose integrity is checked before they are read."""

import hashlib
import os
import stat
from collections.abc import Callable, Mapping
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Final, Literal, get_args

import polars as pl

from prai_match import _arguments as given, _words, files
from prai_match.errors import PraiError, nearest
from prai_match.io._writing._workbooks import ods_bytes, plain, spelt, xlsx_bytes
from prai_match.register import Arrow

# A spreadsheet that expects another separator splits a text in the middle, and one that ignores quotes splits it at the
# file's separator and at line ends. So each part of a text that may become a cell is checked, not only the beginning.
# What a spreadsheet ignores before a sign; it may ignore a quote, which opens a cell.
_BEFORE: Final = r"[[\s\p{Cc}\p{Cf}\"]--[\t\r\n]]*"
_SIGNS: Final = r"=+\-@＝＋－＠"
# After what a cell may begin, and how computed cells begin. A line end ends a row, except for some spreadsheets, which
# see a cell that begins with a carriage return. Two apostrophes at the beginning count as one that was added.
_FORMULAS: Final = (
    ("^", rf"''|'*{_BEFORE}[{_SIGNS}\t\r\n]"),
    (r"[;,|\t\r\n]", f"'*{_BEFORE}[{_SIGNS}]"),
    (r"[;,|\r\n]", r"'*\"*\t"),
    (r"[;,|\t\n]", r"'*\"*\r"),
)


def neutralised(text: pl.Expr) -> pl.Expr:
    """Put an apostrophe before parts of a text that a spreadsheet would compute; ``restored`` removes it."""
    for before, formula in _FORMULAS:
        text = text.str.replace_all(f"({before})({formula})", "${1}'${2}")
    return text


def restored(text: pl.Expr) -> pl.Expr:
    """Remove the apostrophes added by ``neutralised``; those that a person wrote stay."""
    for before, formula in _FORMULAS:
        text = text.str.replace_all(f"({before})'({formula})", "${1}${2}")
    return text


Format = Literal["csv", "tsv", "xlsx", "ods", "parquet", "json"]
FORMATS: tuple[Format, ...] = get_args(Format)  # the supported formats; each is also the suffix of its files


@given.takes(frame=given.frame)
def write(frame: pl.DataFrame | Arrow, path: str | os.PathLike[str], *, sheet: str | None = None) -> Path:
    r"""Write a frame to a file, in the format given by its suffix; the file is never written in part.

    - ``.csv`` and ``.tsv``, for a French spreadsheet: UTF-8 with byte-order mark, ``;`` (or a tab) between cells, CRLF,
      decimal commas, ISO dates, *yes* and *no*; an apostrophe is put before a text that a spreadsheet would compute,
      such as ``=1+1``, or a part that it would compute with another separator (``x,=1+1``); reading removes it.
    - ``.xlsx`` and ``.ods``: typed cells; texts are never formulas.
    - ``.parquet``: the frame unchanged.
    - ``.json``: an array of objects; dates are ISO texts, amounts are texts with all digits, such as ``"1250.50"``.

    Numbers keep all their digits; those that a spreadsheet would round or doesn't know (NaN) are written as texts, as
    are days before March 1900. Lists stay lists in Parquet and JSON; in cells, their items are separated by spaces. In
    spreadsheets and CSV, empty texts and empty cells are the same.

    Args:
        frame: A polars data frame, or any object that exports Arrow: recommendations, a pandas frame, an Arrow table…
        path: The file; an existing file is replaced.
        sheet: Name of the sheet of a workbook; None means that of the file.

    Raises:
        PraiError: The suffix is another one, the extra ``io`` is not installed, or the format can't hold the frame: a
            sheet has at most 1,048,576 rows, and a cell 32,767 characters.
        OSError: The file can't be written; an existing file is unchanged.

    Example:
        >>> import tempfile
        >>> import polars as pl
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = write(pl.DataFrame({"axis": ["refonte"], "score": [61.25]}), f"{folder}/scores.csv")
        ...     path.read_text("utf-8-sig")
        'axis;score\nrefonte;61,25\n'
    """
    path = Path(path)
    files.put(path, encoded(frame, path.suffix.lower().removeprefix("."), sheet=path.stem if sheet is None else sheet))
    return path


@given.takes(frame=given.frame)
def write_csv(frame: pl.DataFrame, path: str | os.PathLike[str]) -> Path:
    r"""Write a frame of results as CSV, whatever the suffix; numbers are rounded to six decimals.

    Args:
        frame: Columns of texts, numbers, amounts and dates.
        path: The file; an existing file is replaced.

    Raises:
        PraiError: A column has values that a cell can't hold.
        OSError: The file can't be written; an existing file is unchanged.

    Example:
        >>> import tempfile
        >>> frame = pl.DataFrame({"session": ["sig"], "score": [61.25]})
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     write_csv(frame, f"{folder}/scores.txt").read_text("utf-8-sig")
        'session;score\nsig;61,25\n'
    """
    path = Path(path)
    files.put(path, encoded(frame.with_columns(pl.col(pl.Float32, pl.Float64).round(6)), "csv"))
    return path


def encoded(frame: pl.DataFrame | Arrow, format: str, *, sheet: str = "") -> bytes:  # noqa: A002 - the word for it
    """Return the bytes of a frame in a format: see ``write``. The same frame gives the same bytes."""
    frame = frame if isinstance(frame, pl.DataFrame) else pl.DataFrame(frame)
    if format not in _WRITERS:
        near = _words.hint(nearest(format, FORMATS))
        raise PraiError.of("prai_match.io", "no_format", format=format, known=", ".join(FORMATS), near=near)
    return _WRITERS[format](frame, sheet)


def _csv(frame: pl.DataFrame, separator: str) -> bytes:
    """Return CSV in UTF-8 with mark, CRLF, decimal commas, all digits of numbers, and nothing to compute."""
    frame = plain(frame)
    texts = frame.select(_csv_text(pl.col(name), dtype) for name, dtype in frame.schema.items())
    # Readers skip empty lines, so an empty text is quoted there, and only there.
    texts = texts.fill_null("") if texts.width == 1 else texts.select(pl.when(pl.all() != "").then(pl.all()))
    names = pl.DataFrame({"name": texts.columns}, {"name": pl.String}).select(neutralised(pl.col("name")))
    texts.columns = names["name"].to_list()
    out = BytesIO()
    texts.write_csv(out, include_bom=True, separator=separator, line_terminator="\r\n")
    return out.getvalue()


def _csv_text(column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    text = spelt(column, dtype)
    if dtype == pl.Float64:
        # "-inf" is a name to a spreadsheet, with a sign before it.
        return pl.when(column.is_infinite()).then(neutralised(text)).otherwise(text)
    return neutralised(text) if dtype == pl.String else text


def _parquet(frame: pl.DataFrame, metadata: dict[str, str] | None = None) -> bytes:
    """Return the unchanged frame as Parquet, compressed by zstd, with metadata."""
    out = BytesIO()
    frame.write_parquet(out, compression="zstd", metadata=metadata)
    return out.getvalue()


def _json(frame: pl.DataFrame) -> bytes:
    """Return an array of objects, one per line; dates are ISO texts, amounts texts with all digits: ``"1250.50"``."""
    for column in frame.select(pl.col(pl.Float32, pl.Float64)).iter_columns():
        if not column.is_finite().all():
            raise PraiError.of("prai_match.io", "no_json_number", column=column.name)
    out = BytesIO()
    frame.write_ndjson(out)
    return b"[\n" + out.getvalue().removesuffix(b"\n").replace(b"\n", b",\n") + b"\n]\n"


_WRITERS: Final[Mapping[str, Callable[[pl.DataFrame, str], bytes]]] = {
    "csv": lambda frame, _: _csv(frame, ";"),
    "tsv": lambda frame, _: _csv(frame, "\t"),
    "xlsx": lambda frame, sheet: xlsx_bytes({sheet: frame}),
    "ods": ods_bytes,
    "parquet": lambda frame, _: _parquet(frame),
    "json": lambda frame, _: _json(frame),
}
Seal = Literal["whole", "missing", "damaged", "foreign"]
_NAME: Final = "prai_match.seal"
_MARK: Final = "prai_match belongs to "
_HEX: Final = 64
_BLANK: Final = b"0" * _HEX  # placeholder of the digest while it is computed


def sealed(frame: pl.DataFrame, owner: str) -> bytes:
    """Return a frame as Parquet with a seal, which proves integrity without reading it; the owner is a digest."""
    blank = _parquet(frame, {_NAME: f"{_MARK}{owner} {_BLANK.decode()}"})
    place = blank.rindex(_MARK.encode()) + len(_MARK) + _HEX + 1
    return blank[:place] + hashlib.sha256(blank).hexdigest().encode() + blank[place + _HEX :]


def seal(path: Path, owner: str) -> Seal:
    """Return whether a file exists, is unchanged since it was written, and belongs to its owner."""
    try:
        state = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return "missing"
    if not stat.S_ISREG(state.st_mode):
        return "damaged"
    name = _owner(path, state.st_ino, state.st_mtime_ns, state.st_size)
    return "damaged" if name is None else "whole" if name == owner else "foreign"


@lru_cache(4096)
def _owner(path: Path, *_state: int) -> str | None:
    """Return the owner named in a file, if its bytes are those that were sealed; read once while unchanged."""
    data = path.read_bytes()
    at = data.rfind(_MARK.encode()) + len(_MARK)
    place = at + _HEX + 1
    own = hashlib.sha256(data[:place] + _BLANK + data[place + _HEX :]).hexdigest().encode()
    is_whole = at >= len(_MARK) and own == data[place : place + _HEX]
    return data[at : at + _HEX].decode("ascii", "replace") if is_whole else None
