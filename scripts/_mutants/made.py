"""Mutants: one small fault each in a module, made by mutmut's operators.

mutmut's own runner skips decorated functions (here, all properties, cached properties and validators) and module
constants. Its operators are applied here to everything except what can't change behaviour.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators, operator_string

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

# Annotations and imports have no effect at run time; decorators and TYPE_CHECKING are read by other programs.
_NOT_ENTERED = (cst.Annotation, cst.Import, cst.ImportFrom, cst.Decorator)
# cast() does nothing; with another argument these two raise at once, which any test sees.
_NOT_CHANGED_CALLS = {"cast", "len", "isinstance"}


@dataclass(frozen=True, eq=False)
class Mutant:
    """A fault: its key, the module's path, the lines to reach for it to show, and the texts before and after."""

    key: str
    path: str
    lines: range
    module: cst.Module
    before: cst.CSTNode
    after: cst.CSTNode

    @cached_property
    def source(self) -> str:
        """The module's text with the fault."""
        return cst.ensure_type(self.module.deep_replace(self.before, self.after), cst.Module).code

    @property
    def change(self) -> str:
        """The lines that differ, as ``number: before → after``."""
        return _difference(self.module.code, self.source)


def sample(mutants: Iterable[Mutant], seed: str) -> list[Mutant]:
    """Return ``mutants`` in an order that the seed alone decides: the first n are a sample of n without replacement."""
    return sorted(mutants, key=lambda mutant: hashlib.blake2b(f"{seed}:{mutant.key}".encode()).digest())


def mutants_of(folder: Path, root: Path) -> list[Mutant]:
    """Return every mutant of the modules in ``folder``; their paths are relative to ``root``."""
    return [
        mutant
        for path in sorted(folder.rglob("*.py"))
        for mutant in mutants_in(path.read_text(encoding="utf-8"), path.relative_to(root).as_posix())
    ]


def mutants_in(source: str, path: str) -> Iterator[Mutant]:
    """Yield the mutants of one module's text.

    A key is the path, the function, the operator and a number, so it doesn't change with other functions.
    """
    wrapper = MetadataWrapper(cst.parse_module(source))
    visitor = _Changes()
    wrapper.visit(visitor)
    seen: Counter[str] = Counter()
    for place, lines, operator, before, after in visitor.found:
        name = f"{path}:{place}:{operator}"
        seen[name] += 1
        yield Mutant(f"{name}:{seen[name]}", path, lines, wrapper.module, before, after)


def _difference(before: str, after: str) -> str:
    old, new = before.splitlines(), after.splitlines()
    start = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    end = next(
        (n for n, (a, b) in enumerate(zip(reversed(old[start:]), reversed(new[start:]), strict=False)) if a != b), 0
    )
    texts = ("\n".join(lines[start : len(lines) - end]).strip() for lines in (old, new))
    return f"{start + 1}: " + " → ".join(texts)


class _Changes(cst.CSTVisitor):
    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self) -> None:
        self.found: list[tuple[str, range, str, cst.CSTNode, cst.CSTNode]] = []
        self._names: list[str] = []
        self._statements: list[cst.CSTNode] = []
        self._types: set[cst.CSTNode] = set()

    def on_visit(self, node: cst.CSTNode) -> bool:
        if self._left_out(node):
            return False
        if isinstance(node, cst.FunctionDef | cst.ClassDef):
            self._names.append(node.name.value)
        if isinstance(node, cst.SimpleStatementLine | cst.BaseCompoundStatement):
            self._statements.append(node)
        called = node.func.value if isinstance(node, cst.Call) and isinstance(node.func, cst.Name) else None
        if called == "cast":
            self._types.add(cst.ensure_type(node, cst.Call).args[0])
        if called not in _NOT_CHANGED_CALLS:
            self._change(node)
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if self._left_out(original_node):
            return
        if isinstance(original_node, cst.FunctionDef | cst.ClassDef):
            self._names.pop()
        if isinstance(original_node, cst.SimpleStatementLine | cst.BaseCompoundStatement):
            self._statements.pop()

    def _left_out(self, node: cst.CSTNode) -> bool:
        return isinstance(node, _NOT_ENTERED) or node in self._types or _of_types(node) or _names_only(node)

    def _change(self, node: cst.CSTNode) -> None:
        for kind, operator in mutation_operators:
            if isinstance(node, kind):
                # Of a text's three changes (marked, lower case, upper case) the first is enough.
                most = 1 if operator is operator_string else None
                for after in islice(operator(node), most):
                    name = operator.__name__.removeprefix("operator_")
                    self.found.append((".".join(self._names), self._lines(node), name, node, after))

    def _lines(self, node: cst.CSTNode) -> range:
        """Return the lines of the statement around ``node``; for a block, those of its head up to ``node``."""
        statement = self._statements[-1]
        last = statement if isinstance(statement, cst.SimpleStatementLine) else node
        first_line = self.get_metadata(PositionProvider, statement).start.line
        return range(first_line, self.get_metadata(PositionProvider, last).end.line + 1)


def _of_types(node: cst.CSTNode) -> bool:
    """Return whether ``node`` is a block that only the type checker reads."""
    return isinstance(node, cst.If) and isinstance(node.test, cst.Name) and node.test.value == "TYPE_CHECKING"


def _names_only(node: cst.CSTNode) -> bool:
    """Return whether ``node`` is ``__all__``, which a test compares with what is visible, or only a text."""
    if isinstance(node, cst.Assign):
        target = node.targets[0].target
        return isinstance(target, cst.Name) and target.value == "__all__"
    return isinstance(node, cst.Expr) and isinstance(node.value, cst.BaseString)
