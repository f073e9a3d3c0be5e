"""The memory that a Parquet file declares, and whether its pages agree: checked before anything else reads it.

Identical rows take no space in a file, a page may claim to unpack to gigabytes, and a reader believes both. The numbers
are in the footer and in the header of each page, in Thrift's compact protocol.
"""

from collections.abc import Iterator
from typing import Any, Final

from prai_match.io._grids._grid import MOST_COLUMNS

_MAGIC, _TAIL = b"PAR1", 8
_LARGEST_FOOTER, _LARGEST_HEAD, _DEEPEST = 16 << 20, 1 << 16, 32
_LONGEST_NUMBER: Final = 10  # bytes
_FIXED: Final = 7
# Bytes of a value once read, by the number of its type: texts take 16 in addition to their content.
_WIDTHS: Final = {0: 1, 1: 4, 2: 8, 3: 12, 4: 4, 5: 8, 6: 16}
_THERE: Final = 4
_LEVEL: Final = 16  # bytes that state whether a value is present, and in which list
_REPEATED = _DICTIONARY = 2
# Types of values in the footer: numbers, values of fixed size and others.
_INTEGERS: Final = frozenset({4, 5, 6})
_SIZES: Final = {1: 1, 2: 1, 3: 1, 7: 8, 13: 16}
_BINARY, _MAP, _STRUCT, _LONG_LIST = 8, 11, 12, 15
_LISTS: Final = frozenset({9, 10})
# The errors raised if a part of the footer is missing or impossible.
FALSE: Final = (ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError, StopIteration)


def sizes(data: bytes) -> tuple[int, int]:
    """Return the bytes of a file's unpacked pages, and of its values by the width of their types, from its footer."""
    length = int.from_bytes(data[-_TAIL : -len(_MAGIC)], "little")
    start = len(data) - _TAIL - length
    _check(data[:4] == _MAGIC == data[-4:] and start >= len(_MAGIC) and length <= _LARGEST_FOOTER)
    footer = _Thrift(data, start, len(data) - _TAIL).struct()
    leaves, rows = _leaves(footer[2]), _whole(footer[3])
    pages = values = 0
    for group in footer[4]:
        columns, height = group[1], _whole(group[3])
        _check(len(columns) == len(leaves))
        rows -= height
        for chunk, (width, repeats) in zip(columns, leaves, strict=True):
            meta = chunk[3]
            size, count = _whole(meta[6]), _whole(meta[5])
            _check(1 not in chunk)  # the column is in this file
            _check(count >= height if repeats else count == height)
            pages += size
            values += count * width
            _check_pages(data, start, meta, size, count)
    _check(rows == 0)
    return pages, values


def _leaves(schema: list[dict[int, Any]]) -> list[tuple[int, bool]]:
    """Return the width of each column that holds values, and whether these are in lists."""
    _check(0 < len(schema) <= 2 * MOST_COLUMNS)
    elements: Iterator[dict[int, Any]] = iter(schema)
    leaves: list[tuple[int, bool]] = []

    def walk(element: dict[int, Any], depth: int, *, repeats: bool) -> None:
        _check(depth <= _DEEPEST)
        repeats = repeats or element.get(3) == _REPEATED
        if not (children := element.get(5)):
            width = _whole(element[2]) if element[1] == _FIXED else _WIDTHS[element[1]]
            leaves.append((width + _THERE + depth * _LEVEL, repeats))
        for _ in range(_whole(children or 0)):
            walk(next(elements), depth + 1, repeats=repeats)

    for _ in range(_whole(next(elements).get(5, 0))):
        walk(next(elements), 0, repeats=False)
    _check(next(elements, None) is None)
    return leaves


def _check_pages(data: bytes, limit: int, meta: dict[int, Any], size: int, count: int) -> None:
    """Check that the pages of a column have the sizes that the footer declares, and no more."""
    # An offset of 0 means that there is no such page.
    at = min((_whole(offset) for offset in (meta[9], meta.get(11)) if offset), default=len(_MAGIC))
    end = at + _whole(meta[7])
    _check(len(_MAGIC) <= at <= end <= limit)
    bytes_so_far = values = 0
    while at < end:
        head = _Thrift(data, at, min(end, at + _LARGEST_HEAD))
        page = head.struct()
        bytes_so_far += _whole(page[2]) + head.at - at
        at = head.at + _whole(page[3])
        if page[1] != _DICTIONARY:
            values += _whole((page.get(5) or page.get(8) or {1: 0})[1])
        else:
            # A dictionary is as long as its values, or its length is false.
            _check(_whole(page[7][1]) <= max(_whole(page[2]), 1))
        _check(at <= end and bytes_so_far <= size and values <= count)
    _check(values == count)


def _whole(value: object) -> int:
    _check(isinstance(value, int) and not isinstance(value, bool) and value >= 0)
    return value  # type: ignore[return-value]


def _check(condition: object) -> None:
    if not condition:
        raise ValueError("a footer that can't be")


class _Thrift:
    """Reads structures of Thrift's compact protocol: fields by number, at most as many as there are bytes."""

    def __init__(self, data: bytes, at: int, end: int) -> None:
        self.at, self._data, self._end = at, data, end

    def struct(self, depth: int = 0) -> dict[int, Any]:
        _check(depth <= _DEEPEST)
        fields: dict[int, Any] = {}
        number = 0
        while kind := self._byte():
            number = number + (kind >> 4) if kind >> 4 else self._zigzag()
            # The value of a flag is in its kind.
            fields[number] = kind & 15 == 1 if kind & 15 in {1, 2} else self._value(kind & 15, depth)
        return fields

    def _value(self, kind: int, depth: int) -> Any:  # noqa: ANN401 - of any type
        if kind == _STRUCT:
            return self.struct(depth + 1)
        if kind in _LISTS:
            head = self._byte()
            size = self._number() if head >> 4 == _LONG_LIST else head >> 4
            return self._values(size, (head & 15,), depth)
        if kind == _MAP:
            kinds = self._byte() if (size := self._number()) else 0
            return self._values(size, (kinds >> 4, kinds & 15), depth)
        if kind in _INTEGERS:
            return self._zigzag()
        _check(kind == _BINARY or kind in _SIZES)
        return self._bytes(self._number() if kind == _BINARY else _SIZES[kind])

    def _values(self, size: int, kinds: tuple[int, ...], depth: int) -> list[Any]:
        _check(size <= self._end - self.at)
        return [self._value(kind, depth + 1) for _ in range(size) for kind in kinds]

    def _byte(self) -> int:
        _check(self.at < self._end)
        self.at += 1
        return self._data[self.at - 1]

    def _bytes(self, count: int) -> bytes:
        _check(count <= self._end - self.at)
        self.at += count
        return self._data[self.at - count : self.at]

    def _number(self) -> int:
        number = shift = 0
        while (byte := self._byte()) & 128:  # more bytes follow
            number |= (byte & 127) << shift
            shift += 7
            _check(shift < 7 * _LONGEST_NUMBER)
        return number | byte << shift

    def _zigzag(self) -> int:
        number = self._number()
        return (number >> 1) ^ -(number & 1)
