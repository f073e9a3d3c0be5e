"""Plant faults, one at a time, and check that the right tests find them: ``python scripts/plant_faults.py``.

``scripts/_mutants/faults.toml`` lists them. A leak from the future must be found by the test that names it: this test
fails, and no other of its module. A breach of a law must be found by laws only, with a random seed and no stored
examples.
"""

from __future__ import annotations

import argparse
import re
import secrets
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from _laws.round import Asked, tried
from _mutants.faults import Breach, Leak, faults
from _mutants.tree import copied, replaced
from search_laws import python_in, run

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[1]


def main(arguments: Sequence[str] | None = None) -> int:
    """Plant the requested faults, and print one row of a table for each; return 1 if one isn't found."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", help="parts of the names of faults (default: all)")
    parser.add_argument("--rounds", type=int, default=3, help="of the laws, at most (default: %(default)s)")
    asked = parser.parse_args(arguments)
    chosen = [each for each in faults() if not asked.names or any(name in each.name for name in asked.names)]
    missed = 0
    print("| fault | found by | examples | seconds |\n| --- | --- | --- | --- |", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        root = copied(ROOT, Path(folder) / "project")
        for fault in chosen:
            start = time.perf_counter()
            with replaced(root / "src" / "prai_match" / fault.file, fault.old, fault.new):
                by, examples = (
                    _leak(root, fault) if isinstance(fault, Leak) else _breach(root, fault, Path(folder), asked.rounds)
                )
            missed += by.startswith("nothing")
            print(f"| {fault.name} | {by} | {examples} | {time.perf_counter() - start:.0f} |", flush=True)
    print(f"\n{len(chosen) - missed} of {len(chosen)} faults are found")
    return int(missed > 0)


def _leak(root: Path, leak: Leak) -> tuple[str, str]:
    """Run the module of the test that names the leak: only this test must fail."""
    module, _, test = leak.test.partition("::")
    _, output = python_in(root, ["-m", "pytest", "-q", "--tb=no", "-rf", "-p", "no:cacheprovider", module])
    failed = re.findall(r"^FAILED (?:\S+)::(\w+)", output, re.MULTILINE)
    return (f"`{test}`", "") if failed == [test] else (f"nothing: {', '.join(failed) or 'no test'} failed", "")


def _breach(root: Path, breach: Breach, folder: Path, rounds: int) -> tuple[str, str]:
    """Search the laws, with another seed each time, until one is broken."""
    kept = folder / "kept.jsonl"
    kept.unlink(missing_ok=True)
    shutil.rmtree(root / ".hypothesis", ignore_errors=True)
    for _ in range(rounds):
        run(root, Asked(secrets.randbelow(2**32), breach.laws, 0, 1, float("inf"), str(kept), first=True))
        found = tried(kept)
        if found and found[-1].outcome == "failed":
            return f"`{found[-1].law.partition('::')[2]}`", str(sum(each.examples for each in found))
    return f"nothing in {rounds} rounds", str(sum(each.examples for each in tried(kept)))


if __name__ == "__main__":
    sys.exit(main())
