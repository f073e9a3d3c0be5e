"""How much a workbook's XML takes once it is cells: read through once, nothing kept."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

MOST_CELLS: Final = 16 << 20
"""The most cells of a sheet, from its first corner to its last cell with a value."""
MOST_TEXT: Final = 1 << 30
"""The most characters of all cells of a workbook."""

_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class TooLargeError(Exception):
    """A bound is passed."""


class Measure:
    """Measures the sheets of .xlsx and .ods, told apart by the names of their elements.

    In .xlsx a cell says where it is, or stands after the one before; its text may be one of the shared texts. In .ods
    rows and cells say how many times they are repeated.

    Attributes:
        errors: For each member of .xlsx, row and column (from 1) of its cells that are errors, with the error. They
            are kept, as python-calamine shows them as empty.
        sheets: For each sheet of .xlsx the key of its member among ``targets``, and its name.
        targets: For each key the path of a member.
    """

    def __init__(self) -> None:
        """Begin with nothing measured."""
        self._row = self._column = self._last_row = self._last_column = 0
        self._rows_repeated = self._columns_repeated = 1
        self._row_used = False
        self._row_text = self._text = 0
        self._shared: list[int] = []
        self._references: Counter[str] = Counter()
        self._in_shared = False
        self._type = ""
        self._value: list[str] | None = None
        self._member = ""
        self.errors: defaultdict[str, list[tuple[int, int, str]]] = defaultdict(list)
        self.sheets: dict[str, str] = {}
        self.targets: dict[str, str] = {}
        self._starts: Mapping[str, Callable[[Mapping[str, str]], None]] = {
            "worksheet": self._sheet,
            "sheet": self._named,
            "Relationship": self._related,
            "row": self._xlsx_row,
            "c": self._xlsx_cell,
            "v": self._xlsx_value,
            "is": self._used,
            "f": self._used,
            "si": self._shared_text,
            "table": self._sheet,
            "table-row": self._ods_row,
            "table-cell": self._ods_cell,
            "covered-table-cell": self._ods_cell,
            "p": self._used,
        }

    def read(self, member: str, content: Iterable[bytes]) -> None:
        """Measure the XML of a member.

        Raises:
            TooLargeError: A sheet has too many cells, or too much text.
            ExpatError: It is no XML.
            ValueError: It declares entities, or a repetition that is no number.
        """
        self._member = member
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = _refused
        for chunk in content:
            parser.Parse(chunk, False)  # noqa: FBT003 - takes no keyword
        parser.Parse(b"", True)  # noqa: FBT003

    def check_texts(self) -> None:
        """Check the texts named from cells, once all members are read.

        Raises:
            TooLargeError: They are too long in all.
        """
        named = (
            self._shared[int(index)] * count
            for index, count in self._references.items()
            if index.isdecimal() and int(index) < len(self._shared)
        )
        if self._text + sum(named) > MOST_TEXT:
            raise TooLargeError

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        start = self._starts.get(name.rpartition(":")[2])
        if start:
            start({key.rpartition(":")[2]: value for key, value in attributes.items()})

    def _end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        if local == "si":
            self._in_shared = False
        elif local == "v" and self._value is not None:
            value, self._value = "".join(self._value).strip(), None
            if self._type == "s":
                self._references[value] += 1
            else:
                self.errors[self._member].append((self._row, self._column, value))
        elif local == "table-row":
            self._ods_row_end()

    def _characters(self, text: str) -> None:
        if self._in_shared:
            self._shared[-1] += len(text)
        elif self._value is not None:
            self._value.append(text)
        else:
            self._row_text += len(text) * self._columns_repeated

    def _named(self, attributes: Mapping[str, str]) -> None:
        self.sheets[attributes.get("id", "")] = attributes.get("name", "")

    def _related(self, attributes: Mapping[str, str]) -> None:
        if self._member.lower() == "xl/_rels/workbook.xml.rels":
            self.targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def _sheet(self, _: Mapping[str, str]) -> None:
        self._row = self._column = self._last_row = self._last_column = 0

    def _xlsx_row(self, attributes: Mapping[str, str]) -> None:
        number = attributes.get("r", "")
        self._row = int(number) if number.isdecimal() else self._row + 1
        self._column = 0

    def _xlsx_cell(self, attributes: Mapping[str, str]) -> None:
        self._column += 1
        place = _REFERENCE.fullmatch(attributes.get("r", ""))
        if place:
            self._row, self._column = int(place[2]), _number(place[1])
        self._type = attributes.get("t", "")

    def _xlsx_value(self, attributes: Mapping[str, str]) -> None:
        self._used(attributes)
        if self._type in {"s", "e"}:
            self._value = []

    def _shared_text(self, _: Mapping[str, str]) -> None:
        self._shared.append(0)
        self._in_shared = True

    def _ods_row(self, attributes: Mapping[str, str]) -> None:
        self._rows_repeated = int(attributes.get("number-rows-repeated", "1"))
        self._row, self._column = self._row + self._rows_repeated, 0
        self._row_used, self._row_text = False, 0

    def _ods_cell(self, attributes: Mapping[str, str]) -> None:
        self._columns_repeated = int(attributes.get("number-columns-repeated", "1"))
        self._column += self._columns_repeated
        if "value-type" in attributes:
            self._used(attributes)

    def _ods_row_end(self) -> None:
        self._text += self._row_text * self._rows_repeated
        self._row_text, self._columns_repeated = 0, 1
        if self._text > MOST_TEXT:
            raise TooLargeError

    def _used(self, _: Mapping[str, str]) -> None:
        self._last_row = max(self._last_row, self._row)
        self._last_column = max(self._last_column, self._column)
        if self._last_row * self._last_column > MOST_CELLS:
            raise TooLargeError


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _refused(*_: object) -> None:
    msg = "a document type"
    raise ValueError(msg)
