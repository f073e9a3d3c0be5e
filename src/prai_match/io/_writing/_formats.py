"""One way to write a frame in each format, and Parquet files that are seen to be whole before anything reads them."""

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

# A spreadsheet that takes another character than the file's for the separator of cells splits a text in the middle, and
# one that takes no notice of quotes splits it at the file's own and at its line ends. So each part of a text that may
# become a cell is looked at, not only the beginning.
# What a spreadsheet passes over before a sign; it may pass over a quote, which opens a cell.
_BEFORE: Final = r"[[\s\p{Cc}\p{Cf}\"]--[\t\r\n]]*"
_SIGNS: Final = r"=+\-@＝＋－＠"
# After what a cell may begin, and how one begins that would be computed. A line end ends a row, but for some: they see
# a cell that begins with a carriage return. Two apostrophes at the beginning are taken for one that was put.
_FORMULAS: Final = (
    ("^", rf"''|'*{_BEFORE}[{_SIGNS}\t\r\n]"),
    (r"[;,|\t\r\n]", f"'*{_BEFORE}[{_SIGNS}]"),
    (r"[;,|\r\n]", r"'*\"*\t"),
    (r"[;,|\t\n]", r"'*\"*\r"),
)


def neutralised(text: pl.Expr) -> pl.Expr:
    """Put an apostrophe before whatever in a text a spreadsheet would compute; ``restored`` takes it away."""
    for before, formula in _FORMULAS:
        text = text.str.replace_all(f"({before})({formula})", "${1}'${2}")
    return text


def restored(text: pl.Expr) -> pl.Expr:
    """Take away the apostrophes that ``neutralised`` put; those that a person wrote stay."""
    for before, formula in _FORMULAS:
        text = text.str.replace_all(f"({before})'({formula})", "${1}${2}")
    return text


Format = Literal["csv", "tsv", "xlsx", "ods", "parquet", "json"]
FORMATS: tuple[Format, ...] = get_args(Format)  # the formats that are written; each is also the suffix of its files


@given.takes(frame=given.frame)
def write(frame: pl.DataFrame | Arrow, path: str | os.PathLike[str], *, sheet: str | None = None) -> Path:
    r"""Write a frame to a file, in the format that its suffix says; the file appears whole or not at all.

    - ``.csv`` and ``.tsv``, for a French spreadsheet: UTF-8 with its mark, ``;`` (or a tabulation) between cells, CRLF,
      decimal commas, ISO dates, *yes* and *no*; a text that a spreadsheet would compute, as ``=1+1``, or a part of one
      that it would with another separator, as in ``x,=1+1``, has an apostrophe before it, which reading takes away.
    - ``.xlsx`` and ``.ods``: typed cells; texts are never formulas.
    - ``.parquet``: the frame as it is.
    - ``.json``: an array of objects; dates are ISO texts, amounts texts of all their digits, such as ``"1250.50"``.

    Every number keeps all its digits; one that a spreadsheet would round, or doesn't know (NaN), is a text there, as is
    a day before March 1900. Lists stay lists in Parquet and JSON; in a cell they are their items with a space between
    them. In spreadsheets and CSV an empty text and an empty cell are the same.

    Args:
        frame: A polars frame, or anything that speaks Arrow: recommendations, a pandas frame, an Arrow table…
        path: The file; what stood there is replaced.
        sheet: Name of the sheet of a workbook; None: that of the file.

    Raises:
        PraiError: The suffix is none of these, the extra ``io`` is not installed, or the format can't hold the frame: a
            sheet has at most 1,048,576 rows and 32,767 characters in a cell.
        OSError: The file can't be written; what stood there is whole.

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
    r"""Write a frame of results as CSV, whatever the suffix; numbers are rounded at six decimals.

    Args:
        frame: Columns of texts, numbers, amounts and dates.
        path: The file; what stood there is replaced.

    Raises:
        PraiError: A column holds what no cell can.
        OSError: The file can't be written; what stood there is whole.

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
    """UTF-8 with its mark, CRLF, decimal commas, numbers with all their digits, nothing that a spreadsheet computes."""
    frame = plain(frame)
    texts = frame.select(_csv_text(pl.col(name), dtype) for name, dtype in frame.schema.items())
    # An empty line is no row to those who read it, so that an empty text is quoted there, and only there.
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
    """The frame as it is, compressed by zstd, with what is said of it."""
    out = BytesIO()
    frame.write_parquet(out, compression="zstd", metadata=metadata)
    return out.getvalue()


def _json(frame: pl.DataFrame) -> bytes:
    """An array of objects, one a line; dates are ISO texts, amounts texts of all their digits, as ``"1250.50"``."""
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
_BLANK: Final = b"0" * _HEX  # what the digest of the bytes is computed over, where itself will stand


def sealed(frame: pl.DataFrame, owner: str) -> bytes:
    """Return a frame as Parquet, with a seal that is seen to be whole without reading it; the owner is a digest."""
    blank = _parquet(frame, {_NAME: f"{_MARK}{owner} {_BLANK.decode()}"})
    place = blank.rindex(_MARK.encode()) + len(_MARK) + _HEX + 1
    return blank[:place] + hashlib.sha256(blank).hexdigest().encode() + blank[place + _HEX :]


def seal(path: Path, owner: str) -> Seal:
    """Return whether a file is there, has the bytes that it was written with, and belongs to what it should."""
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
    """Return the owner that a file names, where its bytes are those that were sealed; read once while it stays so."""
    data = path.read_bytes()
    at = data.rfind(_MARK.encode()) + len(_MARK)
    place = at + _HEX + 1
    own = hashlib.sha256(data[:place] + _BLANK + data[place + _HEX :]).hexdigest().encode()
    is_whole = at >= len(_MARK) and own == data[place : place + _HEX]
    return data[at : at + _HEX].decode("ascii", "replace") if is_whole else None
