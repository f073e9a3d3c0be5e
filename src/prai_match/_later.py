"""Modules that are imported when something of theirs is first asked for, as most programs need few of them."""

from importlib import import_module
from typing import Any


class Later:
    """Stands for a module where types are not checked, by its name: of a folder of the library it has a point first."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the module has
        return getattr(import_module(self._name, "prai_match"), name)
