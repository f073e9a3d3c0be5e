"""The parts of a workbook: a zip of XML, of which no more is unpacked than is read."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST_TOKEN: Final = 1 << 20
"""The most bytes of one tag, with its attributes, or of one comment."""
MOST_PARTS: Final = 10_000
_MOST_UNPACKED: Final = 1 << 30
_CHUNK: Final = 1 << 16
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_DIRECTORY: Final = b"PK\x01\x02"


class TooLargeError(Exception):
    """A bound of the format is passed."""


class Archive:
    """The parts of a workbook by their names, in which neither case nor the kind of slash counts."""

    def __init__(self, data: bytes) -> None:
        """Read the directory."""
        # The directory is read whole by whoever opens it: so its entries are counted before.
        if data.count(_DIRECTORY) > MOST_PARTS:
            raise TooLargeError
        self._zip = zipfile.ZipFile(io.BytesIO(data))
        infos = self._zip.infolist()
        self._parts = {folded(info.filename): info for info in infos}
        self._left = _MOST_UNPACKED
        if len(self._parts) != len(infos):
            msg = "two parts of one name"
            raise ValueError(msg)

    def __contains__(self, name: str) -> bool:
        """Whether there is a part of that name."""
        return folded(name) in self._parts

    def part(self, name: str) -> Iterator[bytes]:
        """Unpack a part, piece by piece."""
        info = self._parts.get(folded(name))
        if info is None or info.compress_type not in _METHODS:
            msg = "a part that can't be read"
            raise ValueError(msg)
        with self._zip.open(info) as content:
            while chunk := content.read(_CHUNK):
                self._left -= len(chunk)
                if self._left < 0:
                    raise TooLargeError
                yield chunk


def folded(name: str) -> str:
    r"""A name as parts are compared."""
    return name.replace("\\", "/").lstrip("/").lower()
