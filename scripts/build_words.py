"""Build the list of French words that distinguishes misspelt terms from words of the language.

Run it from the root of the repository, with the development dependencies and npm at hand::

    python scripts/build_words.py

The words come from the npm package `an-array-of-french-words` 2.0.0 (MIT licence, copyright 2016 Zeke Sikelianos);
only their stems are kept. The same words and the same stemmer give the same bytes.
"""

from __future__ import annotations

import argparse
import gzip
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from _npm import fetch, keep_licence
from prai_match.needs._text import SHORTEST_TYPO, fold, stem

if TYPE_CHECKING:
    from collections.abc import Iterable

SOURCE, VERSION = "an-array-of-french-words", "2.0.0"
TARGET = Path(__file__).parents[1] / "src/prai_match/needs/data/mots_francais.txt.gz"


def pack(words: Iterable[str]) -> bytes:
    """Return the distinct stems of words long enough to be mistaken for a misspelt term, compressed."""
    stems = {stem(fold(word)) for word in words if word.isalpha() and len(word) >= SHORTEST_TYPO}
    return gzip.compress("".join(f"{stem}\n" for stem in sorted(stems)).encode(), mtime=0)


def main() -> None:
    """Fetch the words, pack them, write the file, and print its content."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--package", type=Path, help=f"unpacked copy of {SOURCE} {VERSION} (default: download it)")
    parser.add_argument("--output", type=Path, default=TARGET)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        package = options.package or fetch(Path(folder), SOURCE, VERSION)
        words = json.loads((package / "index.json").read_text("utf-8"))
        keep_licence(package, SOURCE)
    packed = pack(words)
    options.output.write_bytes(packed)
    print(f"{options.output}: {len(words)} words, {len(packed) / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
