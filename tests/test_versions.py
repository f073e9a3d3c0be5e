"""What `make check-versions` installs and runs: `scripts/check_versions.py`."""

from __future__ import annotations

from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

import check_versions
from check_versions import NEXT, Run, pins, polars_bound, pythons, requirements, two_minors, usual

HERE = {"3.11": "oldest", "3.12": "newest", "3.13": "newest", NEXT: "newest"}


def pinned(*written: str) -> list[str]:
    return pins(map(Requirement, written))


def test_each_lower_bound_is_a_pin() -> None:
    assert pinned("XlsxWriter>=3.2.1", "pymdown-extensions>=11.0,<12", "a==1.0", "b~=2.1") == [
        "a==1.0",
        "b==2.1",
        "pymdown-extensions==11.0",
        "xlsxwriter==3.2.1",
    ]


def test_the_highest_bound_of_a_name_counts_and_versions_are_no_texts() -> None:
    assert pinned("numpy>=2.9", "NumPy[all]>=2.10", "numpy>=2.2,>2.3") == ["numpy==2.10"]


@pytest.mark.parametrize("written", ["a", "a<3", "a>1", "a!=2"])
def test_what_has_no_lower_bound_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=f"{written} has no lower bound"):
        pinned(written)


def test_every_dependency_of_the_project_is_pinned() -> None:
    names = {each.partition("==")[0] for each in pins(requirements())}
    assert names > {"polars", "pydantic", "click", "highspy", "numpy", "altair", "jinja2", "distributed", "hypothesis"}
    assert names > {"pandas", "pyarrow", "duckdb", "pytest"}, "the tests need them"
    assert not names & (check_versions.TOOLS | {"prai-match"})


def test_what_is_left_out_is_a_dependency_and_what_is_run_is_there() -> None:
    extras = check_versions.PROJECT["optional-dependencies"]
    assert {Requirement(each).name for each in extras["dev"]} >= check_versions.TOOLS
    assert all((check_versions.ROOT / path).exists() for path in check_versions.SELECTION)


def test_the_pythons_are_those_of_the_project() -> None:
    assert pythons() == ["3.11", "3.12", "3.13"]
    assert check_versions.PROJECT["requires-python"] == f">={pythons()[0]}"
    assert [*map(Version, pythons()), Version(NEXT)] == [Version(f"3.{minor}") for minor in range(11, 15)]


@pytest.mark.parametrize(
    ("bound", "newest", "enough"),
    [
        ("2.0", "2.1.0", True),
        ("2.0.3", "2.1.0", True),
        ("1.44", "2.0.0", True),
        ("2.1", "2.1.4", False),
        ("2.1", "2.0.0", False),
    ],
)
def test_a_bound_lets_in_two_minor_versions(bound: str, newest: str, enough: bool) -> None:  # noqa: FBT001 - a case
    assert two_minors(Version(bound), Version(newest)) == enough


def test_two_minor_versions_of_polars_are_supported() -> None:
    locked = Path(check_versions.ROOT, "constraints.txt").read_text("utf-8").splitlines()
    (newest,) = (line.partition("==")[2] for line in locked if line.startswith("polars=="))
    assert two_minors(polars_bound(), Version(newest))


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder where interpreters are looked for, and nothing is installed."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.setattr(check_versions, "FOLDER", tmp_path / "build")
    return tmp_path


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Run, str]]:
    """What would be installed and tested."""
    runs: list[tuple[Run, str]] = []

    def check(run: Run, path: str) -> int:
        runs.append((run, path))
        return 0

    monkeypatch.setattr(check_versions, "_checked", check)
    return runs


def interpreter(folder: Path, name: str, says: str) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{says}\n", "utf-8")
    path.chmod(0o755)
    return str(path)


def test_every_python_of_the_machine_is_tested(machine: Path, runs: list[tuple[Run, str]]) -> None:
    paths = {version: interpreter(machine, f"python{version}", f"echo {version}") for version in HERE}
    assert check_versions.main([]) == 0
    assert runs == [(Run(version, versions), paths[version]) for version, versions in HERE.items()]  # type: ignore[arg-type]
    assert [run for run, _ in runs] == usual()
    assert "polars==2.0" in (machine / "build" / "pins.txt").read_text("utf-8").splitlines()


def test_a_python_that_is_not_here_is_left_out_and_it_is_said(
    machine: Path, runs: list[tuple[Run, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    interpreter(machine, "python3.11", "exit 127")  # a name that starts nothing
    interpreter(machine, "python3.12", "echo 3.10")
    path = interpreter(machine, "python3.13", "echo 3.13")
    assert check_versions.main([]) == 0
    assert runs == [(Run("3.13", "newest"), path)]
    told = capsys.readouterr().out.splitlines()
    assert told == [f"Python {version} is not on this machine: left out" for version in ("3.11", "3.12", NEXT)]


def test_a_python_that_pyenv_installed_is_on_the_machine(machine: Path, runs: list[tuple[Run, str]]) -> None:
    interpreter(machine, "python3.12", "exit 127")
    path = interpreter(machine / "pyenv" / "versions" / "3.12.1" / "bin", "python3.12", "echo 3.12")
    assert check_versions.main([]) == 0
    assert runs == [(Run("3.12", "newest"), path)]


def test_nothing_tested_is_a_failure(machine: Path, runs: list[tuple[Run, str]]) -> None:
    assert not list(machine.iterdir())
    with pytest.raises(SystemExit, match="no Python that could be tested is here"):
        check_versions.main([])
    assert not runs


def test_a_python_that_is_named_must_be_there(machine: Path, runs: list[tuple[Run, str]]) -> None:
    interpreter(machine, "python3.12", "exit 127")
    interpreter(machine, "python3.9", "echo 3.9")
    for name, message in {
        "python3.13": "there is no python3.13 here",
        "python3.12": "there is no python3.12 here that can make environments",
        "python3.9": "python3.9 is Python 3.9, which is not supported",
    }.items():
        with pytest.raises(SystemExit, match=message):
            check_versions.main([name])
    assert not runs


def test_versions_are_those_that_are_asked_for(machine: Path, runs: list[tuple[Run, str]]) -> None:
    oldest, other = (interpreter(machine, name, f"echo 3.1{name[-1]}") for name in ("python3.11", "python3.13"))
    check_versions.main([oldest, other])
    check_versions.main([oldest, other, "--versions", "newest"])
    check_versions.main(["--versions", "newest"])
    assert runs == [
        (Run("3.11", "oldest"), oldest),
        (Run("3.13", "newest"), other),
        (Run("3.11", "newest"), oldest),
        (Run("3.13", "newest"), other),
        (Run("3.13", "newest"), other),
    ]


def test_a_failure_of_one_is_a_failure(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for version in ("3.12", "3.13"):
        interpreter(machine, f"python{version}", f"echo {version}")
    monkeypatch.setattr(check_versions, "_checked", lambda run, _: int(run.python == "3.12"))
    assert check_versions.main([]) == 1
