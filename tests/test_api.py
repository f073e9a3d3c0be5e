"""The public names, and the direction of imports between layers."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import prai_match

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import ModuleType

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
    "doctor",
    "testing",
)


PUBLIC = sorted(
    module.name
    for module in pkgutil.walk_packages([str(SOURCE)], "prai_match.")
    if not any(part.startswith("_") for part in module.name.split("."))
)


@pytest.mark.parametrize("name", ["prai_match", *PUBLIC])
def test_all_is_exactly_what_is_visible(name: str) -> None:
    module = importlib.import_module(name)
    assert len(module.__all__) == len(set(module.__all__))
    assert set(module.__all__) == _own_names(module)


@pytest.mark.parametrize("name", ["prai_match", *PUBLIC])
def test_each_public_name_is_documented(name: str) -> None:
    module = importlib.import_module(name)
    shown = [getattr(module, public) for public in module.__all__]
    own = [value for value in shown if callable(value) and getattr(value, "__module__", "").startswith("prai_match")]
    assert [value.__name__ for value in own if not inspect.getdoc(value)] == []


@pytest.mark.parametrize("name", ["prai_match", *PUBLIC])
def test_each_public_name_has_an_example(name: str) -> None:
    module = importlib.import_module(name)
    shown = [getattr(module, public) for public in module.__all__]
    own = [value for value in shown if callable(value) and getattr(value, "__module__", "").startswith("prai_match")]
    told = {value.__name__: inspect.getdoc(value) or "" for value in own}
    assert [public for public, doc in told.items() if not re.search(r"^Example:$\s+>>> ", doc, re.MULTILINE)] == []


@pytest.mark.parametrize("name", ["prai_match", *PUBLIC])
def test_each_public_method_has_an_example(name: str) -> None:
    module = importlib.import_module(name)
    classes = [value for public in module.__all__ if inspect.isclass(value := getattr(module, public))]
    told = {
        f"{kind.__name__}.{method}": inspect.getdoc(value) or ""
        for kind in classes
        if kind.__name__ != "ProgrammeLife"  # its methods are steps and laws, which Hypothesis calls
        for method, value in inspect.getmembers(kind, inspect.isroutine)
        if not method.startswith("_") and str(getattr(value, "__module__", "")).startswith("prai_match")
    }
    assert [method for method, doc in told.items() if not re.search(r"^Example:$\s+>>> ", doc, re.MULTILINE)] == []


@pytest.mark.parametrize("name", ["prai_match", *PUBLIC])
def test_each_public_module_says_how_stable_it_is(name: str) -> None:
    doc = inspect.getdoc(importlib.import_module(name)) or ""
    assert len(re.findall(r"^Stability: (stable|provisional)\.$", doc, re.MULTILINE)) == 1


def test_the_modules_within_a_layer_are_private() -> None:
    assert [name for name in PUBLIC if name.count(".") > 1] == []


def _own_names(module: ModuleType) -> set[str]:
    """The names without an underscore that a module defines, or, a package, takes from another part of the library."""
    file = Path(str(module.__file__))
    tree = ast.parse(file.read_text("utf-8"))
    statements = [
        each for each in _running(tree.body) if file.stem == "__init__" or not isinstance(each, ast.ImportFrom)
    ]
    names = (name for statement in statements for name in _bound(statement))
    return {name for name in names if not name.startswith("_")}


def _running(statements: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in statements:
        if isinstance(statement, ast.Try):
            yield from _running(statement.body)
        else:
            yield statement


def _bound(statement: ast.stmt) -> list[str]:
    match statement:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Assign(targets=targets):
            return [inner.id for target in targets for inner in ast.walk(target) if isinstance(inner, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
        case ast.ImportFrom(module=str(source), names=names) if source.split(".")[0] == "prai_match":
            return [alias.asname or alias.name for alias in names]
        case _:
            return []


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
    lengths = {file: _lines_of_code(file.read_text("utf-8")) for file in SOURCE.rglob("*.py")}
    assert [file.name for file, length in lengths.items() if length > 300] == []


def _lines_of_code(source: str) -> int:
    """The lines of a module that are in no docstring: their examples may be as long as they like."""
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef)
    told = [node.body[0] for node in ast.walk(ast.parse(source)) if isinstance(node, kinds) and ast.get_docstring(node)]
    return len(source.splitlines()) - sum((doc.end_lineno or doc.lineno) - doc.lineno + 1 for doc in told)


def test_importing_reads_no_file_of_data_and_no_heavy_module() -> None:
    code = "import sys, prai_match; print(*[m for m in ('networkx', 'pandas', 'pyarrow', 'numpy') if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == []
