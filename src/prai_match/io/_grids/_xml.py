"""XML of a workbook, read once and in bounded memory, whatever it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol
from xml.parsers import expat

from prai_match.io._grids._archive import LARGEST_TOKEN, TooLargeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_DEEPEST: Final = 200
_MOST_NAMES: Final = 10_000


class Handler(Protocol):
    """What is told of the elements of a part, by their names without namespaces."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take the start of an element."""

    def end(self, name: str) -> None:
        """Take its end."""

    def text(self, text: str) -> None:
        """Take some text, which may come in pieces."""


def read_xml(content: Iterable[bytes], handler: Handler) -> None:
    """Read a part."""
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
    parser.StartDoctypeDeclHandler = _refused
    fed = 0
    for chunk in content:
        parser.Parse(chunk, False)  # noqa: FBT003 - takes no keyword
        fed += len(chunk)
        if fed - max(parser.CurrentByteIndex, 0) > LARGEST_TOKEN + len(chunk) or len(names) > _MOST_NAMES:
            raise TooLargeError
    parser.Parse(b"", True)  # noqa: FBT003


def _local(name: str, known: dict[str, str]) -> str:
    """The name without the prefix of its namespace."""
    found = known.get(name)
    if found is None:
        found = known[name] = name.rpartition(":")[2]
    return found


def _refused(*_: object) -> None:
    msg = "a document type"
    raise ValueError(msg)
