"""Which tests assert something, themselves or in what they call."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from _tests.modules import Place, methods_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _tests.modules import Module, Suite

ASSERTIONS = frozenset({"raises", "warns", "fail", "golden"})
"""Assertions of pytest, and the fixture of known texts. All names that begin with ``assert_`` count too."""
FAILURES = frozenset({"AssertionError", "BrokenLawError"})
"""Errors that a helper raises to fail a test."""
_WHEN_MADE = frozenset({"__init__", "__post_init__", "__enter__"})


def without_assertion(suite: Suite) -> Iterator[str]:
    """Yield the modules of tests, or single tests, that can only fail by an error."""
    for module in suite.modules:
        if module.path.name.startswith("test_"):
            place = module.path.relative_to(suite.root).as_posix()
            tests = list(_tests(module))
            silent = [test for test in tests if not asserts(suite, Place(module, test))]
            if silent == tests:
                yield f"{place}: no test asserts anything"
            else:
                yield from (f"{place}:{test.lineno}: {test.name} asserts nothing" for test in silent)


def _tests(module: Module) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    """Yield functions, and the state machines that a module turns into tests."""
    classes = {node.name: node for node in module.tree.body if isinstance(node, ast.ClassDef)}
    for node in ast.walk(module.tree):
        match node:
            case ast.FunctionDef(name=name) if name.startswith("test_"):
                yield node
            case ast.Assign(value=ast.Attribute(value=ast.Name(id=name), attr="TestCase")) if name in classes:
                yield classes[name]


def asserts(suite: Suite, place: Place) -> bool:
    """Return whether there is an assertion in a function or class, or in what it uses."""
    seen: set[ast.AST] = set()
    left = [place]
    while left:
        place = left.pop()
        if place.node not in seen:
            seen.add(place.node)
            if any(map(_is_assertion, ast.walk(place.node))):
                return True
            left += _used(suite, place)
    return False


def _is_assertion(node: ast.AST) -> bool:
    match node:
        case ast.Assert():
            return True
        case ast.Raise(exc=ast.expr() as raised):
            return _last_name(raised.func if isinstance(raised, ast.Call) else raised) in FAILURES
        case ast.Call(func=called):
            name = _last_name(called)
            return name in ASSERTIONS or name.startswith("assert_")
    return False


def _last_name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _used(suite: Suite, place: Place) -> Iterator[Place]:
    """Yield what is called, and callables that are passed on."""
    module, nodes = place.module, list(ast.walk(place.node))
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    given = {node.arg for node in nodes if isinstance(node, ast.arg)}
    own = given | {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    later = isinstance(place.node, ast.FunctionDef | ast.ClassDef | ast.Lambda)
    for node in nodes:
        match node:
            case ast.Name(id=name, ctx=ast.Load()) if name not in own and (later or id(node) not in called):
                yield from _opened(suite.named(module, name), made=id(node) in called)
            case ast.Name(id=name) if name in given and id(node) in called:
                yield from _opened(suite.fixture(module, name), made=False)
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if home := suite.module_named(module, name):
                yield from _opened(suite.named(home, attr), made=id(node) in called)
            case ast.Attribute(attr=attr) if later:
                yield from suite.methods(module, attr)


def _opened(place: Place | None, *, made: bool) -> Iterator[Place]:
    """Yield a place; for a class that is only instantiated, the methods that run then."""
    if place is None:
        return
    if made and isinstance(place.node, ast.ClassDef):
        yield from (Place(place.module, each) for each in methods_of(place.node) if each.name in _WHEN_MADE)
    else:
        yield place
