"""The parts of a workbook: a zip of XML, of which no more is unpacked than is read, once and in bounded memory."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MOST_PARTS: Final = 10_000
"""The most parts of an archive, sheets of a workbook, and names of elements and attributes in a part."""
_LARGEST_TOKEN: Final = 1 << 20
"""The most bytes of one tag, with its attributes, or of one comment."""
_MOST_BYTES: Final = 1 << 30
_CHUNK: Final = 1 << 16
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_DIRECTORY: Final = b"PK\x01\x02"
_DEEPEST: Final = 200


class TooLargeError(Exception):
    """A bound of the format is passed."""


class Handler:
    """Takes the elements of a part, by their names without namespaces, and text, which may come in pieces."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take the start of an element."""

    def end(self, name: str) -> None:
        """Take its end."""

    def text(self, text: str) -> None:
        """Take some text."""


class Archive:
    """The parts of a workbook by their names, in which neither case nor the kind of slash counts."""

    def __init__(self, data: bytes) -> None:
        # The directory is read whole by whoever opens it: so its entries are counted before.
        if data.count(_DIRECTORY) > MOST_PARTS:
            raise TooLargeError
        self._zip = zipfile.ZipFile(io.BytesIO(data))
        infos = self._zip.infolist()
        self._parts = {_key(info.filename): info for info in infos}
        self._left = _MOST_BYTES
        if len(self._parts) != len(infos):
            msg = "two parts of one name"
            raise ValueError(msg)

    def __contains__(self, name: str) -> bool:
        return _key(name) in self._parts

    def read(self, name: str, handler: Handler) -> None:
        """Read a part of XML."""
        names: dict[str, str] = {}
        # The parser keeps every name that it has met, every open element, and the whole of a tag.
        parser = expat.ParserCreate(intern=names)
        parser.buffer_text = True
        local: dict[str, str] = {}
        depth = 0

        def start(name: str, attributes: Mapping[str, str]) -> None:
            nonlocal depth
            depth += 1
            if depth > _DEEPEST:
                raise TooLargeError
            handler.start(_local(name, local), {_local(key, local): value for key, value in attributes.items()})

        def end(name: str) -> None:
            nonlocal depth
            depth -= 1
            handler.end(_local(name, local))

        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = handler.text
        parser.StartDoctypeDeclHandler = _refuse
        size = 0
        for chunk in self._unpack(name):
            parser.Parse(chunk, False)  # noqa: FBT003 - takes no keyword
            size += len(chunk)
            if size - max(parser.CurrentByteIndex, 0) > _LARGEST_TOKEN + len(chunk) or len(names) > MOST_PARTS:
                raise TooLargeError
        parser.Parse(b"", True)  # noqa: FBT003

    def _unpack(self, name: str) -> Iterator[bytes]:
        info = self._parts.get(_key(name))
        if info is None or info.compress_type not in _METHODS:
            msg = "a part that can't be read"
            raise ValueError(msg)
        with self._zip.open(info) as content:
            while chunk := content.read(_CHUNK):
                self._left -= len(chunk)
                if self._left < 0:
                    raise TooLargeError
                yield chunk


def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _local(name: str, names: dict[str, str]) -> str:
    """The name without the prefix of its namespace."""
    local = names.get(name)
    if local is None:
        local = names[name] = name.rpartition(":")[2]
    return local


def _refuse(*_: object) -> None:
    msg = "a document type"
    raise ValueError(msg)
