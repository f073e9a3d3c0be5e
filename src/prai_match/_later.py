"""Modules that are imported on first use, since most programs need only a few of them."""

from importlib import import_module
from typing import Any


class Later:
    """A module that is imported on first use, by name; names of folders of the library begin with a point."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the module has
        return getattr(import_module(self._name, "prai_match"), name)
