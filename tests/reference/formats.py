"""Tables and settings as the folders of 0.1 have them, to the byte."""

from __future__ import annotations

import csv
import datetime as dt
import json
import tomllib
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

Row = dict[str, str]


def table(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    r"""Write a table.

    >>> table(["a", "b"], [{"a": "1", "b": "x;y"}])
    b'\xef\xbb\xbfa;b\r\n1;"x;y"\r\n'
    """
    lines = [columns, *([row.get(column, "") for column in columns] for row in rows)]
    return "".join(";".join(map(_cell, line)) + "\r\n" for line in lines).encode("utf-8-sig")


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if set(text) & set(';"\r\n') else text


def rows(content: bytes) -> list[Row]:
    r"""Read a table.

    >>> rows(table(["a", "b"], [{"a": "1"}]))
    [{'a': '1', 'b': ''}]
    """
    return list(csv.DictReader(content.decode("utf-8-sig").splitlines(), delimiter=";"))


def toml(data: Mapping[str, Any]) -> bytes:
    r"""Write settings.

    >>> print(toml({"a": 1, "b": {"c": [{"d": "é"}]}}).decode())
    a = 1
    <BLANKLINE>
    [b]
    <BLANKLINE>
    [[b.c]]
    d = "é"
    <BLANKLINE>
    """
    return ("\n".join(_lines(data, "")) + "\n").encode()


def _lines(data: Mapping[str, Any], path: str) -> Iterator[str]:
    nested = {key for key, value in data.items() if isinstance(value, dict) or _is_tables(value)}
    yield from (f"{key} = {_value(value)}" for key, value in data.items() if key not in nested)
    for key, value in data.items():
        if key in nested:
            name = f"{path}{key}"
            for part in value if isinstance(value, list) else [value]:
                yield ""
                yield f"[[{name}]]" if isinstance(value, list) else f"[{name}]"
                yield from _lines(part, f"{name}.")


def _is_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _value(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return json.dumps(value, ensure_ascii=False)
        case dt.date():
            return value.isoformat()
        case int() | float() | Decimal():
            return str(value)
        case list():
            return "[" + ", ".join(map(_value, value)) + "]"
        case _:
            raise TypeError(value)


@lru_cache(maxsize=64)
def settings(content: bytes) -> Mapping[str, Any]:
    """Read settings, which nobody may change: they are kept, as the same are asked for again and again.

    >>> settings(toml({"a": {"b": 1}}))
    {'a': {'b': 1}}
    """
    return tomllib.loads(content.decode())
