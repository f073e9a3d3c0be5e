"""The answers as they are kept: a digest a table, to be told at a glance, and the rows, to say what differs."""

from __future__ import annotations

import hashlib
import json
import lzma
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

Tables = dict[str, list[list[Any]]]
"""The rows of each table."""

Question = tuple[str, str]
"""The name of a programme, and a day."""

GROUPS: Final = ("regions", "programmes")
_DIGESTS = "digests.tsv"


def digest(rows: list[list[Any]]) -> str:
    """Return what tells rows from any others.

    >>> digest([["T1", 0.1]]) == digest([["T1", 0.1 + 2**-54]])
    False
    """
    return hashlib.sha256(_text(rows).encode()).hexdigest()[:12]


def write(folder: Path, group: str, answers: Mapping[Question, Tables]) -> None:
    """Write the answers of a group of programmes, and add their digests."""
    lines = (_text([*question, tables]) + "\n" for question, tables in answers.items())
    packed = lzma.compress("".join(lines).encode(), preset=9 | lzma.PRESET_EXTREME)
    (folder / f"{group}.jsonl.xz").write_bytes(packed)
    with (folder / _DIGESTS).open("a", encoding="utf-8", newline="\n") as file:
        for (name, day), tables in answers.items():
            file.write("\t".join([group, name, day, *(f"{key}={digest(rows)}" for key, rows in tables.items())]) + "\n")


def read(folder: Path, group: str, wanted: Collection[Question] | None = None) -> Iterator[tuple[Question, Tables]]:
    """Read the answers of a group; None: to every question."""
    with lzma.open(folder / f"{group}.jsonl.xz", "rt", encoding="utf-8") as file:
        for line in file:
            _, name, _, day, _ = line.split('"', 4)
            if wanted is None or (name, day) in wanted:
                yield (name, day), json.loads(line)[2]


def digests(folder: Path) -> dict[str, dict[Question, dict[str, str]]]:
    """Return the digests of each table, by question, of each group."""
    found: dict[str, dict[Question, dict[str, str]]] = {group: {} for group in GROUPS}
    for line in (folder / _DIGESTS).read_text("utf-8").splitlines():
        group, name, day, *tables = line.split("\t")
        found[group][name, day] = _pairs(tables)
    return found


def _pairs(texts: Iterable[str]) -> dict[str, str]:
    return {key: value for key, _, value in (text.partition("=") for text in texts)}


def _text(value: object) -> str:
    """Write as JSON; a float as Python writes it, which is exact."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
