"""How the reference reads docstrings: ``Example:`` is a section of examples, and few special methods are shown."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any, Final

import griffe

if TYPE_CHECKING:
    from collections.abc import Iterator

_WRITTEN: Final = frozenset({"__init__", "__getitem__", "__sub__"})
"""The special methods that a reader calls by writing ``Class(…)``, ``recs["…"]`` or ``after - before``."""


_DESCRIBING: Final = frozenset({"doc", "amount"})
"""What describes a field in an annotation, in English and French."""


class Reference(griffe.Extension):
    """What `mkdocstrings` is told about each object of the package."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:  # noqa: ANN401 - griffe's own arguments
        """Change the title of the section."""
        if obj.docstring:
            obj.docstring.value = re.sub(r"^Example:$", "Examples:", obj.docstring.value, flags=re.MULTILINE)

    def on_class_members(self, *, cls: griffe.Class, **_: Any) -> None:  # noqa: ANN401 - griffe's own arguments
        """Leave out what Python calls."""
        for name in [name for name in cls.members if name.startswith("__") and name not in _WRITTEN]:
            cls.del_member(name)

    def on_package(self, *, pkg: griffe.Module, **_: Any) -> None:  # noqa: ANN401 - griffe's own arguments
        """Tell the fields of models by what their annotations say: ``Annotated[int, doc("Days", "Jours")]``."""
        for attribute in _attributes(pkg):
            kind, told = _annotated(attribute.annotation, pkg)
            if told:
                attribute.docstring = griffe.Docstring(told, parent=attribute)
                attribute.annotation = kind


def _attributes(place: griffe.Module | griffe.Class) -> Iterator[griffe.Attribute]:
    """The attributes of all classes below a module or a class."""
    for member in place.members.values():
        if isinstance(member, griffe.Attribute) and isinstance(place, griffe.Class):
            yield member
        elif isinstance(member, griffe.Module | griffe.Class):
            yield from _attributes(member)


def _annotated(annotation: object, package: griffe.Module) -> tuple[griffe.Expr | str | None, str]:
    """The type of an annotation, and the description that goes with it, there or where the type has its name."""
    match annotation:
        case griffe.ExprSubscript(left=griffe.ExprName(name="Annotated"), slice=griffe.ExprTuple(elements=parts)):
            for part in parts[1:]:
                if isinstance(part, griffe.ExprCall) and part.function.canonical_name in _DESCRIBING:
                    return parts[0], ast.literal_eval(str(part.arguments[0]))
        case griffe.ExprName(canonical_path=path) if path.startswith(f"{package.path}."):
            named = package[path.removeprefix(f"{package.path}.")]
            if named.is_attribute:
                return annotation, _annotated(named.value, package)[1]
    return None, ""
