"""How the reference reads docstrings: ``Example:`` is a section of examples, and special methods are left out."""

from __future__ import annotations

import re
from typing import Any

import griffe


class Reference(griffe.Extension):
    """What `mkdocstrings` is told about each object of the package."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:  # noqa: ANN401 - griffe's own arguments
        """Change the title of the section; hide what is called by an operator."""
        if obj.docstring:
            obj.docstring.value = re.sub(r"^Example:$", "Examples:", obj.docstring.value, flags=re.MULTILINE)
        if obj.name.startswith("__"):
            obj.public = False
