"""Print the size of the library, its exports and its import cycles: ``python scripts/measure_house.py``.

Imports are counted in three steps: those that run when a module is imported, then also those in functions, then also
those for types. A folder is a package or a module directly under the library; its cycles are counted with all three.
Statements are Python statements without docstrings.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import networkx as nx

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SOURCE = Path(__file__).parents[1] / "src"
APART = ("errors", "testing")
"""Modules whose names aren't counted, since users need only a few of them."""
STEPS = ("run", "local", "types")
"""The steps, each including those before."""


class Import(NamedTuple):
    """One module that imports another, and the first step that counts it."""

    source: str
    target: str
    step: str


@dataclass(frozen=True)
class House:
    """The modules of a package, and their imports of each other.

    Attributes:
        source: The folder that holds the package.
        package: Its name.
    """

    source: Path = SOURCE
    package: str = "prai_match"

    @cached_property
    def trees(self) -> dict[str, ast.Module]:
        """The source of each module, parsed, by its name."""
        files = sorted((self.source / self.package).rglob("*.py"))
        return {_name(file.relative_to(self.source)): ast.parse(file.read_text("utf-8")) for file in files}

    @cached_property
    def imports(self) -> frozenset[Import]:
        """Every import of one module of the package by another."""
        return frozenset(
            Import(name, target, step)
            for name, tree in self.trees.items()
            for statement, step in _imports(tree.body, "run")
            for target in self._targets(statement)
            if target != name
        )

    def _targets(self, statement: ast.Import | ast.ImportFrom) -> Iterator[str]:
        """Yield the modules of the package that a statement names; it has no relative imports (ruff)."""
        base = getattr(statement, "module", None)
        for alias in statement.names:
            within = f"{base}.{alias.name}" if base else alias.name
            target = within if within in self.trees else base
            if target in self.trees:
                yield str(target)

    def circles(self, step: str) -> list[list[str]]:
        """Return the modules of each import cycle up to ``step``, the largest first."""
        counted = STEPS[: STEPS.index(step) + 1]
        return _circles((each.source, each.target) for each in self.imports if each.step in counted)

    def circles_of_folders(self) -> list[list[str]]:
        """Return the folders of each import cycle, including imports for types."""
        return _circles((self.folder(each.source), self.folder(each.target)) for each in self.imports)

    def folder(self, module: str) -> str:
        """Return the package or the module right under the library that a module is in."""
        return ".".join(module.split(".")[:2])

    @property
    def lines(self) -> int:
        """Number of lines of any kind."""
        return sum(len(file.read_text("utf-8").splitlines()) for file in (self.source / self.package).rglob("*.py"))

    @property
    def exported(self) -> dict[str, list[str]]:
        """What each module without an underscore lists in ``__all__``."""
        public = {name: tree for name, tree in self.trees.items() if "._" not in name}
        return {name: names for name, tree in public.items() if (names := _listed(tree))}

    @property
    def classes(self) -> dict[str, list[str]]:
        """The modules that define a class of each name."""
        owners: dict[str, list[str]] = {}
        for name, tree in self.trees.items():
            for node in ast.walk(tree):
                if isinstance(node, ast.ClassDef):
                    owners.setdefault(node.name, []).append(name)
        return owners

    @property
    def statements(self) -> int:
        """Number of statements, without docstrings."""
        return sum(map(_statements, self.trees.values()))


def _name(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(statements: Iterable[ast.AST], step: str) -> Iterator[tuple[ast.Import | ast.ImportFrom, str]]:
    for statement in statements:
        match statement:
            case ast.Import() | ast.ImportFrom():
                yield statement, step
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                yield from _imports(statement.body, "types")
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield from _imports(statement.body, "local")
            case _:
                yield from _imports(ast.iter_child_nodes(statement), step)


def _listed(tree: ast.Module) -> list[str]:
    """Return the names of ``__all__``."""
    for statement in tree.body:
        match statement:
            case (
                ast.Assign(targets=[ast.Name("__all__")], value=value)
                | ast.AnnAssign(target=ast.Name("__all__"), value=ast.List() as value)
            ):
                return list(ast.literal_eval(value))
    return []


def _statements(tree: ast.Module) -> int:
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = list(ast.walk(tree))
    docstrings = sum(isinstance(node, documented) and ast.get_docstring(node) is not None for node in nodes)
    return sum(isinstance(node, ast.stmt) for node in nodes) - docstrings


def _circles(pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    graph = nx.DiGraph(pair for pair in pairs if pair[0] != pair[1])
    groups = (sorted(group) for group in nx.strongly_connected_components(graph) if len(group) > 1)
    return sorted(groups, key=lambda group: (-len(group), group))


def report(house: House) -> Iterator[str]:
    """Yield the measures, one line each, and the members of cycles."""
    yield f"{len(house.trees)} modules, {house.lines} lines, {house.statements} statements"
    apart = {f"{house.package}.{name}" for name in APART}
    exported = {name: len(names) for name, names in house.exported.items()}
    yield f"{sum(count for name, count in exported.items() if name not in apart)} exported names"
    yield f"({', '.join(f'{name} {count}' for name, count in exported.items())})"
    counts = {step: house.circles(step) for step in STEPS} | {"folders": house.circles_of_folders()}
    for name, circles in counts.items():
        sizes = ", ".join(str(len(circle)) for circle in circles)
        yield f"circles ({name}): {len(circles)}{f', of {sizes}' if sizes else ''}"
    for circle in (*counts["types"], *counts["folders"]):
        yield f"- {' '.join(circle)}"


if __name__ == "__main__":
    print("\n".join(report(House())))
