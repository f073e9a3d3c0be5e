"""Plant small faults in the packages below, and count those that a test finds: ``python scripts/mutants.py``.

Each package's mutants are put in an order that depends on the seed; the first ``--sample`` are tried. Results are
stored in ``--results``, one line per mutant, and a mutant isn't tried again while its text is the same.
``docs/explanation/mutation_testing.md`` says what was measured.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from _mutants.apart import start
from _mutants.made import Mutant, mutants_of, sample
from _mutants.reach import Reach, measured
from _mutants.score import score
from _mutants.tree import copied, write
from _mutants.trial import EXAMPLES, SURVIVED, Fault, attempt

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[1]

# The tests against which a package's mutants are tried, in addition to the examples in its docstrings.
TESTS = {
    "followups": ["tests/followups", "tests/backtest/test_backtest_follow_ups.py", "tests/test_displays.py"],
    "needs": ["tests/needs", "tests/test_displays.py"],
    "policy": ["tests/policy", "tests/test_displays.py"],
    "offers": ["tests/offers", "tests/recommend", "tests/testing/test_testing_strategies.py"],
    "recommend": [
        "tests/recommend", "tests/explain/test_why_not.py", "tests/front/test_recommendations.py",
        "tests/testing/test_testing_strategies.py",
    ],
    "explain": [
        "tests/explain", "tests/test_displays.py",
    ],
    "io": ["tests/io", "tests/cli/test_cli_programme.py", "tests/cli/test_cli_new.py", "tests/test_displays.py"],
    "register": ["tests/register", "tests/cli/test_cli_resolve.py", "tests/test_displays.py"],
}  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> None:
    """Try the mutants that the command line asks for, and print the scores."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("packages", nargs="*", default=list(TESTS), choices=list(TESTS))
    parser.add_argument("--sample", type=int, default=100, help="mutants tried of each package (default: %(default)s)")
    parser.add_argument("--seed", default="2026", help="decides which (default: %(default)s)")
    parser.add_argument("--budget", type=float, default=12, help="seconds of tests a mutant (default: %(default)s)")
    parser.add_argument(
        "--results", type=Path, default=ROOT / "build" / "mutants", help="folder (default: %(default)s)"
    )
    asked = parser.parse_args(arguments)
    asked.results.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        copy = copied(ROOT, Path(folder) / "project")
        start(copy)
        for package in asked.packages:
            _package(package, copy, asked)


def _package(package: str, copy: Path, asked: argparse.Namespace) -> None:
    source = copy / "src" / "prai_match" / package
    every = mutants_of(source, copy)
    chosen = sample(every, asked.seed)[: asked.sample]
    kept = asked.results / f"{package}.jsonl"
    known = {row["key"]: row for row in _rows(kept)}
    reach = _reach(package, copy, asked.results)
    for mutant in chosen:
        if known.get(mutant.key, {}).get("text") != _digest(mutant):
            known[mutant.key] = row = _tried(mutant, copy, reach, f"{TESTS[package][0]}/", asked.budget)
            with kept.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
    rows = [known[mutant.key] for mutant in chosen]
    lost = [row for row in rows if row["outcome"] == SURVIVED]
    for row in lost:
        print(f"survived {row['key']}\n  {row['change']}")
    print(f"{package}: {score(len(rows) - len(lost), len(rows), len(every))} of {len(every)} mutants", flush=True)


def _tried(mutant: Mutant, copy: Path, reach: Reach, own: str, budget: float) -> dict[str, object]:
    reached = reach.tests(mutant.path, mutant.lines)
    path, place, *_ = mutant.key.split(":")
    module = path.removeprefix("src/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    fault = Fault(module, mutant.source, place)
    outcome, by = SURVIVED, "" if reached else "no test reaches it"
    seconds = 0.0
    file = copy / mutant.path
    original = file.read_bytes()
    write(file, mutant.source.encode())
    try:
        # The package's own tests first: they find most faults, and then other files needn't be imported.
        for is_own in (True, False):
            tests = [test for test in reached if test.startswith(own) is is_own]
            tests = _within(tests, reach, budget)
            if tests and outcome == SURVIVED:
                expected = sum(reach.seconds[test] for test in tests)
                seconds += expected
                outcome, by = attempt(copy, fault, tests, 10 + 5 * expected)
    finally:
        write(file, original)
    return {
        "key": mutant.key, "text": _digest(mutant), "outcome": outcome, "by": by, "seconds": round(seconds, 1),
        "change": mutant.change,
    }  # fmt: skip


def _within(tests: Sequence[str], reach: Reach, budget: float) -> list[str]:
    """Return the first of ``tests`` that together take ``budget`` seconds, at least one."""
    spent = accumulate(reach.seconds[test] for test in tests)
    return [test for test, seconds in zip(tests, spent, strict=True) if seconds <= budget] or list(tests[:1])


def _reach(package: str, copy: Path, results: Path) -> Reach:
    """Return which tests reach which lines, measured again when a text of the package or of its tests has changed."""
    paths = [f"src/prai_match/{package}", *TESTS[package]]
    texts = sorted(file for path in paths for file in ([copy / path, *(copy / path).rglob("*.py")]) if file.is_file())
    digest = hashlib.blake2b(b"".join(file.read_bytes() for file in texts), digest_size=8).hexdigest()
    kept = results / f"{package}-{digest}.json"
    return Reach.load(kept) if kept.exists() else measured(copy, paths, kept, EXAMPLES)


def _digest(mutant: Mutant) -> str:
    return hashlib.blake2b(mutant.source.encode(), digest_size=8).hexdigest()


def _rows(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


if __name__ == "__main__":
    main(sys.argv[1:])
