"""What a stranger looks for at the root agrees with the project, and names no address."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from check_versions import NEXT, PROJECT, ROOT, Run, pythons, usual
from prai_match import __version__

MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
WORKFLOW = ".github/workflows/ci.yml"
FILES = (".editorconfig", ".pre-commit-config.yaml", "CITATION.cff", "SECURITY.md", WORKFLOW)


def written(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text("utf-8"))


def made(command: str) -> str:
    """The target that a command makes, which the Makefile has."""
    target = re.match(r"make ([a-z-]+)", command)
    assert target, command
    assert re.search(rf"^{target[1]}:", MAKEFILE, re.MULTILINE), command
    return target[1]


@pytest.mark.parametrize("name", FILES)
def test_no_address_is_named_and_the_source_distribution_has_it(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert "://" not in text
    assert not re.search(r"[\w.]+@[\w-]+\.[a-z]", text)
    kept = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["sdist"]
    assert any(f"/{name}".startswith(each) or Path(f"/{name}").match(each) for each in kept["include"])


def test_the_citation_is_that_of_the_project() -> None:
    citation = written("CITATION.cff")
    assert citation.pop("message")
    assert citation == {
        "cff-version": "1.2.0",
        "type": "software",
        "title": "prai_match",
        "abstract": PROJECT["description"],
        "authors": PROJECT["authors"],
        "version": __version__,
        "license": PROJECT["license"],
        "keywords": PROJECT["keywords"],
    }


def test_the_hooks_are_targets_of_the_makefile() -> None:
    repositories = written(".pre-commit-config.yaml")["repos"]
    assert {each["repo"] for each in repositories} == {"local"}
    assert [made(hook["entry"]) for each in repositories for hook in each["hooks"]] == ["lint", "types"]


def test_the_editor_has_the_lines_of_the_formatter() -> None:
    settings = (ROOT / ".editorconfig").read_text("utf-8")
    ruff = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["ruff"]
    assert f"\nmax_line_length = {ruff['line-length']}\n" in settings


def test_the_workflow_runs_the_whole_suite_and_every_supported_python() -> None:
    jobs = written(WORKFLOW)["jobs"]
    commands = {name: [step["run"] for step in job["steps"] if "run" in step] for name, job in jobs.items()}
    assert {name: list(map(made, each)) for name, each in commands.items()} == {
        "test": ["test"],
        "versions": ["check-versions"],
    }
    assert commands["versions"][0].endswith("INTERPRETERS=python VERSIONS=${{ matrix.versions }}")
    matrix = jobs["versions"]["strategy"]["matrix"]["include"]
    runs = [Run(each["python"], each["versions"]) for each in matrix]
    assert set(runs) == {*usual(), Run(pythons()[0], "newest")}
    assert len(runs) == len(set(runs))
    assert [each["python"] for each in matrix if each.get("next")] == [NEXT]
    assert NEXT not in pythons()


def test_the_workflow_uses_actions_of_the_host_alone() -> None:
    used = [step["uses"] for job in written(WORKFLOW)["jobs"].values() for step in job["steps"] if "uses" in step]
    assert used
    assert all(re.fullmatch(r"actions/(checkout|setup-python)@v\d+", each) for each in used)
