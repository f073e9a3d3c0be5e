"""The parts of an .xlsx beside its sheets and texts: what it has, where that is, and how numbers are shown."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Final

from prai_match.io._grids._archive import MOST_PARTS, Handler, TooLargeError
from prai_match.io._grids._values import form_of, own_form

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prai_match.io._grids._values import Form

_NUMBER: Final = re.compile(r"[0-9]{1,9}", re.ASCII)
TRUE: Final = {"1": True, "true": True, "0": False, "false": False}
_MOST_FORMATS: Final = 1 << 17


class Sheets(Handler):
    """Names of the sheets of a workbook, and where days are counted from."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []
        self.since_1904 = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "sheet":
            self.sheets.append((attributes.get("name", ""), attributes.get("id", "")))
            if len(self.sheets) > MOST_PARTS:
                raise TooLargeError
        elif name == "workbookPr":
            self.since_1904 = TRUE.get(attributes.get("date1904", ""), False)


class Relations(Handler):
    """Which part is what: by key, and the first of each kind."""

    def __init__(self) -> None:
        self.targets: dict[str, tuple[str, str]] = {}
        self.kinds: dict[str, str] = {}

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship":
            kind = attributes.get("Type", "").rpartition("/")[2]
            # A path is from the folder of the workbook, or from the root.
            target = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", "").replace("\\", "/")))
            self.targets[attributes.get("Id", "")] = kind, target
            self.kinds.setdefault(kind, target)
            if len(self.targets) > MOST_PARTS:
                raise TooLargeError


class Styles(Handler):
    """As what each style of a cell shows a number."""

    def __init__(self) -> None:
        self.forms: list[Form] = []
        self._codes: dict[int, Form] = {}
        self._cells = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "cellXfs":
            self._cells = True
        elif name == "numFmt":
            self._codes[count(attributes.get("numFmtId", ""))] = form_of(attributes.get("formatCode", ""))
        elif name == "xf" and self._cells:
            number = count(attributes.get("numFmtId", "0"))
            self.forms.append(self._codes[number] if number in self._codes else own_form(number))
        if len(self.forms) + len(self._codes) > _MOST_FORMATS:
            raise TooLargeError

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._cells = False


def count(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        msg = f"{text[:20]!r} for a number"
        raise ValueError(msg)
    return int(text)
