"""The reference of the Python interface: a page for each module, one for each class, and their order."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import prai_match
from _reference import KEPT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ORDER: Final = tomllib.loads(Path(__file__).with_name("reference.toml").read_text("utf-8"))
_FEW: Final = 5
"""So many methods are seen at a glance: a class that has no more needs no table of them."""


def api_pages() -> dict[str, str]:
    """Return the pages of ``docs/reference/api`` by path: one a public module, and one a class whose home it is."""
    pages = {}
    for module in ("prai_match", *modules()):
        classes, others = _classes(module), [name for name in _own(module) if name not in _classes(module)]
        pages[f"{module}.md"] = _module_page(module, classes, others)
        pages |= {f"{module}/{name}.md": _class_page(module, name) for name in classes}
    return pages


def navigation() -> list[Any]:
    """Return the navigation of these pages: the main classes, then the modules by task, each with its classes."""
    first = [_entry(path) for path in ORDER["first"]]
    tasks = [{title: [_section(module) for module in inner]} for title, inner in ORDER["modules"].items()]
    return [{"By task": "reference/api/prai_match.md"}, *first, {"Other classes": _others("prai_match")}, *tasks]


def _section(module: str) -> dict[str, Any]:
    page = f"reference/api/{module}.md"
    classes = _others(module)
    return {module: [page, *classes] if classes else page}


def _others(module: str) -> list[dict[str, str]]:
    paths = (f"{module}.{name}" for name in _classes(module))
    return [_entry(path) for path in paths if path not in ORDER["first"]]


def _entry(path: str) -> dict[str, str]:
    module, _, name = path.rpartition(".")
    return {name: f"reference/api/{module}/{name}.md"}


@cache
def modules() -> tuple[str, ...]:
    """The public modules that list names, by task; each of them has a task."""
    names = (module.name for module in pkgutil.walk_packages(prai_match.__path__, "prai_match."))
    public = (name for name in names if not any(part.startswith("_") for part in name.split(".")))
    found = {name for name in public if importlib.import_module(name).__all__}
    ordered = tuple(module for inner in ORDER["modules"].values() for module in inner)
    if found != set(ordered) or len(found) != len(ordered):
        msg = f"reference.toml doesn't have each module once: {sorted(found ^ set(ordered))}"
        raise LookupError(msg)
    return ordered


@cache
def _own(module: str) -> tuple[str, ...]:
    """The names whose home a module is; what the package shares with an inner module is at home there."""
    if module != "prai_match":
        return tuple(importlib.import_module(module).__all__)
    return tuple(name for name in prai_match.__all__ if _home(name) == module)


def _home(name: str) -> str:
    value = getattr(prai_match, name)
    homes = {place: importlib.import_module(place) for place in modules()}
    among = (place for place, module in homes.items() if name in module.__all__ and vars(module)[name] is value)
    return next(among, "prai_match")


def _classes(module: str) -> list[str]:
    """The classes of a module; one that is written as a function is, such as `language`, is none to a reader."""
    home = importlib.import_module(module)
    return [name for name in _own(module) if inspect.isclass(getattr(home, name)) and name[0].isupper()]


def _module_page(module: str, classes: list[str], others: list[str]) -> str:
    parts = [f"# {module}\n\n::: {module}\n    options:\n      show_root_heading: false\n      members: false\n"]
    if module == "prai_match":
        parts += _front()
    elif classes:
        parts.append(_table("class", (_link(f"{module}.{name}") for name in classes)))
    parts += [f"::: {module}.{name}\n" for name in others]
    return "\n".join(parts)


def _front() -> Iterator[str]:
    """What stands between the first words of the package and its functions."""
    yield "[The cookbook](../../cookbook.md) shows each task in a few lines of code. This page lists all names.\n"
    yield "## Main classes\n"
    yield _table("class", (_link(path) for path in ORDER["first"]))
    yield "## Modules by task\n"
    yield '<div class="names" markdown>\n'
    for title, inner in ORDER["modules"].items():
        yield _table(title, (f"| [`{name}`]({name}.md) | {_said(importlib.import_module(name))} |" for name in inner))
    yield "</div>\n"
    yield "## Other classes of `prai_match`\n"
    rest = [name for name in prai_match.__all__ if f"prai_match.{name}" not in ORDER["first"]]
    yield _table("class", (_link(f"{_home(name)}.{name}") for name in rest if name[0].isupper()))
    yield "## Functions\n"


def _class_page(module: str, name: str) -> str:
    path = f"{module}.{name}"
    parts = [
        f"# {name} {{ #{path} }}\n\n`from {module} import {name}` ([the whole module](../{module}.md))\n",
        *_methods(path, getattr(importlib.import_module(module), name)),
        f"::: {path}\n    options:\n      show_root_heading: false\n",
    ]
    return "\n".join(parts)


def _methods(path: str, cls: type) -> Iterator[str]:
    """Tables of what a class does, by task where the class is wide."""
    found = _found(cls)
    if len(found) <= _FEW:
        return
    groups = dict(ORDER["methods"].get(path, {}))
    grouped = {name for names in groups.values() for name in names}
    groups["Other" if groups else "attributes and methods"] = [name for name in found if name not in grouped]
    yield '<div class="names" markdown>\n'
    for title, names in groups.items():
        yield _table(title, (f"| [`{name}`](#{path}.{name}) | {_said(found[name])} |" for name in names))
    yield "</div>\n"


def _found(cls: type) -> dict[str, object]:
    """The methods and properties of a class that the library documents, its own first."""
    found: dict[str, object] = {}
    for base in cls.__mro__:
        if base.__module__.split(".")[0] == "prai_match":
            for name, value in vars(base).items():
                held = name in KEPT or name in vars(base).get("__annotations__", {})
                if not name.startswith("_") and not held and hasattr(value, "__get__") and _said(value):
                    found.setdefault(name, value)
    return found


def _link(path: str) -> str:
    module, _, name = path.rpartition(".")
    value = getattr(importlib.import_module(module), name)
    return f"| [`{name}`]({module}/{name}.md) | {_said(value)} |"


def _table(title: str, rows: Iterable[str]) -> str:
    return "\n".join((f"| {title} | what it is |", "| --- | --- |", *rows)) + "\n"


def _said(value: object) -> str:
    """The first line of a docstring, in Markdown."""
    first = (inspect.getdoc(value) or "").split("\n", 1)[0]
    return first.replace("``", "`").replace("|", "\\|")
