"""Bytes of a text file, in whatever encoding, to its lines."""

from __future__ import annotations

import codecs
import re
from typing import Final

import polars as pl

from prai_match.io._grids._grid import Repair

# The five bytes cp1252 doesn't define stay the characters of that number, so that nothing is lost.
_CP1252: Final = "".join(
    chr(byte) if byte in {0x81, 0x8D, 0x8F, 0x90, 0x9D} else bytes([byte]).decode("cp1252") for byte in range(256)
)
# A cell in quotes begins the line or stands after a separator; line ends inside it belong to it.
_CELL_OR_END: Final = re.compile(rb'(?:(?<=[;,\t|\r\n])|\A)"[^"]*(?:""[^"]*)*"|\r\n?')
_SAMPLE: Final = 4096
_LONGEST_CHARACTER: Final = 4


def text_lines(data: bytes) -> tuple[pl.Series, tuple[Repair, ...]]:
    r"""Split a text into lines, without their ends or the byte-order mark, and say what was mended.

    A line ends with ``\n``, ``\r\n`` or ``\r``; of the ends inside a cell in quotes the ``\r`` stays.
    What isn't UTF-8 nor UTF-16 is cp1252: the file, or its lines where others are UTF-8.
    """
    wide = _utf16(data)
    if wide is not None:
        data, repairs = _from_utf16(data, wide)
        return _lines(data), repairs
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return _lines(data), ()
    except pl.exceptions.ComputeError:  # polars says so of what isn't UTF-8
        data, repair = _narrow(data)
        return _lines(data), (repair,)


def has_longer_line(data: bytes, most: int) -> bool:
    r"""Whether a text has a line of more bytes than so many; of UTF-16 one that has may be passed over."""
    start = 0
    while len(data) - start > most:
        end = max(data.rfind(mark, start, start + most + 1) for mark in (b"\n", b"\r"))
        if end < 0:
            return True
        start = end + 1
    return False


def _lines(data: bytes) -> pl.Series:
    if b"\r" not in data:
        return pl.scan_lines(data).collect()["line"]
    lines = pl.scan_lines(data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")).collect()["line"]
    if b'"' not in data or not (lines.str.count_matches('"', literal=True) % 2 == 1).any():
        return lines  # no cell goes over a line end
    return pl.scan_lines(_CELL_OR_END.sub(_end, data)).collect()["line"]


def _end(match: re.Match[bytes]) -> bytes:
    # polars takes one carriage return away with the end of a line.
    return match[0].replace(b"\r\n", b"\r\r\n") if match[0].startswith(b'"') else b"\n"


def _utf16(data: bytes) -> str | None:
    """The UTF-16 that a mark or the place of the zeros shows."""
    if data.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if data.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    even, odd = data[:_SAMPLE:2], data[1:_SAMPLE:2]
    for encoding, high, low in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if high.count(0) * 2 > len(high) and low.count(0) * 10 < len(low):
            return encoding
    return None


def _from_utf16(data: bytes, encoding: str) -> tuple[bytes, tuple[Repair, ...]]:
    repair = Repair("encoding", 1, "utf-16")
    # Half a character, as at the end of a truncated file, is shown as U+FFFD.
    text = data.decode(encoding, "replace")
    lost = text.count("\ufffd") - data.decode(encoding, "ignore").count("\ufffd")
    return text.removeprefix("\ufeff").encode(), (repair, Repair("encoding", lost, "U+FFFD")) if lost else (repair,)


def _narrow(data: bytes) -> tuple[bytes, Repair]:
    if data.decode("utf-8", "ignore").isascii():
        return _from_cp1252(data), Repair("encoding", 1, "cp1252")
    lines = data.split(b"\n")
    count = 0
    for index, line in enumerate(lines):
        try:
            line.decode()
        except UnicodeDecodeError as error:
            # A file cut within a character: the line before the cut is UTF-8.
            cut = index == len(lines) - 1 and len(line) - error.start < _LONGEST_CHARACTER
            start = error.start if cut else 0
            lines[index] = line[:start] + _from_cp1252(line[start:])
            count += 1
    return b"\n".join(lines), Repair("encoding", count, "utf-8, cp1252")


def _from_cp1252(data: bytes) -> bytes:
    text, _ = codecs.charmap_decode(data, "strict", _CP1252)
    return text.encode()
