"""The README and the pages of docs/ tell the truth: their examples run, what is written from the code is up to date."""

from __future__ import annotations

import re
import runpy
import tomllib
from pathlib import Path

import pytest

import build_docs
from prai_match import Policy, Programme
from prai_match.policy import Vocabulary

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "python")], ids=lambda page: page.name)
def test_examples_run_one_after_the_other(page: Path) -> None:
    names: dict[str, object] = {}
    for block in blocks(page, "python"):
        exec(compile(block, str(page), "exec"), names)  # noqa: S102 - our own pages


def test_the_readme_recommends_and_explains() -> None:
    (first, *_) = blocks(ROOT / "README.md", "python")
    assert "recommend" in first
    assert "200066231" in Programme.example().recommend(on=Programme.example().period.start)


def test_the_vocabulary_page_is_written_from_the_code() -> None:
    written = (ROOT / "docs" / "vocabulary.md").read_text("utf-8")
    assert written == build_docs.vocabulary(), "run: python scripts/build_docs.py"
    assert all(f"`{column.name}`" in written for column in Vocabulary.standard().all)


def test_the_rules_on_the_policy_page_are_those_of_the_default_policy() -> None:
    shown = [rule for block in blocks(ROOT / "docs" / "policy.md", "toml") for rule in tomllib.loads(block)["rule"]]
    rows = {row.id: row.model_dump() for row in Policy.default().rows.rule}
    assert {rule["id"] for rule in shown} == {"enough_people", "equity"}
    for rule in shown:
        assert rule.items() <= rows[rule["id"]].items()


def test_links_between_pages_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\((?!https?://)([^)#]+)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_no_registry_host_is_named_in_the_constraints() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    assert lines
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+]+", line) for line in lines)


@pytest.mark.parametrize("example", sorted((ROOT / "examples").glob("*.py")), ids=lambda path: path.stem)
def test_examples_run(example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(example), run_name="__main__")
    assert "territories" in capsys.readouterr().out
