"""Search all laws with changing seeds, for a given time: ``python scripts/search_laws.py --minutes 30``.

A law is a test of Hypothesis, a state machine, or a test marked ``law``. They are tried round after round, each round
with its own seed, which also decides their order; parallel processes have different shares in each round. Examples that
broke a law are stored in ``.hypothesis`` and tried first the next time.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import shlex
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from _laws.round import Asked, Tried, tried

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ROOT = Path(__file__).parents[1]
_FEW = 2**32


def main(arguments: Sequence[str] | None = None) -> int:
    """Search for the time given on the command line, and print what was tried; return 1 if a law was broken."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("paths", nargs="*", default=["tests"], help="where laws are looked for (default: tests)")
    parser.add_argument("--minutes", type=float, default=30, help="default: %(default)s")
    parser.add_argument("--processes", type=int, default=2, help="side by side (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=None, help="of the first round; a random one where none is given")
    asked = parser.parse_args(arguments)
    until = time.time() + 60 * asked.minutes
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(asked.processes) as threads:
        files = [Path(folder) / f"{number}.jsonl" for number in range(asked.processes)]
        with suppress(KeyboardInterrupt):  # pytest has stopped too: what was tried is printed all the same
            for done in [threads.submit(_rounds, number, until, files, asked) for number in range(asked.processes)]:
                done.result()
        found = [each for file in files for each in tried(file)]
    print(told(found))
    return int(not found or any(each.outcome == "failed" for each in found))


def _rounds(number: int, until: float, files: Sequence[Path], asked: argparse.Namespace) -> None:
    """Run round after round of one process's share, and print those in which a law is broken.

    Raises:
        RuntimeError: The tests can't be collected.
    """
    turn, code = 0, 0
    while time.time() < until and code != pytest.ExitCode.INTERRUPTED:
        seed = secrets.randbelow(_FEW) if asked.seed is None else asked.seed + turn
        share = (number + turn) % len(files)
        code, output = run(ROOT, Asked(seed, asked.paths, share, len(files), until, str(files[number])))
        if any((each.seed, each.outcome) == (seed, "failed") for each in tried(files[number])):
            print(output, flush=True)
        elif code not in _WELL:
            raise RuntimeError(output)
        turn += 1


_WELL = (pytest.ExitCode.OK, pytest.ExitCode.INTERRUPTED, pytest.ExitCode.NO_TESTS_COLLECTED)


def run(root: Path, asked: Asked) -> tuple[int, str]:
    """Run a round in the tree at ``root``; return pytest's exit code and what it printed."""
    return python_in(root, ["-m", "_laws.round", json.dumps(asked)])


def python_in(root: Path, arguments: Sequence[str]) -> tuple[int, str]:
    """Run Python with the project in the tree at ``root``; return the exit code and what it printed."""
    path = os.pathsep.join([f"{root}/src", str(Path(__file__).parent)])
    command, env = [sys.executable, *arguments], {**os.environ, "PYTHONPATH": path}
    done = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    return done.returncode, done.stdout + done.stderr


def told(found: Iterable[Tried]) -> str:
    """Return which laws were tried, on how many examples in how many rounds, and how to see those broken again."""
    by_law: dict[str, list[Tried]] = defaultdict(list)
    for each in found:
        by_law[each.law].append(each)
    lines = [f"{'examples':>9} {'rounds':>7} {'seconds':>8}  law"]
    for law, rounds in sorted(by_law.items()):
        examples, seconds = sum(each.examples for each in rounds), sum(each.seconds for each in rounds)
        lines.append(f"{examples:9} {len(rounds):7} {seconds:8.1f}  {law}")
    lines.append(f"{len(by_law)} laws, {sum(each.examples for each in found)} examples")
    for each in found:
        if each.outcome == "failed":
            again = shlex.join([each.law, "--hypothesis-profile=search", f"--hypothesis-seed={each.seed}"])
            lines.append(f"broken: {each.law}\n  again: pytest {again}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
