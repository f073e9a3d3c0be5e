"""Conversion of the sheets of an .xlsx to cells of text."""

import posixpath
import re
from collections.abc import Callable, Mapping, Sequence
from sys import getsizeof
from typing import Final

from prai_match.io._grids._archive import Archive, Cells, Elements, Handler, Pieces, TooLargeError
from prai_match.io._grids._grid import LONGEST_CELL, FileMemory
from prai_match.io._grids._values import OWN_FORMS, Form, day_text, form_of, number_text, text_of

BOOK: Final = "xl/workbook.xml"
_USUAL: Final = {"sharedStrings": "xl/sharedStrings.xml", "styles": "xl/styles.xml"}
_REFERENCE: Final = re.compile(r"([A-Za-z]{1,9})([0-9]{1,9})", re.ASCII)
_ESCAPE: Final = re.compile("_x([0-9A-Fa-f]{4})_")
_LONGEST_ESCAPES: Final = 7 * LONGEST_CELL
_NUMBER: Final = re.compile(r"[0-9]{1,9}", re.ASCII)
_TRUE: Final = {"1": True, "true": True, "0": False, "false": False}
_MOST_FORMATS, _LONGEST_NUMBER = 1 << 17, 400
_BLANKS: Final = " \t\r\n"
_SLOT: Final = 8
_COPIES: Final = 2  # copies of a shared text: here, and in a column


def xlsx(archive: Archive, share: FileMemory) -> list[Cells]:
    book, relations = Elements("sheet", "workbookPr"), Elements("Relationship")
    archive.read(BOOK, book)
    archive.read("xl/_rels/workbook.xml.rels", relations)
    targets: dict[str, tuple[str, str]] = {}
    kinds: dict[str, str] = {}
    for attributes in relations.of["Relationship"]:
        kind = attributes.get("Type", "").rpartition("/")[2]
        # A path is relative to the folder of the workbook, or to the root.
        target = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", "").replace("\\", "/")))
        targets[attributes.get("Id", "")] = kind, target
        kinds.setdefault(kind, target)
    texts: list[str | None] = []

    def share_text(text: str | None) -> None:
        share.take(_SLOT + _COPIES * getsizeof(text))
        texts.append(text)

    styles = _Styles()
    for kind, part in (("sharedStrings", _Texts("si", share_text)), ("styles", styles)):
        if (name := kinds.get(kind, _USUAL[kind])) in archive:
            archive.read(name, part)
    since_1904 = any(_TRUE.get(each.get("date1904", ""), False) for each in book.of["workbookPr"][-1:])
    sheets = []
    for each in book.of["sheet"]:
        title = each.get("name", "")
        kind, target = targets.get(each.get("id", ""), ("", ""))
        if kind == "worksheet":
            sheet = _Sheet(Cells(title, share), texts, styles.forms, since_1904=since_1904)
            archive.read(target, sheet)
            sheets.append(sheet.cells)
        elif not kind:
            raise ValueError(f"no part for the sheet {title!r}")
    return sheets


class _Styles(Handler):
    """How each style of cells shows a number."""

    def __init__(self) -> None:
        self.forms: list[Form] = []
        self._codes: dict[int, Form] = {}
        self._cells = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "cellXfs":
            self._cells = True
        elif name == "numFmt":
            self._codes[_count(attributes.get("numFmtId", ""))] = form_of(attributes.get("formatCode", ""))
        elif name == "xf" and self._cells:
            number = _count(attributes.get("numFmtId", "0"))
            self.forms.append(self._codes.get(number) or OWN_FORMS.get(number, "number"))
        if len(self.forms) + len(self._codes) > _MOST_FORMATS:
            raise TooLargeError

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._cells = False


class _Texts(Handler):
    """Collects the text of each element of a name, from its ``t``: trimmed unless these declare that blanks count."""

    def __init__(self, element: str, give: Callable[[str | None], None]) -> None:
        self._element, self._give = element, give
        self.is_open = False
        self._runs: list[str] = []
        self._run: Pieces | None = None
        self._length = self._spoken = 0
        self._blanks = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == self._element:
            self.is_open, self._runs, self._run, self._length, self._spoken = True, [], None, 0, 0
        elif name == "rPh":  # phonetic text of Japanese
            self._spoken += 1
        elif name == "t" and self.is_open and not self._spoken:
            self._run, self._blanks = Pieces(_LONGEST_ESCAPES), attributes.get("space") == "preserve"

    def end(self, name: str) -> None:
        if name == "rPh":
            self._spoken -= 1
        elif name == "t" and self._run is not None:
            text, self._run = self._run.whole, None
            run = _unescape(text if self._blanks else text.strip(_BLANKS))
            self._length += len(run)
            if self._length > LONGEST_CELL:
                raise TooLargeError
            if run:
                self._runs.append(run)
        elif name == self._element and self.is_open:
            self.is_open = False
            self._give(text_of("".join(self._runs)))

    def text(self, text: str) -> None:
        if self._run is not None:
            self._run.add(text)


class _Sheet(Handler):
    """Reads the cells of a worksheet: each has a reference, or follows the previous one."""

    def __init__(self, cells: Cells, texts: Sequence[str | None], forms: Sequence[Form], *, since_1904: bool) -> None:
        self.cells = cells
        self._texts, self._forms, self._since_1904 = texts, forms, since_1904
        self._row = self._column = self._style = 0
        self._type, self._within = "", False
        self._value: Pieces | None = None
        self._inline = _Texts("is", self._put)

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if self._inline.is_open or (name == "is" and self._within):
            self._inline.start(name, attributes)
        elif name == "v" and self._within:
            self._value = Pieces(_LONGEST_ESCAPES)
        elif name == "c":
            self._cell(attributes)
        elif name == "row":
            self._row = _count(attributes["r"]) if "r" in attributes else self._row + 1
            self._column = 0

    def end(self, name: str) -> None:
        if self._inline.is_open:
            self._inline.end(name)
        elif name == "v" and self._value is not None:
            text, self._value = self._value.whole, None
            self._put(self._read(text) if text else None)
        elif name == "c":
            self._within = False

    def text(self, text: str) -> None:
        if self._inline.is_open:
            self._inline.text(text)
        elif self._value is not None:
            self._value.add(text)

    def _cell(self, attributes: Mapping[str, str]) -> None:
        self._within = True
        self._column += 1
        if (reference := attributes.get("r")) is not None:
            if (place := _REFERENCE.fullmatch(reference)) is None:
                raise ValueError(f"a cell {reference[:20]!r}")
            self._row, self._column = int(place[2]), _column(place[1])
        if not self._row or not self._column:
            raise ValueError("a cell in no row")
        self._type, self._style = attributes.get("t", ""), _count(attributes.get("s", "0"))

    def _put(self, text: str | None) -> None:
        if text:
            self.cells.put(self._row, self._column, text)

    def _read(self, text: str) -> str | None:
        match self._type:
            case "s":
                if (place := _count(text.strip(_BLANKS))) >= len(self._texts):
                    raise ValueError("a text that isn't there")
                return self._texts[place]
            case "str" | "inlineStr":
                return text_of(_unescape(text))
            case "b":
                if text not in _TRUE:
                    raise ValueError("neither true nor false")
                return text_of(_TRUE[text])
            case "d":
                return day_text(text)
            case "e":
                return text_of(text)
            case "" | "n":
                return self._number(text)
            case _:
                raise ValueError("a cell of an unknown type")

    def _number(self, text: str) -> str | None:
        try:
            value = float(text.strip(_BLANKS) if len(text) < _LONGEST_NUMBER and "_" not in text else "?")
        except ValueError:
            if self._type:
                raise
            return text_of(text)
        form = self._forms[self._style] if self._style < len(self._forms) else "number"
        return number_text(value, form, since_1904=self._since_1904)


def _unescape(text: str) -> str:
    r"""Restore characters that XML can't hold, which a spreadsheet writes by number."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _count(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{text[:20]!r} for a number")
    return int(text)
