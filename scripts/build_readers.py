"""Learn the second readers of both bundled catalogues from the labelled texts, as the files that are shipped.

Run it from the root of the repository after a change of the lexicons, of the labelled texts or of what learns::

    python scripts/build_readers.py

``--check`` writes nothing and fails if what is shipped isn't what is learned. The texts set aside (``…_aside_…``) and
those of the tables ``…_unseen`` only serve to measure, and no reader learns from them.
"""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from _needs.learning import Labelled, learn_all
from prai_match import Programme

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
TEXTS = ROOT / "tests/needs/data"
TABLES = {"midi_pyrenees": ("dev_phrases", "officials_seen"), "occitanie_2026": ("occitanie_seen",)}
"""The tables of phrases that readers learn from, beside the everyday texts; by region."""
_LETTERS = "XYZ"


def known(region: str) -> list[Labelled]:
    """Return the texts that the reader of a region learns from."""
    paths = [TEXTS / f"{name}.csv" for name in TABLES[region]]
    paths += sorted((TEXTS / "everyday").glob(f"{region}_known_*.csv"))
    return [labelled for path in paths for labelled in texts(path)]


def texts(path: Path) -> Iterator[Labelled]:
    """Yield the texts of a table, each with the workshops that it names; a question is a need too."""
    for row in _rows(path):
        if "needs" in row:
            named = [item.partition(":") for item in row["needs"].split()]
        else:
            named = [(row["label"], "", "")] if row["label"] != "none" else []
        needs = tuple(
            (workshop.partition("/")[0], stance.replace("question", "") or "wanted") for workshop, _, stance in named
        )
        yield Labelled(row["text"], needs, path.stem)


def turns(region: str) -> list[Labelled]:
    """Return turns of phrase for what is wanted, refused or there already, with a region's workshops in them."""
    objects: dict[str, list[str]] = {}
    for term in Programme.example(region).lexicon.compiled.table.terme:
        if term.niveau == "fort":
            objects.setdefault(term.atelier, []).extend(phrase for phrase in term.mots if "{" not in phrase)
    frames = [row for path in sorted((TEXTS / "everyday").glob("turns_*.csv")) for row in _rows(path)]
    return [_filled(row["frame"], row["stances"].split(), rank, objects) for rank, row in enumerate(frames)]


def _filled(frame: str, stances: list[str], rank: int, objects: dict[str, list[str]]) -> Labelled:
    """Return a turn of phrase with other workshops for each rank in the place of its letters."""
    left, names = sorted(objects), list[str]()
    for place in range(len(stances)):
        names.append(left.pop((7 * rank + 3 * place + rank // 11) % len(left)))
    words = {letter: objects[name][rank % len(objects[name])] for letter, name in zip(_LETTERS, names, strict=False)}
    text = re.sub(rf"\b[{_LETTERS[: len(stances)]}]\b", lambda match: words[match[0]], frame)
    return Labelled(text, tuple(zip(names, stances, strict=True)), "turns")


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter=";")


def target(region: str) -> Path:
    """Return the file of a region's reader."""
    return ROOT / f"src/prai_match/needs/data/reader_{region}.bin"


def built() -> dict[str, bytes]:
    """Learn the readers of both regions, and return their bytes: the same from the same texts."""
    catalogues = [(Programme.example(region).lexicon, known(region)) for region in TABLES]
    readers = learn_all(catalogues, [turns(region) for region in TABLES])
    return {region: reader.packed() for region, reader in zip(TABLES, readers, strict=True)}


def main(arguments: list[str]) -> int:
    """Learn both readers, print what they take, and write or check the files."""
    start, differ = perf_counter(), False
    for region, data in built().items():
        path = target(region)
        is_same = path.exists() and path.read_bytes() == data
        print(f"{path.name}: {len(data) / 1e3:.0f} kB{'' if is_same else ', changed'}")
        differ |= not is_same
        if "--check" not in arguments:
            path.write_bytes(data)
    print(f"{perf_counter() - start:.0f} s")
    return int(differ and "--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
