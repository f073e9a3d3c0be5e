"""How the reference reads docstrings: ``Example:`` is a section of examples, and few special methods are shown."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import griffe

if TYPE_CHECKING:
    from collections.abc import Iterator

_WRITTEN: Final = frozenset({"__init__", "__getitem__", "__sub__"})
"""The special methods that a reader calls by writing ``Class(…)``, ``recs["…"]`` or ``after - before``."""

KEPT: Final = frozenset({"computed", "files", "loaded"})


class Reference(griffe.Extension):
    """Extension of `mkdocstrings` that adapts each object of the package."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:  # noqa: ANN401 - griffe's own arguments
        """Change the title of the section."""
        if obj.docstring:
            obj.docstring.value = re.sub(r"^Example:$", "Examples:", obj.docstring.value, flags=re.MULTILINE)

    def on_class_members(self, *, cls: griffe.Class, **_: Any) -> None:  # noqa: ANN401 - griffe's own arguments
        """Leave out what Python calls, and what a programme keeps of its data for itself."""
        kept = KEPT if cls.name == "ProgrammeData" else ()
        for name in [name for name in cls.members if name in kept or (name.startswith("__") and name not in _WRITTEN)]:
            cls.del_member(name)

    def on_package(self, *, pkg: griffe.Module, **_: Any) -> None:  # noqa: ANN401 - griffe's own arguments
        """Document the fields of models by their descriptions."""
        for attribute in _attributes(pkg):
            if text := _description(attribute):
                attribute.docstring = griffe.Docstring(text, parent=attribute)
                match attribute.annotation:
                    case griffe.ExprSubscript(
                        left=griffe.ExprName(name="Annotated"), slice=griffe.ExprTuple(elements=parts)
                    ):
                        attribute.annotation = parts[0]


def _attributes(place: griffe.Module | griffe.Class) -> Iterator[griffe.Attribute]:
    """The attributes of all classes below a module or a class."""
    for member in place.members.values():
        if isinstance(member, griffe.Attribute) and isinstance(place, griffe.Class):
            yield member
        elif isinstance(member, griffe.Module | griffe.Class):
            yield from _attributes(member)


def _description(attribute: griffe.Attribute) -> str:
    """Return the English description of a field; empty if the attribute isn't a field of a model."""
    texts = _descriptions(Path(str(attribute.filepath)).parent / "data" / "descriptions.toml")
    owner = attribute.parent.name if attribute.parent else ""
    text = texts.get(owner, {}).get(attribute.name) or (
        texts.get("shared", {}).get(attribute.name) if owner in texts else None
    )
    return str(text["en"]) if text else ""


@cache
def _descriptions(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8")) if path.exists() else {}
