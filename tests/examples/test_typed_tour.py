"""The typed tour uses every public name; mypy and pyright read it against the wheel in `make check-types`."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import runpy
from pathlib import Path

import pytest

import prai_match

TOUR = Path(__file__).parents[2] / "examples" / "typed_tour.py"
TREE = ast.parse(TOUR.read_text("utf-8"))
PUBLIC = sorted(
    module.name
    for module in pkgutil.walk_packages(prai_match.__path__, "prai_match.")
    if not any(part.startswith("_") for part in module.name.split("."))
)


def modules() -> dict[str, str]:
    """The library's modules by the name that the tour gives them."""
    found: dict[str, str] = {}
    for statement in TREE.body:
        if isinstance(statement, ast.Import):
            found |= {each.asname: each.name for each in statement.names if each.asname}
        elif isinstance(statement, ast.ImportFrom) and statement.module == "prai_match":
            found |= {each.asname or each.name: f"prai_match.{each.name}" for each in statement.names}
    return found


def used() -> set[tuple[str, str]]:
    """Each module with each name that the tour takes from it."""
    known = modules()
    return {
        (known[node.value.id], node.attr)
        for node in ast.walk(TREE)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in known
    }


@pytest.mark.parametrize("name", ["prai_match", *PUBLIC])
@pytest.mark.french
def test_it_uses_every_public_name(name: str) -> None:
    public = set(importlib.import_module(name).__all__)
    assert sorted(public - {attribute for module, attribute in used() if module == name}) == []


def test_it_says_what_a_checker_knows_of_what_is_asked_most() -> None:
    asserted = [
        ast.unparse(node.args[1])
        for node in ast.walk(TREE)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "assert_type"
    ]
    assert {"pm.Recommendation", "pm.Recommendations", "pl.DataFrame", "explain.Why", "plan.Plan"} <= set(asserted)


def test_it_silences_no_checker() -> None:
    text = TOUR.read_text("utf-8")
    assert re.findall(r"type: ignore|pyright: |\bcast\(", text) == []


def test_the_quick_part_runs(capsys: pytest.CaptureFixture[str]) -> None:
    tour = runpy.run_path(str(TOUR))
    assert tour["look_up"]("09122").name == "Foix"
    assert tour["rules"]().preference("asked").weight == 5
    assert tour["whole_programme"]().sessions[0].session == "buffet"
    assert capsys.readouterr().out == "", "it says nothing by itself"
