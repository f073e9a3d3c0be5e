"""The source of test modules, and resolution of names; nothing is imported."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LIBRARY = "prai_match.testing"


@dataclass(frozen=True, eq=False)
class Module:
    """One file."""

    path: Path
    name: str
    tree: ast.Module

    @cached_property
    def definitions(self) -> dict[str, ast.AST]:
        """What each name of the module stands for: a function, a class, or the value that is given to it."""
        names: dict[str, ast.AST] = {}
        for node in self.tree.body:
            match node:
                case ast.FunctionDef() | ast.ClassDef():
                    names[node.name] = node
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    names[name] = value
                case ast.AnnAssign(target=ast.Name(id=name), value=ast.AST() as value):
                    names[name] = value
        return names

    @cached_property
    def imports(self) -> dict[str, tuple[str, str]]:
        """Where each imported name comes from: a module, and a name in it, which is empty for the module itself."""
        names: dict[str, tuple[str, str]] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom):
                names |= {each.asname or each.name: (node.module or "", each.name) for each in node.names}
            elif isinstance(node, ast.Import):
                names |= {each.asname or each.name: (each.name, "") for each in node.names}
        return names


@dataclass(frozen=True)
class Place:
    """A function, a class, or an expression, in its module."""

    module: Module
    node: ast.AST


class Suite:
    """The modules of ``tests``, and those of the library that help tests."""

    def __init__(self, root: Path) -> None:
        """Read them."""
        self.root = root
        self.modules = list(_read(root / "tests", ""))
        self._library = list(_read(root / "src" / "prai_match" / "testing", f"{LIBRARY}."))
        self._by_name = {module.name: module for module in (*self.modules, *self._library)}
        self._by_path = {module.path: module for module in self.modules}

    def named(self, module: Module, name: str) -> Place | None:
        """Return what a name of a module stands for, wherever it is defined."""
        if name in module.definitions:
            return Place(module, module.definitions[name])
        source, there = module.imports.get(name, ("", ""))
        if source.startswith(LIBRARY):
            return next((Place(m, m.definitions[there]) for m in self._library if there in m.definitions), None)
        return self.named(self._by_name[source], there) if source in self._by_name and there else None

    def module_named(self, module: Module, name: str) -> Module | None:
        """Return the module that a name of another stands for."""
        source, there = module.imports.get(name, ("", ""))
        return self._by_name.get(".".join(part for part in (source, there) if part))

    def fixture(self, module: Module, name: str) -> Place | None:
        """Return the fixture of this name that a test of the module is given."""
        folders = [folder for folder in module.path.parents if folder.is_relative_to(self.root)]
        for home in (module, *(self._by_path.get(folder / "conftest.py") for folder in folders)):
            if home and name in home.definitions:
                return Place(home, home.definitions[name])
        return None

    def methods(self, module: Module, name: str) -> Iterator[Place]:
        """Yield the methods of this name of the classes that the module can have objects of."""
        sources = {source for source, _ in module.imports.values()}
        for home in (module, *(self._by_name[source] for source in sources & self._by_name.keys())):
            for node in home.tree.body:
                if isinstance(node, ast.ClassDef):
                    yield from (Place(home, each) for each in methods_of(node) if each.name == name)


def methods_of(node: ast.ClassDef) -> Iterator[ast.FunctionDef]:
    """Yield the methods of a class."""
    return (each for each in node.body if isinstance(each, ast.FunctionDef))


def _read(folder: Path, prefix: str) -> Iterator[Module]:
    for path in sorted(folder.rglob("*.py")):
        name = prefix + ".".join(path.relative_to(folder).with_suffix("").parts)
        yield Module(path, name, ast.parse(path.read_text("utf-8"), str(path)))
