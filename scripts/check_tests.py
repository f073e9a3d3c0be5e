"""List tests that assert nothing, and known texts that no test writes: ``python scripts/check_tests.py``.

It reads the sources and imports nothing of them. A test asserts where it, or what it calls in ``tests`` or in
``prai_match.testing``, holds an ``assert``, an assertion of pytest or of another library (``assert_…``), a comparison
with a known text, or raises a failure. A known text has a writer if a test next to its folder calls ``golden(name, …)``
with a name that can be its own. What a case that is gone leaves behind, ``make golden`` deletes.
"""

from __future__ import annotations

import sys
from pathlib import Path

from _tests.assertions import without_assertion
from _tests.known_texts import read_by_hand, without_writer
from _tests.modules import Suite

ROOT = Path(__file__).parents[1]


def faults(root: Path) -> list[str]:
    """Return the problems in the tests of a project, one line each."""
    suite = Suite(root)
    return [*without_assertion(suite), *without_writer(suite), *read_by_hand(suite)]


if __name__ == "__main__":
    sys.exit("\n".join(faults(ROOT)) or 0)
