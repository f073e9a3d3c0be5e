"""The frame of every display in a notebook: its language, its style and, where a table sorts, its script."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prai_match.errors import Lang

SORTED = "prai-sort"
"""Class of the tables that the script sorts."""


def shell(lines: Iterable[str], lang: Lang) -> str:
    """Return lines of HTML in an element of their own, styled for light and dark pages; nothing is fetched.

    Where a notebook strips the style or the script, everything is still there to read.
    """
    body = "\n".join(lines)
    script = f"\n<script data-prai>\n{_read('display.js')}</script>" if f'class="{SORTED}"' in body else ""
    return f'<div class="prai" lang="{lang}">\n<style>\n{_read("display.css")}</style>\n{body}{script}\n</div>'


@cache
def _read(name: str) -> str:
    return files("prai_match.text").joinpath("data", name).read_text("utf-8")
