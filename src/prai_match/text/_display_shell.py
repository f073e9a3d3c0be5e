"""What every display in a notebook has: its language, its style, a script where a table sorts, and who registers it."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import cache, singledispatch
from importlib import import_module, resources, util
from typing import TYPE_CHECKING

from prai_match._arguments import current_language
from prai_match.errors import Lang

if TYPE_CHECKING:
    import polars as pl

SORTED = "prai-sort"  # class of the tables that the script sorts


def shell(lines: Iterable[str], lang: Lang) -> str:
    """Return lines of HTML in an element of their own, styled for light and dark pages; nothing is fetched."""
    body = "\n".join(lines)
    script = f"\n<script data-prai>\n{_read('display.js')}</script>" if f'class="{SORTED}"' in body else ""
    return f'<div class="prai" lang="{lang}">\n<style>\n{_read("display.css")}</style>\n{body}{script}\n</div>'


@cache
def _read(name: str) -> str:
    return resources.files("prai_match.text").joinpath("data", name).read_text("utf-8")


@singledispatch
def shown(thing: object, lang: Lang) -> str:
    """Return what a notebook shows of an object, in ``lang``: each folder registers its types in its ``_display``."""
    for name, folder in [*sys.modules.items()]:
        if name.startswith("prai_match.") and hasattr(folder, "__path__") and util.find_spec(f"{name}._display"):
            import_module(f"{name}._display")
    if (way := shown.dispatch(type(thing))) is not shown.dispatch(object):
        return way(thing, lang)
    raise TypeError(f"nothing says how a {type(thing).__name__} is shown in {lang}")


class Tabular:
    """What reads as its frame wherever Arrow is spoken."""

    __slots__ = ()

    def to_polars(self) -> pl.DataFrame:
        """Return its frame."""
        raise NotImplementedError

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self.to_polars().__arrow_c_stream__(requested_schema)


class Shown:
    """What a notebook shows, in the way registered with `shown`."""

    __slots__ = ()

    def html(self, lang: Lang | None = None) -> str:
        """Return what notebooks show, as an HTML fragment.

        Args:
            lang: Its language; None: that in which it was asked for, where it was in one, else the current one.

        Raises:
            UnknownCodeError: The language is neither ``fr`` nor ``en``.
        """
        return shown(self, current_language(lang or getattr(self, "lang", None)))

    def _repr_html_(self) -> str:
        return self.html()
