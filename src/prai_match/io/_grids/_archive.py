"""The parts of a workbook, read once in bounded memory, and the cells of its sheets, at most those of a sheet."""

import io
import zipfile
from collections.abc import Iterator, Mapping
from sys import getsizeof
from typing import Final
from xml.parsers import expat

from prai_match.io._grids._grid import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, FileMemory
from prai_match.io._grids._header import is_blank

# Maximum number of parts of an archive, sheets of a workbook, and names of elements and attributes in a part.
MOST_PARTS: Final = 10_000
_LARGEST_TOKEN: Final = 1 << 20  # maximum size of a tag with its attributes, or of a comment, in bytes
_MOST_BYTES, _CHUNK = 1 << 30, 1 << 16
_DIRECTORY: Final = b"PK\x01\x02"
_DEEPEST: Final = 200
_MOST_CELLS: Final = 16 << 20  # maximum number of cells of a sheet, from its first corner to its last cell with a value
_ROW: Final = 300
_CELL: Final = 40  # bytes of a cell without its text, in Python and then in a column
_SLOT: Final = 8
# How many copies of a cell's text exist at once: as read, in a column, and in derived columns.
_COPIES: Final = 2


class TooLargeError(Exception):
    """A limit of the format is exceeded."""


class Handler:
    """Takes the elements of a part, by their names without namespaces, and text, which may come in pieces."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Handle the start of an element."""

    def end(self, name: str) -> None:
        """Handle the end of an element."""

    def text(self, text: str) -> None:
        """Handle a piece of text."""


class Elements(Handler):
    """Keeps the attributes of elements with some names, at most as many of each as a workbook may have."""

    def __init__(self, *names: str) -> None:
        self.of: dict[str, list[Mapping[str, str]]] = {name: [] for name in names}

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name in self.of:
            self.of[name].append(attributes)
            if len(self.of[name]) > MOST_PARTS:
                raise TooLargeError


class Archive:
    """The parts of a workbook by name, regardless of case and kind of slash."""

    def __init__(self, data: bytes) -> None:
        # Opening the archive reads the whole directory, so its entries are counted before.
        if data.count(_DIRECTORY) > MOST_PARTS:
            raise TooLargeError
        self._zip = zipfile.ZipFile(io.BytesIO(data))
        infos = self._zip.infolist()
        self._parts, self._left = {_key(info.filename): info for info in infos}, _MOST_BYTES
        if len(self._parts) != len(infos):
            raise ValueError("two parts of one name")

    def __contains__(self, name: str) -> bool:
        return _key(name) in self._parts

    def read(self, name: str, handler: Handler) -> None:
        names: dict[str, str] = {}
        # The parser keeps all names that it has read, all open elements, and whole tags.
        parser = expat.ParserCreate(intern=names)
        parser.buffer_text, depth = True, 0

        def start(name: str, attributes: Mapping[str, str]) -> None:
            nonlocal depth
            depth += 1
            if depth > _DEEPEST:
                raise TooLargeError
            handler.start(_local(name), {_local(key): value for key, value in attributes.items()})

        def end(name: str) -> None:
            nonlocal depth
            depth -= 1
            handler.end(_local(name))

        parser.StartElementHandler, parser.EndElementHandler = start, end
        parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = handler.text, _refuse
        size = 0
        for chunk in self._unpack(name):
            parser.Parse(chunk, False)  # noqa: FBT003 - takes no keyword
            size += len(chunk)
            if size - max(parser.CurrentByteIndex, 0) > _LARGEST_TOKEN + len(chunk) or len(names) > MOST_PARTS:
                raise TooLargeError
        parser.Parse(b"", True)  # noqa: FBT003

    def _unpack(self, name: str) -> Iterator[bytes]:
        info = self._parts.get(_key(name))
        if info is None or info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise ValueError("a part that can't be read")
        with self._zip.open(info) as content:
            while chunk := content.read(_CHUNK):
                self._left -= len(chunk)
                if self._left < 0:
                    raise TooLargeError
                yield chunk


def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _refuse(*_: object) -> None:
    raise ValueError("a document type")


class Pieces:
    """A text received in pieces, of limited length."""

    def __init__(self, most: int) -> None:
        self._left = most
        self.parts: list[str] = []

    @property
    def whole(self) -> str:
        return "".join(self.parts)

    def add(self, text: str) -> None:
        self._left -= len(text)
        if self._left < 0:
            raise TooLargeError
        self.parts.append(text)


class Cells:
    def __init__(self, title: str, share: FileMemory) -> None:
        self.title, self._share = title, share
        self._rows: dict[int, list[str | None]] = {}
        self._width = self._last = 0

    def put(self, row: int, column: int, text: str, columns: int = 1, rows: int = 1) -> None:
        """Put a text into a cell, from 1, or into all cells of a block that begins there."""
        last_row, last_column = row + rows - 1, column + columns - 1
        if last_row > MOST_ROWS or last_column > MOST_COLUMNS or len(text) > LONGEST_CELL:
            raise TooLargeError
        self._width, self._last = max(self._width, last_column), max(self._last, last_row)
        if self._width * self._last > _MOST_CELLS:
            raise TooLargeError
        self._share.take((_CELL + _COPIES * getsizeof(text)) * columns * rows)
        for at in range(row, last_row + 1):
            cells = self._rows.setdefault(at, [])
            if (missing := last_column - len(cells)) > 0:
                self._share.take(_SLOT * missing)
                cells.extend([None] * missing)
            if cells[column - 1 : last_column] != [None] * columns:
                raise ValueError("a cell that is there twice")
            cells[column - 1 : last_column] = [text] * columns

    def rows(self) -> tuple[int, list[list[str | None]]]:
        """Return the number of the first row with a cell, and the rows from there to the last that isn't empty."""
        if not self._rows:
            return 1, []
        first = min(self._rows)
        left = min(next(at for at, cell in enumerate(cells) if cell is not None) for cells in self._rows.values())
        width, height = self._width - left, self._last - first + 1
        self._share.take(_ROW * height + _SLOT * width * len(self._rows))
        rows = [
            [*cells[left:], *[None] * (self._width - len(cells))] if (cells := self._rows.pop(row, None)) else []
            for row in range(first, self._last + 1)
        ]
        while rows and all(map(is_blank, rows[-1])):
            rows.pop()
        return first, rows
