"""The public names, and the direction of imports between layers."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import prai_match
from prai_match import (
    backtest,
    charts,
    datasets,
    explain,
    followups,
    io,
    model,
    needs,
    plan,
    policy,
    recommend,
    register,
    simulate,
    spread,
    testing,
    text,
)

SOURCE = Path(prai_match.__file__).parent
LAYERS = (
    "errors",
    "executors",
    "spread",
    "text",
    "model",
    "register",
    "needs",
    "followups",
    "policy",
    "recommend",
    "explain",
    "io",
    "plan",
    "simulate",
    "backtest",
    "charts",
    "report",
    "testing",
)


@pytest.mark.parametrize(
    "module",
    [
        prai_match,
        backtest,
        charts,
        datasets,
        explain,
        followups,
        io,
        model,
        needs,
        plan,
        policy,
        recommend,
        register,
        simulate,
        spread,
        testing,
        text,
    ],
    ids=lambda m: m.__name__,
)
def test_all_is_sorted_and_exists(module: ModuleType) -> None:
    assert sorted(module.__all__) == sorted(set(module.__all__))
    assert all(hasattr(module, name) for name in module.__all__)


def test_all_is_what_is_visible() -> None:
    visible = {name for name, value in vars(prai_match).items() if not name.startswith("_")}
    layers = {name for name in visible if isinstance(getattr(prai_match, name), ModuleType)}
    assert visible - layers == {name for name in prai_match.__all__ if name not in layers}
    assert set(prai_match.__all__) <= visible


def test_layers_import_only_those_to_their_left() -> None:
    for place, layer in enumerate(LAYERS):
        files = sorted((SOURCE / layer).rglob("*.py")) or [SOURCE / f"{layer}.py"]
        for file in files:
            tree = ast.parse(file.read_text("utf-8"))
            for node in ast.walk(tree):
                if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("prai_match."):
                    imported = node.module.split(".")[1]
                    # What shows the front door's objects may name their types.
                    if imported.startswith("_") and node in _for_types(tree):
                        continue
                    assert LAYERS.index(imported) <= place, f"{file.name} imports {node.module}"


def _for_types(tree: ast.AST) -> list[ast.AST]:
    blocks = [node for node in ast.walk(tree) if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"]
    return [inner for block in blocks for inner in ast.walk(block)]


def test_modules_are_small() -> None:
    lengths = {file: len(file.read_text("utf-8").splitlines()) for file in SOURCE.rglob("*.py")}
    assert [file.name for file, length in lengths.items() if length > 400] == []


def test_importing_reads_no_file_of_data_and_no_heavy_module() -> None:
    code = "import sys, prai_match; print(*[m for m in ('networkx', 'pandas', 'pyarrow', 'numpy') if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == []
