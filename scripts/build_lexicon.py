"""Compile the bundled lexicon into the file that is read instead, in a tenth of the time.

Run it from the root of the repository after each change of ``lexique_prai.toml`` or of the compiler::

    python scripts/build_lexicon.py

The same lexicon gives the same bytes; a test holds that the file is what the lexicon compiles to.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from pydantic import TypeAdapter

from prai_match.needs import Lexicon
from prai_match.needs._lexicon import Compiled

SOURCE = Path(__file__).parents[1] / "src/prai_match/needs/data/lexique_prai.toml"


def packed(lexicon: Lexicon) -> bytes:
    """Return the compiled lexicon as compressed JSON, with sorted sets."""
    values = TypeAdapter(Compiled).dump_python(lexicon.compiled, exclude_defaults=True)
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"), default=sorted)
    return gzip.compress(text.encode(), mtime=0)


def main() -> None:
    """Compile the lexicon, write the file, and print its size."""
    target = SOURCE.with_suffix(".json.gz")
    written = target.write_bytes(packed(Lexicon.load(SOURCE)))
    print(f"{target}: {written / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
