"""What a cell can hold: how each kind of value is read from text and written as text."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# A spreadsheet computes a cell that begins with one of these; their full-width forms count too in some locales.
_COMPUTED = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
_STARTS = frozenset(_COMPUTED)
_NEUTRALISED = re.compile(rf"'+[{re.escape(_COMPUTED)}']")
_INTEGER = re.compile(r"[+-]?[0-9]{1,4000}")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?(?:[eE][+-]?[0-9]+)?")
_AMOUNT = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Cell:
    """A kind of cell.

    Attributes:
        read: The value of a text that isn't empty; raises ValueError when the text is none of this kind.
        write: The text of a value that isn't None.
        expected: What a right cell looks like.
        verbatim: Spaces around the text belong to it.
        empty: The value of an empty cell; None: the field's default.
    """

    read: Callable[[str], object]
    write: Callable[[Any], str]
    expected: str
    verbatim: bool = False
    empty: object = None


def neutralised(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would compute; ``restored`` takes it away.

    Example:
        >>> neutralised("=cmd()"), neutralised("l'Isle"), neutralised("'-"), restored("'=cmd()")
        ("'=cmd()", "l'Isle", "''-", '=cmd()')
    """
    return f"'{text}" if text[:1] in _STARTS or _NEUTRALISED.match(text) else text


def restored(cell: str) -> str:
    """Take away the apostrophe that ``neutralised`` put; an apostrophe that a person wrote stays."""
    return cell[1:] if _NEUTRALISED.match(cell) else cell


def _matching(cell: str, pattern: re.Pattern[str]) -> str:
    if not pattern.fullmatch(cell):
        raise ValueError(cell)
    return cell.replace(",", ".")


def _number(cell: str) -> float:
    return float(_matching(cell, _NUMBER))


def _number_text(value: float) -> str:
    return repr(value).removesuffix(".0").replace(".", ",")


def _amount_text(value: Decimal) -> str:
    return format(value, "f").replace(".", ",")


@lru_cache(maxsize=4096)
def _date(cell: str) -> dt.date:
    return dt.date.fromisoformat(_matching(cell, _DATE))


def _records(cell: str) -> tuple[dict[str, object], ...]:
    pairs = (record.partition(":") for record in cell.split())
    return tuple(
        {"departement": departement, "sessions": int(_matching(count, _INTEGER))} for departement, _, count in pairs
    )


def _records_text(records: Iterable[Any]) -> str:
    return " ".join(f"{record.departement}:{record.sessions}" for record in records)


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(cell.split())


def _yes(cell: str) -> bool:
    if cell.lower() not in {"yes", "no"}:
        raise ValueError(cell)
    return cell.lower() == "yes"


TEXT = Cell(restored, neutralised, "a text", verbatim=True)
WORD = Cell(str, str, "a code or an identifier")
INTEGER = Cell(lambda cell: int(_matching(cell, _INTEGER)), str, "a whole number")
NUMBER = Cell(_number, _number_text, "a number such as 43,6")
AMOUNT = Cell(lambda cell: Decimal(_matching(cell, _AMOUNT)), _amount_text, "an amount such as 1250,50")
DATE = Cell(_date, dt.date.isoformat, "a date such as 2007-03-31")
YES = Cell(_yes, lambda value: "yes" if value else "no", "yes or no")
LIST = Cell(_listed, " ".join, "one or several codes, separated by spaces", empty=())
RECORDS = Cell(_records, _records_text, "sessions by département, such as 09:3 31:2", empty=())
