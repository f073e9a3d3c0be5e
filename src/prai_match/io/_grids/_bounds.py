"""Whether a workbook is what it says, before it is opened: a zip of XML which unpacks to a bounded size.

A workbook of a few kilobytes may unpack to gigabytes, put a value in the last cell of the last row, repeat a cell a
billion times, or name one long text from a million cells. Whoever opens it allocates all of it; so its XML is read
through once and measured.
"""

from __future__ import annotations

import io
import lzma
import posixpath
import re
import zipfile
import zlib
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

from prai_match.io._grids._grid import BROKEN, LARGEST, Said, unreadable
from prai_match.io._grids._measure import Measure, TooLargeError

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_MEMBERS: Final = 10_000
_CHUNK: Final = 1 << 18
_XML: Final = re.compile(r"\.(xml|rels)$", re.IGNORECASE)
_OLE: Final = b"\xd0\xcf\x11\xe0"

WORKBOOK: Final = Said(
    "a whole .xlsx or .ods workbook, without a password", "un classeur .xlsx ou .ods entier, sans mot de passe"
)
_OLD: Final = Said("an old .xls, or a workbook with a password", "un ancien .xls, ou un classeur avec mot de passe")
_LARGE: Final = Said("more than can be opened safely", "plus que ce qui peut être ouvert sans risque")
_SMALLER: Final = Said("a smaller workbook, with the tables only", "un classeur plus petit, avec les seuls tableaux")


def check_bounds(data: bytes, file: str) -> dict[str, list[tuple[int, int, str]]]:
    """Check that a workbook can be opened in bounded memory.

    Returns:
        For each sheet of .xlsx its cells that are errors (``#REF!``): row and column from 1, and the error.

    Raises:
        ProgrammeError: It can't, is broken, or is no workbook.
    """
    if data.startswith(_OLE):
        raise unreadable(file, _OLD, WORKBOOK)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _check(archive)
    except TooLargeError:
        raise unreadable(file, _LARGE, _SMALLER) from None
    except (
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        expat.ExpatError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
        ValueError,
    ) as error:
        raise unreadable(file, BROKEN, WORKBOOK) from error


def _check(archive: zipfile.ZipFile) -> dict[str, list[tuple[int, int, str]]]:
    infos = archive.infolist()
    if len(infos) > _MOST_MEMBERS or sum(member.file_size for member in infos) > LARGEST:
        raise TooLargeError
    measure = Measure()
    for member in infos:
        content = _unpacked(archive, member)
        if _XML.search(member.filename) and member.file_size:
            measure.read(member.filename, content)
        else:
            for _ in content:
                pass
    measure.check_texts()
    # A path is from the folder of the workbook, or from the root.
    members = {key: posixpath.join("/xl", target).lstrip("/") for key, target in measure.targets.items()}
    return {name: measure.errors[members[key]] for key, name in measure.sheets.items() if key in members}


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    left = member.file_size
    # Else zipfile would stop where the declaration says, and only another reader meet what follows.
    member.file_size = LARGEST + 1
    with archive.open(member) as content:
        while chunk := content.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise TooLargeError
            yield chunk
