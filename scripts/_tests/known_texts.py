"""Which known texts no test writes, and which tests read one without the helper."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from _tests.modules import Module, Suite

FOLDER, HELPER = "golden", "goldens"


def without_writer(suite: Suite) -> Iterator[str]:
    """Yield the files in folders ``golden`` that no module next to them writes."""
    for folder in sorted((suite.root / "tests").rglob(FOLDER)):
        names = [name for module in suite.modules if module.path.parent == folder.parent for name in _names(module)]
        for path in sorted(folder.iterdir()):
            if not any(name.fullmatch(path.name) for name in names):
                yield f"{path.relative_to(suite.root).as_posix()}: no test beside it writes it"


def _names(module: Module) -> Iterator[re.Pattern[str]]:
    """Yield the names that tests give to ``golden``; a computed name is one of the texts that they contain."""
    for test in module.tree.body:
        nodes = list(ast.walk(test))
        constants = (module.definitions.get(node.id) for node in nodes if isinstance(node, ast.Name))
        values = [value for value in constants if isinstance(value, ast.expr)]
        texts = _texts(node for each in (test, *values) for node in ast.walk(each))
        computed = f"(?:{'|'.join(map(re.escape, texts))})"
        for node in nodes:
            match node:
                case ast.Call(func=ast.Name(id="golden"), args=[ast.JoinedStr(values=parts), *_]):
                    yield re.compile("".join(_pattern(part, computed) for part in parts))
                case ast.Call(func=ast.Name(id="golden"), args=[name, *_]):
                    yield re.compile(_pattern(name, computed))


def _pattern(node: ast.expr, computed: str) -> str:
    return "".join(map(re.escape, _texts([node]))) or computed


def _texts(nodes: Iterable[ast.AST]) -> Iterator[str]:
    return (node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))


def read_by_hand(suite: Suite) -> Iterator[str]:
    """Yield the lines that build a path to a folder ``golden``, which only the helper should do."""
    for module in suite.modules:
        for node in ast.walk(module.tree):
            match node:
                case ast.BinOp(op=ast.Div(), right=ast.Constant(value=str(part))):
                    parts = {part}
                case ast.Call(func=ast.Name(id="Path" | "open") | ast.Attribute(attr="joinpath"), args=args):
                    parts = {*_texts(args)}
                case _:
                    continue
            if module.name != HELPER and any(FOLDER in part.split("/") for part in parts):
                place = module.path.relative_to(suite.root).as_posix()
                yield f"{place}:{node.lineno}: reads a known text without the fixture golden"
