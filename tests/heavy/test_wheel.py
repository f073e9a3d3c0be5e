"""The wheel is the same wherever, whenever and by whomever it is built, and holds what it must and no more."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from email import message_from_bytes
from pathlib import Path
from zipfile import ZipFile

import pytest

import prai_match
from built import ROOT

GIT = shutil.which("git")
USERS = {"here": ("C.UTF-8", "UTC", 0o022), "in another place": ("fr_FR.UTF-8", "Pacific/Noumea", 0o077)}
"""Folders, and the language, timezone and umask of who builds there."""
_MACHINE = re.compile(rb"/(?:home|root|tmp|Users|work|var|usr)/[\w.-]+|[A-Z]:\\Users")


def files() -> list[str]:
    """Name the files of the project, those that are not committed yet too."""
    if GIT is None or not (ROOT / ".git").exists():
        pytest.skip("no checkout to copy")
    command = [GIT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    return sorted(name for name in set(listed) if name and (ROOT / name).is_file())


def build(folder: Path, locale: str, zone: str, mask: int) -> Path:
    """Build in a copy of the project whose files are new, and return the copy's ``dist``."""
    before = os.umask(mask)
    try:
        for name in files():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
        shutil.copytree(folder / "src" / "prai_match", folder / "src" / "prai_match" / "__pycache__" / "stray")
        environment = os.environ | {"LC_ALL": locale, "TZ": zone, "SOURCE_DATE_EPOCH": str(mask)}
        environment.pop("PYTHONPATH", None)
        command = [sys.executable, "scripts/build_wheel.py"]
        run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    finally:
        os.umask(before)
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.count("\n") == 2
    return folder / "dist"


@pytest.fixture(scope="module")
def dists(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    pytest.importorskip("build", reason="build is not installed: pip install -c constraints.txt -e '.[release]'")
    return [build(tmp_path_factory.mktemp("copy") / name, *user) for name, user in USERS.items()]


def test_it_is_the_same_bytes_twice(dists: list[Path]) -> None:
    first, second = ({path.name: path.read_bytes() for path in dist.iterdir()} for dist in dists)
    assert sorted(Path(name).suffix for name in first) == [".gz", ".whl"]
    assert first == second


def test_it_holds_every_file_of_the_package_and_nothing_else(dists: list[Path]) -> None:
    with ZipFile(next(dists[0].glob("*.whl"))) as wheel:
        held = {name for name in wheel.namelist() if ".dist-info/" not in name}
        other = {name.partition(".dist-info/")[2] for name in wheel.namelist()} - {""}
        typed = wheel.read("prai_match/py.typed")
    assert held == {name.removeprefix("src/") for name in files() if name.startswith("src/")}
    licences = {f"licenses/{name}" for name in files() if name == "LICENSE" or name.startswith("licenses/")}
    assert len(licences) == 3
    assert other == {"METADATA", "WHEEL", "RECORD", "entry_points.txt", *licences}
    assert typed == b""
    for needed in (
        "data/midi_pyrenees/programme.toml",
        "data/occitanie_2026/lexique.toml",
        "io/templates/fr/LISEZMOI.md",
        "report/templates/page.html",
        "register/data/register.parquet",
        "needs/data/mots_francais.txt.gz",
    ):
        assert f"prai_match/{needed}" in held


def test_it_says_no_more_than_its_name_licence_and_needs(dists: list[Path]) -> None:
    with ZipFile(next(dists[0].glob("*.whl"))) as wheel:
        (name,) = (name for name in wheel.namelist() if name.endswith("/METADATA"))
        said = message_from_bytes(wheel.read(name))
        found = {name: _MACHINE.findall(wheel.read(name)) for name in wheel.namelist()}
    assert said["Name"] == "prai-match"
    assert said["License-Expression"] == "MIT"
    core = [each for each in said.get_all("Requires-Dist", []) if ";" not in each]
    names = sorted(re.split("[><=]", each)[0] for each in core)
    assert names == ["networkx", "numpy", "polars", "pydantic", "rapidfuzz", "snowballstemmer"]
    assert {name: paths for name, paths in found.items() if paths} == {}


def test_the_source_distribution_builds_and_checks_itself(dists: list[Path]) -> None:
    with tarfile.open(next(dists[0].glob("*.tar.gz"))) as archive:
        members = archive.getmembers()
    held = {member.name.partition("/")[2] for member in members}
    assert {name for name in files() if name.startswith(("src/", "tests/", "scripts/", "docs/"))} <= held
    assert {"Makefile", "LICENSE", "licenses/datamaps.txt", "constraints.txt", "pyproject.toml", "CHANGELOG.md"} <= held
    assert held - set(files()) == {"PKG-INFO"}
    assert {(member.uid, member.uname, member.mtime) for member in members} == {(0, "", 1_580_601_600)}


def test_the_bill_of_materials_is_valid_and_lists_what_the_wheel_needs(dists: list[Path]) -> None:
    validation = pytest.importorskip("cyclonedx.validation.json")
    schema = pytest.importorskip("cyclonedx.schema")
    subprocess.run([sys.executable, "scripts/build_sbom.py"], cwd=dists[0].parent, check=True)
    text = (dists[0] / "sbom.cdx.json").read_text("utf-8")
    assert validation.JsonStrictValidator(schema.SchemaVersion.V1_6).validate_str(text) is None
    bill = json.loads(text)
    parts = {part["name"]: part for part in bill["components"]}
    assert parts["prai-match"]["version"] == prai_match.__version__
    assert parts["prai-match"]["licenses"] == [{"license": {"acknowledgement": "declared", "id": "MIT"}}]
    locked = dict(line.split("==") for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines())
    core = {"networkx", "numpy", "polars", "pydantic", "RapidFuzz", "snowballstemmer"}
    assert {name: parts[name]["version"] for name in core} == {name: locked[name] for name in core}
    (needs,) = (each["dependsOn"] for each in bill["dependencies"] if each["ref"] == parts["prai-match"]["bom-ref"])
    assert core <= {need.partition("==")[0] for need in needs}
    assert "pip" not in parts
    assert not _MACHINE.search(text.encode())
